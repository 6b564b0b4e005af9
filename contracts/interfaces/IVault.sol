// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Custody of one operator's tokens
/// @notice Moves tokens only on the call of the ledger that made it.
interface IVault {
    /// @notice Thrown when anyone but the ledger calls.
    error VaultForbidden(address caller);

    /// @notice Sends `amount` of `token` to `to`; reverts if the token does not confirm it.
    function pay(address token, address to, uint256 amount) external;
}
