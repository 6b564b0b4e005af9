// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";

/// @notice Merkle trees whose proofs prove a place, described in `IStatementVerifier`.
/// @dev OpenZeppelin's MerkleProof sorts each pair and requires a commutative hash, so it proves membership but no place.
library PositionalTree {
    /// @notice The tree root that follows from a leaf at a place.
    function rootFrom(
        bytes32 tag,
        uint256 count,
        uint256 position,
        bytes32 leaf,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32 root) {
        require(position < count, IStatementVerifier.StatementIndexOutOfRange(position, count));
        uint256 expected = proofLength(count, position);
        require(siblings.length == expected, IStatementVerifier.StatementProofLengthWrong(siblings.length, expected));

        root = leaf;
        uint256 used;
        for (uint256 width = count; width > 1; width = _halfUp(width)) {
            if (position % 2 == 1) {
                root = keccak256(abi.encode(tag, siblings[used++], root));
            } else if (position + 1 < width) {
                root = keccak256(abi.encode(tag, root, siblings[used++]));
            }
            position /= 2;
        }
    }

    /// @notice How many siblings the proof of a place has.
    function proofLength(uint256 count, uint256 position) internal pure returns (uint256 length) {
        for (uint256 width = count; width > 1; width = _halfUp(width)) {
            // Cannot overflow: a place is below the width of its level.
            if (position % 2 == 1 || position + 1 < width) ++length;
            position /= 2;
        }
    }

    /// @notice Whether `left + right == sum` among all integers: a sum that would wrap equals nothing.
    function addsUp(int256 left, int256 right, int256 sum) internal pure returns (bool) {
        unchecked {
            // Wrapping is what is looked for: it is the only way in which adding moves the sum to the wrong side.
            int256 wrapped = left + right;
            return wrapped == sum && (right >= 0) == (wrapped >= left);
        }
    }

    function _halfUp(uint256 width) private pure returns (uint256) {
        return width / 2 + (width % 2);
    }
}
