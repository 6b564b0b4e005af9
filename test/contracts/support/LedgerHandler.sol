// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {IDisputeLocks} from "../../../contracts/interfaces/IDisputeLocks.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {SettlementToken} from "../../../contracts/token/SettlementToken.sol";
import {AccountWord} from "../../../contracts/types/AccountWord.sol";
import {ColdWord} from "../../../contracts/types/ColdWord.sol";
import {OrderTerms} from "../../../contracts/types/OrderTerms.sol";
import {OrderWord} from "../../../contracts/types/OrderWord.sol";
import {MisuseHandler} from "./MisuseHandler.sol";
import {VM} from "./Vm.sol";

/// @dev What the fuzzer calls beside the verbs of orders and what must fail: money in and out, disputes with appeals,
/// backup panels, offers and bonds, cycles, payouts, reserve and freezes.
contract LedgerHandler is MisuseHandler {
    mapping(address token => uint256) public guaranteeFunded;
    /// @dev What closings took out of pending, reserve that matured at that moment included.
    mapping(address token => uint256) public pendingMoved;
    bool public settlementWasBlocked;

    constructor() {
        for (uint256 i; i < PAYERS * TOKENS; ++i) deposit(i, i / PAYERS, MAX_AMOUNT);
        fundGuarantee(0, MAX_AMOUNT / 64);
    }

    function deposit(uint256 payerSeed, uint256 tokenSeed, uint256 amount) public {
        SettlementToken token = _tokenOf(tokenSeed);
        address payer = _payers[payerSeed % PAYERS];
        amount = _within(amount, MAX_AMOUNT);
        _mint(token, amount);
        LEDGER.deposit(OPERATOR, address(token), payer, amount);
        payerClaim[address(token)][payer] += amount;
    }

    function withdraw(uint256 payerSeed, uint256 tokenSeed, uint256 amount) external {
        address token = address(_tokenOf(tokenSeed));
        address payer = _payers[payerSeed % PAYERS];
        amount = _within(amount, payerClaim[token][payer]);
        VM.prank(payer);
        LEDGER.withdraw(OPERATOR, token, amount);
        payerClaim[token][payer] -= amount;
    }

    function fundGuarantee(uint256 tokenSeed, uint256 amount) public {
        SettlementToken token = _tokenOf(tokenSeed);
        amount = _within(amount, MAX_AMOUNT / 16);
        _mint(token, amount);
        LEDGER.fundGuarantee(OPERATOR, address(token), amount);
        guaranteeFunded[address(token)] += amount;
    }

    function openDispute(uint256 seed, uint256 amount) public tracked(seed) {
        uint256 index = seed % _terms.length;
        OrderTerms memory terms = _terms[index];
        OrderWord word = wordAt(index);
        amount = _within(amount, word.capturable() + word.refundable());
        VM.prank(terms.payer);
        _records[index].disputeId = COURT.open(terms, amount, IDisputeCourt.Reason.Other, bytes32(seed));
        payerClaim[terms.token][terms.payer] -= (amount * BOND_BPS + 9_999) / 10_000;
    }

    /// @dev Random calls seldom meet the same dispute three times, so this one takes it to a ruling.
    function contestAndRule(uint256 seed, uint256 amount, uint256 payerBps) external {
        openDispute(seed, amount);
        contest(seed);
        rule(seed, payerBps);
        if (seed % 3 == 0) return;
        VM.warp(block.timestamp + 2 days + 1);
        finalize(seed);
    }

    function contest(uint256 seed) public tracked(seed) {
        uint256 index = seed % _terms.length;
        VM.prank(_terms[index].merchant);
        COURT.contest(_terms[index], bytes32(seed));
    }

    function rule(uint256 seed, uint256 payerBps) public tracked(seed) {
        uint256 index = seed % _terms.length;
        IDisputeCourt.Dispute memory dispute = COURT.disputeOf(_records[index].disputeId);
        bool isAppealed = dispute.state == IDisputeCourt.State.Appealed;
        payerBps %= 10_001;
        bytes32 digest = COURT.voteDigest(_records[index].disputeId, dispute.round, payerBps, dispute.evidence);
        bytes[] memory votes = new bytes[](isAppealed ? 3 : 2);
        for (uint256 i; i < votes.length; ++i) {
            votes[i] = _sign(_arbiterKeys[i + (seed % 2)], digest);
        }
        COURT.rule(_terms[index], payerBps, dispute.evidence, votes);
    }

    function escalate(uint256 seed) external tracked(seed) {
        COURT.escalate(_terms[seed % _terms.length]);
    }

    function appeal(uint256 seed) external tracked(seed) {
        uint256 index = seed % _terms.length;
        OrderTerms memory terms = _terms[index];
        uint256 amount = COURT.disputeOf(_records[index].disputeId).amount;
        VM.prank(terms.payer);
        COURT.appeal(terms, IDisputeCourt.Side.Payer);
        payerClaim[terms.token][terms.payer] -= (amount * 100 + 9_999) / 10_000;
    }

    function settleByOffer(uint256 seed, uint256 amount) external tracked(seed) {
        uint256 index = seed % _terms.length;
        OrderTerms memory terms = _terms[index];
        amount %= COURT.disputeOf(_records[index].disputeId).amount + 1;
        VM.prank(terms.merchant);
        COURT.offer(terms, amount, uint40(block.timestamp + 1 days));
        VM.prank(terms.payer);
        COURT.acceptOffer(terms, amount);
    }

    function giveIn(uint256 seed, bool isPayer) external tracked(seed) {
        uint256 index = seed % _terms.length;
        VM.prank(isPayer ? _terms[index].payer : _terms[index].merchant);
        if (isPayer) COURT.withdraw(_terms[index]);
        else COURT.accept(_terms[index]);
    }

    function finalize(uint256 seed) public tracked(seed) {
        uint256 index = seed % _terms.length;
        OrderTerms memory terms = _terms[index];
        bytes32 disputeId = _records[index].disputeId;
        IDisputeLocks.Lock memory lock = LEDGER.lockOf(disputeId);
        uint256 bond = LEDGER.bondOf(disputeId);
        COURT.finalize(terms, _splitsOf(terms));

        IDisputeCourt.Dispute memory dispute = COURT.disputeOf(disputeId);
        uint256 awarded = dispute.award < lock.captured ? dispute.award : lock.captured;
        _records[index].awarded += awarded;
        _records[index].voided += dispute.award - awarded;
        uint256 openBond = (dispute.amount * BOND_BPS + 9_999) / 10_000;
        bond -= _paidTo(dispute.voters, openBond);
        if (dispute.appealVoters != 0) bond -= _paidTo(dispute.appealVoters, openBond);
        payerClaim[terms.token][terms.payer] += dispute.award + bond;
    }

    function closeCycle(uint256 tokenSeed, uint256 mask) external {
        address token = address(_tokenOf(tokenSeed));
        uint24 openCycle = LEDGER.bookOf(OPERATOR, token).openCycle;
        uint256 cycle = mask % 8 == 0 && openCycle > 1 ? openCycle - 1 : openCycle;
        uint256 pending = _pendingIn(token);
        VM.prank(SETTLER);
        try LEDGER.closeCycle(OPERATOR, token, cycle, _settled(mask)) {
            pendingMoved[token] += pending - _pendingIn(token);
        } catch {
            settlementWasBlocked = true;
        }
    }

    function payout(uint256 tokenSeed, uint256 mask) external {
        address token = address(_tokenOf(tokenSeed));
        VM.prank(SETTLER);
        try LEDGER.payout(OPERATOR, token, _settled(mask)) {} catch {
            settlementWasBlocked = true;
        }
    }

    function meetObligations(uint256 tokenSeed, uint256 accountSeed) external {
        address[] memory all = earners();
        LEDGER.meetObligations(OPERATOR, address(_tokenOf(tokenSeed)), all[accountSeed % all.length]);
    }

    function releaseReserve(uint256 tokenSeed, uint256 merchantSeed) external {
        LEDGER.releaseReserve(OPERATOR, address(_tokenOf(tokenSeed)), _merchants[merchantSeed % MERCHANTS]);
    }

    function setStanding(uint256 seed, uint256 statusSeed) external {
        address[] memory all = earners();
        address account = seed % 2 == 0 ? all[(seed / 2) % all.length] : _payers[(seed / 2) % PAYERS];
        // Mostly active, or nothing would ever happen.
        uint256 status = statusSeed % 4 < 2 ? 2 : 1 + (statusSeed % 4);
        _setStatus(account, IParticipantRegistry.Status(status));
    }

    function wait(uint256 seconds_) external {
        VM.warp(block.timestamp + (seconds_ % 4 days));
    }

    function accounts() external view returns (address[] memory list) {
        address[] memory all = earners();
        list = new address[](all.length + PAYERS);
        for (uint256 i; i < all.length; ++i) list[i] = all[i];
        for (uint256 i; i < PAYERS; ++i) list[all.length + i] = _payers[i];
    }

    /// @dev Merchants, fee receiver, operator, courier, arbiters.
    function earners() public view returns (address[] memory list) {
        address[] memory others = _others();
        list = new address[](MERCHANTS + others.length);
        for (uint256 i; i < MERCHANTS; ++i) list[i] = _merchants[i];
        for (uint256 i; i < others.length; ++i) list[MERCHANTS + i] = others[i];
    }

    function payers() external view returns (address[] memory) {
        return _payers;
    }

    /// @dev What all earners have pending or in reserve.
    function _pendingIn(address token) private view returns (uint256 pending) {
        address[] memory all = earners();
        for (uint256 i; i < all.length; ++i) {
            pending += AccountWord.wrap(LEDGER.accountWord(OPERATOR, token, all[i])).pending();
            pending += ColdWord.wrap(LEDGER.coldWord(OPERATOR, token, all[i])).reserve();
        }
    }

    /// @dev What the voters of a panel got of a bond: equal shares, the rest stays.
    function _paidTo(uint32 voters, uint256 bond) private pure returns (uint256) {
        uint256 count;
        for (; voters != 0; voters &= voters - 1) ++count;
        return count == 0 ? 0 : (bond / count) * count;
    }

    function _settled(uint256 mask) private view returns (address[] memory list) {
        list = new address[](MERCHANTS + 3);
        for (uint256 i; i < MERCHANTS; ++i) list[i] = (mask >> (4 + i)) & 1 == 1 ? _merchants[i] : FEE_RECEIVER;
        list[MERCHANTS] = FEE_RECEIVER;
        list[MERCHANTS + 1] = OPERATOR;
        list[MERCHANTS + 2] = COURIER;
    }
}
