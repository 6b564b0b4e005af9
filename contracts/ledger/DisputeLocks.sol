// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeLocks} from "../interfaces/IDisputeLocks.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {OrderEscrow} from "./OrderEscrow.sol";

/// @title What a dispute locks and how a ruling is paid
/// @dev The order's own amounts stay in its word while it is disputed; the lock only takes the merchant's money aside.
/// What the merchant cannot put up is not refused: it is drawn when the ruling is paid.
abstract contract DisputeLocks is OrderEscrow, IDisputeLocks {
    uint256 private constant MAX_DISPUTES = 255;

    /// @dev What a ruling moves: out of captured money, out of held money, and the fee that comes back.
    struct Payment {
        uint256 payerBps;
        uint256 awarded;
        uint256 voided;
        uint256 feeReturned;
    }

    mapping(bytes32 disputeId => Lock) private _locks;

    /// @inheritdoc IDisputeLocks
    function lockDispute(
        OrderTerms calldata terms,
        uint256 amount
    ) external onlyCourt returns (bytes32 disputeId, bytes32 orderId) {
        OrderWord word;
        (orderId, word) = _requireOrder(terms);
        _requireAmount(amount);
        require(!word.isDisputed(), OrderDisputed(orderId));
        require(word.disputeCount() < MAX_DISPUTES, DisputeTooMany(orderId, MAX_DISPUTES));
        uint256 captured = _disputableCaptured(orderId, terms, word, amount);

        Lock memory lock = _lockMerchant(terms, word, captured);
        lock.held = uint80(amount - captured);
        word = word.withFlags((word.flags() | OrderWordLibrary.DISPUTED) + (1 << 8));
        _storeOrder(orderId, word);
        disputeId = _disputeId(orderId, word);
        _locks[disputeId] = lock;

        emit DisputeLocked(
            disputeId,
            orderId,
            terms.merchant,
            captured,
            lock.held,
            lock.lockedPending,
            lock.lockedAvailable,
            lock.lockedCycle,
            OrderWord.unwrap(word),
            AccountWord.unwrap(_load(terms.operator, terms.token, terms.merchant))
        );
    }

    /// @inheritdoc IDisputeLocks
    function payDispute(OrderTerms calldata terms, uint256 payerBps) external returns (bytes32 disputeId) {
        (bytes32 orderId, OrderWord word) = _requireOrder(terms);
        require(word.isDisputed(), DisputeNotOpen(orderId));
        disputeId = _disputeId(orderId, word);
        Lock memory lock = _locks[disputeId];
        require(msg.sender == lock.court, DisputeCourtWrong(disputeId, msg.sender, lock.court));
        delete _locks[disputeId];

        Payment memory payment = _paymentOf(terms, word, lock, payerBps);
        _release(terms, lock);
        word = _closeDispute(orderId, word, lock, payment);
        _pay(disputeId, orderId, terms, word, payment);
    }

    /// @inheritdoc IDisputeLocks
    function lockOf(bytes32 disputeId) external view returns (Lock memory) {
        return _locks[disputeId];
    }

    /// @inheritdoc IDisputeLocks
    function shiftOf(bytes32 orderId) external view returns (uint256) {
        return _shiftOf(orderId, _loadOrder(orderId));
    }

    function _disputedOf(bytes32 orderId, OrderWord word) internal view override returns (uint256) {
        return word.isDisputed() ? _locks[_disputeId(orderId, word)].captured : 0;
    }

    /// @dev Captured money first, while its window is open; the rest must be held money, which has no window.
    function _disputableCaptured(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        uint256 amount
    ) private view returns (uint256 captured) {
        uint256 remaining = word.refundable() + word.capturable();
        require(amount <= remaining, DisputeExceedsOrder(orderId, amount, remaining));

        captured = amount < word.refundable() ? amount : word.refundable();
        if (captured == 0) return 0;
        uint256 closedAt = word.capturedAt() + terms.disputeWindow;
        if (block.timestamp <= closedAt) return captured;
        require(amount <= word.capturable(), DisputeWindowClosed(orderId, closedAt, block.timestamp));
        return 0;
    }

    /// @dev Takes the merchant's net of `captured` aside: from where the order's money is, then from the other balance.
    function _lockMerchant(
        OrderTerms calldata terms,
        OrderWord word,
        uint256 captured
    ) private returns (Lock memory lock) {
        uint256 refundable = word.refundable();
        uint256 net = captured - _feeDifference(terms, refundable - captured, refundable);
        AccountWord merchantWord = _load(terms.operator, terms.token, terms.merchant);
        uint256 fromAvailable;
        uint256 fromPending;
        if (word.cycle() < merchantWord.openCycle()) {
            fromAvailable = _min(net, merchantWord.available());
            fromPending = _min(net - fromAvailable, merchantWord.pending());
        } else {
            fromPending = _min(net, merchantWord.pending());
            fromAvailable = _min(net - fromPending, merchantWord.available());
        }

        merchantWord = merchantWord.withBalances(
            merchantWord.available() - fromAvailable,
            merchantWord.pending() - fromPending
        );
        _store(terms.operator, terms.token, terms.merchant, merchantWord);
        // Cannot truncate: amounts are at most a uint80, balances a uint88.
        lock.captured = uint80(captured);
        lock.lockedPending = uint88(fromPending);
        lock.lockedAvailable = uint88(fromAvailable);
        lock.lockedAt = uint40(block.timestamp);
        lock.lockedCycle = _openCycleOf(terms.operator, terms.token);
        lock.court = msg.sender;
    }

    /// @dev Puts the locked money back; what was pending is available by now if its cycle has closed meanwhile.
    function _release(OrderTerms calldata terms, Lock memory lock) private {
        AccountWord merchantWord = _load(terms.operator, terms.token, terms.merchant);
        uint256 available = merchantWord.available() + lock.lockedAvailable;
        uint256 pending = merchantWord.pending();
        if (lock.lockedCycle < _openCycleOf(terms.operator, terms.token)) available += lock.lockedPending;
        else pending += lock.lockedPending;

        _store(terms.operator, terms.token, terms.merchant, merchantWord.withBalances(available, pending));
    }

    function _paymentOf(
        OrderTerms calldata terms,
        OrderWord word,
        Lock memory lock,
        uint256 payerBps
    ) private pure returns (Payment memory payment) {
        uint256 total = BasisPoints.shareDown(uint256(lock.captured) + lock.held, payerBps);
        payment.payerBps = payerBps;
        payment.awarded = _min(total, lock.captured);
        payment.voided = total - payment.awarded;
        payment.feeReturned = _feeDifference(terms, word.refundable() - payment.awarded, word.refundable());
    }

    function _closeDispute(
        bytes32 orderId,
        OrderWord word,
        Lock memory lock,
        Payment memory payment
    ) private returns (OrderWord closed) {
        uint256 duration = block.timestamp - lock.lockedAt;
        closed = _reduce(word, payment.voided, payment.awarded, OrderWordLibrary.VOIDED);
        closed = closed.withFlags((closed.flags() & ~OrderWordLibrary.DISPUTED) | OrderWordLibrary.SHIFTED);
        if (closed.capturedAt() != 0) closed = closed.withCapturedAt(closed.capturedAt() + duration);
        _storeOrder(orderId, closed);
        _addShift(orderId, duration);
    }

    function _pay(
        bytes32 disputeId,
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        Payment memory payment
    ) private {
        uint256 feeReturned = payment.feeReturned;
        AccountWord payerWord = _creditAvailable(
            terms.operator,
            terms.token,
            terms.payer,
            payment.awarded + payment.voided
        );
        AccountWord merchantWord = _draw(terms.operator, terms.token, terms.merchant, payment.awarded - feeReturned);
        AccountWord feeReceiverWord = _drawFee(terms, feeReturned);

        emit DisputePaid(
            disputeId,
            orderId,
            terms.merchant,
            payment.payerBps,
            payment.awarded,
            payment.voided,
            feeReturned,
            feeReturned == 0 ? address(0) : terms.feeReceiver,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord),
            AccountWord.unwrap(merchantWord),
            AccountWord.unwrap(feeReceiverWord)
        );
    }

    function _disputeId(bytes32 orderId, OrderWord word) private pure returns (bytes32) {
        return keccak256(abi.encode(orderId, word.disputeCount()));
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
