// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice One movement of one merchant's statement in one settlement cycle of one book.
/// @dev Leaves are sorted by (orderId, kind); movements of the same order and kind stand in chain order. Movements of no
/// order, such as a carry, have order id 0 and so come first. `index` counts from 0 and is the leaf's place in the tree.
/// Amounts are token base units, signed: `gross` adds to what the merchant is owed, `fee` is taken off it and is negative
/// where a fee is given back. `net == gross - fee`; `runningBefore` is the sum of the nets of all leaves before.
// Never stored: the order is that in which the members are hashed.
// solhint-disable-next-line gas-struct-packing
struct StatementLeaf {
    uint256 chainId;
    address ledger;
    address operator;
    address token;
    uint256 cycle;
    address merchant;
    uint256 index;
    bytes32 orderId;
    uint8 kind;
    int256 gross;
    int256 fee;
    int256 net;
    int256 runningBefore;
}

/// @notice A leaf with its siblings from the bottom of the statement tree to the top.
struct LeafProof {
    StatementLeaf leaf;
    bytes32[] siblings;
}

/// @notice One merchant's statement among all statements of one book and cycle.
/// @dev Sorted by merchant, each at most once. `net` is the total of the statement under `statementRoot`; `index` and
/// `runningBefore` as in `StatementLeaf`.
struct CycleEntry {
    uint256 chainId;
    address ledger;
    address operator;
    address token;
    uint256 cycle;
    uint256 index;
    address merchant;
    bytes32 statementRoot;
    int256 net;
    int256 runningBefore;
}

/// @notice An entry with its siblings from the bottom of the cycle tree to the top.
struct EntryProof {
    CycleEntry entry;
    bytes32[] siblings;
}

/// @notice What a root is the hash of, beside its tag.
/// @dev `count` leaves whose nets add up to `total`. `treeRoot` is 0 for no leaves.
struct TreeHead {
    uint256 count;
    int256 total;
    bytes32 treeRoot;
}

/// @notice What a leaf's `kind` means. Numbers are final: leaves are sorted by them.
library MovementKind {
    uint8 internal constant CAPTURE = 1;
    uint8 internal constant REFUND = 2;
    uint8 internal constant AWARD = 3;
    uint8 internal constant FEE = 4;
    uint8 internal constant HOLDBACK = 5;
    uint8 internal constant RELEASE = 6;
    uint8 internal constant DEBT = 7;
    uint8 internal constant AWARD_PAID_LATER = 8;
    uint8 internal constant CARRY = 9;
}
