// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {AccountWordLibrary} from "../types/AccountWord.sol";
import {Signatures} from "../types/Signatures.sol";

/// @title Who may transact, as what, and where they are paid
contract ParticipantRegistry is IParticipantRegistry, AccessManaged, EIP712 {
    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256(
        "Acceptance(address merchant,address operator,uint8 scopes,uint40 issuedAt)"
    );

    /// @dev Scopes are shifted to where account-word flags have them.
    uint8 private constant SCOPE_SHIFT = 4;
    uint8 private constant SCOPES = 7;

    struct Consent {
        uint8 scopes;
        uint40 issuedAt;
    }

    mapping(address account => Participant) private _participants;
    mapping(address merchant => mapping(address operator => Consent)) private _consents;
    IAccounts private _ledger;

    constructor(address authority) AccessManaged(authority) EIP712("RialtoParticipants", "1") {}

    /// @inheritdoc IParticipantRegistry
    function setLedger(address ledger_) external restricted {
        _ledger = IAccounts(ledger_);

        emit LedgerSet(ledger_);
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
    function setStatus(address[] calldata accounts, Status status) external restricted {
        for (uint256 i; i < accounts.length; ++i) {
            _setStatus(accounts[i], status);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function acceptOperator(address operator, uint8 scopes) external {
        _accept(Acceptance(msg.sender, operator, scopes, uint40(block.timestamp)));

        if (address(_ledger) != address(0)) _ledger.refresh(msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function acceptOperatorBatch(Acceptance[] calldata acceptances, bytes[] calldata signatures) external {
        require(acceptances.length == signatures.length, RegistryLengthMismatch(acceptances.length, signatures.length));

        IAccounts ledger_ = _ledger;
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
    function participantOf(address account) external view returns (Participant memory) {
        return _participants[account];
    }

    /// @inheritdoc IParticipantRegistry
    function scopesOf(address merchant, address operator) external view returns (uint8) {
        return _consents[merchant][operator].scopes;
    }

    /// @inheritdoc IParticipantRegistry
    function standingOf(address account, address operator) external view returns (uint16 flags, uint40 kycUntil) {
        Participant storage participant = _participants[account];
        flags = uint16(uint8(participant.status));
        if (participant.kind == Kind.Merchant) {
            flags |= AccountWordLibrary.MERCHANT | (uint16(_consents[account][operator].scopes) << SCOPE_SHIFT);
        }
        kycUntil = participant.kycUntil;
    }

    /// @inheritdoc IParticipantRegistry
    function payoutAddressOf(address account) external view returns (address) {
        address payoutAddress = _participants[account].payoutAddress;
        return payoutAddress == address(0) ? account : payoutAddress;
    }

    /// @inheritdoc IParticipantRegistry
    function canSend(address account) external view returns (bool) {
        return _participants[account].status == Status.Active;
    }

    /// @inheritdoc IParticipantRegistry
    function canReceive(address account) external view returns (bool) {
        Status status = _participants[account].status;
        return status == Status.Active || status == Status.Restricted;
    }

    function _register(Registration calldata registration) private {
        address account = registration.account;
        require(
            account != address(0) && registration.kind != Kind.None,
            ParticipantInvalid(account, registration.kind)
        );
        require(_participants[account].status == Status.None, ParticipantAlreadyRegistered(account));

        _participants[account] = Participant({
            kind: registration.kind,
            status: Status.Active,
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
    }

    /// @dev Closing and Closed are not reachable yet: closing waits for exposure, reserve and debt, which it must prove.
    function _setStatus(address account, Status status) private {
        Participant storage participant = _participants[account];
        Status previous = participant.status;
        require(previous != Status.None, ParticipantUnknown(account));
        require(
            status == Status.Active || status == Status.Restricted || status == Status.Frozen,
            ParticipantStatusForbidden(account, previous, status)
        );

        participant.status = status;

        emit ParticipantStatusChanged(account, previous, status);

        if (address(_ledger) != address(0)) _ledger.refresh(account);
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
            participant.kind == Kind.Merchant && acceptance.scopes <= SCOPES,
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
