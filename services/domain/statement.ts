import type { Hex } from "./order-terms.ts";

/** The numbers of kinds in a statement's leaves, `MovementKind` in contracts/types/StatementLeaf.sol. */
export const MOVEMENT_KINDS = {
  capture: 1,
  refund: 2,
  award: 3,
  fee: 4,
  holdback: 5,
  release: 6,
  debt: 7,
  awardPaidLater: 8,
  carry: 9,
} as const;

export type MovementKind = keyof typeof MOVEMENT_KINDS;

/** The order id of movements that belong to no order, such as a carry. */
export const NO_ORDER: Hex = `0x${"0".repeat(64)}`;

/** The cycle of a book. */
export type BookCycle = {
  readonly chainId: number;
  readonly ledger: Hex;
  readonly operator: Hex;
  readonly token: Hex;
  readonly cycle: number;
};

/** Whose statement it is, and of which cycle. */
export type StatementOwner = BookCycle & { readonly merchant: Hex };

/** One movement: `gross` adds to what the merchant is owed, `fee` is taken off it, or given back where negative. */
export type Movement = {
  readonly orderId: Hex;
  readonly kind: MovementKind;
  readonly gross: bigint;
  readonly fee: bigint;
};

/** A movement in its place, `StatementLeaf` in contracts/types/StatementLeaf.sol. */
export type StatementLeaf = StatementOwner & {
  readonly index: number;
  readonly orderId: Hex;
  readonly kind: number;
  readonly gross: bigint;
  readonly fee: bigint;
  readonly net: bigint;
  readonly runningBefore: bigint;
};

/** A statement in its place, `CycleEntry` in contracts/types/StatementLeaf.sol. */
export type CycleEntry = BookCycle & {
  readonly index: number;
  readonly merchant: Hex;
  readonly statementRoot: Hex;
  readonly net: bigint;
  readonly runningBefore: bigint;
};

/** One merchant's statement as the cycle states it. */
export type StatementNet = { readonly merchant: Hex; readonly statementRoot: Hex; readonly net: bigint };

/** Leaves in their order and the sum of their nets. */
export type Listed<Leaf> = { readonly leaves: readonly Leaf[]; readonly total: bigint };

/** How many leaves a root commits to, and what their nets add up to. */
export type Extent = { readonly count: number; readonly total: bigint };

const BOOK_FIELDS = ["ledger", "operator", "token"] as const;

/** The lines of a statement do not add up to what the ledger settled: a root over them could be refuted. */
export class StatementUnbalancedError extends Error {
  readonly merchant: Hex;
  readonly cycle: number;
  readonly net: bigint;
  readonly total: bigint;

  constructor({ merchant, cycle }: Pick<StatementOwner, "merchant" | "cycle">, net: bigint, total: bigint) {
    super(`The statement of ${merchant} in cycle ${cycle} adds up to ${total}, and ${net} was settled.`);
    this.name = "StatementUnbalancedError";
    this.merchant = merchant;
    this.cycle = cycle;
    this.net = net;
    this.total = total;
  }
}

/** Puts movements, given in chain order, into the order of a statement. */
export function sortMovements<Line extends Movement>(movements: readonly Line[]): Line[] {
  // Sorting is stable, so movements of one order and kind stay in chain order.
  return movements
    .map((movement) => ({ movement, key: BigInt(movement.orderId), kind: MOVEMENT_KINDS[movement.kind] }))
    .sort((left, right) => compare(left.key, right.key) || left.kind - right.kind)
    .map(({ movement }) => movement);
}

/** Puts movements, given in chain order, into the order of a statement, with the total before each. */
export function listMovements(owner: StatementOwner, movements: readonly Movement[]): Listed<StatementLeaf> {
  let total = 0n;
  const leaves = sortMovements(movements).map(({ orderId, kind, gross, fee }, index) => {
    const amounts = { gross, fee, net: gross - fee, runningBefore: total };
    total += amounts.net;
    return { ...owner, index, orderId, kind: MOVEMENT_KINDS[kind], ...amounts };
  });
  return { leaves, total };
}

