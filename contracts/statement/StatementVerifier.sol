// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";
import {CycleEntry, EntryProof, LeafProof, StatementLeaf, TreeHead} from "../types/StatementLeaf.sol";
import {CycleProofs} from "./CycleProofs.sol";
import {StatementProofs} from "./StatementProofs.sol";

/// @title Proofs about merchants' statements
contract StatementVerifier is IStatementVerifier {
    /// @inheritdoc IStatementVerifier
    function hashLeaf(StatementLeaf calldata leaf) external pure returns (bytes32) {
        return StatementProofs.hashLeaf(leaf);
    }

    /// @inheritdoc IStatementVerifier
    function hashEntry(CycleEntry calldata entry) external pure returns (bytes32) {
        return CycleProofs.hashEntry(entry);
    }

    /// @inheritdoc IStatementVerifier
    function statementRoot(TreeHead calldata head) external pure returns (bytes32) {
        return StatementProofs.rootOf(head.count, head.total, head.treeRoot);
    }

    /// @inheritdoc IStatementVerifier
    function cycleRoot(TreeHead calldata head) external pure returns (bytes32) {
        return CycleProofs.rootOf(head.count, head.total, head.treeRoot);
    }

    /// @inheritdoc IStatementVerifier
    function verifyInclusion(
        bytes32 root,
        uint256 count,
        int256 total,
        StatementLeaf calldata leaf,
        bytes32[] calldata siblings
    ) external pure returns (bool) {
        return StatementProofs.standsAt(root, _head(count, total), leaf.index, leaf, siblings);
    }

    /// @inheritdoc IStatementVerifier
    function verifyAbsence(
        bytes32 root,
        uint256 count,
        int256 total,
        bytes32 orderId,
        LeafProof[] calldata leaves
    ) external pure returns (bool) {
        return StatementProofs.provesAbsence(root, _head(count, total), orderId, 0, type(uint8).max, leaves);
    }

    /// @inheritdoc IStatementVerifier
    function verifyKindAbsence(
        bytes32 root,
        uint256 count,
        int256 total,
        bytes32 orderId,
        uint8 kind,
        LeafProof[] calldata leaves
    ) external pure returns (bool) {
        return StatementProofs.provesAbsence(root, _head(count, total), orderId, kind, kind, leaves);
    }

    /// @inheritdoc IStatementVerifier
    function refutesSum(
        bytes32 root,
        uint256 count,
        int256 total,
        uint256 position,
        LeafProof[] calldata leaves
    ) external pure returns (bool) {
        return StatementProofs.refutes(root, _head(count, total), position, leaves);
    }

    /// @inheritdoc IStatementVerifier
    function refutesEmptyStatement(bytes32 root, int256 total, bytes32 treeRoot) external pure returns (bool) {
        return StatementProofs.rootOf(0, total, treeRoot) == root && (total != 0 || treeRoot != 0);
    }

    /// @inheritdoc IStatementVerifier
    function verifyStatement(
        bytes32 root,
        uint256 count,
        int256 total,
        CycleEntry calldata entry,
        bytes32[] calldata siblings
    ) external pure returns (bool) {
        return CycleProofs.standsAt(root, _head(count, total), entry.index, entry, siblings);
    }

    /// @inheritdoc IStatementVerifier
    function verifyNoStatement(
        bytes32 root,
        uint256 count,
        int256 total,
        address merchant,
        EntryProof[] calldata entries
    ) external pure returns (bool) {
        return CycleProofs.provesAbsence(root, _head(count, total), merchant, entries);
    }

    /// @inheritdoc IStatementVerifier
    function refutesCycle(
        bytes32 root,
        uint256 count,
        int256 total,
        uint256 position,
        EntryProof[] calldata entries
    ) external pure returns (bool) {
        return CycleProofs.refutes(root, _head(count, total), position, entries);
    }

    /// @inheritdoc IStatementVerifier
    function refutesEmptyCycle(bytes32 root, int256 total, bytes32 treeRoot) external pure returns (bool) {
        return CycleProofs.rootOf(0, total, treeRoot) == root && (total != 0 || treeRoot != 0);
    }

    /// @inheritdoc IStatementVerifier
    function refutesNet(
        bytes32 root,
        uint256 count,
        int256 total,
        EntryProof calldata entryProof,
        TreeHead calldata statement
    ) external pure returns (bool) {
        CycleEntry calldata entry = entryProof.entry;
        return
            CycleProofs.standsAt(root, _head(count, total), entry.index, entry, entryProof.siblings) &&
            StatementProofs.rootOf(statement.count, statement.total, statement.treeRoot) == entry.statementRoot &&
            statement.total != entry.net;
    }

    /// @inheritdoc IStatementVerifier
    function refutesOwner(
        bytes32 root,
        uint256 count,
        int256 total,
        EntryProof calldata entryProof,
        uint256 statementCount,
        int256 statementTotal,
        LeafProof calldata leafProof
    ) external pure returns (bool) {
        CycleEntry calldata entry = entryProof.entry;
        StatementLeaf calldata leaf = leafProof.leaf;
        TreeHead memory statement = _head(statementCount, statementTotal);
        return
            CycleProofs.standsAt(root, _head(count, total), entry.index, entry, entryProof.siblings) &&
            StatementProofs.standsAt(entry.statementRoot, statement, leaf.index, leaf, leafProof.siblings) &&
            !CycleProofs.owns(entry, leaf);
    }

    function _head(uint256 count, int256 total) private pure returns (TreeHead memory) {
        return TreeHead({count: count, total: total, treeRoot: 0});
    }
}
