// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cold word of one account, touched only where money is short or held back.
/// @dev From the least significant bit: debt u80 | reserve u80 | classes u8 | unpaid awards u8 (0 or 1). `classes` has a
/// bit for each holdback class with money in reserve.
type ColdWord is uint256;

using ColdWordLibrary for ColdWord global;

/// @notice Reading and changing of cold words.
library ColdWordLibrary {
    uint256 private constant AMOUNT_MASK = type(uint80).max;

    function debt(ColdWord word) internal pure returns (uint256) {
        return uint80(ColdWord.unwrap(word));
    }

    function reserve(ColdWord word) internal pure returns (uint256) {
        return uint80(ColdWord.unwrap(word) >> 80);
    }

    function classes(ColdWord word) internal pure returns (uint256) {
        return uint8(ColdWord.unwrap(word) >> 160);
    }

    function hasUnpaidAwards(ColdWord word) internal pure returns (bool) {
        return ColdWord.unwrap(word) >> 168 != 0;
    }

    /// @notice Whether a settlement or payout has to look at this word.
    function matters(ColdWord word) internal pure returns (bool) {
        return debt(word) != 0 || reserve(word) != 0 || hasUnpaidAwards(word);
    }

    function withDebt(ColdWord word, uint256 debt_) internal pure returns (ColdWord) {
        return ColdWord.wrap((ColdWord.unwrap(word) & ~AMOUNT_MASK) | debt_);
    }

    function withReserve(ColdWord word, uint256 reserve_, uint256 classes_) internal pure returns (ColdWord) {
        uint256 kept = ColdWord.unwrap(word) & ~((AMOUNT_MASK << 80) | (uint256(type(uint8).max) << 160));
        return ColdWord.wrap(kept | (reserve_ << 80) | (classes_ << 160));
    }

    function withUnpaidAwards(ColdWord word, bool hasUnpaid) internal pure returns (ColdWord) {
        uint256 kept = uint168(ColdWord.unwrap(word));
        return ColdWord.wrap(hasUnpaid ? kept | (uint256(1) << 168) : kept);
    }
}
