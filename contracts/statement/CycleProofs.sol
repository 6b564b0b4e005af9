// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";
import {CycleEntry, EntryProof, StatementLeaf, TreeHead} from "../types/StatementLeaf.sol";
import {PositionalTree} from "./PositionalTree.sol";

/// @notice Proofs about all statements of one book and cycle, described in `IStatementVerifier`.
library CycleProofs {
    bytes32 private constant NODE = keccak256("rialto.cycle.node");
    uint256 private constant NEIGHBOURS = 2;

    function hashEntry(CycleEntry calldata entry) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(entry))));
    }

    function rootOf(uint256 count, int256 total, bytes32 treeRoot) internal pure returns (bytes32) {
        return keccak256(abi.encode("rialto.cycle", count, total, treeRoot));
    }

    /// @notice Whether an entry stands at a place, whichever place it names itself.
    function standsAt(
        bytes32 root,
        TreeHead memory head,
        uint256 position,
        CycleEntry calldata entry,
        bytes32[] calldata siblings
    ) internal pure returns (bool) {
        bytes32 treeRoot = PositionalTree.rootFrom(NODE, head.count, position, hashEntry(entry), siblings);
        return rootOf(head.count, head.total, treeRoot) == root;
    }

    /// @notice Whether the cycle holds no statement of a merchant.
    function provesAbsence(
        bytes32 root,
        TreeHead memory head,
        address merchant,
        EntryProof[] calldata entries
    ) internal pure returns (bool) {
        require(entries.length <= NEIGHBOURS, IStatementVerifier.StatementTooManyLeaves(entries.length, NEIGHBOURS));
        if (entries.length == 0) return head.count == 0 && rootOf(0, head.total, 0) == root;
        for (uint256 i; i < entries.length; ++i) {
            CycleEntry calldata entry = entries[i].entry;
            if (!standsAt(root, head, entry.index, entry, entries[i].siblings)) return false;
        }

        CycleEntry calldata first = entries[0].entry;
        if (entries.length == NEIGHBOURS) {
            CycleEntry calldata second = entries[1].entry;
            return second.index == first.index + 1 && first.merchant < merchant && merchant < second.merchant;
        }
        if (first.merchant < merchant) return first.index + 1 == head.count;
        return first.index == 0 && merchant < first.merchant;
    }

    /// @notice Whether entries at `position` and after it prove the cycle wrong.
    function refutes(
        bytes32 root,
        TreeHead memory head,
        uint256 position,
        EntryProof[] calldata entries
    ) internal pure returns (bool isWrong) {
        require(entries.length <= NEIGHBOURS, IStatementVerifier.StatementTooManyLeaves(entries.length, NEIGHBOURS));
        for (uint256 i; i < entries.length; ++i) {
            CycleEntry calldata entry = entries[i].entry;
            // Cannot overflow: the place before it was below the count.
            if (!standsAt(root, head, position + i, entry, entries[i].siblings)) return false;
            isWrong = isWrong || _isWrongAt(entry, position + i, head);
        }
        return isWrong || (entries.length == NEIGHBOURS && _contradict(entries[0].entry, entries[1].entry));
    }

    /// @notice Whether a movement belongs to the merchant, cycle and book of an entry.
    function owns(CycleEntry calldata entry, StatementLeaf calldata leaf) internal pure returns (bool) {
        return
            entry.chainId == leaf.chainId &&
            entry.ledger == leaf.ledger &&
            entry.operator == leaf.operator &&
            entry.token == leaf.token &&
            entry.cycle == leaf.cycle &&
            entry.merchant == leaf.merchant;
    }

    function _isWrongAt(CycleEntry calldata entry, uint256 position, TreeHead memory head) private pure returns (bool) {
        if (entry.index != position) return true;
        if (position == 0 && entry.runningBefore != 0) return true;
        return position + 1 == head.count && !PositionalTree.addsUp(entry.runningBefore, entry.net, head.total);
    }

    function _contradict(CycleEntry calldata left, CycleEntry calldata right) private pure returns (bool) {
        if (!PositionalTree.addsUp(left.runningBefore, left.net, right.runningBefore)) return true;
        if (left.merchant >= right.merchant) return true;
        return
            left.chainId != right.chainId ||
            left.ledger != right.ledger ||
            left.operator != right.operator ||
            left.token != right.token ||
            left.cycle != right.cycle;
    }
}
