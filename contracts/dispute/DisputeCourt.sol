// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms} from "../types/OrderTerms.sol";

/// @title States, deadlines, panels and rulings of disputes
/// @dev Holds no money: it tells the ledger what to lock and how to pay.
contract DisputeCourt is IDisputeCourt, AccessManaged, EIP712 {
    bytes32 private constant VOTE_TYPEHASH = keccak256("Vote(bytes32 disputeId,uint256 payerBps,bytes32 evidence)");
    uint8 private constant MANDATE_SCOPE = 4;

    struct ArbiterSet {
        uint256 threshold;
        address[] members;
    }

    ISettlementLedger private immutable LEDGER;
    IParticipantRegistry private immutable REGISTRY;

    mapping(bytes32 disputeId => Dispute) private _disputes;
    mapping(uint32 setId => ArbiterSet[] versions) private _arbiterSets;
    Policy private _policy;

    constructor(
        address authority,
        address ledger,
        address registry
    ) AccessManaged(authority) EIP712("RialtoCourt", "1") {
        LEDGER = ISettlementLedger(ledger);
        REGISTRY = IParticipantRegistry(registry);
    }

    /// @inheritdoc IDisputeCourt
    function setPolicy(Policy calldata policy_) external restricted {
        _requirePolicy(policy_.respondWindow, policy_.ruleWindow);
        _policy = policy_;

        emit PolicySet(policy_.respondWindow, policy_.ruleWindow);
    }

    /// @inheritdoc IDisputeCourt
    function defineArbiterSet(uint32 setId, address[] calldata members, uint256 threshold) external restricted {
        require(threshold != 0 && threshold <= members.length, CourtSetInvalid(setId, members.length, threshold));
        for (uint256 i; i < members.length; ++i) {
            address previous = i == 0 ? address(0) : members[i - 1];
            require(members[i] > previous, CourtSetInvalid(setId, members.length, threshold));
        }

        _arbiterSets[setId].push(ArbiterSet(threshold, members));

        // Cannot truncate: versions are pushed one by one.
        emit ArbiterSetDefined(setId, uint32(_arbiterSets[setId].length), threshold, members);
    }

    /// @inheritdoc IDisputeCourt
    function open(
        OrderTerms calldata terms,
        uint256 amount,
        Reason reason,
        bytes32 evidenceHash
    ) external returns (bytes32 disputeId) {
        bytes32 orderId;
        (disputeId, orderId) = LEDGER.lockDispute(terms, amount);
        require(
            msg.sender == terms.payer || _actsFor(msg.sender, terms.operator),
            CourtForbidden(disputeId, msg.sender)
        );
        uint256 setVersion = _arbiterSets[terms.arbiterSetId].length;
        require(setVersion != 0, CourtSetUnknown(terms.arbiterSetId));
        _requirePolicy(_policy.respondWindow, _policy.ruleWindow);

        Dispute storage dispute = _disputes[disputeId];
        dispute.orderId = orderId;
        dispute.evidence = _accumulate(0, terms.payer, evidenceHash);
        dispute.payer = terms.payer;
        dispute.respondBy = uint40(block.timestamp) + _policy.respondWindow;
        dispute.merchant = terms.merchant;
        dispute.operator = terms.operator;
        dispute.state = State.Open;
        dispute.defaultPayerBps = terms.defaultPayerBps;
        dispute.setId = terms.arbiterSetId;
        dispute.setVersion = uint32(setVersion);

        emit DisputeOpened(
            disputeId,
            orderId,
            terms.merchant,
            terms.payer,
            amount,
            reason,
            dispute.evidence,
            dispute.respondBy
        );
    }

    /// @inheritdoc IDisputeCourt
    function contest(bytes32 disputeId, bytes32 evidenceHash) external {
        Dispute storage dispute = _requireState(disputeId, State.Open);
        _requireMerchantOrMandate(disputeId, dispute);
        require(block.timestamp <= dispute.respondBy, CourtTooLate(disputeId, dispute.respondBy, block.timestamp));

        dispute.state = State.Contested;
        dispute.evidence = _accumulate(dispute.evidence, dispute.merchant, evidenceHash);
        dispute.ruleBy = uint40(block.timestamp) + _policy.ruleWindow;

        emit DisputeContested(disputeId, dispute.evidence, dispute.ruleBy);
    }

    /// @inheritdoc IDisputeCourt
    function accept(bytes32 disputeId) external {
        Dispute storage dispute = _requireUndecided(disputeId);
        _requireMerchantOrMandate(disputeId, dispute);

        _decide(disputeId, dispute, BasisPoints.ONE, Basis.MerchantAccepted);
    }

    /// @inheritdoc IDisputeCourt
    function withdraw(bytes32 disputeId) external {
        Dispute storage dispute = _requireUndecided(disputeId);
        require(msg.sender == dispute.payer, CourtForbidden(disputeId, msg.sender));

        _decide(disputeId, dispute, 0, Basis.PayerWithdrew);
    }

    /// @inheritdoc IDisputeCourt
    function rule(bytes32 disputeId, uint256 payerBps, bytes32 evidence, bytes[] calldata signatures) external {
        Dispute storage dispute = _requireState(disputeId, State.Contested);
        require(payerBps <= BasisPoints.ONE, CourtBpsInvalid(payerBps, BasisPoints.ONE));
        require(block.timestamp <= dispute.ruleBy, CourtTooLate(disputeId, dispute.ruleBy, block.timestamp));
        require(evidence == dispute.evidence, CourtEvidenceStale(disputeId, evidence, dispute.evidence));
        ArbiterSet storage panel = _arbiterSets[dispute.setId][dispute.setVersion - 1];
        require(signatures.length >= panel.threshold, CourtVotesMissing(disputeId, signatures.length, panel.threshold));
        _requireVotes(disputeId, dispute, panel, voteDigest(disputeId, payerBps, evidence), signatures);

        _decide(disputeId, dispute, payerBps, Basis.Panel);
    }

    /// @inheritdoc IDisputeCourt
    function finalize(OrderTerms calldata terms, bytes32 disputeId) external {
        Dispute storage dispute = _disputes[disputeId];
        bytes32 orderId = LEDGER.orderIdOf(terms);
        require(orderId == dispute.orderId, CourtOrderWrong(disputeId, orderId));
        if (dispute.state != State.Ruled) _decideBySilence(disputeId, dispute);

        dispute.state = State.Final;

        emit DisputeFinalized(disputeId, orderId, dispute.payerBps);

        LEDGER.payDispute(terms, dispute.payerBps);
    }

    /// @inheritdoc IDisputeCourt
    function disputeOf(bytes32 disputeId) external view returns (Dispute memory) {
        return _disputes[disputeId];
    }

    /// @inheritdoc IDisputeCourt
    function arbiterSet(
        uint32 setId,
        uint32 version
    ) external view returns (address[] memory members, uint256 threshold) {
        uint256 count = _arbiterSets[setId].length;
        require(count != 0 && version <= count, CourtSetUnknown(setId));
        ArbiterSet storage set = _arbiterSets[setId][version == 0 ? count - 1 : version - 1];
        return (set.members, set.threshold);
    }

    /// @inheritdoc IDisputeCourt
    function policy() external view returns (Policy memory) {
        return _policy;
    }

    /// @inheritdoc IDisputeCourt
    function voteDigest(bytes32 disputeId, uint256 payerBps, bytes32 evidence) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOTE_TYPEHASH, disputeId, payerBps, evidence)));
    }

    function _decide(bytes32 disputeId, Dispute storage dispute, uint256 payerBps, Basis basis) private {
        dispute.state = State.Ruled;
        // Cannot truncate: at most 10,000.
        dispute.payerBps = uint16(payerBps);

        emit DisputeRuled(disputeId, payerBps, basis);
    }

    /// @dev A silent merchant loses; a silent panel leaves what the order's terms say.
    function _decideBySilence(bytes32 disputeId, Dispute storage dispute) private {
        if (dispute.state == State.Open) {
            uint256 respondBy = dispute.respondBy;
            require(block.timestamp > respondBy, CourtTooEarly(disputeId, respondBy, block.timestamp));
            _decide(disputeId, dispute, BasisPoints.ONE, Basis.MerchantSilent);
            return;
        }
        _requireState(disputeId, State.Contested);
        uint256 ruleBy = dispute.ruleBy;
        require(block.timestamp > ruleBy, CourtTooEarly(disputeId, ruleBy, block.timestamp));
        _decide(disputeId, dispute, dispute.defaultPayerBps, Basis.PanelSilent);
    }

    /// @dev Both lists ascend, so one pass finds every voter among the members and meets no one twice.
    function _requireVotes(
        bytes32 disputeId,
        Dispute storage dispute,
        ArbiterSet storage panel,
        bytes32 digest,
        bytes[] calldata signatures
    ) private view {
        address[] memory members = panel.members;
        uint256 position;
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, , ) = ECDSA.tryRecover(digest, signatures[i]);
            while (position < members.length && members[position] < signer) ++position;
            bool isMember = position < members.length && members[position] == signer;
            bool isParty = signer == dispute.payer || signer == dispute.merchant || signer == dispute.operator;
            require(isMember && !isParty, CourtVoteInvalid(disputeId, signer));
            ++position;
        }
    }

    /// @dev Without time to answer, silence would be decided before anyone could speak.
    function _requirePolicy(uint40 respondWindow, uint40 ruleWindow) private pure {
        require(respondWindow != 0 && ruleWindow != 0, CourtPolicyInvalid(respondWindow, ruleWindow));
    }

    function _requireState(bytes32 disputeId, State required) private view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(dispute.state == required, CourtStateWrong(disputeId, dispute.state, required));
    }

    function _requireUndecided(bytes32 disputeId) private view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(
            dispute.state == State.Open || dispute.state == State.Contested,
            CourtStateWrong(disputeId, dispute.state, State.Open)
        );
    }

    function _requireMerchantOrMandate(bytes32 disputeId, Dispute storage dispute) private view {
        if (msg.sender == dispute.merchant) return;
        bool isMandated =
            _actsFor(msg.sender, dispute.operator) &&
                REGISTRY.scopesOf(dispute.merchant, dispute.operator) & MANDATE_SCOPE != 0;
        require(isMandated, CourtForbidden(disputeId, msg.sender));
    }

    function _actsFor(address key, address operator) private view returns (bool) {
        (address actsFor, ) = LEDGER.authorityOf(key);
        return operator != address(0) && actsFor == operator;
    }

    function _accumulate(bytes32 evidence, address party, bytes32 hash) private pure returns (bytes32) {
        return keccak256(abi.encode(evidence, party, hash));
    }
}
