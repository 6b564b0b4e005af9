// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What an account owes and what is kept against it
interface IObligations {
    /// @notice Part of a capture was kept in reserve for the delay of the order's holdback class.
    event ReserveWithheld(
        bytes32 indexed orderId,
        address indexed account,
        address indexed operator,
        address token,
        uint256 holdbackClass,
        uint256 amount,
        uint256 coldWord
    );

    /// @notice Reserve whose delay is over became pending.
    event ReserveReleased(
        address indexed operator,
        address indexed account,
        address token,
        uint256 holdbackClass,
        uint256 amount,
        uint256 coldWord,
        uint256 accountWord
    );

    /// @notice Reserve paid what the account's other balances could not.
    event ReserveDrawn(
        address indexed operator,
        address indexed account,
        address token,
        uint256 amount,
        uint256 coldWord
    );

    /// @notice An award, or part of one, could not be paid yet; it waits ahead of the account's payouts.
    event AwardDeferred(
        address indexed operator,
        address indexed account,
        address indexed payer,
        address token,
        bytes32 orderId,
        uint256 amount,
        uint256 totalUnpaid
    );

    /// @notice A waiting award, or part of one, was paid.
    event AwardPaid(
        address indexed operator,
        address indexed account,
        address indexed payer,
        address token,
        bytes32 orderId,
        uint256 amount,
        uint256 totalUnpaid,
        uint256 payerWord
    );

    /// @notice A waiting award went over to the successor of a recovered account; an `AwardDeferred` of the successor
    /// follows. `totalUnpaid` is what the recovered account still owes.
    event AwardMoved(
        address indexed operator,
        address indexed account,
        address indexed successor,
        address token,
        address payer,
        bytes32 orderId,
        uint256 amount,
        uint256 totalUnpaid
    );

    /// @notice A recovered account was short, and got back from its successor what had gone there: so much of its
    /// pending and of its available money.
    event SuccessorDrawn(
        address indexed operator,
        address indexed account,
        address indexed successor,
        address token,
        uint256 pending,
        uint256 available,
        uint256 accountWord,
        uint256 successorWord
    );

    /// @notice Available money of an account went to what it owed; the events before this say to whom.
    event ObligationsMet(
        address indexed operator,
        address indexed account,
        address token,
        uint256 amount,
        uint256 accountWord
    );

    /// @notice Moves matured reserve of an account into its pending balance. Anyone may call.
    function releaseReserve(address operator, address token, address account) external;

    /// @notice Pays an account's waiting awards, then its debt, out of its available money. Anyone may call.
    function meetObligations(address operator, address token, address account) external;

    /// @notice What a holdback class withholds from an account, by bucket, and the last period it withheld in.
    function reserveOf(
        address operator,
        address token,
        address account,
        uint256 holdbackClass
    ) external view returns (uint80[8] memory buckets, uint256 period);

    /// @notice How many awards an account owes, and their sum.
    function unpaidAwardsOf(
        address operator,
        address token,
        address account
    ) external view returns (uint256 count, uint256 total);
}
