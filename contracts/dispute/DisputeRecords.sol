// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";
import {DisputeWord} from "../types/DisputeWord.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord} from "../types/OrderWord.sol";
import {ArbiterSets} from "./ArbiterSets.sol";
import {CourtPolicies} from "./CourtPolicies.sol";

/// @title What the court knows of a dispute, and who speaks for a side
/// @dev A dispute is two words when it is opened; the third is written by the first answer. Parties, set id and default
/// ruling are in the order's terms, which every call brings and which the order's id proves.
abstract contract DisputeRecords is IDisputeCourt, ArbiterSets, CourtPolicies, EIP712 {
    uint8 private constant MANDATE_SCOPE = 4;

    struct Record {
        DisputeWord word;
        bytes32 evidence;
        uint40 stopAt;
        uint32 voters;
        uint32 appealVoters;
        bool isEscalated;
        Side appellant;
    }

    ISettlementLedger internal immutable LEDGER;
    IParticipantRegistry private immutable REGISTRY;

    mapping(bytes32 disputeId => Record) private _records;

    constructor(address ledger, address registry) {
        LEDGER = ISettlementLedger(ledger);
        REGISTRY = IParticipantRegistry(registry);
    }

    /// @inheritdoc IDisputeCourt
    function disputeOf(bytes32 disputeId) external view returns (Dispute memory dispute) {
        Record storage record = _records[disputeId];
        DisputeWord word = record.word;
        // Cannot truncate: fields of the word have these widths.
        dispute.amount = uint80(word.amount());
        dispute.award = uint80(word.award());
        dispute.deadline = uint40(word.deadline());
        dispute.setVersion = word.setVersion();
        dispute.state = word.state();
        dispute.round = word.round();
        dispute.payerEvidence = uint8(word.evidenceCount(Side.Payer));
        dispute.merchantEvidence = uint8(word.evidenceCount(Side.Merchant));
        dispute.policyVersion = word.policyVersion();
        dispute.evidence = record.evidence;
        dispute.stopAt = record.stopAt;
        dispute.voters = record.voters;
        dispute.appealVoters = record.appealVoters;
        dispute.isEscalated = record.isEscalated;
        dispute.appellant = record.appellant;
    }

    /// @inheritdoc IDisputeCourt
    function disputeIdOf(OrderTerms calldata terms) external view returns (bytes32 disputeId) {
        (disputeId, ) = _idsOf(terms);
    }

    /// @dev Ids are derived from the terms here, never taken from a caller.
    function _idsOf(OrderTerms calldata terms) internal view returns (bytes32 disputeId, bytes32 orderId) {
        orderId = OrderTermsHash.orderId(LEDGER.domainSeparator(), terms);
        disputeId = _disputeId(orderId, OrderWord.wrap(LEDGER.orderWord(orderId)).disputeCount());
    }

    function _disputeId(bytes32 orderId, uint256 ordinal) internal pure returns (bytes32) {
        return keccak256(abi.encode(orderId, ordinal));
    }

    function _record(bytes32 disputeId) internal view returns (Record storage) {
        return _records[disputeId];
    }

    function _load(
        OrderTerms calldata terms
    ) internal view returns (bytes32 disputeId, Record storage record, DisputeWord word) {
        (disputeId, ) = _idsOf(terms);
        record = _records[disputeId];
        word = record.word;
    }

    /// @dev A dispute that is not over: opened and not paid.
    function _requireLive(bytes32 disputeId, DisputeWord word) internal pure {
        State state = word.state();
        require(state != State.None && state != State.Final, CourtStateWrong(disputeId, state, State.Open));
    }

    function _requireState(bytes32 disputeId, DisputeWord word, State required) internal pure {
        require(word.state() == required, CourtStateWrong(disputeId, word.state(), required));
    }

    function _requireUntil(bytes32 disputeId, uint256 deadline) internal view {
        require(block.timestamp <= deadline, CourtTooLate(disputeId, deadline, block.timestamp));
    }

    function _requireAfter(bytes32 disputeId, uint256 deadline) internal view {
        require(block.timestamp > deadline, CourtTooEarly(disputeId, deadline, block.timestamp));
    }

    /// @dev A merchant that was silent may not take back what its silence decided.
    function _requireMerchantInTime(bytes32 disputeId, DisputeWord word) internal view {
        if (word.state() == State.Open) _requireUntil(disputeId, word.deadline());
    }

    /// @dev No window reaches past the hard stop.
    function _windowEnd(uint256 window, uint256 stopAt) internal view returns (uint256) {
        uint256 end = block.timestamp + window;
        return end < stopAt ? end : stopAt;
    }

    function _partyOf(OrderTerms calldata terms, Side side) internal pure returns (address) {
        return side == Side.Payer ? terms.payer : terms.merchant;
    }

    /// @dev An operator's key may serve both sides of one order, so the caller says for whom it speaks.
    function _requireSpeaksFor(bytes32 disputeId, OrderTerms calldata terms, Side side) internal view {
        if (side == Side.Payer) {
            bool isPayer = _isParty(terms.payer) || _actsFor(msg.sender, terms.operator);
            require(isPayer, CourtForbidden(disputeId, msg.sender));
        } else {
            require(side == Side.Merchant && _speaksForMerchant(terms), CourtForbidden(disputeId, msg.sender));
        }
    }

    function _speaksForMerchant(OrderTerms calldata terms) internal view returns (bool) {
        if (_isParty(terms.merchant)) return true;
        return
            _actsFor(msg.sender, terms.operator) &&
            REGISTRY.scopesOf(terms.merchant, terms.operator) & MANDATE_SCOPE != 0;
    }

    function _addEvidence(Record storage record, address party, bytes32 hash) internal returns (bytes32 evidence) {
        evidence = keccak256(abi.encode(record.evidence, party, hash));
        record.evidence = evidence;
    }

    /// @dev With every outcome the round ends: votes and offers made before it are void. `appealBy` is 0 if no one may
    /// appeal.
    function _decide(
        bytes32 disputeId,
        Record storage record,
        DisputeWord word,
        uint256 award,
        Basis basis,
        uint256 appealBy
    ) internal returns (DisputeWord decided) {
        decided = word.withStage(State.Ruled, appealBy).withAward(award).withNextRound();
        record.word = decided;

        emit DisputeRuled(disputeId, award, basis, appealBy, DisputeWord.unwrap(decided));
    }

    /// @dev Whether the caller is the account, or who took its place once its key was lost: then the key itself speaks
    /// for it no more.
    function _isParty(address account) internal view returns (bool) {
        return msg.sender == _heirOf(account);
    }

    function _heirOf(address account) internal view returns (address) {
        return REGISTRY.heirOf(account);
    }

    function _actsFor(address key, address operator) private view returns (bool) {
        (address actsFor, ) = LEDGER.authorityOf(key);
        return operator != address(0) && actsFor == operator;
    }
}
