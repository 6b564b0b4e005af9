// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Who may transact, as what, and where they are paid
interface IParticipantRegistry {
    enum Kind {
        None,
        Payer,
        Merchant,
        Operator,
        Courier,
        Arbiter,
        Vault,
        Institution
    }

    /// @notice Pending: due diligence is missing. Restricted: receives only. Frozen: neither sends nor receives. Closing:
    /// takes no new orders, is still paid. Closed: for good.
    /// @dev The numbers are bits 0 to 2 of an account word's flags.
    enum Status {
        None,
        Pending,
        Active,
        Restricted,
        Frozen,
        Closing,
        Closed
    }

    /// @notice One line of a registration. `kycUntil` is in Unix seconds; `payoutAddress` zero means the account itself,
    /// here and wherever a payout address is named.
    struct Registration {
        address account;
        Kind kind;
        uint8 kycLevel;
        uint40 kycUntil;
        address payoutAddress;
        bytes32 termsHash;
    }

    /// @notice A participant as stored.
    struct Participant {
        Kind kind;
        Status status;
        uint8 kycLevel;
        uint40 kycUntil;
        address payoutAddress;
    }

    /// @notice A payee's consent to an operator; payees are merchants, couriers and institutions. `scopes`: bit 0 the
    /// operator may authorize, capture and void, bit 1 it may charge, bit 2 it may refund and answer disputes for the
    /// payee; 0 withdraws the consent. `issuedAt` (Unix seconds) orders the payee's statements: only a later one replaces
    /// an earlier one.
    struct Acceptance {
        address merchant;
        address operator;
        uint8 scopes;
        uint40 issuedAt;
    }

    /// @notice A participant was registered. It is active unless `ParticipantStatusChanged` follows at once.
    /// @dev For the successor of a lost key `termsHash` is zero: the terms that its predecessor accepted hold.
    event ParticipantRegistered(
        address indexed account,
        Kind indexed kind,
        uint8 kycLevel,
        uint40 kycUntil,
        address payoutAddress,
        bytes32 termsHash
    );

    /// @notice A participant's status changed.
    event ParticipantStatusChanged(address indexed account, Status previous, Status status);

    /// @notice A participant's due diligence was renewed, or ended early.
    event ParticipantKycSet(address indexed account, uint8 kycLevel, uint40 kycUntil);

    /// @notice `successor` took the place of `old`, whose key was lost.
    event ParticipantRecovered(address indexed old, address indexed successor, bytes32 indexed caseReference);

    /// @notice The account that seized money goes to was named.
    event StatutoryAccountSet(address indexed account);

    /// @notice A new payout address was asked for; from `effectiveFrom` (Unix seconds) on anyone may confirm it.
    event PayoutAddressRequested(
        address indexed account,
        address indexed previous,
        address indexed requested,
        uint40 effectiveFrom
    );

    /// @notice A participant is paid at another address from now on.
    event PayoutAddressChanged(address indexed account, address indexed previous, address indexed current);

    /// @notice A request for a new payout address was taken back.
    event PayoutAddressCanceled(address indexed account, address indexed requested);

    /// @notice A payee changed what an operator may do for it.
    event OperatorAccepted(address indexed merchant, address indexed operator, uint8 scopes, uint40 issuedAt);

    /// @notice The ledger that is told of every change of standing was set.
    event LedgerSet(address ledger);

    /// @notice A token that is told of every change of standing was added.
    event TokenAdded(address indexed token);

    /// @notice Thrown when the account is already registered.
    error ParticipantAlreadyRegistered(address account);

    /// @notice Thrown when the account is not registered.
    error ParticipantUnknown(address account);

    /// @notice Thrown when an account is zero or of a kind that this is not for.
    error ParticipantInvalid(address account, Kind kind);

    /// @notice Thrown when the status cannot follow the present one.
    error ParticipantStatusForbidden(address account, Status previous, Status status);

    /// @notice Thrown when an acceptance is not newer than the one on record, or lies in the future.
    error AcceptanceStale(address merchant, address operator, uint40 issuedAt, uint40 recordedAt);

    /// @notice Thrown when the payee did not sign the acceptance.
    error AcceptanceSignatureInvalid(address merchant, address operator);

    /// @notice Thrown when a batch's arrays differ in length.
    error RegistryLengthMismatch(uint256 items, uint256 signatures);

    /// @notice Thrown when the account is no active institution.
    error StatutoryAccountInvalid(address account, Kind kind, Status status);

    /// @notice Thrown when the address has no code, so is no token.
    error RegistryTokenInvalid(address token);

    /// @notice Thrown when the token is told of changes already.
    error RegistryTokenAlreadyAdded(address token);

    /// @notice Thrown when a change of standing would have to be told to too many tokens.
    error RegistryTooManyTokens(uint256 tokens, uint256 limit);

    /// @notice Thrown when the participant is frozen or closed, and so cannot change where it is paid.
    error PayoutAddressForbidden(address account, Status status);

    /// @notice Thrown when no new payout address was asked for.
    error PayoutAddressNotRequested(address account);

    /// @notice Thrown when a new payout address is confirmed before its delay is over; times in Unix seconds.
    error PayoutAddressTooEarly(address account, uint256 timestamp, uint256 effectiveFrom);

    /// @notice Thrown when a signed request comes after its deadline; times in Unix seconds.
    error PayoutAddressTooLate(address account, uint256 timestamp, uint256 deadline);

    /// @notice Thrown when the account did not sign this request under its present nonce.
    error PayoutAddressSignatureInvalid(address account, uint256 nonce);

