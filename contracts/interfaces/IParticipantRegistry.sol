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

    /// @notice One line of a registration. `kycUntil` is in Unix seconds; `payoutAddress` zero means the account itself.
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

    /// @notice A merchant's consent to an operator. `scopes`: bit 0 the operator may authorize, capture and void, bit 1
    /// it may charge, bit 2 it may refund and answer disputes for the merchant; 0 withdraws the consent.
    /// `issuedAt` (Unix seconds) orders the merchant's statements: only a later one replaces an earlier one.
    struct Acceptance {
        address merchant;
        address operator;
        uint8 scopes;
        uint40 issuedAt;
    }

    /// @notice A participant was registered and is active.
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

    /// @notice A merchant changed what an operator may do for it.
    event OperatorAccepted(address indexed merchant, address indexed operator, uint8 scopes, uint40 issuedAt);

    /// @notice The ledger that is told of every change of standing was set.
    event LedgerSet(address ledger);

    /// @notice Thrown when the account is already registered.
    error ParticipantAlreadyRegistered(address account);

    /// @notice Thrown when the account is not registered.
    error ParticipantUnknown(address account);

    /// @notice Thrown when a registration names the zero address or no kind.
    error ParticipantInvalid(address account, Kind kind);

    /// @notice Thrown when the status cannot follow the present one.
    error ParticipantStatusForbidden(address account, Status previous, Status status);

    /// @notice Thrown when an acceptance is not newer than the one on record, or lies in the future.
    error AcceptanceStale(address merchant, address operator, uint40 issuedAt, uint40 recordedAt);

    /// @notice Thrown when the merchant did not sign the acceptance.
    error AcceptanceSignatureInvalid(address merchant, address operator);

    /// @notice Thrown when a batch's arrays differ in length.
    error RegistryLengthMismatch(uint256 items, uint256 signatures);

    /// @notice Registers one participant, active at once.
    function register(Registration calldata registration) external;

    /// @notice Registers many participants, all or none.
    function registerBatch(Registration[] calldata registrations) external;

    /// @notice Freezes, restricts or reactivates participants. A freeze takes effect in the ledger in the same call.
    function setStatus(address[] calldata accounts, Status status) external;

    /// @notice Lets the calling merchant say what `operator` may do for it; 0 withdraws everything.
    function acceptOperator(address operator, uint8 scopes) external;

    /// @notice Records acceptances that merchants signed (EIP-712 `Acceptance`), submitted by anyone, all or none.
    /// @dev One that is on record already is passed over.
    function acceptOperatorBatch(Acceptance[] calldata acceptances, bytes[] calldata signatures) external;

    /// @notice Names the ledger that mirrors standing into its account words.
    function setLedger(address ledger) external;

    /// @notice The ledger that is told of every change of standing; zero if none was set.
    function ledger() external view returns (address);

    /// @notice The participant registered for `account`; kind and status None if there is none.
    function participantOf(address account) external view returns (Participant memory);

    /// @notice What `merchant` lets `operator` do, as in `Acceptance.scopes`.
    function scopesOf(address merchant, address operator) external view returns (uint8);

    /// @notice Flags and expiry for the account word of `account` at `operator`.
    function standingOf(address account, address operator) external view returns (uint16 flags, uint40 kycUntil);

    /// @notice The address `account` is paid at.
    function payoutAddressOf(address account) external view returns (address);

    /// @notice Whether `account` may send tokens (ERC-7943 style).
    function canSend(address account) external view returns (bool);

    /// @notice Whether `account` may receive tokens (ERC-7943 style).
    function canReceive(address account) external view returns (bool);
}
