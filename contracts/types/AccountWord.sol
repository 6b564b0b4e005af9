// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountBalanceLibrary} from "./AccountBalances.sol";
import {AccountStandingLibrary} from "./AccountStanding.sol";

/// @notice The hot word of one account at one operator in one token.
/// @dev From the least significant bit:
/// available u80 | pending u80 | fees u32 | openCycle u24 | kycUntil u16 | exposedUntil u16 | flags u8.
/// `fees` is what the operator earned on this merchant's captures since its last settlement. `openCycle` is the cycle
/// that the next capture of this merchant falls into: everything captured in an earlier one is settled. `kycUntil` is
/// in whole days since 1970, rounded down; `exposedUntil`, from when on no captured order can be disputed, in days
/// rounded up. Flags: bits 0 to 2 the participant's status, bit 3 merchant, bits 4 to 6 what the account lets this
/// operator do, bit 7 the cold word matters.
type AccountWord is uint256;

using AccountBalanceLibrary for AccountWord global;
using AccountStandingLibrary for AccountWord global;
using AccountWordLibrary for AccountWord global;

/// @notice Reading of hot words and changing of what is neither balance nor standing.
library AccountWordLibrary {
    uint256 internal constant STATUS_MASK = 7;
    uint256 internal constant MERCHANT = 8;
    uint256 internal constant ACCEPTS = 16;
    uint256 internal constant ACCEPTS_CHARGE = 32;
    uint256 internal constant ACCEPTS_MANDATE = 64;
    uint256 internal constant COLD = 128;

    uint256 internal constant MAX_FEES = type(uint32).max;

    uint256 private constant FEES_SHIFT = 160;
    uint256 private constant CYCLE_SHIFT = 192;
    uint256 private constant KYC_SHIFT = 216;
    uint256 private constant EXPOSED_SHIFT = 232;
    uint256 private constant FLAGS_SHIFT = 248;

    function available(AccountWord word) internal pure returns (uint256) {
        return uint80(AccountWord.unwrap(word));
    }

    function pending(AccountWord word) internal pure returns (uint256) {
        return uint80(AccountWord.unwrap(word) >> 80);
    }

    function fees(AccountWord word) internal pure returns (uint256) {
        return uint32(AccountWord.unwrap(word) >> FEES_SHIFT);
    }

    function openCycle(AccountWord word) internal pure returns (uint256) {
        return uint24(AccountWord.unwrap(word) >> CYCLE_SHIFT);
    }

    /// @notice The last second, the start of a day, at which the account's due diligence holds.
    function kycUntil(AccountWord word) internal pure returns (uint256) {
        // Cannot overflow: 16 bits of days.
        unchecked {
            return uint256(uint16(AccountWord.unwrap(word) >> KYC_SHIFT)) * 1 days;
        }
    }

    /// @notice The second from which no captured order of the account can be disputed.
    function exposedUntil(AccountWord word) internal pure returns (uint256) {
        return uint256(uint16(AccountWord.unwrap(word) >> EXPOSED_SHIFT)) * 1 days;
    }

    function flags(AccountWord word) internal pure returns (uint256) {
        return AccountWord.unwrap(word) >> FLAGS_SHIFT;
    }

    function status(AccountWord word) internal pure returns (uint8) {
        // Cannot truncate: masked to three bits.
        return uint8(flags(word) & STATUS_MASK);
    }

    function has(AccountWord word, uint256 flag) internal pure returns (bool) {
        return flags(word) & flag != 0;
    }

    /// @notice The word of an account that was settled: nothing pending, no fees, and a later open cycle.
    function settled(AccountWord word, uint256 available_, uint256 openCycle_) internal pure returns (AccountWord) {
        uint256 standing = (AccountWord.unwrap(word) >> KYC_SHIFT) << KYC_SHIFT;
        return AccountWord.wrap(standing | (openCycle_ << CYCLE_SHIFT) | available_);
    }

    /// @notice The same word, exposed to disputes until `second` at least; rounded up to the day.
    function withExposure(AccountWord word, uint256 second) internal pure returns (AccountWord) {
        uint256 day;
        // Cannot overflow: a quotient is less than the greatest number.
        unchecked {
            day = second / 1 days + 1;
        }
        if (day <= uint16(AccountWord.unwrap(word) >> EXPOSED_SHIFT)) return word;
        if (day > type(uint16).max) day = type(uint16).max;
        uint256 kept = AccountWord.unwrap(word) & ~(uint256(type(uint16).max) << EXPOSED_SHIFT);
        return AccountWord.wrap(kept | (day << EXPOSED_SHIFT));
    }

    function withOpenCycle(AccountWord word, uint256 openCycle_) internal pure returns (AccountWord) {
        uint256 kept = AccountWord.unwrap(word) & ~(uint256(type(uint24).max) << CYCLE_SHIFT);
        return AccountWord.wrap(kept | (openCycle_ << CYCLE_SHIFT));
    }

    /// @notice The same word, with the flag that tells of the cold word set or not.
    function withCold(AccountWord word, bool isCold) internal pure returns (AccountWord) {
        uint256 kept = AccountWord.unwrap(word) & (type(uint256).max >> 1);
        return AccountWord.wrap(isCold ? kept | (uint256(1) << 255) : kept);
    }
}
