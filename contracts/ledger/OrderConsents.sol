// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {ICollector} from "../interfaces/ICollector.sol";
import {IOrderConsents} from "../interfaces/IOrderConsents.sol";
import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Signatures} from "../types/Signatures.sol";
import {Split, Splits} from "../types/Splits.sol";
import {Books} from "./Books.sol";
import {OrderAdmission} from "./OrderAdmission.sol";

/// @title What the parties of an order agree to beyond its terms, proofs of delivery, and orders of several payees
/// @dev A part of `SettlementLedger`: it runs on the ledger's storage only.
contract OrderConsents is OrderAdmission, IOrderConsents {
    bytes32 private constant EXTENSION_TYPEHASH = keccak256("Extension(bytes32 orderId,uint40 captureBy)");
    bytes32 private constant CANCEL_TYPEHASH = keccak256("Cancel(bytes32 orderId)");
    bytes32 private constant REFUND_CONSENT_TYPEHASH = keccak256(
        "RefundConsent(bytes32 orderId,uint256 amount,uint256 capturable,uint256 refundable,uint40 deadline)"
    );
    bytes32 private constant DELIVERY_TYPEHASH = keccak256(
        "Delivery(bytes32 orderId,uint40 deliveredAt,bytes32 location)"
    );

    constructor(address authority, address registry) Books(authority, registry) {}

    /// @inheritdoc IOrderConsents
    function authorizeWithSplits(
        OrderTerms calldata terms,
        Split[] calldata splits,
        bytes calldata signature
    ) external returns (bytes32 orderId) {
        Lookup memory found = _find(_requireOperator(terms), terms);
        orderId = found.orderId;
        _requirePayees(orderId, terms, splits);
        _revertIf(_refuseNew(found, terms, Splits.hash(splits), AccountWordLibrary.ACCEPTS));
        _revertIf(_refusePayer(found, terms, signature));

        found.orderSlot.store(OrderWord.unwrap(_authorize(found, terms)));
    }

    /// @inheritdoc IOrderConsents
    function authorizeThrough(
        OrderTerms calldata terms,
        bytes calldata signature,
        address collector,
        bytes calldata data
    ) external nonReentrant returns (bytes32 orderId) {
        require(_collectors[collector], CollectorForbidden(collector));
        Lookup memory found = _find(_requireOperator(terms), terms);
        orderId = found.orderId;
        _revertIf(_refuseNew(found, terms, 0, AccountWordLibrary.ACCEPTS));
        _requirePayer(found, terms);
        require(
            Signatures.isSignedBy(terms.payer, orderId, signature),
            IOrderEscrow.OrderSignatureInvalid(orderId, terms.payer)
        );

        IAccounts.Book storage book = _books[_bookIdOf(terms.operator, terms.token)];
        _addLiabilities(book, terms.amount);
        found.orderSlot.store(OrderWord.unwrap(_announce(orderId, terms, AccountWord.wrap(0))));

        emit OrderCollected(orderId, collector, terms.amount);

        uint256 before = IERC20(terms.token).balanceOf(book.vault);
        ICollector(collector).collect(orderId, terms.token, terms.payer, book.vault, terms.amount, data);
        uint256 received = IERC20(terms.token).balanceOf(book.vault) - before;
        require(received == terms.amount, IAccounts.AccountsInexactTransfer(terms.amount, received));
    }

    /// @inheritdoc IOrderConsents
    function captureWithSplits(OrderTerms calldata terms, Split[] calldata splits, uint256 amount) external {
        Lookup memory found = _find(_authorities[msg.sender], terms);
        OrderWord word = OrderWord.wrap(found.orderSlot.load());
        _revertIf(_refuseCapture(found, terms, Splits.hash(splits), word, amount));

        _captureSplit(found, terms, splits, word, amount);
    }

    /// @inheritdoc IOrderConsents
    function captureDelivered(
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint40 deliveredAt,
        bytes32 location,
        bytes calldata signature
    ) external {
        _requireNotPaused(PAUSE_CAPTURE);
        Lookup memory found = _find(0, terms);
        bytes32 orderId = found.orderId;
        OrderWord word = _requireFound(found);
        _requireSplits(orderId, terms, splits);
        _revertIf(_refuseAmount(orderId, terms, word, word.capturable()));
        uint256 captureBy = terms.captureBy + _shiftOf(orderId, word);
        require(
            deliveredAt <= block.timestamp && deliveredAt <= captureBy,
            DeliveryTimeInvalid(orderId, deliveredAt, captureBy, block.timestamp)
        );
        bytes32 proof = keccak256(abi.encode(DELIVERY_TYPEHASH, orderId, deliveredAt, location));
        _requireSigned(orderId, terms.deliveryKey, proof, signature);

        emit DeliveryProven(orderId, terms.deliveryKey, deliveredAt, location);

        _captureSplit(found, terms, splits, word, word.capturable());
    }

    /// @inheritdoc IOrderConsents
    function extend(
        OrderTerms calldata terms,
        uint40 captureBy,
        bytes calldata payerSignature,
        bytes calldata merchantSignature
    ) external {
        (bytes32 orderId, OrderWord word) = _requireOrder(terms);
        require(!word.isDisputed(), IOrderEscrow.OrderDisputed(orderId));
        require(word.capturable() != 0, IOrderEscrow.OrderExceedsCapturable(orderId, 1, 0));
        uint256 shift = _shiftOf(orderId, word);
        uint256 present = terms.captureBy + shift;
        uint256 limit = block.timestamp + MAX_HOLD;
        require(block.timestamp <= present, IOrderEscrow.OrderExpired(orderId, present, block.timestamp));
        require(captureBy > present && captureBy <= limit, OrderExtensionInvalid(orderId, captureBy, present, limit));
        _revertIf(_refuseStanding(terms.merchant, _accounts[_bookIdOf(terms.operator, terms.token)][terms.merchant]));
        bytes32 extension = keccak256(abi.encode(EXTENSION_TYPEHASH, orderId, captureBy));
        _requireSigned(orderId, REGISTRY.heirOf(terms.payer), extension, payerSignature);
        _requireSigned(orderId, terms.merchant, extension, merchantSignature);

        shift = captureBy - terms.captureBy;
        _shifts[orderId] = shift;
        word = word.withFlags(word.flags() | OrderWordLibrary.SHIFTED);
        _orders[orderId] = word;

        emit OrderExtended(orderId, terms.merchant, terms.payer, captureBy, shift, OrderWord.unwrap(word));
    }

    /// @inheritdoc IOrderConsents
    function cancel(OrderTerms calldata terms, bytes calldata signature) external {
        bytes32 orderId = _orderIdOf(terms);
        require(OrderWord.unwrap(_orders[orderId]) == 0, IOrderEscrow.OrderAlreadyExists(orderId));
        address payer = REGISTRY.heirOf(terms.payer);
        if (msg.sender != payer) {
            _requireSigned(orderId, payer, keccak256(abi.encode(CANCEL_TYPEHASH, orderId)), signature);
        }

        OrderWord word = OrderWordLibrary.pack(0, 0, 0, 0, OrderWordLibrary.CANCELED, 0);
        _orders[orderId] = word;

        emit OrderCanceled(orderId, terms.merchant, terms.payer, OrderWord.unwrap(word));
    }

    /// @inheritdoc IOrderConsents
    function refundWithSplits(OrderTerms calldata terms, Split[] calldata splits, uint256 amount) external {
        Lookup memory found = _find(_authorities[msg.sender], terms);
        OrderWord word = _requireFound(found);
        _requireSplits(found.orderId, terms, splits);
        _requireMerchantOrMandate(found, terms);

        _refund(found, terms, splits, word, amount);
    }

    /// @inheritdoc IOrderConsents
    function refundWithConsent(
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint256 amount,
        uint40 deadline,
        bytes calldata signature
    ) external {
        Lookup memory found = _find(0, terms);
        bytes32 orderId = found.orderId;
        OrderWord word = _requireFound(found);
        _requireSplits(orderId, terms, splits);
        require(block.timestamp <= deadline, IOrderEscrow.OrderExpired(orderId, deadline, block.timestamp));
        bytes32 consent = keccak256(
            abi.encode(REFUND_CONSENT_TYPEHASH, orderId, amount, word.capturable(), word.refundable(), deadline)
        );
        _requireSigned(orderId, REGISTRY.heirOf(terms.merchant), consent, signature);

        _refund(found, terms, splits, word, amount);
    }

    function _requireSigned(
        bytes32 orderId,
        address signer,
        bytes32 structHash,
        bytes calldata signature
    ) private view {
        require(
            signer != address(0) && Signatures.isSignedBy(signer, _hashTypedDataV4(structHash), signature),
            ConsentSignatureInvalid(orderId, signer)
        );
    }

    /// @dev Nothing can be charged back to a payee that did not accept the operator, so nothing is promised to it.
    function _requirePayees(bytes32 orderId, OrderTerms calldata terms, Split[] calldata splits) private view {
        require(
            splits.length != 0 && Splits.isValid(splits, terms.merchant),
            IOrderEscrow.OrderSplitsInvalid(orderId, terms.splitsHash, Splits.hash(splits))
        );
        bytes32 bookId = _bookIdOf(terms.operator, terms.token);
        for (uint256 i; i < splits.length; ++i) {
            AccountWord word = _accounts[bookId][splits[i].payee];
            _revertIf(_refuseStanding(splits[i].payee, word));
            require(
                word.has(AccountWordLibrary.ACCEPTS),
                IOrderEscrow.OrderOperatorNotAccepted(
                    splits[i].payee,
                    terms.operator,
                    AccountWordLibrary.ACCEPTS,
                    word.flags()
                )
            );
        }
    }
}
