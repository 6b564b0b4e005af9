import type { DisputeState } from "./operation.ts";
import type { Hex } from "./order-terms.ts";

/**
 * Everything the mirror holds about money at one block, for comparing it with the chain.
 *
 * Amounts are decimal strings of token base units; each list is sorted by its key (the members before the first
 * amount or word), so equal content is equal text.
 */
export type Snapshot = {
  readonly instanceId: number;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly orders: readonly SnapshotOrder[];
  readonly accounts: readonly SnapshotAccount[];
  readonly books: readonly SnapshotBook[];
  readonly cycles: readonly SnapshotCycle[];
  readonly statements: readonly SnapshotStatement[];
  readonly payouts: readonly SnapshotPayout[];
  readonly disputes: readonly SnapshotDispute[];
};

/** `word` is the order word as 32 bytes of hex; the sums are over the order's whole life. */
export type SnapshotOrder = {
  readonly orderId: Hex;
  readonly word: Hex;
  readonly captured: string;
  readonly voided: string;
  readonly reclaimed: string;
  readonly refunded: string;
  readonly awarded: string;
  readonly fees: string;
};

/** `word` and `coldWord` are the account's words as 32 bytes of hex. */
export type SnapshotAccount = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly address: Hex;
  readonly word: Hex;
  readonly coldWord: Hex;
  readonly paid: string;
};

/** One operator's vault in one token. `deposited`, `withdrawn` and `paid` are sums since the book was opened. */
export type SnapshotBook = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly vault: Hex;
  readonly openCycle: number;
  readonly guarantee: string;
  readonly deposited: string;
  readonly withdrawn: string;
  readonly paid: string;
};

/** A closed cycle. `closedAt` in Unix seconds; `net` and `debtRepaid` are sums over its statements. */
export type SnapshotCycle = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly number: number;
  readonly closedAt: number;
  readonly net: string;
  readonly debtRepaid: string;
  readonly merchants: number;
  /** What the settler committed its statements to; null until it has. */
  readonly root: Hex | null;
};

/** What a merchant was settled for in a cycle, with its lines in their places. */
export type SnapshotStatement = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly merchant: Hex;
  /** Null for lines, in chain order, that are not settled yet: the members after it but the lines are null then, too. */
  readonly cycle: number | null;
  readonly net: string | null;
  readonly debtRepaid: string | null;
  readonly root: Hex | null;
  readonly lines: readonly SnapshotLine[];
};

/** A line of a statement; `orderId` is zeros for none. */
export type SnapshotLine = {
  readonly orderId: Hex;
  readonly kind: string;
  readonly gross: string;
  readonly fee: string;
  readonly net: string;
  /** The total before it; null until it is settled. */
  readonly runningBefore: string | null;
};

/** One attempt to pay a merchant out, known by its place on the chain. */
export type SnapshotPayout = {
  readonly txHash: Hex;
  readonly logIndex: number;
  readonly operator: Hex;
  readonly token: Hex;
  readonly merchant: Hex;
  readonly recipient: Hex;
  readonly amount: string;
  readonly state: PayoutState;
};

/** `award` is null until a ruling stands. */
export type SnapshotDispute = {
  readonly disputeId: Hex;
  readonly orderId: Hex;
  readonly state: DisputeState;
  readonly award: string | null;
  readonly awarded: string;
  readonly voided: string;
};

/** Whether a payout left the vault, or was held back with the money still available. */
export type PayoutState = "paid" | "held";
