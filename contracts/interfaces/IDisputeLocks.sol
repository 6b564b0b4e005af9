// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms} from "../types/OrderTerms.sol";
import {Split} from "../types/Splits.sol";

/// @title What a dispute locks and how its outcome is paid
/// @notice Only the court that opened a dispute can have it paid.
interface IDisputeLocks {
    /// @notice What a dispute holds. `captured` is the disputed part of captured money; the rest of the disputed amount
    /// is held money. `lockedPending` was taken from the merchant while the book's open cycle was `lockedCycle`. With
    /// `hasMore`, `lockedAvailable` and `lockedReserve` were taken as well. `court` counts the courts. Time in Unix
    /// seconds.
    struct Lock {
        uint80 captured;
        uint80 lockedPending;
        uint40 lockedAt;
        uint24 lockedCycle;
        uint8 court;
        bool hasMore;
        uint80 lockedAvailable;
        uint80 lockedReserve;
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
        uint256 lockedReserve,
        uint256 lockedCycle,
        uint256 orderWord,
        uint256 merchantWord
    );

    /// @notice An account put up a bond.
    event BondTaken(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed account,
        uint256 amount,
        uint256 bond,
        uint256 accountWord
    );

    /// @notice Part of a bond went to an account.
    event BondPaid(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed account,
        uint256 amount,
        uint256 bond,
        uint256 accountWord
    );

    /// @notice The outcome was paid. `awarded` came from captured money, `voided` from held money, `feeReturned` is the
    /// fee on `awarded`; what the merchant could not pay is in `AwardDeferred` events before this.
    event DisputePaid(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed merchant,
        uint256 awarded,
        uint256 voided,
        uint256 feeReturned,
        uint256 deferred,
        uint256 orderWord,
        uint256 payerWord,
        uint256 merchantWord
    );

    /// @notice Thrown when a dispute asks for more than the order has, or an award for more than the dispute.
    error DisputeExceedsOrder(bytes32 orderId, uint256 requested, uint256 remaining);

    /// @notice Thrown when the dispute window over captured money has closed. Times in Unix seconds.
    error DisputeWindowClosed(bytes32 orderId, uint256 closedAt, uint256 nowSeconds);

    /// @notice Thrown when no dispute of this order is open.
    error DisputeNotOpen(bytes32 orderId);

    /// @notice Thrown when the order was disputed too often.
    error DisputeTooMany(bytes32 orderId, uint256 limit);

    /// @notice Thrown when another court than the one that locked the money calls.
    error DisputeCourtWrong(bytes32 disputeId, address caller, address court);

    /// @notice Thrown when more of a bond is to be paid than there is, or the lists differ in length.
    error DisputeBondExceeded(bytes32 disputeId, uint256 requested, uint256 bond);

    /// @notice Locks `amount` of an order, captured money first, stops the order's clock and takes a bond of the payer.
    function lockDispute(
        OrderTerms calldata terms,
        uint256 amount,
        uint256 bond
    ) external returns (bytes32 orderId, uint256 ordinal);

    /// @notice Adds to the bond of the order's open dispute out of an account's available money.
    function addBond(OrderTerms calldata terms, address account, uint256 amount) external;

    /// @notice Pays accounts out of the bond of the order's open dispute.
    function payBond(OrderTerms calldata terms, address[] calldata accounts, uint256[] calldata amounts) external;

    /// @notice Pays `award` of the disputed `amount` to the payer, releases the rest, gives what is left of the bond to
    /// the payer and restarts the clock.
    /// @dev A court that was replaced still pays out what it locked, so no dispute is stranded.
    function payDispute(
        OrderTerms calldata terms,
        Split[] calldata splits,
        uint256 award
    ) external returns (bytes32 disputeId);

    /// @notice What the dispute holds; zeros once it is paid.
    function lockOf(bytes32 disputeId) external view returns (Lock memory);

    /// @notice The bond of a dispute.
    function bondOf(bytes32 disputeId) external view returns (uint256);

    /// @notice Seconds by which closed disputes and extensions moved the order's deadlines.
    function shiftOf(bytes32 orderId) external view returns (uint256);
}
