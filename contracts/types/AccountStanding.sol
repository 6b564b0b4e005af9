// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord, AccountWordLibrary} from "./AccountWord.sol";

/// @notice What the registry says of an account, in its hot word.
library AccountStandingLibrary {
    uint256 private constant KYC_SHIFT = 216;
    uint256 private constant FLAGS_SHIFT = 248;

    /// @notice Zero if the account has the status and all the scopes in `standing`, and its due diligence holds now.
    /// @dev Without branches; `status` and `kycUntil` tell what is wrong.
    function lacks(AccountWord word, uint256 standing) internal view returns (uint256 missing) {
        missing = (word.flags() & (AccountWordLibrary.STATUS_MASK | standing)) ^ standing;
        uint256 until = word.kycUntil();
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            missing := or(missing, gt(timestamp(), until))
        }
    }

    /// @notice The same word with the registry's flags and expiry; the expiry is rounded down to the day.
    function withStanding(AccountWord word, uint256 flags_, uint256 kycUntil_) internal pure returns (AccountWord) {
        uint256 changed = (uint256(0x7f) << FLAGS_SHIFT) | (uint256(type(uint16).max) << KYC_SHIFT);
        uint256 days_ = kycUntil_ / 1 days;
        if (days_ > type(uint16).max) days_ = type(uint16).max;
        uint256 standing = (days_ << KYC_SHIFT) | ((flags_ & 0x7f) << FLAGS_SHIFT);
        return AccountWord.wrap((AccountWord.unwrap(word) & ~changed) | standing);
    }
}
