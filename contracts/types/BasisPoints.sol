// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Shares in basis points (1/10,000), with the rounding direction in the name.
library BasisPoints {
    uint256 internal constant ONE = 10_000;

    /// @notice `amount * bps / 10,000`, rounded down.
    /// @dev Cannot overflow: `amount` is at most a uint88 and `bps` a uint16.
    function shareDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return (amount * bps) / ONE;
        }
    }

    /// @notice The fee on `amount` of net captured money: `fixedFee` plus a share rounded down, never above `amount`, so
    /// none on nothing.
    /// @dev Taken of the cumulative amount, so many small captures pay what one large capture pays.
    function feeDown(uint256 amount, uint256 bps, uint256 fixedFee) internal pure returns (uint256) {
        // Cannot overflow: `fixedFee` is at most a uint80.
        unchecked {
            uint256 fee = fixedFee + shareDown(amount, bps);
            // The lesser of the two, without a branch.
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                fee := xor(amount, mul(xor(amount, fee), lt(fee, amount)))
            }
            return fee;
        }
    }
}
