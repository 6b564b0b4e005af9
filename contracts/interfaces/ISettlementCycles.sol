// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Settlement cycles and payouts
interface ISettlementCycles {
    /// @notice A cycle as stored: when it was cut off and last settled in (Unix seconds), how many statements it has,
    /// the sum of their nets and, once published, the root over them.
    struct Cycle {
        uint40 closedAt;
        uint40 settledAt;
        uint32 statements;
        uint80 net;
        bytes32 root;
    }

    /// @notice A cycle of a book was cut off; the next closing is of the next one. Which captures a merchant's settlement
    /// covers is told by the merchant's own open cycle, see `AccountWord`. Time in Unix seconds.
    event CycleClosed(address indexed operator, address indexed token, uint256 indexed cycle, uint256 closedAt);

    /// @notice A merchant's pending money became available in a cycle. `net` is what was pending, with what left the
    /// reserve; awards and debt paid out of it are in the events before this. `fees` went to the operator.
    event NetSettled(
        address indexed operator,
        address indexed merchant,
        uint256 indexed cycle,
        address token,
        uint256 net,
        uint256 fees,
        uint256 accountWord
    );

    /// @notice The fees of the merchants just settled became the operator's available money.
    event FeesSettled(
        address indexed operator,
        address indexed token,
        uint256 indexed cycle,
        uint256 fees,
        uint256 operatorWord
    );

    /// @notice The root over a cycle's statements was published; the cycle takes no further statement.
    event StatementsPublished(
        address indexed operator,
        address indexed token,
        uint256 indexed cycle,
        uint256 statements,
        uint256 net,
        bytes32 root
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

    /// @notice Thrown when a cycle's root was published before, or is empty, or the cycle is still open.
    error CycleNotPublishable(uint256 cycle, bytes32 root);

    /// @notice Thrown when a payout is sent with too little gas to tell a failed transfer from a starved one.
    error PayoutGasTooLow(uint256 gas, uint256 required);

    /// @notice Settles what `merchants` have pending in `cycle`; the first call for the open cycle cuts it off.
    /// @dev Callable in chunks and in any order; a merchant settled before in this cycle is passed over. Caller: settler.
    function closeCycle(address operator, address token, uint256 cycle, address[] calldata merchants) external;

    /// @notice Publishes the root over the statements of a closed cycle, once. Caller: settler.
    /// @dev The nets are the contract's own and in the log, so that a root over other sums can be refuted by anyone.
    function publishStatements(address operator, address token, uint256 cycle, bytes32 root) external;

    /// @notice Sends each merchant's available money, less its debt, to its payout address.
    /// @dev A transfer that fails, or a merchant who may not receive, is held and stops nobody else. Caller: settler.
    function payout(address operator, address token, address[] calldata merchants) external;

    /// @notice A cycle as stored.
    function cycleOf(address operator, address token, uint256 cycle) external view returns (Cycle memory);
}
