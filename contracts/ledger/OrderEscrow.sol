// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {IVault} from "../interfaces/IVault.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {TermsWords} from "../types/TermsWords.sol";
import {OrderAdmission} from "./OrderAdmission.sol";

/// @title The life of an order: hold, capture, give back
abstract contract OrderEscrow is OrderAdmission, IOrderEscrow {
    using OrderTermsHash for OrderTerms;
    using OrderTermsHash for OrderTerms[];

    /// @inheritdoc IOrderEscrow
    function authorize(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId) {
        Lookup memory found = _find(_authorities[msg.sender], terms);
        _revertIf(_refuse(found, terms, signature, AccountWordLibrary.ACCEPTS));

        found.orderSlot.store(OrderWord.unwrap(_authorize(found, terms)));
        return found.orderId;
    }

    /// @inheritdoc IOrderEscrow
    function authorizeByTransfer(
        OrderTerms calldata terms,
        bytes calldata signature
    ) external nonReentrant returns (bytes32 orderId) {
        Lookup memory found = _find(uint256(_paused) << PAUSED_SHIFT, terms);
        _revertIf(_refuseNew(found, terms, 0, AccountWordLibrary.ACCEPTS));
        orderId = found.orderId;

        _requirePayer(found, terms);
        IAccounts.Book storage book = _books[_bookIdOf(terms.operator, terms.token)];
        address vault = book.vault;
        _addLiabilities(book, terms.amount);
        found.orderSlot.store(OrderWord.unwrap(_announce(orderId, terms, AccountWord.wrap(0))));

        TermsWords calldata words = terms.words();
        IERC20 token = IERC20(address(uint160(words.token)));
        uint256 before = token.balanceOf(vault);
        // ERC-3009's bound is exclusive. Cannot overflow: `authorizeBy` is a uint40.
        IVault(vault).receiveWithAuthorization(
            address(token),
            address(uint160(words.payer)),
            words.amount,
            words.authorizeBy + 1,
            orderId,
            signature
        );
        uint256 received = token.balanceOf(vault) - before;
        require(received == words.amount, IAccounts.AccountsInexactTransfer(words.amount, received));
    }

    /// @inheritdoc IOrderEscrow
    function authorizeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external {
        require(terms.length == signatures.length, OrderLengthMismatch(terms.length, signatures.length));

        Lookup memory found = _lookup(_authorities[msg.sender]);
        for (uint256 i; i < terms.length; ++i) {
            OrderTerms calldata order = terms.item(i);
            _find(found, order);
            bytes memory refusal = _refuse(found, order, signatures[i], AccountWordLibrary.ACCEPTS);
            if (refusal.length != 0) {
                _skip(found.orderId, refusal, atomic);
                continue;
            }

            found.orderSlot.store(OrderWord.unwrap(_authorize(found, order)));
        }
    }

    /// @inheritdoc IOrderEscrow
    function charge(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId) {
        Lookup memory found = _find(_authorities[msg.sender], terms);
        _revertIf(_refuse(found, terms, signature, AccountWordLibrary.ACCEPTS_CHARGE));

        _capture(found, terms, found.merchantWord, _authorize(found, terms), terms.amount);
        return found.orderId;
    }

    /// @inheritdoc IOrderEscrow
    function chargeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external {
        require(terms.length == signatures.length, OrderLengthMismatch(terms.length, signatures.length));

        Lookup memory found = _lookup(_authorities[msg.sender]);
        for (uint256 i; i < terms.length; ++i) {
            OrderTerms calldata order = terms.item(i);
            _find(found, order);
            bytes memory refusal = _refuse(found, order, signatures[i], AccountWordLibrary.ACCEPTS_CHARGE);
            if (refusal.length != 0) {
                _skip(found.orderId, refusal, atomic);
                continue;
            }

            _capture(found, order, found.merchantWord, _authorize(found, order), order.amount);
        }
    }

    /// @inheritdoc IOrderEscrow
    function capture(OrderTerms calldata terms, uint256 amount) external {
        Lookup memory found = _find(_authorities[msg.sender], terms);
        OrderWord word = OrderWord.wrap(found.orderSlot.load());
        _revertIf(_refuseCapture(found, terms, 0, word, amount));

        _capture(found, terms, AccountWord.wrap(found.merchantSlot.load()), word, amount);
    }

    /// @inheritdoc IOrderEscrow
    function captureBatch(OrderTerms[] calldata terms, uint256[] calldata amounts, bool atomic) external {
        require(terms.length == amounts.length, OrderLengthMismatch(terms.length, amounts.length));

        Lookup memory found = _lookup(_authorities[msg.sender]);
        for (uint256 i; i < terms.length; ++i) {
            OrderTerms calldata order = terms.item(i);
            uint256 amount = amounts[i];
            _find(found, order);
            OrderWord word = OrderWord.wrap(found.orderSlot.load());
            bytes memory refusal = _refuseCapture(found, order, 0, word, amount);
            if (refusal.length != 0) {
                _skip(found.orderId, refusal, atomic);
                continue;
            }

            _capture(found, order, AccountWord.wrap(found.merchantSlot.load()), word, amount);
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
        Lookup memory found = _find(_authorities[msg.sender], terms);
        OrderWord word = _requireFound(found);
        require(terms.splitsHash == 0, OrderSplitsInvalid(found.orderId, terms.splitsHash, 0));
        _requireMerchantOrMandate(found, terms);

        _refund(found, terms, _noSplits(), word, amount);
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

    /// @dev A payer's order on the call of a key of its operator.
    function _refuse(
        Lookup memory found,
        OrderTerms calldata terms,
        bytes calldata signature,
        uint256 scope
    ) private view returns (bytes memory refusal) {
        if (!_isOperators(found)) {
            // Read as an address: one with dirty upper bits reverts.
            if (!_actsFor(msg.sender, terms.operator)) {
                return abi.encodeWithSelector(IAccounts.LedgerForbidden.selector, msg.sender);
            }
        }
        refusal = _refuseNew(found, terms, 0, scope);
        if (refusal.length != 0) return refusal;
        return _refusePayer(found, terms, signature);
    }

    function _skip(bytes32 orderId, bytes memory refusal, bool atomic) private {
        if (atomic) _revertIf(refusal);

        emit OrderSkipped(orderId, refusal);
    }
}
