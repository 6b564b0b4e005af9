// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderProgressLibrary} from "./OrderProgress.sol";

/// @notice The whole state of an order in one storage word.
/// @dev From the least significant bit:
/// capturable u80 | refundable u80 | capturedAt u40 | cycle u32 | state u8 | flags u16.
/// `capturedAt` is the time of the last capture, moved forward by disputes since, from which the dispute window runs.
/// `cycle` is the merchant's open cycle at that capture. Flag bit 0: a dispute is open. Bit 1: the deadlines were shifted, by closed
/// disputes or by an extension.
/// Bits 8 to 15: disputes opened so far.
type OrderWord is uint256;

using OrderProgressLibrary for OrderWord global;
using OrderWordLibrary for OrderWord global;

/// @notice Reading and changing of order words; every amount is bounded by a uint80 that the caller has checked.
library OrderWordLibrary {
    uint8 internal constant NONE = 0;
    uint8 internal constant AUTHORIZED = 1;
    uint8 internal constant CAPTURED = 2;
    uint8 internal constant VOIDED = 3;
    uint8 internal constant RECLAIMED = 4;
    uint8 internal constant REFUNDED = 5;
    uint8 internal constant CANCELED = 6;

    uint16 internal constant DISPUTED = 1;
    uint16 internal constant SHIFTED = 2;

    function capturable(OrderWord word) internal pure returns (uint256) {
        return uint80(OrderWord.unwrap(word));
    }

    function refundable(OrderWord word) internal pure returns (uint256) {
        return uint80(OrderWord.unwrap(word) >> 80);
    }

    function capturedAt(OrderWord word) internal pure returns (uint256) {
        return uint40(OrderWord.unwrap(word) >> 160);
    }

    function cycle(OrderWord word) internal pure returns (uint256) {
        return uint32(OrderWord.unwrap(word) >> 200);
    }

    function state(OrderWord word) internal pure returns (uint8) {
        return uint8(OrderWord.unwrap(word) >> 232);
    }

    function flags(OrderWord word) internal pure returns (uint16) {
        return uint16(OrderWord.unwrap(word) >> 240);
    }

    function isDisputed(OrderWord word) internal pure returns (bool) {
        return flags(word) & DISPUTED != 0;
    }

    function isShifted(OrderWord word) internal pure returns (bool) {
        return flags(word) & SHIFTED != 0;
    }

    function disputeCount(OrderWord word) internal pure returns (uint256) {
        return OrderWord.unwrap(word) >> 248;
    }

    function pack(
        uint256 capturable_,
        uint256 refundable_,
        uint256 capturedAt_,
        uint256 cycle_,
        uint256 state_,
        uint256 flags_
    ) internal pure returns (OrderWord) {
        return
            OrderWord.wrap(
                capturable_ |
                    (refundable_ << 80) |
                    (capturedAt_ << 160) |
                    (cycle_ << 200) |
                    (state_ << 232) |
                    (flags_ << 240)
            );
    }

    /// @notice The same word with other amounts and another state.
    function withAmounts(
        OrderWord word,
        uint256 capturable_,
        uint256 refundable_,
        uint256 state_
    ) internal pure returns (OrderWord) {
        return pack(capturable_, refundable_, capturedAt(word), cycle(word), state_, flags(word));
    }

    /// @notice The same word with other flags.
    function withFlags(OrderWord word, uint256 flags_) internal pure returns (OrderWord) {
        return OrderWord.wrap((OrderWord.unwrap(word) & ~(uint256(0xffff) << 240)) | (flags_ << 240));
    }

    /// @notice The same word with another time of the last capture.
    function withCapturedAt(OrderWord word, uint256 capturedAt_) internal pure returns (OrderWord) {
        uint256 kept = OrderWord.unwrap(word) & ~(uint256(type(uint40).max) << 160);
        return OrderWord.wrap(kept | (capturedAt_ << 160));
    }
}
