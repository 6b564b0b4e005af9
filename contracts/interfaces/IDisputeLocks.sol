// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms} from "../types/OrderTerms.sol";

/// @title What a dispute locks and how a ruling is paid
/// @notice Only the court calls the functions that change anything.
interface IDisputeLocks {
    /// @notice What a dispute holds. `captured` and `held` are the disputed parts of captured and of held money;
    /// `lockedPending` and `lockedAvailable` what was taken from the merchant while the book's open cycle was
    /// `lockedCycle`. Only `court` can have it paid. Time in Unix seconds.
    struct Lock {
        uint80 captured;
        uint80 held;
        uint40 lockedAt;
        uint88 lockedPending;
        uint88 lockedAvailable;
        uint24 lockedCycle;
        address court;
    }

    /// @notice A dispute took hold of money. Amounts in token base units.
    event DisputeLocked(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed merchant,
        uint256 captured,
        uint256 held,
        uint256 lockedPending,
        uint256 lockedAvailable,
        uint256 lockedCycle,
        uint256 orderWord,
        uint256 merchantWord
    );

    /// @notice A ruling was paid. `awarded` came from captured money, `voided` from held money, `feeReturned` from the
    /// fee receiver.
    event DisputePaid(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed merchant,
        uint256 payerBps,
        uint256 awarded,
        uint256 voided,
        uint256 feeReturned,
        address feeReceiver,
        uint256 orderWord,
        uint256 payerWord,
        uint256 merchantWord,
        uint256 feeReceiverWord
    );

    /// @notice Thrown when a dispute asks for more than the order has.
    error DisputeExceedsOrder(bytes32 orderId, uint256 requested, uint256 remaining);

    /// @notice Thrown when the dispute window over captured money has closed. Times in Unix seconds.
    error DisputeWindowClosed(bytes32 orderId, uint256 closedAt, uint256 nowSeconds);

    /// @notice Thrown when no dispute of this order is open.
    error DisputeNotOpen(bytes32 orderId);

    /// @notice Thrown when the order was disputed too often.
    error DisputeTooMany(bytes32 orderId, uint256 limit);

    /// @notice Thrown when another court than the one that locked the money wants it paid.
    error DisputeCourtWrong(bytes32 disputeId, address caller, address court);

    /// @notice Locks `amount` of an order, captured money first, and stops the order's clock.
    function lockDispute(
        OrderTerms calldata terms,
        uint256 amount
    ) external returns (bytes32 disputeId, bytes32 orderId);

    /// @notice Pays `floor(amount * payerBps / 10,000)` to the payer, releases the rest and restarts the clock.
    /// @dev A court that was replaced still pays out what it locked, so no dispute is stranded.
    function payDispute(OrderTerms calldata terms, uint256 payerBps) external returns (bytes32 disputeId);

    /// @notice What the dispute holds; zeros once it is paid.
    function lockOf(bytes32 disputeId) external view returns (Lock memory);

    /// @notice Seconds by which closed disputes moved the order's deadlines.
    function shiftOf(bytes32 orderId) external view returns (uint256);
}
