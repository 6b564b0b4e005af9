// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms} from "../types/OrderTerms.sol";
import {Split} from "../types/Splits.sol";

/// @title What the parties of an order agree to beyond its terms, proofs of delivery, and orders of several payees
interface IOrderConsents {
    /// @notice The deadlines of an order moved by `seconds_` more than before. Times in Unix seconds.
    event OrderExtended(
        bytes32 indexed orderId,
        address indexed merchant,
        address indexed payer,
        uint256 captureBy,
        uint256 shiftedBy,
        uint256 orderWord
    );

    /// @notice The payer made an order id unusable before it was used.
    event OrderCanceled(bytes32 indexed orderId, address indexed merchant, address indexed payer, uint256 orderWord);

    /// @notice The key named in the terms signed that the goods arrived. Time in Unix seconds.
    event DeliveryProven(bytes32 indexed orderId, address indexed deliveryKey, uint256 deliveredAt, bytes32 location);

    /// @notice Money came in through a collector for an order.
    event OrderCollected(bytes32 indexed orderId, address indexed collector, uint256 amount);

    /// @notice Thrown when a party did not sign what is submitted in its name.
    error ConsentSignatureInvalid(bytes32 orderId, address signer);

    /// @notice Thrown when an extension is not later than what holds, or too late. Times in Unix seconds.
    error OrderExtensionInvalid(bytes32 orderId, uint256 requested, uint256 present, uint256 limit);

    /// @notice Thrown when a proof tells of a delivery in the future or after `captureBy`. Times in Unix seconds.
    error DeliveryTimeInvalid(bytes32 orderId, uint256 deliveredAt, uint256 captureBy, uint256 nowSeconds);

    /// @notice Thrown when the collector is not allowed.
    error CollectorForbidden(address collector);

    /// @notice Raises `captureBy`, and every later deadline by as much. Anyone may call with both signatures, the
    /// payer's and the merchant's, on EIP-712 `Extension(bytes32 orderId,uint40 captureBy)`.
    function extend(
        OrderTerms calldata terms,
        uint40 captureBy,
        bytes calldata payerSignature,
        bytes calldata merchantSignature
    ) external;

    /// @notice Makes an unused order id unusable. Caller: the payer, or anyone with its signature on EIP-712
    /// `Cancel(bytes32 orderId)`.
    function cancel(OrderTerms calldata terms, bytes calldata signature) external;

    /// @notice Refunds with the merchant's signature on EIP-712 `RefundConsent(bytes32 orderId,uint256 amount,
    /// uint256 capturable,uint256 refundable,uint40 deadline)`, the amounts as the order has them now. Anyone may call.
    /// @dev A refund lowers what is capturable and refundable together for ever, so no consent can be used twice.
    function refundWithConsent(
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint256 amount,
        uint40 deadline,
        bytes calldata signature
    ) external;

    /// @notice Captures all that is held with a proof of delivery, EIP-712 `Delivery(bytes32 orderId,
    /// uint40 deliveredAt,bytes32 location)` by the terms' `deliveryKey`, until `captureBy`. Anyone may call.
    function captureDelivered(
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint40 deliveredAt,
        bytes32 location,
        bytes calldata signature
    ) external;

    /// @notice Holds money that an allowed collector brings in from the payer, who signed the terms.
    /// @dev Caller: a key of the operator. `data` is the collector's own.
    function authorizeThrough(
        OrderTerms calldata terms,
        bytes calldata signature,
        address collector,
        bytes calldata data
    ) external returns (bytes32 orderId);

    /// @notice As `authorize`, for terms that name payees by `splitsHash`. Each payee must have accepted the operator.
    function authorizeWithSplits(
        OrderTerms calldata terms,
        Split[] calldata splits,
        bytes calldata signature
    ) external returns (bytes32 orderId);

    /// @notice As `capture`; each payee's share is of all that was ever captured and not given back, rounded down, and
    /// the rest is the merchant's.
    function captureWithSplits(OrderTerms calldata terms, Split[] calldata splits, uint256 amount) external;

    /// @notice As `refund`; each payee gives its share of it back.
    function refundWithSplits(OrderTerms calldata terms, Split[] calldata splits, uint256 amount) external;
}
