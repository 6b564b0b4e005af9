// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Settlement cycles and payouts
interface ISettlementCycles {
    /// @notice A cycle of a book was cut off; the next closing is of the next one. Which captures a merchant's settlement
    /// covers is told by the merchant's own open cycle, see `AccountWord`. Time in Unix seconds.
    event CycleClosed(address indexed operator, address indexed token, uint256 indexed cycle, uint256 closedAt);

    /// @notice A merchant's pending money became available in a cycle. `net` is what was pending; debt repaid out of
    /// it is in the `DebtRepaid` event before this one.
    event NetSettled(
        address indexed operator,
        address indexed merchant,
        uint256 indexed cycle,
        address token,
        uint256 net,
        uint256 accountWord
    );

    /// @notice A merchant's available money was sent to its payout address.
    event PayoutPaid(
        address indexed operator,
        address indexed merchant,
        address token,
        address to,
        uint256 amount,
        uint256 accountWord
    );

    /// @notice A payout could not be sent; the money stays available. `reason` is the ABI-encoded cause, at most 256
    /// bytes of it.
    event PayoutHeld(
        address indexed operator,
        address indexed merchant,
        address token,
        address to,
        uint256 amount,
        bytes reason
    );

    /// @notice Thrown when the cycle is later than the open one. Cycles count from 1 in each book.
    error CycleNotOpen(uint256 cycle, uint256 openCycle);

    /// @notice Thrown when a payout is sent with too little gas to tell a failed transfer from a starved one.
    error PayoutGasTooLow(uint256 gas, uint256 required);

    /// @notice Settles what `merchants` have pending in `cycle`; the first call for the open cycle cuts it off.
    /// @dev Callable in chunks and in any order; a merchant settled before in this cycle is passed over. Caller: settler.
    function closeCycle(address operator, address token, uint256 cycle, address[] calldata merchants) external;

    /// @notice Sends each merchant's available money, less its debt, to its payout address.
    /// @dev A transfer that fails, or a merchant who may not receive, is held and stops nobody else. Caller: settler.
    function payout(address operator, address token, address[] calldata merchants) external;
}
