// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Signatures} from "../types/Signatures.sol";
import {Accounts} from "./Accounts.sol";

/// @title Which orders exist, and what is let in
/// @dev What a batch may refuse is decided by functions that return the ABI-encoded error instead of reverting: empty
/// means go on. A single call reverts with it, a batch emits it in `OrderSkipped`.
abstract contract OrderAdmission is Accounts, EIP712, IOrderEscrow {
    mapping(bytes32 orderId => OrderWord) private _orders;
    mapping(bytes32 orderId => uint256 seconds_) private _shifts;

    /// @inheritdoc IOrderEscrow
    function orderWord(bytes32 orderId) external view returns (uint256) {
        return OrderWord.unwrap(_orders[orderId]);
    }

    /// @inheritdoc IOrderEscrow
    function orderIdOf(OrderTerms calldata terms) public view returns (bytes32) {
        return _hashTypedDataV4(OrderTermsHash.structHash(terms));
    }

    function _loadOrder(bytes32 orderId) internal view returns (OrderWord) {
        return _orders[orderId];
    }

    function _storeOrder(bytes32 orderId, OrderWord word) internal {
        _orders[orderId] = word;
    }

    function _addShift(bytes32 orderId, uint256 seconds_) internal {
        _shifts[orderId] += seconds_;
    }

    function _shiftOf(bytes32 orderId, OrderWord word) internal view returns (uint256) {
        return word.isShifted() ? _shifts[orderId] : 0;
    }

    function _requireOrder(OrderTerms calldata terms) internal view returns (bytes32 orderId, OrderWord word) {
        orderId = orderIdOf(terms);
        word = _orders[orderId];
        require(word.state() != OrderWordLibrary.NONE, OrderUnknown(orderId));
    }

    /// @dev Cheapest checks first, the signature last.
    function _refuseNew(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes calldata signature,
        uint16 scope
    ) internal view returns (bytes memory) {
        if (!_actsFor(msg.sender, terms.operator)) return abi.encodeWithSelector(LedgerForbidden.selector, msg.sender);
        if (_orders[orderId].state() != OrderWordLibrary.NONE) {
            return abi.encodeWithSelector(OrderAlreadyExists.selector, orderId);
        }
        if (block.timestamp > terms.authorizeBy) {
            return abi.encodeWithSelector(OrderExpired.selector, orderId, terms.authorizeBy, block.timestamp);
        }
        string memory field = _invalidField(terms);
        if (bytes(field).length != 0) return abi.encodeWithSelector(OrderTermsInvalid.selector, orderId, field);
        if (terms.amount == 0 || terms.amount > type(uint80).max) {
            return abi.encodeWithSelector(AmountInvalid.selector, terms.amount, type(uint80).max);
        }

        AccountWord payerWord = _load(terms.operator, terms.token, terms.payer);
        bytes memory refusal = _refuseStanding(terms.payer, payerWord);
        if (refusal.length != 0) return refusal;
        AccountWord merchantWord = _load(terms.operator, terms.token, terms.merchant);
        refusal = _refuseStanding(terms.merchant, merchantWord);
        if (refusal.length != 0) return refusal;
        if (!merchantWord.has(scope)) {
            return
                abi.encodeWithSelector(
                    OrderOperatorNotAccepted.selector,
                    terms.merchant,
                    terms.operator,
                    scope,
                    merchantWord.flags()
                );
        }
        if (terms.amount > payerWord.available()) {
            return
                abi.encodeWithSelector(AccountsInsufficient.selector, terms.payer, terms.amount, payerWord.available());
        }
        if (!Signatures.isSignedBy(terms.payer, orderId, signature)) {
            return abi.encodeWithSelector(OrderSignatureInvalid.selector, orderId, terms.payer);
        }
        return "";
    }

    /// @dev Names the first member of the terms that cannot be accepted. Splits, holdback and delivery proofs are signed
    /// members already, and refused until the ledger executes them.
    function _invalidField(OrderTerms calldata terms) private pure returns (string memory) {
        if (terms.payer == terms.merchant) return "payer";
        if (terms.merchant == address(0)) return "merchant";
        if (terms.captureBy < terms.authorizeBy) return "captureBy";
        if (terms.reclaimFrom <= terms.captureBy) return "reclaimFrom";
        if (terms.refundBy < terms.captureBy) return "refundBy";
        if (terms.feeBps > BasisPoints.ONE) return "feeBps";
        if (terms.fixedFee > type(uint80).max) return "fixedFee";
        if (terms.feeReceiver == address(0) && (terms.feeBps != 0 || terms.fixedFee != 0)) return "feeReceiver";
        if (terms.defaultPayerBps > BasisPoints.ONE) return "defaultPayerBps";
        if (terms.splitsHash != 0) return "splitsHash";
        if (terms.holdbackClass != 0) return "holdbackClass";
        if (terms.deliveryKey != address(0)) return "deliveryKey";
        return "";
    }

    function _refuseStanding(address account, AccountWord word) private view returns (bytes memory) {
        if (word.status() != uint8(IParticipantRegistry.Status.Active)) {
            return abi.encodeWithSelector(AccountsNotActive.selector, account, word.status());
        }
        if (block.timestamp > word.kycUntil()) {
            return abi.encodeWithSelector(AccountsKycExpired.selector, account, word.kycUntil(), block.timestamp);
        }
        return "";
    }

    function _refuseCapture(
        bytes32 orderId,
        OrderTerms calldata terms,
        OrderWord word,
        uint256 amount
    ) internal view returns (bytes memory) {
        if (word.state() == OrderWordLibrary.NONE) return abi.encodeWithSelector(OrderUnknown.selector, orderId);
        if (!_actsFor(msg.sender, terms.operator) && !(terms.merchantMayCapture && msg.sender == terms.merchant)) {
            return abi.encodeWithSelector(LedgerForbidden.selector, msg.sender);
        }
        if (amount == 0 || amount > type(uint80).max) {
            return abi.encodeWithSelector(AmountInvalid.selector, amount, type(uint80).max);
        }
        if (word.isDisputed()) return abi.encodeWithSelector(OrderDisputed.selector, orderId);
        if (amount > word.capturable()) {
            return abi.encodeWithSelector(OrderExceedsCapturable.selector, orderId, amount, word.capturable());
        }
        uint256 captureBy = terms.captureBy + _shiftOf(orderId, word);
        if (block.timestamp > captureBy) {
            return abi.encodeWithSelector(OrderExpired.selector, orderId, captureBy, block.timestamp);
        }
        return "";
    }
}
