// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderWord, OrderWordLibrary} from "./OrderWord.sol";

/// @notice The steps that nearly all orders take, and no other: held whole, then captured.
library OrderProgressLibrary {
    /// @notice Whether money is held and nothing is special: no dispute is open, no deadline was shifted.
    function isPlainlyHeld(OrderWord word) internal pure returns (bool) {
        return (OrderWord.unwrap(word) >> 232) & 0x3ff == OrderWordLibrary.AUTHORIZED;
    }

    /// @notice The word of a new order, which holds `amount`.
    function opened(uint256 amount) internal pure returns (OrderWord) {
        return OrderWord.wrap(amount | (uint256(OrderWordLibrary.AUTHORIZED) << 232));
    }

    /// @notice The same word after a capture of `amount`, which the caller knows to be capturable.
    function captured(
        OrderWord word,
        uint256 amount,
        uint256 capturedAt_,
        uint256 cycle_
    ) internal pure returns (OrderWord) {
        // Cannot overflow or underflow: amounts of an order add up to a uint80 at most.
        unchecked {
            uint256 raw = OrderWord.unwrap(word) - amount + (amount << 80);
            uint256 kept = raw & (uint256(type(uint160).max) | (uint256(type(uint16).max) << 240));
            uint256 state_ = OrderWordLibrary.AUTHORIZED;
            // Captured, once nothing is capturable, is the state after Authorized. 80 bits are capturable.
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                state_ := add(state_, iszero(shl(176, raw)))
            }
            return OrderWord.wrap(kept | (capturedAt_ << 160) | (cycle_ << 200) | (state_ << 232));
        }
    }
}
