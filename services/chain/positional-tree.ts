import type { Hex } from "../domain/order-terms.ts";
import { bytes32Word, hashWords } from "./abi-words.ts";

/** The levels of a tree, leaves first; the last one is the tree's root alone, or empty if there are no leaves. */
export type TreeLevels = readonly (readonly Hex[])[];

/** Input that cannot be a proof at all. `error` and its operands are those of contracts/interfaces/IStatementVerifier.sol. */
export class MalformedProofError extends RangeError {
  readonly error: "StatementIndexOutOfRange" | "StatementProofLengthWrong" | "StatementTooManyLeaves";
  readonly actual: number;
  readonly limit: number;

  constructor(error: MalformedProofError["error"], actual: number, limit: number) {
    super(`${error}(${actual}, ${limit})`);
    this.name = "MalformedProofError";
    this.error = error;
    this.actual = actual;
    this.limit = limit;
  }
}

/** What stands for the root of a tree without leaves. */
export const EMPTY_TREE: Hex = `0x${"0".repeat(64)}`;

/** Builds a tree over leaf hashes. The last node of a level of odd width is carried up unchanged. */
export function buildLevels(tag: Hex, leaves: readonly Hex[]): TreeLevels {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = levelAbove(tag, level);
  return levels;
}

/** The root of a built tree. */
export function treeRootOf(levels: TreeLevels): Hex {
  return levels.at(-1)?.[0] ?? EMPTY_TREE;
}

/** The siblings of a place from the bottom of the tree to the top. */
export function siblingsOf(levels: TreeLevels, position: number): Hex[] {
  requirePlace(position, levels[0]?.length ?? 0);
  return levels.slice(0, -1).flatMap((level, height) => {
    const sibling = level[Math.floor(position / 2 ** height) ^ 1];
    return sibling === undefined ? [] : [sibling];
  });
}

/**
 * The tree root that follows from a leaf at a place in a tree of `count` leaves.
 *
 * Throws a MalformedProofError if there is no such place or the number of siblings is not that of the place.
 */
export function treeRootFrom(options: {
  readonly tag: Hex;
  readonly count: number;
  readonly position: number;
  readonly leaf: Hex;
  readonly siblings: readonly Hex[];
}): Hex {
  const { tag, count, position, leaf, siblings } = options;
  requirePlace(position, count);
  const sides = siblingSides(count, position);
  if (siblings.length !== sides.length) {
    throw new MalformedProofError("StatementProofLengthWrong", siblings.length, sides.length);
  }

  return siblings.reduce(
    (node, sibling, level) =>
      sides[level] === "left" ? hashNode(tag, sibling, node) : hashNode(tag, node, sibling),
    leaf,
  );
}

/** On which side the siblings of a place are, from the bottom up; levels where it has none are left out. */
function siblingSides(count: number, position: number): ("left" | "right")[] {
  const sides: ("left" | "right")[] = [];
  let place = position;
  for (let width = count; width > 1; width = Math.ceil(width / 2)) {
    if (place % 2 === 1) sides.push("left");
    else if (place + 1 < width) sides.push("right");
    place = Math.floor(place / 2);
  }
  return sides;
}

function levelAbove(tag: Hex, level: readonly Hex[]): Hex[] {
  return level.flatMap((left, place) => {
    if (place % 2 === 1) return [];
    const right = level[place + 1];
    return [right === undefined ? left : hashNode(tag, left, right)];
  });
}

function hashNode(tag: Hex, left: Hex, right: Hex): Hex {
  return hashWords(bytes32Word(tag) + bytes32Word(left) + bytes32Word(right));
}

function requirePlace(position: number, count: number): void {
  if (position < 0 || position >= count) {
    throw new MalformedProofError("StatementIndexOutOfRange", position, count);
  }
}
