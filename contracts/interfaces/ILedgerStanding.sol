// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the participant registry asks of the ledger
interface ILedgerStanding {
    /// @notice Copies the registry's standing of `account` into its account words.
    function refresh(address account) external;

    /// @notice Reverts while the ledger still holds, owes or may yet owe anything on behalf of `account`.
    /// @dev Asked once, when `account` closes.
    /// @param closingSince When the account stopped taking new orders, in Unix seconds.
    function requireClosable(address account, uint256 closingSince) external view;
}
