// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a word is stored: hashed once, then read and written through.
/// @dev The compiler hashes the key of a mapping anew for each access; a nested one costs 200 gas each time.
type WordSlot is bytes32;

using WordSlotLibrary for WordSlot global;

/// @notice Finding, reading and writing of stored words.
library WordSlotLibrary {
    /// @notice The slot of `key` in the mapping at `base`, as Solidity lays it out.
    /// @dev `key` is not cleaned: one with bits above its type finds the slot of nobody, where zero is stored.
    function ofKey(WordSlot base, uint256 key) internal pure returns (WordSlot slot) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(0, key)
            mstore(32, base)
            slot := keccak256(0, 64)
        }
    }

    function load(WordSlot slot) internal view returns (uint256 word) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            word := sload(slot)
        }
    }

    function store(WordSlot slot, uint256 word) internal {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            sstore(slot, word)
        }
    }
}
