// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CycleEntry, EntryProof, LeafProof, StatementLeaf, TreeHead} from "../types/StatementLeaf.sol";

/// @title Proofs about merchants' statements
/// @dev Pure: nothing is stored, and a root is only as good as where the caller found it.
///
/// Leaf: `keccak256(bytes.concat(keccak256(abi.encode(leaf))))`. Node: `keccak256(abi.encode(tag, left, right))` with the
/// tag `keccak256("rialto.statement.node")` or `keccak256("rialto.cycle.node")`. A node hashes 96 bytes, a leaf 32: neither
/// can be passed off as the other. Root: `keccak256(abi.encode("rialto.statement", count, total, treeRoot))`, or
/// "rialto.cycle"; `treeRoot` is the hash of the only leaf for one leaf, and 0 for none.
///
/// Pairs are hashed in their order, never sorted, so a proof also proves a place. The last node of a level of odd width is
/// carried up unchanged, never paired with itself. As the root commits to the count, the count and a place determine at
/// which levels there is a sibling, on which side, and how long the proof is: no other reading of a tree verifies.
///
/// Where nothing is proven the answer is false. Only input that cannot be a proof at all reverts.
interface IStatementVerifier {
    /// @notice Thrown when a place is asked for that a tree of `count` leaves does not have.
    error StatementIndexOutOfRange(uint256 index, uint256 count);

    /// @notice Thrown when a proof has more or fewer siblings than its place in the tree has.
    error StatementProofLengthWrong(uint256 length, uint256 expected);

    /// @notice Thrown when more leaves are given than a proof needs.
    error StatementTooManyLeaves(uint256 given, uint256 most);

    /// @notice The hash of a movement as it stands in the statement tree.
    function hashLeaf(StatementLeaf calldata leaf) external pure returns (bytes32);

    /// @notice The hash of a statement in the cycle tree.
    function hashEntry(CycleEntry calldata entry) external pure returns (bytes32);

    /// @notice The root of a statement.
    function statementRoot(TreeHead calldata head) external pure returns (bytes32);

    /// @notice The root of a cycle.
    function cycleRoot(TreeHead calldata head) external pure returns (bytes32);

    /// @notice Whether the statement holds this movement, at the place that the leaf names.
    function verifyInclusion(
        bytes32 root,
        uint256 count,
        int256 total,
        StatementLeaf calldata leaf,
        bytes32[] calldata siblings
    ) external pure returns (bool);

    /// @notice Whether it is proven that the statement holds no movement of an order.
    /// @dev `leaves`: two neighbours whose keys enclose the order's, or the first leaf if it is above, or the last if it is
    /// below, or none for the empty statement.
    /// @dev Assumes a sorted statement. In one that is not, the neighbours out of order are proven with `refutesSum`.
    function verifyAbsence(
        bytes32 root,
        uint256 count,
        int256 total,
        bytes32 orderId,
        LeafProof[] calldata leaves
    ) external pure returns (bool);

    /// @notice Whether it is proven that the statement holds no movement of this kind of an order. See `verifyAbsence`.
    function verifyKindAbsence(
        bytes32 root,
        uint256 count,
        int256 total,
        bytes32 orderId,
        uint8 kind,
        LeafProof[] calldata leaves
    ) external pure returns (bool);

    /// @notice Whether the statement is proven wrong by what stands at `position`, or there and at the place after it.
    /// @dev Of a leaf: it names another index; `net != gross - fee`; it is the first and `runningBefore != 0`; it is the
    /// last and `runningBefore + net != total`. Of two neighbours: `right.runningBefore != left.runningBefore + left.net`;
    /// the right one's (orderId, kind) is below the left one's; they belong to different merchants, cycles or books.
    /// @dev Sums are compared without wrapping: one that leaves the range of an int256 equals nothing.
    function refutesSum(
        bytes32 root,
        uint256 count,
        int256 total,
        uint256 position,
        LeafProof[] calldata leaves
    ) external pure returns (bool);

    /// @notice Whether the root is that of a statement without movements that claims a total or a tree all the same.
    function refutesEmptyStatement(bytes32 root, int256 total, bytes32 treeRoot) external pure returns (bool);

    /// @notice Whether the cycle holds this statement, at the place that the entry names.
    function verifyStatement(
        bytes32 root,
        uint256 count,
        int256 total,
        CycleEntry calldata entry,
        bytes32[] calldata siblings
    ) external pure returns (bool);

    /// @notice Whether it is proven that the cycle holds no statement of a merchant.
    /// @dev `entries` as the leaves of `verifyAbsence`, with the same assumption; see `refutesCycle`.
    function verifyNoStatement(
        bytes32 root,
        uint256 count,
        int256 total,
        address merchant,
        EntryProof[] calldata entries
    ) external pure returns (bool);

    /// @notice Whether the cycle is proven wrong by the entry at `position`, or that and the one after it.
    /// @dev As `refutesSum`, but a merchant listed twice is also out of order.
    function refutesCycle(
        bytes32 root,
        uint256 count,
        int256 total,
        uint256 position,
        EntryProof[] calldata entries
    ) external pure returns (bool);

    /// @notice Whether the root is that of a cycle without statements that claims a total or a tree all the same.
    function refutesEmptyCycle(bytes32 root, int256 total, bytes32 treeRoot) external pure returns (bool);

    /// @notice Whether the cycle is proven to state another net of a merchant than the merchant's statement adds up to.
    /// @dev `statement` is what the entry's root is the hash of.
    function refutesNet(
        bytes32 root,
        uint256 count,
        int256 total,
        EntryProof calldata entryProof,
        TreeHead calldata statement
    ) external pure returns (bool);

    /// @notice Whether a merchant's statement is proven to hold a movement of another merchant, cycle or book.
    /// @dev The leaf is proven against the entry's root, the entry against `root`.
    function refutesOwner(
        bytes32 root,
        uint256 count,
        int256 total,
        EntryProof calldata entryProof,
        uint256 statementCount,
        int256 statementTotal,
        LeafProof calldata leafProof
    ) external pure returns (bool);
}
