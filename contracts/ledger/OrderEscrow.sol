// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {OrderAdmission} from "./OrderAdmission.sol";

/// @title The life of an order: hold, capture, give back
abstract contract OrderEscrow is OrderAdmission {
    /// @inheritdoc IOrderEscrow
    function authorize(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId) {
        orderId = orderIdOf(terms);
        _revertIf(_refuseNew(orderId, terms, signature, AccountWordLibrary.ACCEPTS));

        _authorize(orderId, terms);
    }

    /// @inheritdoc IOrderEscrow
    function authorizeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external {
        require(terms.length == signatures.length, OrderLengthMismatch(terms.length, signatures.length));

        for (uint256 i; i < terms.length; ++i) {
            bytes32 orderId = orderIdOf(terms[i]);
            bytes memory refusal = _refuseNew(orderId, terms[i], signatures[i], AccountWordLibrary.ACCEPTS);
            if (_skips(orderId, refusal, atomic)) continue;

            _authorize(orderId, terms[i]);
        }
    }

    /// @inheritdoc IOrderEscrow
    function charge(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId) {
        orderId = orderIdOf(terms);
        _revertIf(_refuseNew(orderId, terms, signature, AccountWordLibrary.ACCEPTS_CHARGE));

        _capture(orderId, terms, _authorize(orderId, terms), terms.amount);
    }

    /// @inheritdoc IOrderEscrow
    function chargeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external {
        require(terms.length == signatures.length, OrderLengthMismatch(terms.length, signatures.length));

        for (uint256 i; i < terms.length; ++i) {
            bytes32 orderId = orderIdOf(terms[i]);
            bytes memory refusal = _refuseNew(orderId, terms[i], signatures[i], AccountWordLibrary.ACCEPTS_CHARGE);
            if (_skips(orderId, refusal, atomic)) continue;

            _capture(orderId, terms[i], _authorize(orderId, terms[i]), terms[i].amount);
        }
    }

    /// @inheritdoc IOrderEscrow
    function capture(OrderTerms calldata terms, uint256 amount) external {
        bytes32 orderId = orderIdOf(terms);
        OrderWord word = _loadOrder(orderId);
        _revertIf(_refuseCapture(orderId, terms, word, amount));

        _capture(orderId, terms, word, amount);
    }

    /// @inheritdoc IOrderEscrow
    function captureBatch(OrderTerms[] calldata terms, uint256[] calldata amounts, bool atomic) external {
        require(terms.length == amounts.length, OrderLengthMismatch(terms.length, amounts.length));

        for (uint256 i; i < terms.length; ++i) {
            bytes32 orderId = orderIdOf(terms[i]);
            OrderWord word = _loadOrder(orderId);
            if (_skips(orderId, _refuseCapture(orderId, terms[i], word, amounts[i]), atomic)) continue;

            _capture(orderId, terms[i], word, amounts[i]);
        }
    }

    /// @inheritdoc IOrderEscrow
    function void(OrderTerms calldata terms, uint256 amount) external {
        (bytes32 orderId, OrderWord word) = _requireOrder(terms);
        _requireAmount(amount);
        require(_actsFor(msg.sender, terms.operator) || msg.sender == terms.merchant, LedgerForbidden(msg.sender));
        require(!word.isDisputed(), OrderDisputed(orderId));
        require(amount <= word.capturable(), OrderExceedsCapturable(orderId, amount, word.capturable()));

        AccountWord payerWord;
        (word, payerWord) = _giveBack(orderId, terms, word, amount, OrderWordLibrary.VOIDED);

        emit OrderVoided(
            orderId,
            terms.merchant,
            terms.payer,
            terms.operator,
            terms.token,
            amount,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord)
        );
    }

    /// @inheritdoc IOrderEscrow
    function reclaim(OrderTerms calldata terms) external {
        (bytes32 orderId, OrderWord word) = _requireOrder(terms);
        uint256 amount = word.capturable();
        uint256 reclaimFrom = terms.reclaimFrom + _shiftOf(orderId, word);
        require(!word.isDisputed(), OrderDisputed(orderId));
        require(amount != 0, OrderExceedsCapturable(orderId, 1, 0));
        require(block.timestamp >= reclaimFrom, OrderNotReclaimable(orderId, reclaimFrom, block.timestamp));

        AccountWord payerWord;
        (word, payerWord) = _giveBack(orderId, terms, word, amount, OrderWordLibrary.RECLAIMED);

        emit OrderReclaimed(
            orderId,
            terms.merchant,
            terms.payer,
            terms.operator,
            terms.token,
            amount,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord)
        );
    }

    /// @inheritdoc IOrderEscrow
    function refund(OrderTerms calldata terms, uint256 amount) external {
        (bytes32 orderId, OrderWord word) = _requireOrder(terms);
        _requireAmount(amount);
        _requireMerchantOrMandate(terms);
        uint256 refundable = word.refundable() - _disputedOf(orderId, word);
        require(amount <= refundable, OrderExceedsRefundable(orderId, amount, refundable));
        uint256 refundBy = terms.refundBy + _shiftOf(orderId, word);
        require(block.timestamp <= refundBy, OrderExpired(orderId, refundBy, block.timestamp));

        uint256 feeReturned = _feeDifference(terms, word.refundable() - amount, word.refundable());
        word = _reduce(word, 0, amount, OrderWordLibrary.REFUNDED);
        _storeOrder(orderId, word);
        AccountWord payerWord = _creditAvailable(terms.operator, terms.token, terms.payer, amount);
        AccountWord merchantWord = _draw(terms.operator, terms.token, terms.merchant, amount - feeReturned);
        AccountWord feeReceiverWord = _drawFee(terms, feeReturned);

        emit OrderRefunded(
            orderId,
            terms.merchant,
            terms.payer,
            terms.operator,
            terms.token,
            amount,
            feeReturned,
            feeReturned == 0 ? address(0) : terms.feeReceiver,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord),
            AccountWord.unwrap(merchantWord),
            AccountWord.unwrap(feeReceiverWord)
        );
    }

    /// @dev The captured part of the order's money that an open dispute holds; 0 if there is none.
    function _disputedOf(bytes32 orderId, OrderWord word) internal view virtual returns (uint256);

    /// @dev The fee between two amounts of net captured money; both at most a uint80, `low <= high`.
    function _feeDifference(OrderTerms calldata terms, uint256 low, uint256 high) internal pure returns (uint256) {
        return
            BasisPoints.feeDown(high, terms.feeBps, terms.fixedFee) -
            BasisPoints.feeDown(low, terms.feeBps, terms.fixedFee);
    }

    function _drawFee(OrderTerms calldata terms, uint256 fee) internal returns (AccountWord word) {
        if (fee != 0) word = _draw(terms.operator, terms.token, terms.feeReceiver, fee);
    }

    /// @dev Takes amounts off the order. Once nothing is left it ends as `emptied`, or as Refunded if it ever captured.
    function _reduce(
        OrderWord word,
        uint256 fromCapturable,
        uint256 fromRefundable,
        uint8 emptied
    ) internal pure returns (OrderWord) {
        uint256 capturable = word.capturable() - fromCapturable;
        uint256 refundable = word.refundable() - fromRefundable;
        uint8 state = emptied;
        if (capturable != 0) state = OrderWordLibrary.AUTHORIZED;
        else if (refundable != 0) state = OrderWordLibrary.CAPTURED;
        else if (word.capturedAt() != 0) state = OrderWordLibrary.REFUNDED;

        return word.withAmounts(capturable, refundable, state);
    }

    function _requireMerchantOrMandate(OrderTerms calldata terms) private view {
        if (msg.sender == terms.merchant) return;
        require(_actsFor(msg.sender, terms.operator), LedgerForbidden(msg.sender));

        AccountWord word = _load(terms.operator, terms.token, terms.merchant);
        require(
            word.has(AccountWordLibrary.ACCEPTS_MANDATE),
            OrderOperatorNotAccepted(terms.merchant, terms.operator, AccountWordLibrary.ACCEPTS_MANDATE, word.flags())
        );
    }

    function _giveBack(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        uint256 amount,
        uint8 emptied
    ) private returns (OrderWord reduced, AccountWord payerWord) {
        reduced = _reduce(word, amount, 0, emptied);
        _storeOrder(orderId, reduced);
        payerWord = _creditAvailable(terms.operator, terms.token, terms.payer, amount);
    }

    function _authorize(bytes32 orderId, OrderTerms calldata terms) private returns (OrderWord word) {
        AccountWord payerWord = _load(terms.operator, terms.token, terms.payer);
        payerWord = payerWord.withBalances(payerWord.available() - terms.amount, payerWord.pending());
        _store(terms.operator, terms.token, terms.payer, payerWord);
        word = OrderWordLibrary.pack(terms.amount, 0, 0, 0, OrderWordLibrary.AUTHORIZED, 0);
        _storeOrder(orderId, word);

        emit OrderAuthorized(
            orderId,
            terms.merchant,
            terms.payer,
            terms.operator,
            terms.token,
            terms.amount,
            terms.feeBps,
            terms.fixedFee,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord)
        );
    }

    function _capture(bytes32 orderId, OrderTerms calldata terms, OrderWord word, uint256 amount) private {
        uint256 refundable = word.refundable();
        uint256 fee = _feeDifference(terms, refundable, refundable + amount);
        AccountWord merchantWord = _creditPending(terms.operator, terms.token, terms.merchant, amount - fee);
        AccountWord feeReceiverWord;
        if (fee != 0) feeReceiverWord = _creditPending(terms.operator, terms.token, terms.feeReceiver, fee);

        uint256 capturable = word.capturable() - amount;
        word = OrderWordLibrary.pack(
            capturable,
            refundable + amount,
            block.timestamp,
            merchantWord.openCycle(),
            capturable == 0 ? OrderWordLibrary.CAPTURED : OrderWordLibrary.AUTHORIZED,
            word.flags()
        );
        _storeOrder(orderId, word);

        emit OrderCaptured(
            orderId,
            terms.merchant,
            terms.operator,
            terms.token,
            amount,
            fee,
            fee == 0 ? address(0) : terms.feeReceiver,
            OrderWord.unwrap(word),
            AccountWord.unwrap(merchantWord),
            AccountWord.unwrap(feeReceiverWord)
        );
    }

    function _skips(bytes32 orderId, bytes memory refusal, bool atomic) private returns (bool) {
        if (refusal.length == 0) return false;
        if (atomic) _revertIf(refusal);

        emit OrderSkipped(orderId, refusal);
        return true;
    }

    /// @dev Reverts with an error that is ABI-encoded already; Solidity has no other way to raise one.
    function _revertIf(bytes memory refusal) private pure {
        if (refusal.length == 0) return;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(refusal, 32), mload(refusal))
        }
    }
}
