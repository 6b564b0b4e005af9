// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";
import {LeafProof, StatementLeaf, TreeHead} from "../types/StatementLeaf.sol";
import {PositionalTree} from "./PositionalTree.sol";

/// @notice Proofs about one merchant's statement, described in `IStatementVerifier`.
library StatementProofs {
    bytes32 private constant NODE = keccak256("rialto.statement.node");
    uint256 private constant NEIGHBOURS = 2;

    function hashLeaf(StatementLeaf calldata leaf) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(leaf))));
    }

    function rootOf(uint256 count, int256 total, bytes32 treeRoot) internal pure returns (bytes32) {
        return keccak256(abi.encode("rialto.statement", count, total, treeRoot));
    }

    /// @notice Whether a leaf stands at a place, whichever place it names itself.
    function standsAt(
        bytes32 root,
        TreeHead memory head,
        uint256 position,
        StatementLeaf calldata leaf,
        bytes32[] calldata siblings
    ) internal pure returns (bool) {
        bytes32 treeRoot = PositionalTree.rootFrom(NODE, head.count, position, hashLeaf(leaf), siblings);
        return rootOf(head.count, head.total, treeRoot) == root;
    }

    /// @notice Whether no key from (orderId, lowKind) to (orderId, highKind) is in the statement.
    function provesAbsence(
        bytes32 root,
        TreeHead memory head,
        bytes32 orderId,
        uint8 lowKind,
        uint8 highKind,
        LeafProof[] calldata leaves
    ) internal pure returns (bool) {
        require(leaves.length <= NEIGHBOURS, IStatementVerifier.StatementTooManyLeaves(leaves.length, NEIGHBOURS));
        if (leaves.length == 0) return head.count == 0 && rootOf(0, head.total, 0) == root;
        for (uint256 i; i < leaves.length; ++i) {
            StatementLeaf calldata leaf = leaves[i].leaf;
            if (!standsAt(root, head, leaf.index, leaf, leaves[i].siblings)) return false;
        }

        StatementLeaf calldata first = leaves[0].leaf;
        bool isAfterFirst = _isBelow(first.orderId, first.kind, orderId, lowKind);
        if (leaves.length == NEIGHBOURS) {
            StatementLeaf calldata second = leaves[1].leaf;
            bool isBeforeSecond = _isBelow(orderId, highKind, second.orderId, second.kind);
            return second.index == first.index + 1 && isAfterFirst && isBeforeSecond;
        }
        if (isAfterFirst) return first.index + 1 == head.count;
        return first.index == 0 && _isBelow(orderId, highKind, first.orderId, first.kind);
    }

    /// @notice Whether leaves at `position` and after it prove the statement wrong.
    function refutes(
        bytes32 root,
        TreeHead memory head,
        uint256 position,
        LeafProof[] calldata leaves
    ) internal pure returns (bool isWrong) {
        require(leaves.length <= NEIGHBOURS, IStatementVerifier.StatementTooManyLeaves(leaves.length, NEIGHBOURS));
        for (uint256 i; i < leaves.length; ++i) {
            StatementLeaf calldata leaf = leaves[i].leaf;
            // Cannot overflow: the place before it was below the count.
            if (!standsAt(root, head, position + i, leaf, leaves[i].siblings)) return false;
            isWrong = isWrong || _isWrongAt(leaf, position + i, head);
        }
        return isWrong || (leaves.length == NEIGHBOURS && _contradict(leaves[0].leaf, leaves[1].leaf));
    }

    function _isWrongAt(
        StatementLeaf calldata leaf,
        uint256 position,
        TreeHead memory head
    ) private pure returns (bool) {
        if (leaf.index != position) return true;
        if (!PositionalTree.addsUp(leaf.net, leaf.fee, leaf.gross)) return true;
        if (position == 0 && leaf.runningBefore != 0) return true;
        return position + 1 == head.count && !PositionalTree.addsUp(leaf.runningBefore, leaf.net, head.total);
    }

    function _contradict(StatementLeaf calldata left, StatementLeaf calldata right) private pure returns (bool) {
        if (!PositionalTree.addsUp(left.runningBefore, left.net, right.runningBefore)) return true;
        if (_isBelow(right.orderId, right.kind, left.orderId, left.kind)) return true;
        return
            left.chainId != right.chainId ||
            left.ledger != right.ledger ||
            left.operator != right.operator ||
            left.token != right.token ||
            left.cycle != right.cycle ||
            left.merchant != right.merchant;
    }

    function _isBelow(bytes32 orderId, uint8 kind, bytes32 otherId, uint8 otherKind) private pure returns (bool) {
        return orderId == otherId ? kind < otherKind : orderId < otherId;
    }
}
