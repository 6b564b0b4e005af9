// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Split, Splits} from "../types/Splits.sol";
import {Obligations} from "./Obligations.sol";

/// @title How an order's money moves
/// @dev What is moved was checked by the caller.
abstract contract OrderMoves is Obligations {
    /// @dev What comes back from merchant, payees and fee receiver between two amounts of captured money.
    struct Return {
        bytes32 orderId;
        uint256 low;
        uint256 high;
        /// With `canDefer`, what a dispute gave free: only beyond it does reserve pay, before other money.
        uint256 released;
        bool canDefer;
    }

    function _orderIdOf(OrderTerms calldata terms) internal view returns (bytes32) {
        return OrderTermsHash.orderId(_domainSeparatorV4(), terms);
    }

    function _shiftOf(bytes32 orderId, OrderWord word) internal view returns (uint256) {
        return word.isShifted() ? _shifts[orderId] : 0;
    }

    function _requireOrder(OrderTerms calldata terms) internal view returns (bytes32 orderId, OrderWord word) {
        orderId = _orderIdOf(terms);
        word = _orders[orderId];
        require(
            word.state() != OrderWordLibrary.NONE && word.state() != OrderWordLibrary.CANCELED,
            IOrderEscrow.OrderUnknown(orderId)
        );
    }

    function _requireSplits(bytes32 orderId, OrderTerms calldata terms, Split[] calldata splits) internal pure {
        bytes32 given = Splits.hash(splits);
        require(given == terms.splitsHash, IOrderEscrow.OrderSplitsInvalid(orderId, terms.splitsHash, given));
    }

    function _noSplits() internal pure returns (Split[] calldata splits) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            splits.offset := 0
            splits.length := 0
        }
    }

    /// @dev The captured part of the order's money that an open dispute holds; 0 if there is none.
    function _disputedOf(bytes32 orderId, OrderWord word) internal view returns (uint256) {
        return word.isDisputed() ? _locks[_disputeId(orderId, word.disputeCount())].captured : 0;
    }

    function _disputeId(bytes32 orderId, uint256 ordinal) internal pure returns (bytes32) {
        return keccak256(abi.encode(orderId, ordinal));
    }

    /// @dev The fee between two amounts of net captured money; both at most a uint80, `low <= high`.
    function _feeDifference(OrderTerms calldata terms, uint256 low, uint256 high) internal pure returns (uint256) {
        uint256 bps = terms.feeBps;
        uint256 fixedFee = terms.fixedFee;
        if (bps == 0 && fixedFee == 0) return 0;
        unchecked {
            return BasisPoints.feeDown(high, bps, fixedFee) - BasisPoints.feeDown(low, bps, fixedFee);
        }
    }

    /// @dev Takes the payer's available money into a new order.
    function _authorize(
        bytes32 orderId,
        OrderTerms calldata terms,
        AccountWord payerWord
    ) internal returns (OrderWord word) {
        payerWord = payerWord.subAvailable(terms.amount);
        _accounts[_bookIdOf(terms.operator, terms.token)][terms.payer] = payerWord;
        word = _open(orderId, terms, payerWord);
    }

    /// @dev A new order whose money has just come out of `payerWord`, or from outside if that is zero.
    function _open(
        bytes32 orderId,
        OrderTerms calldata terms,
        AccountWord payerWord
    ) internal returns (OrderWord word) {
        word = OrderWordLibrary.pack(terms.amount, 0, 0, 0, OrderWordLibrary.AUTHORIZED, 0);
        _orders[orderId] = word;

        emit IOrderEscrow.OrderAuthorized(
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

    function _capture(
        bytes32 orderId,
        OrderTerms calldata terms,
        Split[] calldata splits,
        OrderWord word,
        uint256 amount
    ) internal {
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        uint256 refundable = word.refundable();
        uint256 fee = _feeDifference(terms, refundable, refundable + amount);
        uint256 net = amount - fee;
        if (splits.length != 0) net -= _accrueSplits(orderId, terms, splits, refundable, refundable + amount);
        if (terms.holdbackClass != 0) {
            net -= _withhold(_placeOf(terms.operator, terms.token, terms.merchant), orderId, terms.holdbackClass, net);
        }
        AccountWord merchantWord = _creditMerchant(bookId, orderId, terms, net, fee);

        uint256 capturable = word.capturable() - amount;
        word = OrderWordLibrary.pack(
            capturable,
            refundable + amount,
            block.timestamp,
            merchantWord.openCycle(),
            capturable == 0 ? OrderWordLibrary.CAPTURED : OrderWordLibrary.AUTHORIZED,
            word.flags()
        );
        _orders[orderId] = word;

        emit IOrderEscrow.OrderCaptured(
            orderId,
            terms.merchant,
            amount,
            fee,
            OrderWord.unwrap(word),
            AccountWord.unwrap(merchantWord)
        );
    }

    /// @dev Gives held money back to the payer.
    function _giveBack(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        uint256 amount,
        uint8 emptied
    ) internal returns (OrderWord reduced, AccountWord payerWord) {
        reduced = _reduce(word, amount, 0, emptied);
        _orders[orderId] = reduced;
        payerWord = _creditAvailable(_bookIdOf(terms.operator, terms.token), terms.payer, amount);
    }

    /// @dev Returns captured money to the payer on the merchant's word.
    function _refund(
        bytes32 orderId,
        OrderTerms calldata terms,
        Split[] calldata splits,
        OrderWord word,
        uint256 amount
    ) internal {
        _requireAmount(amount);
        uint256 refundable = word.refundable();
        uint256 free = refundable - _disputedOf(orderId, word);
        require(amount <= free, IOrderEscrow.OrderExceedsRefundable(orderId, amount, free));
        uint256 refundBy = terms.refundBy + _shiftOf(orderId, word);
        require(block.timestamp <= refundBy, IOrderEscrow.OrderExpired(orderId, refundBy, block.timestamp));

        word = _reduce(word, 0, amount, OrderWordLibrary.REFUNDED);
        _orders[orderId] = word;
        (AccountWord merchantWord, uint256 feeReturned, ) = _takeBack(
            terms,
            splits,
            Return(orderId, refundable - amount, refundable, 0, false)
        );
        AccountWord payerWord = _creditAvailable(_bookIdOf(terms.operator, terms.token), terms.payer, amount);

        emit IOrderEscrow.OrderRefunded(
            orderId,
            terms.merchant,
            terms.payer,
            terms.operator,
            terms.token,
            amount,
            feeReturned,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord),
            AccountWord.unwrap(merchantWord)
        );
    }

    /// @dev Takes the fee from whoever received it, each payee's share, and the rest from the merchant.
    function _takeBack(
        OrderTerms calldata terms,
        Split[] calldata splits,
        Return memory back
    ) internal returns (AccountWord merchantWord, uint256 feeReturned, uint256 deferred) {
        feeReturned = _feeDifference(terms, back.low, back.high);
        uint256 net = back.high - back.low - feeReturned;
        if (splits.length != 0) {
            uint256 fromPayees;
            (fromPayees, deferred) = _returnSplits(terms, splits, back);
            net -= fromPayees;
        }
        if (feeReturned != 0) deferred += _returnFee(terms, back, feeReturned);

        Place memory place = _placeOf(terms.operator, terms.token, terms.merchant);
        if (back.canDefer && net > back.released) net -= _drawReserve(place, net - back.released);
        uint256 short;
        (merchantWord, short) = _collect(place, terms.payer, back, net);
        deferred += short;
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

    /// @dev An operator's own fee waits in the merchant's word, so that a capture touches no third account.
    function _creditMerchant(
        bytes32 bookId,
        bytes32 orderId,
        OrderTerms calldata terms,
        uint256 net,
        uint256 fee
    ) private returns (AccountWord word) {
        mapping(address account => AccountWord) storage accounts = _accounts[bookId];
        address merchant = terms.merchant;
        bool isOperatorsFee = terms.feeReceiver == terms.operator;
        if (fee != 0 && !isOperatorsFee) _accrueFee(orderId, terms, fee, false);

        word = accounts[merchant].addPending(net).withExposure(block.timestamp + terms.disputeWindow);
        if (fee == 0 || !isOperatorsFee) {
            accounts[merchant] = word;
        } else if (word.fees() + fee <= AccountWordLibrary.MAX_FEES) {
            word = word.addFees(fee);
            accounts[merchant] = word;
        } else {
            accounts[merchant] = word;
            _accrueFee(orderId, terms, fee, true);
            // Loaded again: the operator may be the merchant.
            word = accounts[merchant];
        }
    }

    function _accrueFee(bytes32 orderId, OrderTerms calldata terms, uint256 fee, bool isAvailable) private {
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        AccountWord word =
            isAvailable
                ? _creditAvailable(bookId, terms.feeReceiver, fee)
                : _creditPending(bookId, terms.feeReceiver, fee);

        emit IOrderEscrow.FeeAccrued(
            orderId,
            terms.feeReceiver,
            terms.operator,
            terms.token,
            fee,
            isAvailable,
            AccountWord.unwrap(word)
        );
    }

    /// @dev Shares are of the order's whole net, so that many small captures pay what one large capture pays.
    function _accrueSplits(
        bytes32 orderId,
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint256 low,
        uint256 high
    ) private returns (uint256 accrued) {
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        for (uint256 i; i < splits.length; ++i) {
            uint256 share = _shareDifference(terms, splits[i].bps, low, high);
            if (share == 0) continue;
            accrued += share;
            AccountWord word = _creditPending(bookId, splits[i].payee, share);

            emit IOrderEscrow.SplitAccrued(
                orderId,
                splits[i].payee,
                terms.operator,
                terms.token,
                share,
                AccountWord.unwrap(word)
            );
        }
    }

    function _returnSplits(
        OrderTerms calldata terms,
        Split[] calldata splits,
        Return memory back
    ) private returns (uint256 returned, uint256 deferred) {
        for (uint256 i; i < splits.length; ++i) {
            uint256 share = _shareDifference(terms, splits[i].bps, back.low, back.high);
            if (share == 0) continue;
            returned += share;
            deferred += _returnShare(terms, back, splits[i].payee, share);
        }
    }

    /// @dev The operator's fee comes out of the merchant's word as long as it is still there.
    function _returnFee(OrderTerms calldata terms, Return memory back, uint256 fee) private returns (uint256) {
        if (terms.feeReceiver == terms.operator) {
            bytes32 bookId = _bookIdOf(terms.operator, terms.token);
            AccountWord word = _accounts[bookId][terms.merchant];
            uint256 waiting = _min(fee, word.fees());
            _accounts[bookId][terms.merchant] = word.subFees(waiting);
            fee -= waiting;
            if (fee == 0) return 0;
        }
        return _returnShare(terms, back, terms.feeReceiver, fee);
    }

    function _returnShare(
        OrderTerms calldata terms,
        Return memory back,
        address account,
        uint256 share
    ) private returns (uint256 deferred) {
        AccountWord word;
        (word, deferred) = _collect(_placeOf(terms.operator, terms.token, account), terms.payer, back, share);

        emit IOrderEscrow.ShareReturned(
            back.orderId,
            account,
            terms.operator,
            terms.token,
            share - deferred,
            AccountWord.unwrap(word)
        );
    }

    /// @dev Draws `amount` from an account; what it cannot pay is owed to the payer, if it may be, or refused.
    function _collect(
        Place memory place,
        address payer,
        Return memory back,
        uint256 amount
    ) private returns (AccountWord word, uint256 deferred) {
        (word, deferred) = _draw(place, amount);
        if (deferred == 0) return (word, 0);

        require(
            back.canDefer,
            IAccounts.AccountsGuaranteeExhausted(place.account, deferred, _books[place.bookId].guarantee)
        );
        _oweAward(place, payer, back.orderId, deferred);
        word = _accounts[place.bookId][place.account];
    }

    function _shareDifference(
        OrderTerms calldata terms,
        uint256 bps,
        uint256 low,
        uint256 high
    ) private pure returns (uint256) {
        uint256 netLow = low - BasisPoints.feeDown(low, terms.feeBps, terms.fixedFee);
        uint256 netHigh = high - BasisPoints.feeDown(high, terms.feeBps, terms.fixedFee);
        return BasisPoints.shareDown(netHigh, bps) - BasisPoints.shareDown(netLow, bps);
    }
}
