import type { Hex } from "../domain/order-terms.ts";
import {
  type BookCycle,
  type CycleEntry,
  compareHex,
  doEntriesContradict,
  enclosesGap,
  isPlacedWrong,
  isSameOwner,
  listStatements,
  type StatementNet,
} from "../domain/statement.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";
import {
  buildLevels,
  EMPTY_TREE,
  siblingsOf,
  type TreeLevels,
  treeRootFrom,
  treeRootOf,
} from "./positional-tree.ts";
import {
  type CommittedRoot,
  hashHead,
  intWord,
  type LeafProof,
  requireNeighbours,
  statementRoot,
  type TreeHead,
  verifyInclusion,
} from "./statement-tree.ts";
import { typeHash } from "./typed-data.ts";

/** An entry with its siblings from the bottom of the tree to the top. */
export type EntryProof = { readonly entry: CycleEntry; readonly siblings: readonly Hex[] };

/** All statements of one book and cycle with their tree. */
export type CycleTree = CommittedRoot & {
  readonly treeRoot: Hex;
  readonly entries: readonly CycleEntry[];
  readonly levels: TreeLevels;
};

const NODE_TAG = typeHash("rialto.cycle.node");
const ROOT_TAG = "rialto.cycle";

/** Builds the cycle over its statements; throws a RangeError if a merchant has two. */
export function buildCycle(cycle: BookCycle, statements: readonly StatementNet[]): CycleTree {
  const { leaves, total } = listStatements(cycle, statements);
  return commitEntries(leaves, total);
}

/** Builds the tree over entries as they are, right or wrong. */
export function commitEntries(entries: readonly CycleEntry[], total: bigint): CycleTree {
  const levels = buildLevels(NODE_TAG, entries.map(hashEntry));
  const head = { count: entries.length, total, treeRoot: treeRootOf(levels) };
  return { ...head, root: cycleRoot(head), entries, levels };
}

/** Proves the place of one entry; throws a MalformedProofError if there is no such place. */
export function proveEntry(cycle: CycleTree, position: number): EntryProof {
  const siblings = siblingsOf(cycle.levels, position);
  return { entry: cycle.entries[position] as CycleEntry, siblings };
}

/** The entries that `verifyNoStatement` asks for; undefined if the merchant has a statement. */
export function proveNoStatement(cycle: CycleTree, merchant: Hex): EntryProof[] | undefined {
  const sides = cycle.entries.map((entry) => compareHex(entry.merchant, merchant));
  if (sides.includes(0)) return undefined;
  const above = sides.indexOf(1);
  const after = above === -1 ? cycle.count : above;
  return [after - 1, after]
    .filter((position) => position >= 0 && position < cycle.count)
    .map((position) => proveEntry(cycle, position));
}

/**
 * Whether the cycle holds this statement, at the place that the entry names.
 *
 * This and the functions below say and throw what the functions of that name in
 * contracts/interfaces/IStatementVerifier.sol do, where they are described.
 */
export function verifyStatement(committed: CommittedRoot, proof: EntryProof): boolean {
  return standsAt(committed, proof.entry.index, proof);
}

/** Whether it is proven that the cycle holds no statement of a merchant. */
export function verifyNoStatement(
  committed: CommittedRoot,
  merchant: Hex,
  proofs: readonly EntryProof[],
): boolean {
  requireNeighbours(proofs.length);
  if (proofs.length === 0 && !isEmptyTree(committed)) return false;
  if (!proofs.every((proof) => verifyStatement(committed, proof))) return false;
  const sides = proofs.map(({ entry }) => ({
    index: entry.index,
    side: compareHex(entry.merchant, merchant),
  }));
  return enclosesGap(sides, committed.count);
}

/** Whether the cycle is proven wrong by the entry at `position`, or that and the one after it. */
export function refutesCycle(
  committed: CommittedRoot,
  position: number,
  proofs: readonly EntryProof[],
): boolean {
  requireNeighbours(proofs.length);
  if (!proofs.every((proof, offset) => standsAt(committed, position + offset, proof))) return false;
  if (proofs.some(({ entry }, offset) => isPlacedWrong(entry, position + offset, committed))) return true;
  const [left, right] = proofs;
  return left !== undefined && right !== undefined && doEntriesContradict(left.entry, right.entry);
}

/** Whether the root is that of a cycle without statements that claims a total or a tree all the same. */
export function refutesEmptyCycle(root: Hex, total: bigint, treeRoot: Hex): boolean {
  return root === cycleRoot({ count: 0, total, treeRoot }) && (total !== 0n || treeRoot !== EMPTY_TREE);
}

/** Whether the cycle is proven to state another net of a merchant than the merchant's statement adds up to. */
export function refutesNet(committed: CommittedRoot, proof: EntryProof, statement: TreeHead): boolean {
  return (
    verifyStatement(committed, proof) &&
    statementRoot(statement) === proof.entry.statementRoot &&
    statement.total !== proof.entry.net
  );
}

/** Whether a merchant's statement is proven to hold a movement of another merchant, cycle or book. */
export function refutesOwner(
  committed: CommittedRoot,
  proof: EntryProof,
  statement: { readonly count: number; readonly total: bigint },
  leafProof: LeafProof,
): boolean {
  const { count, total } = statement;
  return (
    verifyStatement(committed, proof) &&
    verifyInclusion({ root: proof.entry.statementRoot, count, total }, leafProof) &&
    !isSameOwner(proof.entry, leafProof.leaf)
  );
}

/** The root of a cycle. */
export function cycleRoot(head: TreeHead): Hex {
  return hashHead(ROOT_TAG, head);
}

/** The hash of a statement as it stands in the tree. */
export function hashEntry(entry: CycleEntry): Hex {
  const words =
    uintWord(entry.chainId, 256) +
    addressWord(entry.ledger) +
    addressWord(entry.operator) +
    addressWord(entry.token) +
    uintWord(entry.cycle, 256) +
    uintWord(entry.index, 256) +
    addressWord(entry.merchant) +
    bytes32Word(entry.statementRoot) +
    intWord(entry.net) +
    intWord(entry.runningBefore);
  return hashWords(bytes32Word(hashWords(words)));
}

function standsAt({ root, count, total }: CommittedRoot, position: number, proof: EntryProof): boolean {
  const { entry, siblings } = proof;
  const treeRoot = treeRootFrom({ tag: NODE_TAG, count, position, leaf: hashEntry(entry), siblings });
  return cycleRoot({ count, total, treeRoot }) === root;
}

function isEmptyTree({ root, count, total }: CommittedRoot): boolean {
  return count === 0 && cycleRoot({ count, total, treeRoot: EMPTY_TREE }) === root;
}
