// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Signatures} from "../types/Signatures.sol";
import {TermsWords} from "../types/TermsWords.sol";
import {WordSlot} from "../types/WordSlot.sol";
import {OrderMoves} from "./OrderMoves.sol";

/// @title Which orders and captures are let in
/// @dev What a batch may refuse is decided by functions that return the ABI-encoded error instead of reverting: empty
/// means go on. A single call reverts with it, a batch emits it in `OrderSkipped`. They leave the result empty by not
/// setting it: `return ""` would allocate memory for nothing.
abstract contract OrderAdmission is OrderMoves {
    using OrderTermsHash for OrderTerms;

    uint256 private constant ACTIVE = uint256(uint8(IParticipantRegistry.Status.Active));

    /// @dev The bits of a key's authority that a capture depends on: the operator, and whether captures are stopped.
    uint256 private constant CAPTURE_BITS = type(uint160).max | (uint256(PAUSE_CAPTURE) << PAUSED_SHIFT);

    /// @dev Everything but the money. Nearly all orders pass the comparisons of the first condition, which read terms as
    /// words and leave nothing open; what does not pass is asked one by one, cheapest checks first.
    function _refuseNew(
        Lookup memory found,
        OrderTerms calldata terms,
        bytes32 splitsHash,
        uint256 scope
    ) internal view returns (bytes memory refusal) {
        TermsWords calldata words = terms.words();
        uint256 stopped = (found.authority >> PAUSED_SHIFT) & _regionsOf(scope);
        uint256 wrong = stopped | found.orderSlot.load() | uint256(words.splitsHash ^ splitsHash);
        AccountWord merchantWord = AccountWord.wrap(found.merchantSlot.load());
        found.merchantWord = merchantWord;
        wrong |= words.flaws(MAX_HOLD) | merchantWord.lacks(ACTIVE | scope);
        if (wrong == 0 && (words.holdbackClass == 0 || _holdbackClasses[words.holdbackClass].delay != 0))
            return refusal;

        if (stopped != 0) return abi.encodeWithSelector(IAccounts.LedgerPaused.selector, stopped, _paused);
        if (OrderWord.unwrap(_orders[found.orderId]) != 0) {
            return abi.encodeWithSelector(IOrderEscrow.OrderAlreadyExists.selector, found.orderId);
        }
        return _refuseTerms(found.orderId, terms, splitsHash, scope);
    }

    /// @dev Whether the payer has the money and signed; what it has, and where, is added to `found`.
    function _refusePayer(
        Lookup memory found,
        OrderTerms calldata terms,
        bytes calldata signature
    ) internal view returns (bytes memory refusal) {
        TermsWords calldata words = terms.words();
        WordSlot slot = found.accounts.ofKey(words.payer);
        AccountWord word = AccountWord.wrap(slot.load());
        found.payerSlot = slot;
        found.payerWord = word;
        if (word.lacks(ACTIVE) != 0) return _refuseStanding(terms.payer, word);
        if (words.amount > word.available()) {
            return
                abi.encodeWithSelector(
                    IAccounts.AccountsInsufficient.selector,
                    terms.payer,
                    terms.amount,
                    word.available()
                );
        }
        if (!Signatures.isSignedBy(address(uint160(words.payer)), found.orderId, signature)) {
            return abi.encodeWithSelector(IOrderEscrow.OrderSignatureInvalid.selector, found.orderId, terms.payer);
        }
    }

    /// @dev Whether the caller's key acts for the operator of the order that was looked up.
    function _isOperators(Lookup memory found) internal pure returns (bool) {
        uint256 operator = found.operator;
        return uint160(found.authority) == operator && operator != 0;
    }

    /// @dev Who may act for the terms' operator, with the paused regions of the caller's key.
    function _requireOperator(OrderTerms calldata terms) internal view returns (uint256 authority) {
        authority = _authorities[msg.sender];
        require(
            address(uint160(authority)) == terms.operator && terms.operator != address(0),
            IAccounts.LedgerForbidden(msg.sender)
        );
    }

    /// @dev Nearly all captures pass the comparisons of the first condition, which leave nothing of the others open. An
    /// operator's word has no bits that the authority keeps elsewhere: what is held was let in with a clean one.
    function _refuseCapture(
        Lookup memory found,
        OrderTerms calldata terms,
        bytes32 splitsHash,
        OrderWord word,
        uint256 amount
    ) internal view returns (bytes memory refusal) {
        TermsWords calldata words = terms.words();
        uint256 stopped = found.authority;
        uint256 different = (words.operator ^ (stopped & CAPTURE_BITS)) | uint256(words.splitsHash ^ splitsHash);
        if (
            different == 0 &&
            word.isPlainlyHeld() &&
            amount != 0 &&
            amount <= word.capturable() &&
            block.timestamp <= words.captureBy
        ) return refusal;

        bytes32 orderId = found.orderId;
        uint256 state = word.state();
        if (state == OrderWordLibrary.NONE || state == OrderWordLibrary.CANCELED) {
            return abi.encodeWithSelector(IOrderEscrow.OrderUnknown.selector, orderId);
        }
        if (address(uint160(stopped)) != terms.operator) {
            bytes32 bookId = _bookIdOf(terms.operator, terms.token);
            if (!terms.merchantMayCapture || !_isParty(bookId, terms.merchant)) {
                return abi.encodeWithSelector(IAccounts.LedgerForbidden.selector, msg.sender);
            }
            stopped = uint256(_paused) << PAUSED_SHIFT;
        }
        stopped = (stopped >> PAUSED_SHIFT) & PAUSE_CAPTURE;
        if (stopped != 0) return abi.encodeWithSelector(IAccounts.LedgerPaused.selector, stopped, _paused);
        if (terms.splitsHash != splitsHash) {
            return
                abi.encodeWithSelector(IOrderEscrow.OrderSplitsInvalid.selector, orderId, terms.splitsHash, splitsHash);
        }
        return _refuseAmount(orderId, terms, word, amount);
    }

    function _refuseAmount(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        uint256 amount
    ) internal view returns (bytes memory refusal) {
        if (amount == 0 || amount > type(uint80).max) {
            return abi.encodeWithSelector(IAccounts.AmountInvalid.selector, amount, type(uint80).max);
        }
        if (word.isDisputed()) return abi.encodeWithSelector(IOrderEscrow.OrderDisputed.selector, orderId);
        if (amount > word.capturable()) {
            return
                abi.encodeWithSelector(
                    IOrderEscrow.OrderExceedsCapturable.selector,
                    orderId,
                    amount,
                    word.capturable()
                );
        }
        uint256 captureBy = terms.captureBy + _shiftOf(orderId, word);
        if (block.timestamp > captureBy) {
            return abi.encodeWithSelector(IOrderEscrow.OrderExpired.selector, orderId, captureBy, block.timestamp);
        }
    }

    /// @dev The merchant, or a key of the operator where the merchant gave it the mandate.
    function _requireMerchantOrMandate(Lookup memory found, OrderTerms calldata terms) internal view {
        if (_isOperators(found)) {
            AccountWord word = AccountWord.wrap(found.merchantSlot.load());
            if (word.has(AccountWordLibrary.ACCEPTS_MANDATE) || msg.sender == terms.merchant) return;
            revert IOrderEscrow.OrderOperatorNotAccepted(
                terms.merchant,
                terms.operator,
                AccountWordLibrary.ACCEPTS_MANDATE,
                word.flags()
            );
        }
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        require(_isParty(bookId, terms.merchant), IAccounts.LedgerForbidden(msg.sender));
    }

    /// @dev A payer's tokens come from outside the book, so it may be unknown here; its money must have a way back.
    function _requirePayer(Lookup memory found, OrderTerms calldata terms) internal {
        AccountWord word = AccountWord.wrap(found.accounts.ofKey(terms.words().payer).load());
        if (word.lacks(ACTIVE) == 0) return;
        if (AccountWord.unwrap(word) == 0) {
            word = _sync(_bookIdOf(terms.operator, terms.token), terms.operator, terms.token, terms.payer);
        }
        _revertIf(_refuseStanding(terms.payer, word));
    }

    /// @dev Reverts with an error that is ABI-encoded already; Solidity has no other way to raise one.
    function _revertIf(bytes memory refusal) internal pure {
        if (refusal.length == 0) return;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(refusal, 32), mload(refusal))
        }
    }

    /// @dev The regions that a stop keeps an order of this scope out of: inflow, and captures as well for a charge.
    function _regionsOf(uint256 scope) private pure returns (uint256) {
        return PAUSE_INFLOW | ((scope / AccountWordLibrary.ACCEPTS) & PAUSE_CAPTURE);
    }

    /// @dev What is wrong with an order that is new and not stopped.
    function _refuseTerms(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes32 splitsHash,
        uint256 scope
    ) private view returns (bytes memory refusal) {
        if (block.timestamp > terms.authorizeBy) {
            return
                abi.encodeWithSelector(IOrderEscrow.OrderExpired.selector, orderId, terms.authorizeBy, block.timestamp);
        }
        if (!_isValid(terms)) {
            return abi.encodeWithSelector(IOrderEscrow.OrderTermsInvalid.selector, orderId, _invalidField(terms));
        }
        if (terms.splitsHash != splitsHash) {
            return
                abi.encodeWithSelector(IOrderEscrow.OrderSplitsInvalid.selector, orderId, terms.splitsHash, splitsHash);
        }
        if (terms.amount == 0 || terms.amount > type(uint80).max) {
            return abi.encodeWithSelector(IAccounts.AmountInvalid.selector, terms.amount, type(uint80).max);
        }
        AccountWord merchantWord = _accounts[_bookIdOf(terms.operator, terms.token)][terms.merchant];
        refusal = _refuseStanding(terms.merchant, merchantWord);
        if (refusal.length == 0 && !merchantWord.has(scope)) {
            return
                abi.encodeWithSelector(
                    IOrderEscrow.OrderOperatorNotAccepted.selector,
                    terms.merchant,
                    terms.operator,
                    scope,
                    merchantWord.flags()
                );
        }
    }

    function _isValid(OrderTerms calldata terms) private view returns (bool) {
        uint256 captureBy = terms.captureBy;
        address merchant = terms.merchant;
        return
            terms.payer != merchant &&
            merchant != address(0) &&
            captureBy >= terms.authorizeBy &&
            terms.reclaimFrom > captureBy &&
            terms.reclaimFrom <= block.timestamp + MAX_HOLD &&
            terms.refundBy >= captureBy &&
            terms.refundBy <= captureBy + MAX_HOLD &&
            terms.disputeWindow <= MAX_HOLD &&
            terms.feeBps <= BasisPoints.ONE &&
            terms.fixedFee <= type(uint80).max &&
            (terms.feeReceiver != address(0) || (terms.feeBps == 0 && terms.fixedFee == 0)) &&
            terms.defaultPayerBps <= BasisPoints.ONE &&
            bytes(_unreadableField(terms.words())).length == 0 &&
            (terms.holdbackClass == 0 || _holdbackClasses[terms.holdbackClass].delay != 0);
    }

    /// @dev Names the first member of the terms that cannot be accepted.
    function _invalidField(OrderTerms calldata terms) private view returns (string memory) {
        if (terms.payer == terms.merchant) return "payer";
        if (terms.merchant == address(0)) return "merchant";
        if (terms.captureBy < terms.authorizeBy) return "captureBy";
        if (terms.reclaimFrom <= terms.captureBy) return "reclaimFrom";
        if (terms.reclaimFrom > block.timestamp + MAX_HOLD) return "reclaimFrom";
        if (terms.refundBy < terms.captureBy || terms.refundBy > terms.captureBy + MAX_HOLD) return "refundBy";
        if (terms.disputeWindow > MAX_HOLD) return "disputeWindow";
        if (terms.feeBps > BasisPoints.ONE) return "feeBps";
        if (terms.fixedFee > type(uint80).max) return "fixedFee";
        if (terms.feeReceiver == address(0) && (terms.feeBps != 0 || terms.fixedFee != 0)) return "feeReceiver";
        if (terms.defaultPayerBps > BasisPoints.ONE) return "defaultPayerBps";
        string memory unreadable = _unreadableField(terms.words());
        return bytes(unreadable).length == 0 ? "holdbackClass" : unreadable;
    }

    /// @dev The first of the members that only later verbs read which has bits above its type; empty if there is none.
    function _unreadableField(TermsWords calldata words) private pure returns (string memory) {
        if (words.arbiterSetId > type(uint32).max) return "arbiterSetId";
        if (words.deliveryKey > type(uint160).max) return "deliveryKey";
        return words.merchantMayCapture > 1 ? "merchantMayCapture" : "";
    }

    function _refuseStanding(address account, AccountWord word) internal view returns (bytes memory refusal) {
        if (word.status() != uint8(IParticipantRegistry.Status.Active)) {
            return abi.encodeWithSelector(IAccounts.AccountsNotActive.selector, account, word.status());
        }
        if (block.timestamp > word.kycUntil()) {
            return
                abi.encodeWithSelector(
                    IAccounts.AccountsKycExpired.selector,
                    account,
                    word.kycUntil(),
                    block.timestamp
                );
        }
    }
}
