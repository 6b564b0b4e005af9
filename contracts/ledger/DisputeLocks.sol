// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IDisputeLocks} from "../interfaces/IDisputeLocks.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Split} from "../types/Splits.sol";
import {OrderMoves} from "./OrderMoves.sol";

/// @title What a dispute locks and how its outcome is paid
/// @dev The order's own amounts stay in its word while it is disputed; the lock only takes the merchant's money aside.
/// What the merchant cannot put up is not refused: it is drawn when the outcome is paid.
abstract contract DisputeLocks is OrderMoves, IDisputeLocks {
    uint256 private constant MAX_DISPUTES = 255;

    /// @dev No dispute lasts longer, as the court's policies are bounded by it; in seconds.
    uint256 private constant MAX_DISPUTE = 180 days;

    /// @inheritdoc IDisputeLocks
    function lockDispute(
        OrderTerms calldata terms,
        uint256 amount,
        uint256 bond
    ) external returns (bytes32 orderId, uint256 ordinal) {
        require(msg.sender == _court, IAccounts.LedgerForbidden(msg.sender));
        OrderWord word;
        (orderId, word) = _requireOrder(terms);
        _requireAmount(amount);
        require(!word.isDisputed(), IOrderEscrow.OrderDisputed(orderId));
        require(word.disputeCount() < MAX_DISPUTES, DisputeTooMany(orderId, MAX_DISPUTES));
        uint256 captured = _disputableCaptured(orderId, terms, word, amount);

        ordinal = word.disputeCount() + 1;
        bytes32 disputeId = _disputeId(orderId, ordinal);
        (Lock memory lock, AccountWord merchantWord) = _lockMerchant(orderId, terms, word, captured);
        word = word.withFlags((word.flags() | OrderWordLibrary.DISPUTED) + (1 << 8));
        _orders[orderId] = word;
        _storeLock(disputeId, lock);

        emit DisputeLocked(
            disputeId,
            orderId,
            terms.merchant,
            captured,
            amount - captured,
            lock.lockedPending,
            lock.lockedAvailable,
            lock.lockedReserve,
            lock.lockedCycle,
            OrderWord.unwrap(word),
            AccountWord.unwrap(merchantWord)
        );

        if (bond != 0) _takeBond(disputeId, orderId, terms, terms.payer, bond);
    }

    /// @inheritdoc IDisputeLocks
    function addBond(OrderTerms calldata terms, address account, uint256 amount) external {
        (bytes32 orderId, , bytes32 disputeId, ) = _requireLocked(terms);

        _takeBond(disputeId, orderId, terms, account, amount);
    }

    /// @inheritdoc IDisputeLocks
    function payBond(OrderTerms calldata terms, address[] calldata accounts, uint256[] calldata amounts) external {
        (bytes32 orderId, , bytes32 disputeId, ) = _requireLocked(terms);
        require(accounts.length == amounts.length, DisputeBondExceeded(disputeId, accounts.length, amounts.length));

        for (uint256 i; i < accounts.length; ++i) {
            _payBond(disputeId, orderId, terms, accounts[i], amounts[i]);
        }
    }

    /// @inheritdoc IDisputeLocks
    function payDispute(
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint256 award
    ) external returns (bytes32 disputeId) {
        bytes32 orderId;
        OrderWord word;
        Lock memory lock;
        (orderId, word, disputeId, lock) = _requireLocked(terms);
        _requireSplits(orderId, terms, splits);
        uint256 awarded = _min(award, lock.captured);
        uint256 voided = award - awarded;
        require(voided <= word.capturable(), DisputeExceedsOrder(orderId, award, lock.captured + word.capturable()));

        delete _locks[disputeId];
        uint256 released = _release(terms, lock);
        uint256 refundable = word.refundable();
        word = _closeDispute(orderId, word, lock, awarded, voided);
        _payBond(disputeId, orderId, terms, terms.payer, _bonds[disputeId]);
        _award(
            disputeId,
            terms,
            splits,
            word,
            voided,
            Return(orderId, refundable - awarded, refundable, released, true)
        );
    }

    /// @inheritdoc IDisputeLocks
    function lockOf(bytes32 disputeId) external view returns (Lock memory) {
        return _locks[disputeId];
    }

    /// @inheritdoc IDisputeLocks
    function bondOf(bytes32 disputeId) external view returns (uint256) {
        return _bonds[disputeId];
    }

    /// @inheritdoc IDisputeLocks
    function shiftOf(bytes32 orderId) external view returns (uint256) {
        return _shiftOf(orderId, _orders[orderId]);
    }

    /// @dev The order's open dispute, on the call of the court that opened it.
    function _requireLocked(
        OrderTerms calldata terms
    ) private view returns (bytes32 orderId, OrderWord word, bytes32 disputeId, Lock memory lock) {
        (orderId, word) = _requireOrder(terms);
        require(word.isDisputed(), DisputeNotOpen(orderId));
        disputeId = _disputeId(orderId, word.disputeCount());
        lock = _locks[disputeId];
        address court = _courts[lock.court];
        require(msg.sender == court, DisputeCourtWrong(disputeId, msg.sender, court));
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

        captured = _min(amount, word.refundable());
        if (captured == 0) return 0;
        uint256 closedAt = word.capturedAt() + terms.disputeWindow;
        if (block.timestamp <= closedAt) return captured;
        require(amount <= word.capturable(), DisputeWindowClosed(orderId, closedAt, block.timestamp));
        return 0;
    }

    /// @dev Takes the merchant's net of `captured` aside: from where the order's money is, then from the other balance,
    /// then from reserve.
    function _lockMerchant(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        uint256 captured
    ) private returns (Lock memory lock, AccountWord merchantWord) {
        uint256 refundable = word.refundable();
        uint256 net = captured - _feeDifference(terms, refundable - captured, refundable);
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        merchantWord = _accounts[bookId][terms.merchant];
        if (net > merchantWord.available() + merchantWord.pending()) {
            Place memory recovered = _placeOf(terms.operator, terms.token, terms.merchant);
            _recall(recovered, net - merchantWord.available() - merchantWord.pending());
            merchantWord = _accounts[bookId][terms.merchant];
        }
        uint256 fromAvailable;
        uint256 fromPending;
        if (word.cycle() < merchantWord.openCycle()) {
            fromAvailable = _min(net, merchantWord.available());
            fromPending = _min(net - fromAvailable, merchantWord.pending());
        } else {
            fromPending = _min(net, merchantWord.pending());
            fromAvailable = _min(net - fromPending, merchantWord.available());
        }
        merchantWord = merchantWord.subAvailable(fromAvailable).subPending(fromPending);
        merchantWord = merchantWord.withExposure(_exposedUntil(orderId, terms, word));
        _accounts[bookId][terms.merchant] = merchantWord;
        uint256 short = net - fromAvailable - fromPending;
        if (short != 0) {
            Place memory place = _placeOf(terms.operator, terms.token, terms.merchant);
            // Cannot truncate: at most `net`, a uint80, as the amounts below.
            lock.lockedReserve = uint80(_drawReserve(place, short));
            merchantWord = _flagCold(place);
        }
        lock.captured = uint80(captured);
        lock.lockedPending = uint80(fromPending);
        lock.lockedAvailable = uint80(fromAvailable);
        lock.lockedAt = uint40(block.timestamp);
        lock.lockedCycle = _books[bookId].openCycle;
        lock.court = _courtIndex;
        lock.hasMore = fromAvailable != 0 || lock.lockedReserve != 0;
    }

    /// @dev The dispute stops the clocks, and held money can be captured, and disputed again, once they go on.
    function _exposedUntil(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word
    ) private view returns (uint256 until) {
        until = block.timestamp;
        if (word.capturable() != 0) {
            uint256 captureBy = terms.captureBy + _shiftOf(orderId, word);
            if (captureBy > until) until = captureBy;
        }
        until += MAX_DISPUTE + terms.disputeWindow;
    }

    /// @dev The second word of a lock is written only where it says something.
    function _storeLock(bytes32 disputeId, Lock memory lock) private {
        Lock storage stored = _locks[disputeId];
        stored.captured = lock.captured;
        stored.lockedPending = lock.lockedPending;
        stored.lockedAt = lock.lockedAt;
        stored.lockedCycle = lock.lockedCycle;
        stored.court = lock.court;
        stored.hasMore = lock.hasMore;
        if (!lock.hasMore) return;

        stored.lockedAvailable = lock.lockedAvailable;
        stored.lockedReserve = lock.lockedReserve;
    }

    /// @dev Puts the locked money back; what was pending is available by now if its cycle has closed meanwhile. What
    /// came out of reserve is reserve's no more: it becomes pending.
    function _release(OrderTerms calldata terms, Lock memory lock) private returns (uint256 released) {
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        AccountWord word = _accounts[bookId][terms.merchant].addAvailable(lock.lockedAvailable);
        bool isSettled = lock.lockedCycle < _books[bookId].openCycle;
        if (isSettled) word = word.addAvailable(lock.lockedPending).addPending(lock.lockedReserve);
        else word = word.addPending(uint256(lock.lockedPending) + lock.lockedReserve);
        _accounts[bookId][terms.merchant] = word;
        released = uint256(lock.lockedPending) + lock.lockedAvailable + lock.lockedReserve;
    }

    /// @dev The order's clocks go on where they stopped.
    function _closeDispute(
        bytes32 orderId,
        OrderWord word,
        Lock memory lock,
        uint256 awarded,
        uint256 voided
    ) private returns (OrderWord closed) {
        uint256 duration = block.timestamp - lock.lockedAt;
        closed = _reduce(word, voided, awarded, OrderWordLibrary.VOIDED);
        closed = closed.withFlags((closed.flags() & ~OrderWordLibrary.DISPUTED) | OrderWordLibrary.SHIFTED);
        if (closed.capturedAt() != 0) closed = closed.withCapturedAt(closed.capturedAt() + duration);
        _orders[orderId] = closed;
        _shifts[orderId] += duration;
    }

    function _award(
        bytes32 disputeId,
        OrderTerms calldata terms,
        Split[] calldata splits,
        OrderWord word,
        uint256 voided,
        Return memory back
    ) private {
        uint256 awarded = back.high - back.low;
        (AccountWord merchantWord, uint256 feeReturned, uint256 deferred) = _takeBack(terms, splits, back);
        AccountWord payerWord = _creditAvailable(
            _bookIdOf(terms.operator, terms.token),
            terms.payer,
            awarded + voided - deferred
        );

        emit DisputePaid(
            disputeId,
            back.orderId,
            terms.merchant,
            awarded,
            voided,
            feeReturned,
            deferred,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord),
            AccountWord.unwrap(merchantWord)
        );
    }

    function _takeBond(
        bytes32 disputeId,
        bytes32 orderId,
        OrderTerms calldata terms,
        address account,
        uint256 amount
    ) private {
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        AccountWord word = _accounts[bookId][account];
        require(amount <= word.available(), IAccounts.AccountsInsufficient(account, amount, word.available()));

        word = word.subAvailable(amount);
        _accounts[bookId][account] = word;
        uint256 bond = _bonds[disputeId] + amount;
        _bonds[disputeId] = bond;

        emit BondTaken(disputeId, orderId, account, amount, bond, AccountWord.unwrap(word));
    }

    function _payBond(
        bytes32 disputeId,
        bytes32 orderId,
        OrderTerms calldata terms,
        address account,
        uint256 amount
    ) private {
        uint256 bond = _bonds[disputeId];
        require(amount <= bond, DisputeBondExceeded(disputeId, amount, bond));
        if (amount == 0) return;

        bond -= amount;
        _bonds[disputeId] = bond;
        AccountWord word = _creditAvailable(_bookIdOf(terms.operator, terms.token), account, amount);

        emit BondPaid(disputeId, orderId, account, amount, bond, AccountWord.unwrap(word));
    }
}
