import type { Hex } from "../domain/order-terms.ts";
import {
  compareKeys,
  doLeavesContradict,
  type Extent,
  enclosesGap,
  isLeafWrong,
  listMovements,
  type Movement,
  type StatementLeaf,
  type StatementOwner,
} from "../domain/statement.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";
import {
  buildLevels,
  EMPTY_TREE,
  MalformedProofError,
  siblingsOf,
  type TreeLevels,
  treeRootFrom,
  treeRootOf,
} from "./positional-tree.ts";
import { typeHash } from "./typed-data.ts";

/** What a root is the hash of, beside its tag. */
export type TreeHead = Extent & { readonly treeRoot: Hex };

/** A root and what it commits to: all that a verifier needs to know of a tree. */
export type CommittedRoot = Extent & { readonly root: Hex };

/** A leaf with its siblings from the bottom of the tree to the top. */
export type LeafProof = { readonly leaf: StatementLeaf; readonly siblings: readonly Hex[] };

/** A merchant's statement with its tree. */
export type StatementTree = CommittedRoot & {
  readonly treeRoot: Hex;
  readonly leaves: readonly StatementLeaf[];
  readonly levels: TreeLevels;
};

/** Two leaves beside each other prove whatever can be proven without the whole tree. */
export const NEIGHBOURS = 2;

const NODE_TAG = typeHash("rialto.statement.node");
const ROOT_TAG = "rialto.statement";
const MAX_KIND = 255;

/** Builds a merchant's statement of movements in chain order. */
export function buildStatement(owner: StatementOwner, movements: readonly Movement[]): StatementTree {
  const { leaves, total } = listMovements(owner, movements);
  return commitLeaves(leaves, total);
}

/** Builds the tree over leaves as they are, right or wrong. */
export function commitLeaves(leaves: readonly StatementLeaf[], total: bigint): StatementTree {
  const levels = buildLevels(NODE_TAG, leaves.map(hashLeaf));
  const head = { count: leaves.length, total, treeRoot: treeRootOf(levels) };
  return { ...head, root: statementRoot(head), leaves, levels };
}

/** Proves the place of one leaf; throws a MalformedProofError if there is no such place. */
export function proveLeaf(statement: StatementTree, position: number): LeafProof {
  const siblings = siblingsOf(statement.levels, position);
  return { leaf: statement.leaves[position] as StatementLeaf, siblings };
}

/** The leaves that `verifyAbsence` asks for; undefined if the statement holds such a movement. */
export function proveAbsence(
  statement: StatementTree,
  sought: { readonly orderId: Hex; readonly kind?: number },
): LeafProof[] | undefined {
  const isInGap = (leaf: StatementLeaf) => sideOf(leaf, sought) === 0;
  if (statement.leaves.some(isInGap)) return undefined;
  const above = statement.leaves.findIndex((leaf) => sideOf(leaf, sought) > 0);
  const after = above === -1 ? statement.count : above;
  return [after - 1, after]
    .filter((position) => position >= 0 && position < statement.count)
    .map((position) => proveLeaf(statement, position));
}

/**
 * Whether the statement holds this movement, at the place that the leaf names.
 *
 * This and the functions below say and throw what the functions of that name in
 * contracts/interfaces/IStatementVerifier.sol do, where they are described.
 */
export function verifyInclusion(committed: CommittedRoot, proof: LeafProof): boolean {
  return standsAt(committed, proof.leaf.index, proof);
}

/** Whether it is proven that the statement holds no movement of an order, or none of that kind. */
export function verifyAbsence(
  committed: CommittedRoot,
  sought: { readonly orderId: Hex; readonly kind?: number },
  proofs: readonly LeafProof[],
): boolean {
  requireNeighbours(proofs.length);
  if (proofs.length === 0 && !isEmptyTree(committed)) return false;
  if (!proofs.every((proof) => verifyInclusion(committed, proof))) return false;
  const sides = proofs.map(({ leaf }) => ({ index: leaf.index, side: sideOf(leaf, sought) }));
  return enclosesGap(sides, committed.count);
}

