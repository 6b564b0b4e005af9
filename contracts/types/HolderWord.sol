// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";

/// @notice What a token keeps of one holder, read and written as one word.
/// @dev A struct of three members would be written member by member, each over what was just read.
/// From the least significant bit: balance u120 | frozen u120 | status u8. `status` is None until the registry was asked.
type HolderWord is uint256;

using HolderWordLibrary for HolderWord global;

/// @notice Reading and changing of holders' words; every amount is bounded by a uint120 that the caller has checked.
library HolderWordLibrary {
    uint256 private constant FROZEN_SHIFT = 120;
    uint256 private constant STATUS_SHIFT = 240;

    function balance(HolderWord word) internal pure returns (uint256) {
        return uint120(HolderWord.unwrap(word));
    }

    function frozen(HolderWord word) internal pure returns (uint256) {
        return uint120(HolderWord.unwrap(word) >> FROZEN_SHIFT);
    }

    function status(HolderWord word) internal pure returns (IParticipantRegistry.Status) {
        return IParticipantRegistry.Status(uint8(HolderWord.unwrap(word) >> STATUS_SHIFT));
    }

    function unfrozen(HolderWord word) internal pure returns (uint256) {
        uint256 all = balance(word);
        uint256 kept = frozen(word);
        // Cannot underflow: checked by the comparison.
        unchecked {
            return all > kept ? all - kept : 0;
        }
    }

    /// @notice The same word with `amount` more; nobody holds more than the supply, a uint120.
    function credited(HolderWord word, uint256 amount) internal pure returns (HolderWord) {
        unchecked {
            return HolderWord.wrap(HolderWord.unwrap(word) + amount);
        }
    }

    /// @notice The same word with `amount` less; the caller knows that there is as much.
    function debited(HolderWord word, uint256 amount) internal pure returns (HolderWord) {
        unchecked {
            return HolderWord.wrap(HolderWord.unwrap(word) - amount);
        }
    }

    function withFrozen(HolderWord word, uint256 amount) internal pure returns (HolderWord) {
        uint256 kept = HolderWord.unwrap(word) & ~(uint256(type(uint120).max) << FROZEN_SHIFT);
        return HolderWord.wrap(kept | (amount << FROZEN_SHIFT));
    }

    function withStatus(HolderWord word, IParticipantRegistry.Status status_) internal pure returns (HolderWord) {
        uint256 kept = uint240(HolderWord.unwrap(word));
        return HolderWord.wrap(kept | (uint256(uint8(status_)) << STATUS_SHIFT));
    }
}
