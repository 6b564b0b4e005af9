// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ILedgerStanding} from "../interfaces/ILedgerStanding.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "../interfaces/ISettlementToken.sol";
import {AccountWordLibrary} from "../types/AccountWord.sol";
import {Signatures} from "../types/Signatures.sol";
import {PayoutAddresses} from "./PayoutAddresses.sol";

/// @title Who may transact, as what, and where they are paid
contract ParticipantRegistry is PayoutAddresses {
    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256(
        "Acceptance(address merchant,address operator,uint8 scopes,uint40 issuedAt)"
    );

    /// @dev Scopes are shifted to where account-word flags have them.
    uint8 private constant SCOPE_SHIFT = 4;
    uint8 private constant SCOPES = 7;

    /// @dev Each change of standing is told to all of them.
    uint256 private constant MAX_TOKENS = 16;

    struct Consent {
        uint8 scopes;
        uint40 issuedAt;
    }

    /// @dev What matters only at a change of status.
    struct Life {
        uint40 closingSince;
        bool wasClosing;
        address successor;
    }

    mapping(address account => Participant) private _participants;
    mapping(address account => Life) private _lives;
    mapping(address merchant => mapping(address operator => Consent)) private _consents;
    ILedgerStanding private _ledger;
    address private _statutoryAccount;
    address[] private _tokens;

    constructor(address authority) AccessManaged(authority) EIP712("RialtoParticipants", "1") {}

    /// @inheritdoc IParticipantRegistry
    function setLedger(address ledger_) external restricted {
        _ledger = ILedgerStanding(ledger_);

        emit LedgerSet(ledger_);
    }

    /// @inheritdoc IParticipantRegistry
    function addToken(address token) external restricted {
        uint256 count = _tokens.length;
        require(token.code.length != 0, RegistryTokenInvalid(token));
        require(count < MAX_TOKENS, RegistryTooManyTokens(count + 1, MAX_TOKENS));
        for (uint256 i; i < count; ++i) {
            require(_tokens[i] != token, RegistryTokenAlreadyAdded(token));
        }

        _tokens.push(token);

        emit TokenAdded(token);
    }

    /// @inheritdoc IParticipantRegistry
    function setStatutoryAccount(address account) external restricted {
        Participant storage participant = _participants[account];
        require(
            participant.kind == Kind.Institution && participant.status == Status.Active,
            StatutoryAccountInvalid(account, participant.kind, participant.status)
        );

        _statutoryAccount = account;

        emit StatutoryAccountSet(account);
    }

    /// @inheritdoc IParticipantRegistry
    function register(Registration calldata registration) external restricted {
        _register(registration);
    }

    /// @inheritdoc IParticipantRegistry
    function registerBatch(Registration[] calldata registrations) external restricted {
        for (uint256 i; i < registrations.length; ++i) {
            _register(registrations[i]);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function setKyc(address account, uint8 kycLevel, uint40 kycUntil) external restricted {
        Participant storage participant = _known(account);
        Status status = participant.status;
        require(status != Status.Closed, ParticipantStatusForbidden(account, status, status));

        participant.kycLevel = kycLevel;
        participant.kycUntil = kycUntil;

        emit ParticipantKycSet(account, kycLevel, kycUntil);

        if (status == Status.Pending && kycUntil > block.timestamp) _changeStatus(account, Status.Active);
        else _tellStanding(account);
    }

    /// @inheritdoc IParticipantRegistry
    function restrict(address[] calldata accounts) external restricted {
        for (uint256 i; i < accounts.length; ++i) {
            Status status = _known(accounts[i]).status;
            require(status == Status.Active, ParticipantStatusForbidden(accounts[i], status, Status.Restricted));

            _changeStatus(accounts[i], Status.Restricted);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function freeze(address[] calldata accounts) external restricted {
        for (uint256 i; i < accounts.length; ++i) {
            Status status = _known(accounts[i]).status;
            require(
                status == Status.Active || status == Status.Restricted || status == Status.Closing,
                ParticipantStatusForbidden(accounts[i], status, Status.Frozen)
            );

            _lives[accounts[i]].wasClosing = status == Status.Closing;
            _changeStatus(accounts[i], Status.Frozen);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function reactivate(address[] calldata accounts) external restricted {
        for (uint256 i; i < accounts.length; ++i) {
            Status status = _known(accounts[i]).status;
            bool wasClosing = status == Status.Frozen && _lives[accounts[i]].wasClosing;
            Status next = wasClosing ? Status.Closing : Status.Active;
            require(
                status == Status.Restricted || status == Status.Frozen,
                ParticipantStatusForbidden(accounts[i], status, next)
            );

            _changeStatus(accounts[i], next);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function startClosing() external {
        _startClosing(msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function startClosingFor(address[] calldata accounts) external restricted {
        for (uint256 i; i < accounts.length; ++i) {
            _startClosing(accounts[i]);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function close(address account) external {
        Status status = _known(account).status;
        require(status == Status.Closing, ParticipantStatusForbidden(account, status, Status.Closed));
        if (address(_ledger) != address(0)) _ledger.requireClosable(account, _lives[account].closingSince);

        _changeStatus(account, Status.Closed);
    }

    /// @inheritdoc IParticipantRegistry
    function recover(address old, address successor, bytes32 caseReference) external restricted {
        Participant memory participant = _known(old);
        Status status = participant.status;
        // A vault has no key to lose, and closing one would strand what it holds for others.
        require(participant.kind != Kind.Vault, ParticipantInvalid(old, participant.kind));
        require(status != Status.Closed, ParticipantStatusForbidden(old, status, Status.Closed));
        require(successor != address(0), ParticipantInvalid(successor, participant.kind));
        require(_participants[successor].status == Status.None, ParticipantAlreadyRegistered(successor));

        // Nobody must be paid at a lost key.
        if (participant.payoutAddress == old) participant.payoutAddress = address(0);
        _participants[successor] = participant;
        Life storage life = _lives[old];
        _lives[successor] = Life(life.closingSince, life.wasClosing, address(0));
        life.successor = successor;

        emit ParticipantRecovered(old, successor, caseReference);
        emit ParticipantRegistered(
            successor,
            participant.kind,
            participant.kycLevel,
            participant.kycUntil,
            participant.payoutAddress,
            0
        );
        if (status != Status.Active) emit ParticipantStatusChanged(successor, Status.None, status);

        if (_hasRequest(old)) _cancel(old);
        _changeStatus(old, Status.Closed);
        _tellStanding(successor);
    }

    /// @inheritdoc IParticipantRegistry
    function acceptOperator(address operator, uint8 scopes) external {
        _accept(Acceptance(msg.sender, operator, scopes, uint40(block.timestamp)));

        if (address(_ledger) != address(0)) _ledger.refresh(msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function acceptOperatorBatch(Acceptance[] calldata acceptances, bytes[] calldata signatures) external {
        require(acceptances.length == signatures.length, RegistryLengthMismatch(acceptances.length, signatures.length));

        ILedgerStanding ledger_ = _ledger;
        for (uint256 i; i < acceptances.length; ++i) {
            Acceptance calldata acceptance = acceptances[i];
            // Somebody may have submitted it before: that must not stop the others.
            if (_isRecorded(acceptance)) continue;
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ACCEPTANCE_TYPEHASH, acceptance)));
            require(
                Signatures.isSignedBy(acceptance.merchant, digest, signatures[i]),
                AcceptanceSignatureInvalid(acceptance.merchant, acceptance.operator)
            );

            _accept(acceptance);
            if (address(ledger_) != address(0)) ledger_.refresh(acceptance.merchant);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function ledger() external view returns (address) {
        return address(_ledger);
    }

    /// @inheritdoc IParticipantRegistry
    function tokens() external view returns (address[] memory) {
        return _tokens;
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (Participant memory) {
        return _participants[account];
    }

    /// @inheritdoc IParticipantRegistry
    function statusOf(address account) external view returns (Status) {
        return _participants[account].status;
    }

    /// @inheritdoc IParticipantRegistry
    function closingSinceOf(address account) external view returns (uint40) {
        return _lives[account].closingSince;
    }

    /// @inheritdoc IParticipantRegistry
    function successorOf(address old) external view returns (address) {
        return _lives[old].successor;
    }

    /// @inheritdoc IParticipantRegistry
    /// @dev Ends: only an account that was never registered is put into another's place.
    function heirOf(address account) external view returns (address heir) {
        heir = account;
        for (address next = _lives[heir].successor; next != address(0); next = _lives[heir].successor) {
            heir = next;
        }
    }

    /// @inheritdoc IParticipantRegistry
    function statutoryAccount() external view returns (address) {
        return _statutoryAccount;
    }

    /// @inheritdoc IParticipantRegistry
    function scopesOf(address merchant, address operator) external view returns (uint8) {
        return _consents[merchant][operator].scopes;
    }

    /// @inheritdoc IParticipantRegistry
    function standingOf(address account, address operator) external view returns (uint16 flags, uint40 kycUntil) {
        Participant storage participant = _participants[account];
        flags = uint16(uint8(participant.status));
        if (participant.kind == Kind.Merchant) flags |= uint16(AccountWordLibrary.MERCHANT);
        if (_isPayee(participant.kind)) flags |= uint16(_consents[account][operator].scopes) << SCOPE_SHIFT;
        kycUntil = participant.kycUntil;
    }

    /// @inheritdoc IParticipantRegistry
    function canSend(address account) external view returns (bool) {
        return _participants[account].status == Status.Active;
    }

    /// @inheritdoc IParticipantRegistry
    function canReceive(address account) external view returns (bool) {
        Status status = _participants[account].status;
        return status == Status.Active || status == Status.Restricted || status == Status.Closing;
    }

    function _participant(address account) internal view override returns (Participant storage) {
        return _participants[account];
    }

    function _register(Registration calldata registration) private {
        address account = registration.account;
        require(
            account != address(0) && registration.kind != Kind.None,
            ParticipantInvalid(account, registration.kind)
        );
        require(_participants[account].status == Status.None, ParticipantAlreadyRegistered(account));

        Status status = registration.kycUntil > block.timestamp ? Status.Active : Status.Pending;
        _participants[account] = Participant({
            kind: registration.kind,
            status: status,
            kycLevel: registration.kycLevel,
            kycUntil: registration.kycUntil,
            payoutAddress: registration.payoutAddress
        });

        emit ParticipantRegistered(
            account,
            registration.kind,
            registration.kycLevel,
            registration.kycUntil,
            registration.payoutAddress,
            registration.termsHash
        );
        if (status != Status.Active) emit ParticipantStatusChanged(account, Status.None, status);
    }

    /// @dev Not from frozen: that would let a participant, or a registrar, lift what compliance imposed.
    function _startClosing(address account) private {
        Status status = _known(account).status;
        require(
            status == Status.Active || status == Status.Restricted,
            ParticipantStatusForbidden(account, status, Status.Closing)
        );

        // Cannot truncate: Unix seconds fit 40 bits for 34,000 years.
        _lives[account].closingSince = uint40(block.timestamp);
        _changeStatus(account, Status.Closing);
    }

    function _changeStatus(address account, Status status) private {
        Participant storage participant = _participants[account];
        Status previous = participant.status;

        participant.status = status;

        emit ParticipantStatusChanged(account, previous, status);

        _tellStanding(account);
    }

    /// @dev Ledger and tokens learn of it in the same call, so that no freeze holds in one and not in the other.
    function _tellStanding(address account) private {
        if (address(_ledger) != address(0)) _ledger.refresh(account);

        uint256 count = _tokens.length;
        for (uint256 i; i < count; ++i) {
            ISettlementToken(_tokens[i]).refresh(account);
        }
    }

    function _known(address account) private view returns (Participant storage participant) {
        participant = _participants[account];
        require(participant.status != Status.None, ParticipantUnknown(account));
    }

    function _isPayee(Kind kind) private pure returns (bool) {
        return kind == Kind.Merchant || kind == Kind.Courier || kind == Kind.Institution;
    }

    function _isRecorded(Acceptance calldata acceptance) private view returns (bool) {
        Consent storage consent = _consents[acceptance.merchant][acceptance.operator];
        return consent.issuedAt == acceptance.issuedAt && consent.scopes == acceptance.scopes && consent.issuedAt != 0;
    }

    function _accept(Acceptance memory acceptance) private {
        address merchant = acceptance.merchant;
        Participant storage participant = _participants[merchant];
        Consent storage consent = _consents[merchant][acceptance.operator];
        require(
            _isPayee(participant.kind) && acceptance.scopes <= SCOPES,
            ParticipantInvalid(merchant, participant.kind)
        );
        require(
            acceptance.issuedAt > consent.issuedAt && acceptance.issuedAt <= block.timestamp,
            AcceptanceStale(merchant, acceptance.operator, acceptance.issuedAt, consent.issuedAt)
        );

        consent.scopes = acceptance.scopes;
        consent.issuedAt = acceptance.issuedAt;

        emit OperatorAccepted(merchant, acceptance.operator, acceptance.scopes, acceptance.issuedAt);
    }
}