/** Whether the statement is proven wrong by what stands at `position`, or there and at the place after it. */
export function refutesSum(
  committed: CommittedRoot,
  position: number,
  proofs: readonly LeafProof[],
): boolean {
  requireNeighbours(proofs.length);
  if (!proofs.every((proof, offset) => standsAt(committed, position + offset, proof))) return false;
  if (proofs.some(({ leaf }, offset) => isLeafWrong(leaf, position + offset, committed))) return true;
  const [left, right] = proofs;
  return left !== undefined && right !== undefined && doLeavesContradict(left.leaf, right.leaf);
}

/** Whether the root is that of a statement without movements that claims a total or a tree all the same. */
export function refutesEmptyStatement(root: Hex, total: bigint, treeRoot: Hex): boolean {
  return root === statementRoot({ count: 0, total, treeRoot }) && (total !== 0n || treeRoot !== EMPTY_TREE);
}

/** The root of a statement. */
export function statementRoot(head: TreeHead): Hex {
  return hashHead(ROOT_TAG, head);
}

/** The hash of a movement as it stands in the tree. */
export function hashLeaf(leaf: StatementLeaf): Hex {
  const words =
    uintWord(leaf.chainId, 256) +
    addressWord(leaf.ledger) +
    addressWord(leaf.operator) +
    addressWord(leaf.token) +
    uintWord(leaf.cycle, 256) +
    addressWord(leaf.merchant) +
    uintWord(leaf.index, 256) +
    bytes32Word(leaf.orderId) +
    uintWord(leaf.kind, 8) +
    intWord(leaf.gross) +
    intWord(leaf.fee) +
    intWord(leaf.net) +
    intWord(leaf.runningBefore);
  return hashWords(bytes32Word(hashWords(words)));
}

/** The root over a tag of at most 32 characters and a head: `keccak256(abi.encode(tag, count, total, treeRoot))`. */
export function hashHead(tag: string, { count, total, treeRoot }: TreeHead): Hex {
  const text = Buffer.from(tag);
  const offset = uintWord(4 * 32, 256);
  const fixed = uintWord(count, 256) + intWord(total) + bytes32Word(treeRoot);
  return hashWords(offset + fixed + uintWord(text.length, 256) + text.toString("hex").padEnd(64, "0"));
}

/** A signed integer of 256 bits; throws a RangeError if it does not fit. */
export function intWord(value: bigint): string {
  if (BigInt.asIntN(256, value) !== value) throw new RangeError(`${value} is no int256.`);
  return uintWord(BigInt.asUintN(256, value), 256);
}

/** Throws a MalformedProofError if more leaves are given than any proof needs. */
export function requireNeighbours(given: number): void {
  if (given > NEIGHBOURS) throw new MalformedProofError("StatementTooManyLeaves", given, NEIGHBOURS);
}

function standsAt({ root, count, total }: CommittedRoot, position: number, proof: LeafProof): boolean {
  const { leaf, siblings } = proof;
  const treeRoot = treeRootFrom({ tag: NODE_TAG, count, position, leaf: hashLeaf(leaf), siblings });
  return statementRoot({ count, total, treeRoot }) === root;
}

function isEmptyTree({ root, count, total }: CommittedRoot): boolean {
  return count === 0 && statementRoot({ count, total, treeRoot: EMPTY_TREE }) === root;
}

/** Where a leaf stands beside the keys sought: -1 below them, 1 above them, 0 among them. */
function sideOf(leaf: StatementLeaf, { orderId, kind }: { readonly orderId: Hex; readonly kind?: number }) {
  if (compareKeys(leaf, { orderId, kind: kind ?? 0 }) < 0) return -1;
  return compareKeys(leaf, { orderId, kind: kind ?? MAX_KIND }) > 0 ? 1 : 0;
}
