// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title An allow-listed way for payers' money to come in
interface ICollector {
    /// @notice Thrown when anyone but the ledger calls.
    error CollectorNotLedger(address caller);

    /// @notice Brings exactly `amount` of `token` from `payer` into `vault` for an order that the payer signed.
    function collect(
        bytes32 orderId,
        address token,
        address payer,
        address vault,
        uint256 amount,
        bytes calldata data
    ) external;
}
