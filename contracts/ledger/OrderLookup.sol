// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {OrderTerms, OrderTermsHash} from "../types/OrderTerms.sol";
import {OrderWord, OrderWordLibrary} from "../types/OrderWord.sol";
import {Split, Splits} from "../types/Splits.sol";
import {TermsWords} from "../types/TermsWords.sol";
import {WordSlot} from "../types/WordSlot.sol";
import {Obligations} from "./Obligations.sol";

/// @title Where an order and its accounts are stored
/// @dev Hashing is half of what an order of a batch would cost beside its storage, so all of it is here, once per order.
abstract contract OrderLookup is Obligations {
    using OrderTermsHash for OrderTerms;

    /// @dev What was looked up for the order at hand, and what all orders of a call have in common.
    struct Lookup {
        bytes32 domainSeparator;
        uint256 authority;
        uint256 operator;
        uint256 token;
        /// Where the hot words of the book of operator and token are.
        WordSlot accounts;
        bytes32 orderId;
        WordSlot orderSlot;
        WordSlot merchantSlot;
        /// As it was when the order was let in.
        AccountWord merchantWord;
        WordSlot payerSlot;
        AccountWord payerWord;
    }

    function _orderIdOf(OrderTerms calldata terms) internal view returns (bytes32) {
        return OrderTermsHash.orderId(_domainSeparatorV4(), terms);
    }

    /// @dev Of a call whose caller has this authority.
    function _lookup(uint256 authority) internal view returns (Lookup memory found) {
        found.domainSeparator = _domainSeparatorV4();
        found.authority = authority;
        // Until an order is found, the accounts of no book: nothing is stored under this.
        found.accounts = WordSlot.wrap(bytes32(type(uint256).max));
    }

    /// @dev Looks the order up. Its book is hashed only if it is another one than that of the order before.
    function _find(Lookup memory found, OrderTerms calldata terms) internal pure {
        TermsWords calldata words = terms.words();
        bytes32 orderId = OrderTermsHash.orderId(found.domainSeparator, terms);
        found.orderId = orderId;
        found.orderSlot = _slotOfOrder(orderId);
        uint256 operator = words.operator;
        uint256 token = words.token;
        if ((operator ^ found.operator) | (token ^ found.token) != 0) {
            found.operator = operator;
            found.token = token;
            // As `_bookIdOf`, but for the cleaning: operator or token with dirty upper bits have no book, and nobody in it.
            found.accounts = _accountsOf(WordSlot.unwrap(WordSlot.wrap(bytes32(token)).ofKey(operator)));
        }
        found.merchantSlot = found.accounts.ofKey(words.merchant);
    }

    function _find(uint256 authority, OrderTerms calldata terms) internal view returns (Lookup memory found) {
        found = _lookup(authority);
        _find(found, terms);
    }

    function _requireOrder(OrderTerms calldata terms) internal view returns (bytes32 orderId, OrderWord word) {
        orderId = _orderIdOf(terms);
        word = _orders[orderId];
        _requireKnown(orderId, word);
    }

    /// @dev The word of an order that was looked up.
    function _requireFound(Lookup memory found) internal view returns (OrderWord word) {
        word = OrderWord.wrap(found.orderSlot.load());
        _requireKnown(found.orderId, word);
    }

    function _shiftOf(bytes32 orderId, OrderWord word) internal view returns (uint256) {
        return word.isShifted() ? _shifts[orderId] : 0;
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

    function _requireKnown(bytes32 orderId, OrderWord word) private pure {
        require(
            word.state() != OrderWordLibrary.NONE && word.state() != OrderWordLibrary.CANCELED,
            IOrderEscrow.OrderUnknown(orderId)
        );
    }

    function _slotOfOrder(bytes32 orderId) private pure returns (WordSlot) {
        WordSlot orders;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            orders := _orders.slot
        }
        return orders.ofKey(uint256(orderId));
    }
}
