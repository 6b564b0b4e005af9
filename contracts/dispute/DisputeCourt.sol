// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {DisputeWord, DisputeWordLibrary} from "../types/DisputeWord.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {Split} from "../types/Splits.sol";
import {DisputeOffers} from "./DisputeOffers.sol";
import {DisputeRecords} from "./DisputeRecords.sol";
import {PanelFees} from "./PanelFees.sol";

/// @title States, deadlines, panels and rulings of disputes
/// @dev Holds no money: it tells the ledger what to lock and how to pay.
contract DisputeCourt is DisputeOffers, PanelFees {
    bytes32 private constant VOTE_TYPEHASH = keccak256(
        "Vote(bytes32 disputeId,uint256 round,uint256 payerBps,bytes32 evidence)"
    );

    constructor(
        address authority,
        address ledger,
        address registry
    ) AccessManaged(authority) EIP712("RialtoCourt", "1") DisputeRecords(ledger, registry) {}

    /// @inheritdoc IDisputeCourt
    function open(
        OrderTerms calldata terms,
        uint256 amount,
        Reason reason,
        bytes32 evidenceHash
    ) external returns (bytes32 disputeId) {
        Opening memory opening = _requireOpening();
        (bytes32 orderId, uint256 ordinal) = LEDGER.lockDispute(terms, amount, _bondUp(amount, opening.bondBps));
        disputeId = _disputeId(orderId, ordinal);
        _requireSpeaksFor(disputeId, terms, Side.Payer);

        uint256 respondBy = block.timestamp + opening.respondWindow;
        // Cannot truncate: the ledger refuses an amount above a uint80.
        DisputeWord word = DisputeWordLibrary.pack(
            amount,
            respondBy,
            _latestVersionOf(terms.arbiterSetId),
            opening.version
        );
        Record storage record = _record(disputeId);
        record.word = word;
        bytes32 evidence = _addEvidence(record, terms.payer, evidenceHash);

        emit DisputeOpened(
            disputeId,
            orderId,
            terms.merchant,
            terms.payer,
            amount,
            reason,
            evidence,
            respondBy,
            DisputeWord.unwrap(word)
        );
    }

    /// @inheritdoc IDisputeCourt
    function contest(OrderTerms calldata terms, bytes32 evidenceHash) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireState(disputeId, word, State.Open);
        _requireSpeaksFor(disputeId, terms, Side.Merchant);
        _requireUntil(disputeId, word.deadline());

        Policy storage policy = _policyAt(word.policyVersion());
        uint256 stopAt = word.deadline() - policy.respondWindow + policy.hardStop;
        word = word.withStage(State.Contested, _windowEnd(policy.ruleWindow, stopAt));
        record.word = word;
        // Cannot truncate: a policy's hard stop leaves room for the clock.
        record.stopAt = uint40(stopAt);
        bytes32 evidence = _addEvidence(record, terms.merchant, evidenceHash);

        emit DisputeContested(disputeId, evidence, word.deadline(), stopAt, DisputeWord.unwrap(word));
    }

    /// @inheritdoc IDisputeCourt
    function accept(OrderTerms calldata terms) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        _requireSpeaksFor(disputeId, terms, Side.Merchant);
        _requireMerchantInTime(disputeId, word);

        _decide(disputeId, record, word, word.amount(), Basis.MerchantAccepted, 0);
    }

    /// @inheritdoc IDisputeCourt
    function withdraw(OrderTerms calldata terms) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        require(_isParty(terms.payer), CourtForbidden(disputeId, msg.sender));

        _decide(disputeId, record, word, 0, Basis.PayerWithdrew, 0);
    }

    /// @inheritdoc IDisputeCourt
    function submitEvidence(OrderTerms calldata terms, Side side, bytes32 evidenceHash) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        require(word.state() != State.Ruled, CourtStateWrong(disputeId, State.Ruled, State.Open));
        _requireSpeaksFor(disputeId, terms, side);
        Policy storage policy = _policyAt(word.policyVersion());
        _requireUntil(disputeId, word.deadline() - _quietTime(word.state(), policy));
        uint256 count = word.evidenceCount(side);
        uint256 cap = policy.evidenceCap;
        require(count < cap, CourtEvidenceTooMuch(disputeId, count, cap));

        word = word.withEvidenceOf(side);
        record.word = word;
        address party = _partyOf(terms, side);
        bytes32 evidence = _addEvidence(record, party, evidenceHash);

        emit EvidenceSubmitted(disputeId, party, evidenceHash, evidence, DisputeWord.unwrap(word));
    }

    /// @inheritdoc IDisputeCourt
    function rule(OrderTerms calldata terms, uint256 payerBps, bytes32 evidence, bytes[] calldata signatures) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        bool isAppealed = word.state() == State.Appealed;
        if (!isAppealed) _requireState(disputeId, word, State.Contested);
        require(payerBps <= BasisPoints.ONE, CourtBpsInvalid(payerBps, BasisPoints.ONE));
        _requireUntil(disputeId, word.deadline());
        require(evidence == record.evidence, CourtEvidenceStale(disputeId, evidence, record.evidence));
        ArbiterSet storage panel = _panelOf(terms.arbiterSetId, word.setVersion(), record.isEscalated, isAppealed);
        bytes32 digest = voteDigest(disputeId, word.round(), payerBps, evidence);
        uint32 voters = _requireVotes(disputeId, terms, panel, digest, signatures);

        if (isAppealed) record.appealVoters = voters;
        else record.voters = voters;
        uint256 appealBy = isAppealed ? 0 : _appealBy(panel, word.policyVersion(), record.stopAt);
        uint256 award = BasisPoints.shareDown(word.amount(), payerBps);
        _decide(disputeId, record, word, award, isAppealed ? Basis.AppealPanel : Basis.Panel, appealBy);
    }

    /// @inheritdoc IDisputeCourt
    function escalate(OrderTerms calldata terms) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireState(disputeId, word, State.Contested);
        require(_hasBackup(terms, record, word), CourtBackupMissing(disputeId));
        _requireAfter(disputeId, word.deadline());
        _requireUntil(disputeId, record.stopAt);

        uint256 ruleBy = _windowEnd(_policyAt(word.policyVersion()).ruleWindow, record.stopAt);
        word = word.withStage(State.Contested, ruleBy).withNextRound();
        record.word = word;
        record.isEscalated = true;

        ArbiterSet storage silent = _setAt(terms.arbiterSetId, word.setVersion());
        emit DisputeEscalated(disputeId, silent.backupSetId, silent.backupVersion, ruleBy, DisputeWord.unwrap(word));
    }

    /// @inheritdoc IDisputeCourt
    function appeal(OrderTerms calldata terms, Side side) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireState(disputeId, word, State.Ruled);
        _requireSpeaksFor(disputeId, terms, side);
        _requireUntil(disputeId, word.deadline());

        Policy storage policy = _policyAt(word.policyVersion());
        uint256 ruleBy = _windowEnd(policy.appealRuleWindow, record.stopAt);
        uint256 bond = _bondUp(word.amount(), policy.appealBondBps);
        address account = _partyOf(terms, side);
        word = word.withStage(State.Appealed, ruleBy).withNextRound();
        record.word = word;
        record.appellant = side;

        emit DisputeAppealed(disputeId, side, account, bond, ruleBy, DisputeWord.unwrap(word));

        if (bond != 0) LEDGER.addBond(terms, account, bond);
    }

    /// @inheritdoc IDisputeCourt
    function finalize(OrderTerms calldata terms, Split[] calldata splits) external {
        (bytes32 disputeId, bytes32 orderId) = _idsOf(terms);
        Record storage record = _record(disputeId);
        DisputeWord word = record.word;
        _requireLive(disputeId, word);
        if (word.state() == State.Ruled) _requireAfter(disputeId, word.deadline());
        else word = _decideBySilence(disputeId, terms, record, word);

        word = word.withStage(State.Final, 0);
        record.word = word;

        emit DisputeFinalized(disputeId, orderId, word.award(), DisputeWord.unwrap(word));

        _payPanels(terms, record, word);
        LEDGER.payDispute(terms, splits, word.award());
    }

    /// @inheritdoc IDisputeCourt
    function voteDigest(
        bytes32 disputeId,
        uint256 round,
        uint256 payerBps,
        bytes32 evidence
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOTE_TYPEHASH, disputeId, round, payerBps, evidence)));
    }

    /// @dev A silent merchant loses; a silent panel leaves what the order's terms say, a silent appeal panel the ruling.
    function _decideBySilence(
        bytes32 disputeId,
        OrderTerms calldata terms,
        Record storage record,
        DisputeWord word
    ) private returns (DisputeWord) {
        State state = word.state();
        // Only the hard stop may pass over a backup that nobody called: else a side would race to keep it out.
        bool isWaiting = state == State.Contested && _hasBackup(terms, record, word);
        _requireAfter(disputeId, isWaiting ? record.stopAt : word.deadline());

        if (state == State.Open) return _decide(disputeId, record, word, word.amount(), Basis.MerchantSilent, 0);
        if (state == State.Appealed) {
            return _decide(disputeId, record, word, word.award(), Basis.AppealPanelSilent, 0);
        }
        uint256 award = BasisPoints.shareDown(word.amount(), terms.defaultPayerBps);
        return _decide(disputeId, record, word, award, Basis.PanelSilent, 0);
    }

    /// @dev The second half of a panel's time is its own: a document in the last second would void every vote, and leave
    /// the outcome to the default that suits whoever sent it.
    function _quietTime(State state, Policy storage policy) private view returns (uint256) {
        if (state == State.Contested) return policy.ruleWindow / 2;
        return state == State.Appealed ? policy.appealRuleWindow / 2 : 0;
    }

    /// @dev 0 if no one may appeal: the policy has no appeals, or the panel no appeal set.
    function _appealBy(ArbiterSet storage panel, uint8 version, uint256 stopAt) private view returns (uint256) {
        uint256 window = _policyAt(version).appealWindow;
        return window == 0 || panel.appealVersion == 0 ? 0 : _windowEnd(window, stopAt);
    }

    function _hasBackup(
        OrderTerms calldata terms,
        Record storage record,
        DisputeWord word
    ) private view returns (bool) {
        if (record.isEscalated || word.setVersion() == 0) return false;
        return _setAt(terms.arbiterSetId, word.setVersion()).backupVersion != 0;
    }
}
