// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderProgressLibrary} from "../types/OrderProgress.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Split} from "../types/Splits.sol";
import {TermsWords} from "../types/TermsWords.sol";
import {WordSlot} from "../types/WordSlot.sol";
import {OrderLookup} from "./OrderLookup.sol";

/// @title How an order's money moves
/// @dev What is moved was checked by the caller.
abstract contract OrderMoves is OrderLookup {
    using OrderTermsHash for OrderTerms;

    /// @dev What comes back from merchant, payees and fee receiver between two amounts of captured money.
    struct Return {
        bytes32 orderId;
        uint256 low;
        uint256 high;
        /// With `canDefer`, what a dispute gave free: only beyond it does reserve pay, before other money.
        uint256 released;
        bool canDefer;
    }

    /// @dev The fee between two amounts of net captured money; both at most a uint80, `low <= high`.
    function _feeDifference(OrderTerms calldata terms, uint256 low, uint256 high) internal pure returns (uint256) {
        TermsWords calldata words = terms.words();
        uint256 bps = words.feeBps;
        uint256 fixedFee = words.fixedFee;
        uint256 fee = BasisPoints.feeDown(high, bps, fixedFee);
        if (low == 0) return fee;
        // Cannot underflow: a larger amount has no smaller fee.
        unchecked {
            return fee - BasisPoints.feeDown(low, bps, fixedFee);
        }
    }

    /// @dev Takes the payer's available money for a new order, whose word the caller stores.
    function _authorize(Lookup memory found, OrderTerms calldata terms) internal returns (OrderWord word) {
        AccountWord payerWord = found.payerWord.subAvailable(terms.words().amount);
        found.payerSlot.store(AccountWord.unwrap(payerWord));
        word = _announce(found.orderId, terms, payerWord);
    }

    /// @dev The word of a new order, whose money has just come out of `payerWord`, or from outside if that is zero.
    function _announce(
        bytes32 orderId,
        OrderTerms calldata terms,
        AccountWord payerWord
    ) internal returns (OrderWord word) {
        TermsWords calldata words = terms.words();
        word = OrderProgressLibrary.opened(words.amount);
        words.emitAuthorized(orderId, OrderWord.unwrap(word), AccountWord.unwrap(payerWord));
    }

    /// @dev Moves `amount` of the held money of an order without splits to the merchant, whose word is `merchantWord`.
    function _capture(
        Lookup memory found,
        OrderTerms calldata terms,
        AccountWord merchantWord,
        OrderWord word,
        uint256 amount
    ) internal {
        uint256 low = word.refundable();
        // Amounts of an order add up to a uint80 at most, and what a capture adds to its fee is no more than it captures.
        unchecked {
            uint256 fee = _feeDifference(terms, low, low + amount);
            _credit(found, terms, merchantWord, word, amount, fee, amount - fee);
        }
    }

    /// @dev As `_capture`, for an order whose `splits`, if there are any, the caller has checked.
    function _captureSplit(
        Lookup memory found,
        OrderTerms calldata terms,
        Split[] calldata splits,
        OrderWord word,
        uint256 amount
    ) internal {
        uint256 low = word.refundable();
        uint256 fee = _feeDifference(terms, low, low + amount);
        uint256 net = amount - fee;
        if (splits.length != 0) net -= _accrueSplits(found.orderId, terms, splits, low, low + amount);
        _credit(found, terms, AccountWord.wrap(found.merchantSlot.load()), word, amount, fee, net);
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
        Lookup memory found,
        OrderTerms calldata terms,
        Split[] calldata splits,
        OrderWord word,
        uint256 amount
    ) internal {
        _requireAmount(amount);
        bytes32 orderId = found.orderId;
        uint256 refundable = word.refundable();
        uint256 free = refundable - _disputedOf(orderId, word);
        require(amount <= free, IOrderEscrow.OrderExceedsRefundable(orderId, amount, free));
        TermsWords calldata words = terms.words();
        uint256 refundBy = words.refundBy + _shiftOf(orderId, word);
        require(block.timestamp <= refundBy, IOrderEscrow.OrderExpired(orderId, refundBy, block.timestamp));

        word = _reduce(word, 0, amount, OrderWordLibrary.REFUNDED);
        found.orderSlot.store(OrderWord.unwrap(word));
        (AccountWord merchantWord, uint256 feeReturned) = _takeFor(found, terms, splits, refundable, amount);
        WordSlot payerSlot = found.accounts.ofKey(words.payer);
        AccountWord payerWord = AccountWord.wrap(payerSlot.load()).addAvailable(amount);
        payerSlot.store(AccountWord.unwrap(payerWord));

        emit IOrderEscrow.OrderRefunded(
            orderId,
            address(uint160(words.merchant)),
            address(uint160(words.payer)),
            address(uint160(words.operator)),
            address(uint160(words.token)),
            amount,
            feeReturned,
            OrderWord.unwrap(word),
            AccountWord.unwrap(payerWord),
            AccountWord.unwrap(merchantWord)
        );
    }

    /// @dev What `_takeBack` takes for a refund. Most need no more than the merchant's own word, which then changes once.
    function _takeFor(
        Lookup memory found,
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint256 refundable,
        uint256 amount
    ) private returns (AccountWord word, uint256 fee) {
        TermsWords calldata words = terms.words();
        // Cannot underflow: the amount is part of what is refundable, the fee part of the amount, and what is not pending
        // part of the net.
        unchecked {
            fee = _feeDifference(terms, refundable - amount, refundable);
            WordSlot slot = found.merchantSlot;
            word = AccountWord.wrap(slot.load());
            uint256 fromPending = _min(amount - fee, word.pending());
            uint256 fromAvailable = amount - fee - fromPending;
            bool isFeeThere = fee == 0 || (fee <= word.fees() && words.feeReceiver == words.operator);
            if (isFeeThere && fromAvailable <= word.available() && splits.length == 0) {
                word = word.subFees(fee).subPending(fromPending).subAvailable(fromAvailable);
                slot.store(AccountWord.unwrap(word));
                return (word, fee);
            }
        }
        Return memory back = Return(found.orderId, refundable - amount, refundable, 0, false);
        (word, fee, ) = _takeBack(terms, splits, back);
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

    /// @dev Credits what a capture of `amount` leaves to the merchant and stores the order.
    function _credit(
        Lookup memory found,
        OrderTerms calldata terms,
        AccountWord merchantWord,
        OrderWord word,
        uint256 amount,
        uint256 fee,
        uint256 net
    ) private {
        TermsWords calldata words = terms.words();
        if (words.holdbackClass != 0) {
            Place memory place = _placeOf(terms.operator, terms.token, terms.merchant);
            net -= _withhold(place, found.orderId, words.holdbackClass, net);
            merchantWord = AccountWord.wrap(found.merchantSlot.load());
        }
        merchantWord = _creditMerchant(found, terms, merchantWord, net, fee);
        word = word.captured(amount, block.timestamp, merchantWord.openCycle());
        found.orderSlot.store(OrderWord.unwrap(word));

        emit IOrderEscrow.OrderCaptured(
            found.orderId,
            address(uint160(words.merchant)),
            amount,
            fee,
            OrderWord.unwrap(word),
            AccountWord.unwrap(merchantWord)
        );
    }

    /// @dev An operator's own fee waits in the merchant's word, so that a capture touches no third account.
    function _creditMerchant(
        Lookup memory found,
        OrderTerms calldata terms,
        AccountWord merchantWord,
        uint256 net,
        uint256 fee
    ) private returns (AccountWord word) {
        TermsWords calldata words = terms.words();
        bool isOperatorsFee = words.feeReceiver == words.operator;
        WordSlot slot = found.merchantSlot;
        if (!isOperatorsFee) {
            if (fee != 0) _accrueFee(found.orderId, terms, fee, false);
            // Loaded again: the merchant may be the fee receiver.
            merchantWord = AccountWord.wrap(slot.load());
        }
        // Cannot overflow: the window is at most `MAX_HOLD`, a fee at most a uint80.
        unchecked {
            word = merchantWord.addPending(net).withExposure(block.timestamp + words.disputeWindow);
            if (isOperatorsFee) {
                if (word.fees() + fee > AccountWordLibrary.MAX_FEES) {
                    slot.store(AccountWord.unwrap(word));
                    _accrueFee(found.orderId, terms, fee, true);
                    // Loaded again: the operator may be the merchant.
                    return AccountWord.wrap(slot.load());
                }
                word = word.addFees(fee);
            }
        }
        slot.store(AccountWord.unwrap(word));
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