/**
 * Puts the statements of a cycle into the order of their merchants, with the total before each.
 *
 * Throws a RangeError if a merchant has two, as the cycle could be refuted then.
 */
export function listStatements(cycle: BookCycle, statements: readonly StatementNet[]): Listed<CycleEntry> {
  const sorted = [...statements].sort((left, right) => compareHex(left.merchant, right.merchant));

  let total = 0n;
  const leaves = sorted.map((statement, index) => {
    const previous = sorted[index - 1];
    if (previous !== undefined && compareHex(previous.merchant, statement.merchant) === 0) {
      throw new RangeError(`${statement.merchant} has two statements in one cycle.`);
    }
    const entry = { ...cycle, index, ...statement, runningBefore: total };
    total += statement.net;
    return entry;
  });
  return { leaves, total };
}

/** Whether a leaf that stands at `position` makes its statement wrong by itself. */
export function isLeafWrong(leaf: StatementLeaf, position: number, extent: Extent): boolean {
  return leaf.net !== leaf.gross - leaf.fee || isPlacedWrong(leaf, position, extent);
}

/** Whether two neighbouring leaves contradict each other: in their sums, their order or their owner. */
export function doLeavesContradict(left: StatementLeaf, right: StatementLeaf): boolean {
  return (
    right.runningBefore !== left.runningBefore + left.net ||
    compareKeys(right, left) < 0 ||
    !isSameOwner(left, right)
  );
}

/** Whether two neighbouring entries contradict each other: in their sums, their order or their book. */
export function doEntriesContradict(left: CycleEntry, right: CycleEntry): boolean {
  return (
    right.runningBefore !== left.runningBefore + left.net ||
    compareHex(left.merchant, right.merchant) >= 0 ||
    !isSameCycle(left, right)
  );
}

/** Whether a movement, or a statement, belongs to a merchant, cycle and book. */
export function isSameOwner(left: StatementOwner, right: StatementOwner): boolean {
  return isSameCycle(left, right) && compareHex(left.merchant, right.merchant) === 0;
}

/** The order of a statement's leaves: negative if `left` comes first, zero if only chain order tells them apart. */
export function compareKeys(left: MovementKey, right: MovementKey): number {
  return compareHex(left.orderId, right.orderId) || left.kind - right.kind;
}

/** What leaves are sorted by. */
export type MovementKey = { readonly orderId: Hex; readonly kind: number };

/** Compares two byte strings of one length, whatever the case of their digits. */
export function compareHex(left: Hex, right: Hex): number {
  return compare(BigInt(left), BigInt(right));
}

/**
 * Whether places prove that nothing stands in a gap: two neighbours around it, or one end of the list beside it.
 *
 * `sides` are the places, in the order given, each with its side of the gap: -1 below, 1 above, 0 inside of it.
 */
export function enclosesGap(
  sides: readonly { readonly index: number; readonly side: number }[],
  count: number,
) {
  const [first, second] = sides;
  if (first === undefined) return count === 0;
  if (second !== undefined) return second.index === first.index + 1 && first.side < 0 && second.side > 0;
  return first.side < 0 ? first.index + 1 === count : first.side > 0 && first.index === 0;
}

/** Whether a leaf or entry names another place than `position`, or its running total does not fit that place. */
export function isPlacedWrong(
  leaf: { readonly index: number; readonly net: bigint; readonly runningBefore: bigint },
  position: number,
  { count, total }: Extent,
): boolean {
  return (
    leaf.index !== position ||
    (position === 0 && leaf.runningBefore !== 0n) ||
    (position + 1 === count && leaf.runningBefore + leaf.net !== total)
  );
}

function isSameCycle(left: BookCycle, right: BookCycle): boolean {
  return (
    left.chainId === right.chainId &&
    left.cycle === right.cycle &&
    BOOK_FIELDS.every((field) => compareHex(left[field], right[field]) === 0)
  );
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