    /// @notice Registers one participant: active at once if its due diligence holds, else pending.
    function register(Registration calldata registration) external;

    /// @notice Registers many participants, all or none.
    function registerBatch(Registration[] calldata registrations) external;

    /// @notice Sets the due diligence of `account`; if it holds, a pending account becomes active. Caller: registrar.
    /// @param kycUntil Unix seconds; the past ends the due diligence at once.
    function setKyc(address account, uint8 kycLevel, uint40 kycUntil) external;

    /// @notice Lets active participants receive only. Caller: compliance.
    function restrict(address[] calldata accounts) external;

    /// @notice Stops all outflow of active, restricted and closing participants. Caller: compliance.
    /// @dev Takes effect in the ledger and in every token in the same call, as every change of status does.
    function freeze(address[] calldata accounts) external;

    /// @notice Puts restricted and frozen participants back to active, or to closing if they were. Caller: compliance
    /// release.
    function reactivate(address[] calldata accounts) external;

    /// @notice Ends the calling participant's business: it takes no new orders, and may close once all is settled.
    function startClosing() external;

    /// @notice As `startClosing`, for participants that do not do it themselves. Caller: registrar.
    function startClosingFor(address[] calldata accounts) external;

    /// @notice Closes a closing participant for good, once the ledger has nothing of it left. Anyone may call.
    function close(address account) external;

    /// @notice Puts `successor` in the place of `old`, whose key was lost: kind, status, due diligence and payout address
    /// move, and `old` is closed. Caller: admin.
    /// @dev Consents do not move: the successor accepts its operators anew. A payout address that was `old` becomes the
    /// successor. Nor does money: the ledger and the tokens have their own ways, which may ask `successorOf`.
    /// @param caseReference Hash of the document that this was decided on.
    function recover(address old, address successor, bytes32 caseReference) external;

    /// @notice Names the account that seized money goes to, an active institution. Caller: admin.
    function setStatutoryAccount(address account) external;

    /// @notice Asks for `newAddress` as the caller's payout address; replaces an earlier request, and its delay.
    function requestPayoutAddress(address newAddress) external;

    /// @notice As `requestPayoutAddress`, on the account's signature (EIP-712 `PayoutAddressChange`), submitted by anyone.
    /// @param deadline The last second of the signature, in Unix seconds.
    function requestPayoutAddressFor(
        address account,
        address newAddress,
        uint40 deadline,
        bytes calldata signature
    ) external;

    /// @notice Pays `account` at the requested address from now on. Anyone may call, after the delay.
    function confirmPayoutAddress(address account) external;

    /// @notice Takes the caller's request back.
    function cancelPayoutAddress() external;

    /// @notice Takes the request of `account` back. Caller: registrar.
    function cancelPayoutAddressFor(address account) external;

    /// @notice Lets the calling payee say what `operator` may do for it; 0 withdraws everything.
    function acceptOperator(address operator, uint8 scopes) external;

    /// @notice Records acceptances that payees signed (EIP-712 `Acceptance`), submitted by anyone, all or none.
    /// @dev One that is on record already is passed over.
    function acceptOperatorBatch(Acceptance[] calldata acceptances, bytes[] calldata signatures) external;

    /// @notice Names the ledger that mirrors standing into its account words.
    function setLedger(address ledger) external;

    /// @notice Names a token that mirrors standing into its holders' words. Caller: admin.
    /// @dev At most 16, each trusted: one that reverts would stop every freeze.
    function addToken(address token) external;

    /// @notice The ledger that is told of every change of standing; zero if none was set.
    function ledger() external view returns (address);

    /// @notice The tokens that are told of every change of standing.
    function tokens() external view returns (address[] memory);

    /// @notice The participant registered for `account`; kind and status None if there is none.
    function participantOf(address account) external view returns (Participant memory);

    /// @notice The status of `account`; None if it is not registered.
    function statusOf(address account) external view returns (Status);

    /// @notice When `account` started closing, in Unix seconds; 0 if it never did.
    function closingSinceOf(address account) external view returns (uint40);

    /// @notice Who took the place of `old`; zero if nobody did. A successor may itself have one.
    function successorOf(address old) external view returns (address);

    /// @notice Who has the place of `account` by now: the last of its successors, or itself if it has none.
    function heirOf(address account) external view returns (address heir);

    /// @notice Where seized money goes; zero if none was named. Its standing was checked when it was named.
    function statutoryAccount() external view returns (address);

    /// @notice What `merchant` lets `operator` do, as in `Acceptance.scopes`.
    function scopesOf(address merchant, address operator) external view returns (uint8);

    /// @notice Flags and expiry for the account word of `account` at `operator`.
    function standingOf(address account, address operator) external view returns (uint16 flags, uint40 kycUntil);

    /// @notice The address `account` is paid at.
    function payoutAddressOf(address account) external view returns (address);

    /// @notice The payout address that `account` asked for, and from when it can be confirmed (Unix seconds); 0 if none.
    function pendingPayoutAddressOf(address account) external view returns (address requested, uint40 effectiveFrom);

    /// @notice The nonce that the next signed request of `account` must carry. Each request and cancellation takes one.
    function payoutAddressNonce(address account) external view returns (uint256);

    /// @notice Whether `account` may send tokens (ERC-7943 style): active ones may.
    function canSend(address account) external view returns (bool);

    /// @notice Whether `account` may receive tokens (ERC-7943 style): active, restricted and closing ones may.
    function canReceive(address account) external view returns (bool);
}
