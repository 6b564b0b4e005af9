// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {IVault} from "../interfaces/IVault.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {OrderAdmission} from "./OrderAdmission.sol";

/// @title The life of an order: hold, capture, give back
abstract contract OrderEscrow is OrderAdmission, IOrderEscrow {
    /// @inheritdoc IOrderEscrow
    function authorize(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId) {
        orderId = _orderIdOf(terms);
        AccountWord payerWord = _admit(orderId, terms, signature, AccountWordLibrary.ACCEPTS);

        _authorize(orderId, terms, payerWord);
    }

    /// @inheritdoc IOrderEscrow
    function authorizeByTransfer(
        OrderTerms calldata terms,
        bytes calldata signature
    ) external nonReentrant returns (bytes32 orderId) {
        orderId = _orderIdOf(terms);
        uint256 authority = uint256(_paused) << PAUSED_SHIFT;
        _revertIf(_refuseNew(orderId, terms, 0, authority, AccountWordLibrary.ACCEPTS));

        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        _requirePayer(bookId, terms);
        IAccounts.Book storage book = _books[bookId];
        _addLiabilities(book, terms.amount);
        _open(orderId, terms, AccountWord.wrap(0));

        address vault = book.vault;
        uint256 before = IERC20(terms.token).balanceOf(vault);
        // ERC-3009's bound is exclusive. Cannot overflow: `authorizeBy` is a uint40.
        IVault(vault).receiveWithAuthorization(
            terms.token,
            terms.payer,
            terms.amount,
            uint256(terms.authorizeBy) + 1,
            orderId,
            signature
        );
        uint256 received = IERC20(terms.token).balanceOf(vault) - before;
        require(received == terms.amount, IAccounts.AccountsInexactTransfer(terms.amount, received));
    }

    /// @inheritdoc IOrderEscrow
    function authorizeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external {
        require(terms.length == signatures.length, OrderLengthMismatch(terms.length, signatures.length));

        for (uint256 i; i < terms.length; ++i) {
            bytes32 orderId = _orderIdOf(terms[i]);
            (bytes memory refusal, AccountWord payerWord) = _refuse(
                orderId,
                terms[i],
                signatures[i],
                AccountWordLibrary.ACCEPTS
            );
            if (_skips(orderId, refusal, atomic)) continue;

            _authorize(orderId, terms[i], payerWord);
        }
    }

    /// @inheritdoc IOrderEscrow
    function charge(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId) {
        orderId = _orderIdOf(terms);
        AccountWord payerWord = _admit(orderId, terms, signature, AccountWordLibrary.ACCEPTS_CHARGE);

        _capture(orderId, terms, _noSplits(), _authorize(orderId, terms, payerWord), terms.amount);
    }

    /// @inheritdoc IOrderEscrow
    function chargeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external {
        require(terms.length == signatures.length, OrderLengthMismatch(terms.length, signatures.length));

        for (uint256 i; i < terms.length; ++i) {
            bytes32 orderId = _orderIdOf(terms[i]);
            (bytes memory refusal, AccountWord payerWord) = _refuse(
                orderId,
                terms[i],
                signatures[i],
                AccountWordLibrary.ACCEPTS_CHARGE
            );
            if (_skips(orderId, refusal, atomic)) continue;

            _capture(orderId, terms[i], _noSplits(), _authorize(orderId, terms[i], payerWord), terms[i].amount);
        }
    }

    /// @inheritdoc IOrderEscrow
    function capture(OrderTerms calldata terms, uint256 amount) external {
        bytes32 orderId = _orderIdOf(terms);
        OrderWord word = _orders[orderId];
        _revertIf(_refuseCapture(orderId, terms, 0, word, amount));

        _capture(orderId, terms, _noSplits(), word, amount);
    }

    /// @inheritdoc IOrderEscrow
    function captureBatch(OrderTerms[] calldata terms, uint256[] calldata amounts, bool atomic) external {
        require(terms.length == amounts.length, OrderLengthMismatch(terms.length, amounts.length));

        for (uint256 i; i < terms.length; ++i) {
            bytes32 orderId = _orderIdOf(terms[i]);
            OrderWord word = _orders[orderId];
            if (_skips(orderId, _refuseCapture(orderId, terms[i], 0, word, amounts[i]), atomic)) continue;

            _capture(orderId, terms[i], _noSplits(), word, amounts[i]);
        }
    }

    /// @inheritdoc IOrderEscrow
    function void(OrderTerms calldata terms, uint256 amount) external {
        (bytes32 orderId, OrderWord word) = _requireOrder(terms);
        _requireAmount(amount);
        require(
            _actsFor(msg.sender, terms.operator) || _isParty(_bookIdOf(terms.operator, terms.token), terms.merchant),
            IAccounts.LedgerForbidden(msg.sender)
        );
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
        _requireSplits(orderId, terms, _noSplits());
        _requireMerchantOrMandate(terms);

        _refund(orderId, terms, _noSplits(), word, amount);
    }

    /// @inheritdoc IOrderEscrow
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IOrderEscrow
    function orderIdOf(OrderTerms calldata terms) external view returns (bytes32) {
        return _orderIdOf(terms);
    }

    /// @inheritdoc IOrderEscrow
    function orderWord(bytes32 orderId) external view returns (uint256) {
        return OrderWord.unwrap(_orders[orderId]);
    }

    function _admit(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes calldata signature,
        uint256 scope
    ) private view returns (AccountWord payerWord) {
        bytes memory refusal;
        (refusal, payerWord) = _refuse(orderId, terms, signature, scope);
        _revertIf(refusal);
    }

    function _refuse(
        bytes32 orderId,
        OrderTerms calldata terms,
        bytes calldata signature,
        uint256 scope
    ) private view returns (bytes memory refusal, AccountWord payerWord) {
        uint256 authority = _authorities[msg.sender];
        if (address(uint160(authority)) != terms.operator || terms.operator == address(0)) {
            refusal = abi.encodeWithSelector(IAccounts.LedgerForbidden.selector, msg.sender);
            return (refusal, payerWord);
        }
        refusal = _refuseNew(orderId, terms, 0, authority, scope);
        if (refusal.length != 0) return (refusal, payerWord);
        return _refusePayer(orderId, terms, signature);
    }

    function _skips(bytes32 orderId, bytes memory refusal, bool atomic) private returns (bool) {
        if (refusal.length == 0) return false;
        if (atomic) _revertIf(refusal);

        emit OrderSkipped(orderId, refusal);
        return true;
    }
}
