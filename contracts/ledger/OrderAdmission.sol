// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Signatures} from "../types/Signatures.sol";
import {OrderMoves} from "./OrderMoves.sol";

/// @title Which orders and captures are let in
/// @dev What a batch may refuse is decided by functions that return the ABI-encoded error instead of reverting: empty
/// means go on. A single call reverts with it, a batch emits it in `OrderSkipped`.
abstract contract OrderAdmission is OrderMoves {
    /// @dev Everything but the money. Cheapest checks first.
    function _refuseNew(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes32 splitsHash,
        uint256 authority,
        uint256 scope
    ) internal view returns (bytes memory) {
        uint256 stopped = (authority >> PAUSED_SHIFT) & (scope == AccountWordLibrary.ACCEPTS_CHARGE ? 3 : 1);
        if (stopped != 0) return abi.encodeWithSelector(IAccounts.LedgerPaused.selector, stopped, _paused);
        if (OrderWord.unwrap(_orders[orderId]) != 0) {
            return abi.encodeWithSelector(IOrderEscrow.OrderAlreadyExists.selector, orderId);
        }
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
        bytes memory refusal = _refuseStanding(terms.merchant, merchantWord);
        if (refusal.length != 0) return refusal;
        if (!merchantWord.has(scope)) {
            return
                abi.encodeWithSelector(
                    IOrderEscrow.OrderOperatorNotAccepted.selector,
                    terms.merchant,
                    terms.operator,
                    scope,
                    merchantWord.flags()
                );
        }
        return "";
    }

    /// @dev Whether the payer has the money and signed; `payerWord` is what it has.
    function _refusePayer(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes calldata signature
    ) internal view returns (bytes memory refusal, AccountWord payerWord) {
        payerWord = _accounts[_bookIdOf(terms.operator, terms.token)][terms.payer];
        refusal = _refuseStanding(terms.payer, payerWord);
        if (refusal.length != 0) return (refusal, payerWord);
        if (terms.amount > payerWord.available()) {
            refusal = abi.encodeWithSelector(
                IAccounts.AccountsInsufficient.selector,
                terms.payer,
                terms.amount,
                payerWord.available()
            );
        } else if (!Signatures.isSignedBy(terms.payer, orderId, signature)) {
            refusal = abi.encodeWithSelector(IOrderEscrow.OrderSignatureInvalid.selector, orderId, terms.payer);
        }
    }

    /// @dev Who may act for the terms' operator, with the paused regions of the caller's key.
    function _requireOperator(OrderTerms calldata terms) internal view returns (uint256 authority) {
        authority = _authorities[msg.sender];
        require(
            address(uint160(authority)) == terms.operator && terms.operator != address(0),
            IAccounts.LedgerForbidden(msg.sender)
        );
    }

    function _refuseCapture(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes32 splitsHash,
        OrderWord word,
        uint256 amount
    ) internal view returns (bytes memory) {
        uint256 state = word.state();
        if (state == OrderWordLibrary.NONE || state == OrderWordLibrary.CANCELED) {
            return abi.encodeWithSelector(IOrderEscrow.OrderUnknown.selector, orderId);
        }
        uint256 stopped = _authorities[msg.sender];
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
    ) internal view returns (bytes memory) {
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
        return "";
    }

    /// @dev The merchant, or a key of the operator where the merchant gave it the mandate.
    function _requireMerchantOrMandate(OrderTerms calldata terms) internal view {
        if (_actsFor(msg.sender, terms.operator)) {
            AccountWord word = _accounts[_bookIdOf(terms.operator, terms.token)][terms.merchant];
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
    function _requirePayer(bytes32 bookId, OrderTerms calldata terms) internal {
        AccountWord word = _accounts[bookId][terms.payer];
        if (AccountWord.unwrap(word) == 0) word = _sync(bookId, terms.operator, terms.token, terms.payer);
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
        return "holdbackClass";
    }

    function _refuseStanding(address account, AccountWord word) internal view returns (bytes memory) {
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
        return "";
    }
}
