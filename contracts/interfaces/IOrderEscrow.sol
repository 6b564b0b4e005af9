// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms} from "../types/OrderTerms.sol";

/// @title The life of an order: hold, capture, give back
/// @notice An order is known by the EIP-712 digest of its terms; every call brings the terms and is checked against
/// that id. The order's whole state is one word, see `OrderWord`. Events carry the resulting words.
interface IOrderEscrow {
    /// @notice The payer's money is held for an order. Amounts in token base units.
    event OrderAuthorized(
        bytes32 indexed orderId,
        address indexed merchant,
        address indexed payer,
        address operator,
        address token,
        uint256 amount,
        uint256 feeBps,
        uint256 fixedFee,
        uint256 orderWord,
        uint256 payerWord
    );

    /// @notice Held money became money owed to the merchant. `fee` is what this capture added to the order's fee: it is
    /// in the merchant's word if the operator is the fee receiver, else in a `FeeAccrued` before this. Operator and token
    /// are those of the order's `OrderAuthorized`.
    event OrderCaptured(
        bytes32 indexed orderId,
        address indexed merchant,
        uint256 amount,
        uint256 fee,
        uint256 orderWord,
        uint256 merchantWord
    );

    /// @notice A fee was credited to an account of its own: `isAvailable` tells to which balance.
    event FeeAccrued(
        bytes32 indexed orderId,
        address indexed feeReceiver,
        address indexed operator,
        address token,
        uint256 fee,
        bool isAvailable,
        uint256 feeReceiverWord
    );

    /// @notice A fee, or a payee's share, was taken back from an account for a refund or an award.
    event ShareReturned(
        bytes32 indexed orderId,
        address indexed account,
        address indexed operator,
        address token,
        uint256 amount,
        uint256 accountWord
    );

    /// @notice A payee's share of a capture was credited to its pending balance.
    event SplitAccrued(
        bytes32 indexed orderId,
        address indexed payee,
        address indexed operator,
        address token,
        uint256 amount,
        uint256 payeeWord
    );

    /// @notice Held money was given back to the payer by the operator or the merchant.
    event OrderVoided(
        bytes32 indexed orderId,
        address indexed merchant,
        address indexed payer,
        address operator,
        address token,
        uint256 amount,
        uint256 orderWord,
        uint256 payerWord
    );

    /// @notice The payer took back what was not captured in time.
    event OrderReclaimed(
        bytes32 indexed orderId,
        address indexed merchant,
        address indexed payer,
        address operator,
        address token,
        uint256 amount,
        uint256 orderWord,
        uint256 payerWord
    );

    /// @notice Captured money went back to the payer. `feeReturned` is the fee on it, taken from the merchant's word or
    /// from accounts in `ShareReturned` events before this.
    event OrderRefunded(
        bytes32 indexed orderId,
        address indexed merchant,
        address indexed payer,
        address operator,
        address token,
        uint256 amount,
        uint256 feeReturned,
        uint256 orderWord,
        uint256 payerWord,
        uint256 merchantWord
    );

    /// @notice An item of a batch was refused; `reason` is the ABI-encoded error of the single call.
    event OrderSkipped(bytes32 indexed orderId, bytes reason);

    /// @notice Thrown when the order's id is already in use.
    error OrderAlreadyExists(bytes32 orderId);

    /// @notice Thrown when no such order was ever authorized.
    error OrderUnknown(bytes32 orderId);

    /// @notice Thrown when the order's amount, fee or parties cannot be accepted. `field` names the member of the terms.
    error OrderTermsInvalid(bytes32 orderId, string field);

    /// @notice Thrown when the payer did not sign the terms.
    error OrderSignatureInvalid(bytes32 orderId, address payer);

    /// @notice Thrown when a moment of the terms has passed. Times in Unix seconds.
    error OrderExpired(bytes32 orderId, uint256 deadline, uint256 nowSeconds);

    /// @notice Thrown when the payer's right has not begun. Times in Unix seconds.
    error OrderNotReclaimable(bytes32 orderId, uint256 reclaimFrom, uint256 nowSeconds);

    /// @notice Thrown when the merchant lets this operator do less than the call needs; scopes as account-word flags.
    error OrderOperatorNotAccepted(address merchant, address operator, uint256 required, uint256 accepted);

    /// @notice Thrown when a capture or void asks for more than the order still holds.
    error OrderExceedsCapturable(bytes32 orderId, uint256 requested, uint256 capturable);

    /// @notice Thrown when a refund asks for more than was captured and not yet given back or disputed.
    error OrderExceedsRefundable(bytes32 orderId, uint256 requested, uint256 refundable);

    /// @notice Thrown when an open dispute stands in the way.
    error OrderDisputed(bytes32 orderId);

    /// @notice Thrown when a batch's arrays differ in length.
    error OrderLengthMismatch(uint256 items, uint256 others);

    /// @notice Thrown when the splits are not those that the payer signed, or there are more, or worse, than allowed.
    error OrderSplitsInvalid(bytes32 orderId, bytes32 signed, bytes32 given);

    /// @notice Holds the payer's available money for an order the payer signed.
    /// @dev Caller: a key of the operator named in the terms.
    function authorize(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId);

    /// @notice Holds money that the payer sends along by an ERC-3009 `ReceiveWithAuthorization` to the operator's vault
    /// with the order's id as nonce, valid after 0 and before `authorizeBy + 1`: one signature pays and agrees.
    /// @dev Anyone may call: the payer signed everything that matters. `signature` is r, s, v in 65 bytes.
    function authorizeByTransfer(
        OrderTerms calldata terms,
        bytes calldata signature
    ) external returns (bytes32 orderId);

    /// @notice Authorizes many orders. A refused item is skipped with `OrderSkipped`, or reverts all if `atomic`.
    function authorizeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external;

    /// @notice Holds and captures the whole amount in one step, where the merchant lets the operator charge.
    function charge(OrderTerms calldata terms, bytes calldata signature) external returns (bytes32 orderId);

    /// @notice Charges many orders; items are refused as in `authorizeBatch`.
    function chargeBatch(OrderTerms[] calldata terms, bytes[] calldata signatures, bool atomic) external;

    /// @notice Moves `amount` of the held money into the merchant's open settlement cycle, until `captureBy`.
    /// @dev Warning: a capture cannot be voided; only a refund or a ruling reverses it.
    function capture(OrderTerms calldata terms, uint256 amount) external;

    /// @notice Captures many orders; items are refused as in `authorizeBatch`.
    function captureBatch(OrderTerms[] calldata terms, uint256[] calldata amounts, bool atomic) external;

    /// @notice Gives `amount` of the held money back to the payer. Caller: operator's key or merchant.
    function void(OrderTerms calldata terms, uint256 amount) external;

    /// @notice Gives all held money back to the payer from `reclaimFrom` on. Anyone may call.
    function reclaim(OrderTerms calldata terms) external;

    /// @notice Returns `amount` of captured money to the payer until `refundBy`, with the fee on it. What merchant or
    /// fee receiver lack is paid by the guarantee fund and becomes their debt.
    /// @dev Caller: the merchant, or a key of the operator where the merchant gave it the mandate.
    function refund(OrderTerms calldata terms, uint256 amount) external;

    /// @notice The EIP-712 domain separator under which orders are signed.
    function domainSeparator() external view returns (bytes32);

    /// @notice The id of an order: the EIP-712 digest of its terms.
    function orderIdOf(OrderTerms calldata terms) external view returns (bytes32);

    /// @notice The order's word, as in `OrderWord`; 0 if it does not exist.
    function orderWord(bytes32 orderId) external view returns (uint256);
}
