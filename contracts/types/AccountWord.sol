// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The hot word of one account at one operator in one token.
/// @dev From the least significant bit: available u88 | pending u88 | flags u16 | kycUntil u40 | openCycle u24.
/// Flags: bits 0 to 2 the participant's status, bit 3 merchant, bits 4 to 6 what the merchant lets this operator do.
/// `openCycle` is the cycle that the next capture of this merchant falls into: everything captured in an earlier one
/// is settled.
type AccountWord is uint256;

/// @notice The cold word of one account, touched only where money is short or held back.
/// @dev From the least significant bit: debt u80 | reserve u88 | lastExposure u40 | holdbackBps u16 | delay u16.
type ColdWord is uint256;

using AccountWordLibrary for AccountWord global;
using ColdWordLibrary for ColdWord global;

/// @notice Reading and changing of hot words. Additions cannot overflow: a book never owes more than a uint88
/// (see `Accounts`), and no account holds more than its book owes.
library AccountWordLibrary {
    uint16 internal constant STATUS_MASK = 7;
    uint16 internal constant MERCHANT = 8;
    uint16 internal constant ACCEPTS = 16;
    uint16 internal constant ACCEPTS_CHARGE = 32;
    uint16 internal constant ACCEPTS_MANDATE = 64;

    uint256 private constant AMOUNT_MASK = type(uint88).max;

    function available(AccountWord word) internal pure returns (uint256) {
        return uint88(AccountWord.unwrap(word));
    }

    function pending(AccountWord word) internal pure returns (uint256) {
        return uint88(AccountWord.unwrap(word) >> 88);
    }

    function flags(AccountWord word) internal pure returns (uint16) {
        return uint16(AccountWord.unwrap(word) >> 176);
    }

    function status(AccountWord word) internal pure returns (uint8) {
        return uint8(flags(word) & STATUS_MASK);
    }

    function kycUntil(AccountWord word) internal pure returns (uint256) {
        return uint40(AccountWord.unwrap(word) >> 192);
    }

    function openCycle(AccountWord word) internal pure returns (uint256) {
        return AccountWord.unwrap(word) >> 232;
    }

    function has(AccountWord word, uint16 flag) internal pure returns (bool) {
        return flags(word) & flag != 0;
    }

    function withBalances(AccountWord word, uint256 available_, uint256 pending_) internal pure returns (AccountWord) {
        return AccountWord.wrap(((AccountWord.unwrap(word) >> 176) << 176) | (pending_ << 88) | available_);
    }

    function withStanding(AccountWord word, uint256 flags_, uint256 kycUntil_) internal pure returns (AccountWord) {
        uint256 kept = AccountWord.unwrap(word) & ~(uint256(type(uint56).max) << 176);
        return AccountWord.wrap(kept | (flags_ << 176) | (kycUntil_ << 192));
    }

    function withOpenCycle(AccountWord word, uint256 openCycle_) internal pure returns (AccountWord) {
        return AccountWord.wrap(uint256(uint232(AccountWord.unwrap(word))) | (openCycle_ << 232));
    }
}

/// @notice Reading and changing of cold words.
library ColdWordLibrary {
    function debt(ColdWord word) internal pure returns (uint256) {
        return uint80(ColdWord.unwrap(word));
    }

    function reserve(ColdWord word) internal pure returns (uint256) {
        return uint88(ColdWord.unwrap(word) >> 80);
    }

    function withDebt(ColdWord word, uint256 debt_) internal pure returns (ColdWord) {
        return ColdWord.wrap(((ColdWord.unwrap(word) >> 80) << 80) | debt_);
    }
}
