// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {IDisputeLocks} from "../../../contracts/interfaces/IDisputeLocks.sol";
import {OrderTerms} from "../../../contracts/types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../../../contracts/types/OrderWord.sol";
import {SettlementToken} from "../../../contracts/token/SettlementToken.sol";
import {LedgerWorld} from "./LedgerWorld.sol";
import {VM} from "./Vm.sol";

/// @dev What the fuzzer calls: every verb of the network with real signatures, and a second set of books beside it.
/// A call that the network refuses reverts and leaves both sets as they were.
contract LedgerHandler is LedgerWorld {
    struct Record {
        uint256 captured;
        uint256 voided;
        uint256 reclaimed;
        uint256 refunded;
        uint256 awarded;
        uint256 terminalWord;
        bytes32 disputeId;
    }

    uint256 private constant MAX_AMOUNT = 1e12;
    uint256 private constant MAX_ORDERS = 24;

    OrderTerms[] private _terms;
    Record[] private _records;
    mapping(address token => mapping(address payer => uint256)) public payerClaim;
    mapping(address token => uint256) public guaranteeFunded;
    bool public settlementWasBlocked;
    bool public exitWasRefused;

    constructor() {
        for (uint256 i; i < PAYERS * TOKENS; ++i) deposit(i, i / PAYERS, MAX_AMOUNT);
        fundGuarantee(0, MAX_AMOUNT);
    }

    modifier tracked(uint256 seed) {
        VM.assume(_terms.length != 0);
        uint256 index = seed % _terms.length;
        _;
        _noteTerminal(index);
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
        amount = _within(amount, MAX_AMOUNT);
        _mint(token, amount);
        LEDGER.fundGuarantee(OPERATOR, address(token), amount);
        guaranteeFunded[address(token)] += amount;
    }

    function authorize(uint256 seed, uint256 amount, uint256 fee) external {
        (OrderTerms memory terms, bytes memory signature) = _newOrder(seed, amount, fee);
        VM.prank(OPERATOR);
        LEDGER.authorize(terms, signature);
    }

    function charge(uint256 seed, uint256 amount, uint256 fee) external {
        (OrderTerms memory terms, bytes memory signature) = _newOrder(seed, amount, fee);
        VM.prank(OPERATOR);
        LEDGER.charge(terms, signature);
        _records[_records.length - 1].captured = terms.amount;
    }

    function capture(uint256 seed, uint256 amount) external tracked(seed) {
        uint256 index = seed % _terms.length;
        amount = _within(amount, wordAt(index).capturable());
        VM.prank(OPERATOR);
        LEDGER.capture(_terms[index], amount);
        _records[index].captured += amount;
    }

    function void(uint256 seed, uint256 amount) external tracked(seed) {
        uint256 index = seed % _terms.length;
        amount = _within(amount, wordAt(index).capturable());
        VM.prank(_terms[index].merchant);
        LEDGER.void(_terms[index], amount);
        _records[index].voided += amount;
        payerClaim[_terms[index].token][_terms[index].payer] += amount;
    }

    function refund(uint256 seed, uint256 amount) external tracked(seed) {
        uint256 index = seed % _terms.length;
        amount = _within(amount, wordAt(index).refundable());
        VM.prank(OPERATOR);
        LEDGER.refund(_terms[index], amount);
        _records[index].refunded += amount;
        payerClaim[_terms[index].token][_terms[index].payer] += amount;
    }

    function reclaim(uint256 seed) external tracked(seed) {
        uint256 index = seed % _terms.length;
        OrderWord word = wordAt(index);
        uint256 amount = word.capturable();
        bool isDue = block.timestamp >= _terms[index].reclaimFrom + LEDGER.shiftOf(idAt(index));
        try LEDGER.reclaim(_terms[index]) {
            _records[index].reclaimed += amount;
            payerClaim[_terms[index].token][_terms[index].payer] += amount;
        } catch {
            if (isDue && amount != 0 && !word.isDisputed()) exitWasRefused = true;
        }
    }

    function openDispute(uint256 seed, uint256 amount) external tracked(seed) {
        uint256 index = seed % _terms.length;
        OrderWord word = wordAt(index);
        amount = _within(amount, word.capturable() + word.refundable());
        VM.prank(_terms[index].payer);
        _records[index].disputeId = COURT.open(_terms[index], amount, IDisputeCourt.Reason.Other, bytes32(seed));
    }

    function contest(uint256 seed) external tracked(seed) {
        uint256 index = seed % _terms.length;
        VM.prank(_terms[index].merchant);
        COURT.contest(_records[index].disputeId, bytes32(seed));
    }

    function rule(uint256 seed, uint256 payerBps) external tracked(seed) {
        bytes32 disputeId = _records[seed % _terms.length].disputeId;
        bytes32 evidence = COURT.disputeOf(disputeId).evidence;
        payerBps %= 10_001;
        bytes[] memory votes = new bytes[](2);
        for (uint256 i; i < votes.length; ++i) {
            votes[i] = _sign(_arbiterKeys[i + (seed % 2)], COURT.voteDigest(disputeId, payerBps, evidence));
        }
        COURT.rule(disputeId, payerBps, evidence, votes);
    }

    function giveIn(uint256 seed, bool isPayer) external tracked(seed) {
        uint256 index = seed % _terms.length;
        VM.prank(isPayer ? _terms[index].payer : _terms[index].merchant);
        if (isPayer) COURT.withdraw(_records[index].disputeId);
        else COURT.accept(_records[index].disputeId);
    }

    function finalize(uint256 seed) external tracked(seed) {
        uint256 index = seed % _terms.length;
        IDisputeLocks.Lock memory lock = LEDGER.lockOf(_records[index].disputeId);
        COURT.finalize(_terms[index], _records[index].disputeId);

        uint256 total =
            ((uint256(lock.captured) + lock.held) * COURT.disputeOf(_records[index].disputeId).payerBps) / 10_000;
        uint256 awarded = total < lock.captured ? total : lock.captured;
        _records[index].awarded += awarded;
        _records[index].voided += total - awarded;
        payerClaim[_terms[index].token][_terms[index].payer] += total;
    }

    function closeCycle(uint256 tokenSeed, uint256 mask) external {
        address token = address(_tokenOf(tokenSeed));
        uint24 openCycle = LEDGER.bookOf(OPERATOR, token).openCycle;
        uint256 cycle = mask % 8 == 0 && openCycle > 1 ? openCycle - 1 : openCycle;
        VM.prank(SETTLER);
        try LEDGER.closeCycle(OPERATOR, token, cycle, _settled(mask)) {} catch {
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

    function setStanding(uint256 seed, uint256 statusSeed) external {
        address[] memory receivers = _settled(type(uint256).max);
        address account = seed % 2 == 0 ? receivers[(seed / 2) % receivers.length] : _payers[(seed / 2) % PAYERS];
        // Mostly active, or nothing would ever happen.
        uint256 status = statusSeed % 4 < 2 ? 2 : 1 + (statusSeed % 4);
        _setStatus(account, IParticipantRegistry.Status(status));
    }

    function wait(uint256 seconds_) external {
        VM.warp(block.timestamp + (seconds_ % 4 days));
    }

    function orderCount() external view returns (uint256) {
        return _terms.length;
    }

    function recordAt(uint256 index) external view returns (Record memory) {
        return _records[index];
    }

    function termsAt(uint256 index) external view returns (OrderTerms memory) {
        return _terms[index];
    }

    function idAt(uint256 index) public view returns (bytes32) {
        return LEDGER.orderIdOf(_terms[index]);
    }

    function wordAt(uint256 index) public view returns (OrderWord) {
        return OrderWord.wrap(LEDGER.orderWord(idAt(index)));
    }

    function accounts() external view returns (address[] memory list) {
        address[] memory settled = _settled(type(uint256).max);
        list = new address[](settled.length + PAYERS);
        for (uint256 i; i < settled.length; ++i) list[i] = settled[i];
        for (uint256 i; i < PAYERS; ++i) list[settled.length + i] = _payers[i];
    }

    function earners() external view returns (address[] memory) {
        return _settled(type(uint256).max);
    }

    /// @dev What all orders together owe an account: a merchant the net, a fee receiver the fee, of what is captured and
    /// not given back.
    function dueTo(address token, address account) external view returns (uint256 due) {
        for (uint256 i; i < _terms.length; ++i) {
            OrderTerms memory terms = _terms[i];
            if (terms.token != token) continue;
            uint256 net = _records[i].captured - _records[i].refunded - _records[i].awarded;
            uint256 fee = terms.fixedFee + (net * terms.feeBps) / 10_000;
            if (fee > net || net == 0) fee = net;
            if (terms.merchant == account) due += net - fee;
            if (terms.feeReceiver == account) due += fee;
        }
    }

    function payers() external view returns (address[] memory) {
        return _payers;
    }

    function _newOrder(
        uint256 seed,
        uint256 amount,
        uint256 fee
    ) private returns (OrderTerms memory terms, bytes memory signature) {
        VM.assume(_terms.length < MAX_ORDERS);
        uint256 payer = seed % PAYERS;
        address token = address(_tokenOf(seed / 4));
        address merchant = _merchants[(seed / 8) % MERCHANTS];
        terms.payer = _payers[payer];
        terms.merchant = merchant;
        terms.operator = OPERATOR;
        terms.token = token;
        terms.amount = _within(amount, payerClaim[token][_payers[payer]]);
        terms.feeBps = uint16(fee % 10_001);
        terms.fixedFee = seed % 3 == 0 ? (fee / 10_001) % 1_000 : 0;
        terms.feeReceiver = seed % 5 == 0 ? merchant : FEE_RECEIVER;
        terms.authorizeBy = uint40(block.timestamp + 1 days);
        terms.captureBy = uint40(block.timestamp + 8 days);
        terms.reclaimFrom = uint40(block.timestamp + 10 days);
        terms.refundBy = uint40(block.timestamp + 60 days);
        terms.disputeWindow = 20 days;
        terms.defaultPayerBps = uint16(seed % 10_001);
        terms.arbiterSetId = ARBITER_SET;
        terms.nonce = _terms.length;
        signature = _sign(_payerKeys[payer], LEDGER.orderIdOf(terms));

        _terms.push(terms);
        _records.push();
        payerClaim[token][terms.payer] -= terms.amount;
    }

    function _noteTerminal(uint256 index) private {
        if (_records[index].terminalWord != 0) return;
        OrderWord word = wordAt(index);
        if (word.state() > OrderWordLibrary.CAPTURED) _records[index].terminalWord = OrderWord.unwrap(word);
    }

    function _settled(uint256 mask) private view returns (address[] memory list) {
        list = new address[](MERCHANTS + 1);
        for (uint256 i; i < MERCHANTS; ++i) list[i] = (mask >> (4 + i)) & 1 == 1 ? _merchants[i] : FEE_RECEIVER;
        list[MERCHANTS] = FEE_RECEIVER;
    }

    function _tokenOf(uint256 seed) private view returns (SettlementToken) {
        return _tokens[seed % TOKENS];
    }

    function _within(uint256 amount, uint256 limit) private pure returns (uint256) {
        VM.assume(limit != 0);
        return 1 + (amount % limit);
    }
}
