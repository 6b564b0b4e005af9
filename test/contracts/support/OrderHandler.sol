// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SettlementToken} from "../../../contracts/token/SettlementToken.sol";
import {OrderTerms} from "../../../contracts/types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../../../contracts/types/OrderWord.sol";
import {Split} from "../../../contracts/types/Splits.sol";
import {LedgerWorld} from "./LedgerWorld.sol";
import {VM} from "./Vm.sol";

/// @dev Every verb of an order's life with real signatures, and a second set of books beside it. A call that the
/// network refuses reverts and leaves both sets as they were.
abstract contract OrderHandler is LedgerWorld {
    struct Record {
        uint256 captured;
        uint256 voided;
        uint256 reclaimed;
        uint256 refunded;
        uint256 awarded;
        uint256 terminalWord;
        bytes32 disputeId;
    }

    uint256 internal constant MAX_AMOUNT = 1e12;
    uint256 private constant MAX_ORDERS = 24;
    uint16 private constant COURIER_BPS = 1_999;

    OrderTerms[] internal _terms;
    Record[] internal _records;
    mapping(address token => mapping(address payer => uint256)) public payerClaim;
    bool public exitWasRefused;

    modifier tracked(uint256 seed) {
        VM.assume(_terms.length != 0);
        uint256 index = seed % _terms.length;
        _;
        _noteTerminal(index);
    }

    function authorize(uint256 seed, uint256 amount, uint256 fee) external {
        (OrderTerms memory terms, bytes memory signature) = _newOrder(seed, amount, fee, seed % 4 == 0);
        VM.prank(OPERATOR);
        if (terms.splitsHash == 0) LEDGER.authorize(terms, signature);
        else LEDGER.authorizeWithSplits(terms, _splitsOf(terms), signature);
    }

    function charge(uint256 seed, uint256 amount, uint256 fee) external {
        (OrderTerms memory terms, bytes memory signature) = _newOrder(seed, amount, fee, false);
        VM.prank(OPERATOR);
        LEDGER.charge(terms, signature);
        _records[_records.length - 1].captured = terms.amount;
    }

    function capture(uint256 seed, uint256 amount) external tracked(seed) {
        OrderTerms memory terms = _terms[seed % _terms.length];
        amount = _within(amount, wordAt(seed % _terms.length).capturable());
        VM.prank(OPERATOR);
        if (terms.splitsHash == 0) LEDGER.capture(terms, amount);
        else LEDGER.captureWithSplits(terms, _splitsOf(terms), amount);
        _records[seed % _terms.length].captured += amount;
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
        OrderTerms memory terms = _terms[index];
        amount = _within(amount, wordAt(index).refundable());
        VM.prank(OPERATOR);
        if (terms.splitsHash == 0) LEDGER.refund(terms, amount);
        else LEDGER.refundWithSplits(terms, _splitsOf(terms), amount);
        _records[index].refunded += amount;
        payerClaim[terms.token][terms.payer] += amount;
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

    function cancel(uint256 seed, uint256 amount, uint256 fee) external {
        VM.assume(seed % 8 == 0);
        (OrderTerms memory terms, ) = _newOrder(seed, amount, fee, false);
        VM.prank(terms.payer);
        LEDGER.cancel(terms, "");
        payerClaim[terms.token][terms.payer] += terms.amount;
        _records[_records.length - 1].voided = terms.amount;
        _noteTerminal(_terms.length - 1);
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

    /// @dev What all orders together owe an account of what is captured and not given back: a fee receiver the fee, the
    /// courier its share of the rest, the merchant what remains.
    function dueTo(address token, address account) external view returns (uint256 due) {
        for (uint256 i; i < _terms.length; ++i) {
            OrderTerms memory terms = _terms[i];
            if (terms.token != token) continue;
            uint256 kept = _records[i].captured - _records[i].refunded - _records[i].awarded;
            uint256 fee = terms.fixedFee + (kept * terms.feeBps) / 10_000;
            if (fee > kept || kept == 0) fee = kept;
            uint256 share = terms.splitsHash == 0 ? 0 : ((kept - fee) * COURIER_BPS) / 10_000;
            if (terms.merchant == account) due += kept - fee - share;
            if (account == COURIER) due += share;
            if (terms.feeReceiver == account) due += fee;
        }
    }

    function _newOrder(
        uint256 seed,
        uint256 amount,
        uint256 fee,
        bool isSplit
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
        terms.feeReceiver = seed % 5 == 0 ? merchant : (seed % 5 < 3 ? OPERATOR : FEE_RECEIVER);
        terms.authorizeBy = uint40(block.timestamp + 1 days);
        terms.captureBy = uint40(block.timestamp + 8 days);
        terms.reclaimFrom = uint40(block.timestamp + 10 days);
        terms.refundBy = uint40(block.timestamp + 60 days);
        terms.disputeWindow = 20 days;
        terms.defaultPayerBps = uint16(seed % 10_001);
        terms.arbiterSetId = ARBITER_SET;
        terms.holdbackClass = seed % 7 < 2 ? HOLDBACK_CLASS : 0;
        terms.nonce = _terms.length;
        if (isSplit) terms.splitsHash = keccak256(abi.encode(_courierSplit()));
        signature = _sign(_payerKeys[payer], LEDGER.orderIdOf(terms));

        _terms.push(terms);
        _records.push();
        payerClaim[token][terms.payer] -= terms.amount;
    }

    function _splitsOf(OrderTerms memory terms) internal pure returns (Split[] memory splits) {
        return terms.splitsHash == 0 ? new Split[](0) : _courierSplit();
    }

    function _courierSplit() private pure returns (Split[] memory splits) {
        splits = new Split[](1);
        splits[0] = Split(COURIER, COURIER_BPS);
    }

    function _noteTerminal(uint256 index) internal {
        if (_records[index].terminalWord != 0) return;
        OrderWord word = wordAt(index);
        if (word.state() > OrderWordLibrary.CAPTURED) _records[index].terminalWord = OrderWord.unwrap(word);
    }

    function _tokenOf(uint256 seed) internal view returns (SettlementToken) {
        return _tokens[seed % TOKENS];
    }

    function _within(uint256 amount, uint256 limit) internal pure returns (uint256) {
        VM.assume(limit != 0);
        return 1 + (amount % limit);
    }
}
