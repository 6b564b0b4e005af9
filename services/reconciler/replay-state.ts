import type { StatementTree } from "../chain/statement-tree.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Break } from "../domain/reconciliation.ts";
import type { MovementKind } from "../domain/statement.ts";
import { known } from "./replay-known.ts";
import type { HoldbackClass, ReserveRing } from "./replay-reserve.ts";

/** What the audit's own arithmetic says of the network after the events so far. Amounts in token base units. */
export type Replay = {
  readonly orders: Map<Hex, ReplayedOrder>;
  readonly accounts: Map<string, ReplayedAccount>;
  readonly books: Map<string, ReplayedBook>;
  readonly disputes: Map<Hex, ReplayedDispute>;
  readonly cycles: Map<string, ReplayedCycle>;
  readonly payouts: ReplayedPayout[];
  readonly participants: Map<Hex, ReplayedParticipant>;
  /** Scopes by merchant and operator. */
  readonly consents: Map<string, bigint>;
  /** What the log announced ahead of the event that explains it, by account: see `Announced`. */
  readonly announced: Map<string, Announced>;
  /** What the log announced ahead of a capture, refund or award, by order. */
  readonly shares: Map<Hex, OrderShares>;
  /** Lines of accounts that no statement has yet, by account; see replay-lines.ts. */
  readonly lines: Map<string, ReplayedLine[]>;
  /** Carries of the event that is being replayed. */
  readonly carried: Map<ReplayedAccount, { readonly orderId: Hex | null; readonly amount: bigint }>;
  /** Fees of merchants settled in the closing that the log is in the middle of, by book. */
  readonly settledFees: Map<string, bigint>;
  readonly holdbackClasses: Map<bigint, HoldbackClass>;
  readonly breaks: Break[];
};

export type BookKey = { readonly operator: Hex; readonly token: Hex };

export type ReplayedOrder = BookKey & {
  readonly orderId: Hex;
  readonly merchant: Hex;
  readonly payer: Hex;
  readonly amount: bigint;
  readonly feeBps: bigint;
  readonly fixedFee: bigint;
  captured: bigint;
  voided: bigint;
  reclaimed: bigint;
  refunded: bigint;
  awarded: bigint;
  fees: bigint;
  capturedAt: bigint;
  cycle: bigint;
  state: bigint;
  isDisputed: boolean;
  isShifted: boolean;
  disputeCount: bigint;
  /** The operator, until a capture says otherwise. */
  feeReceiver: Hex;
};

export type ReplayedAccount = BookKey & {
  readonly address: Hex;
  available: bigint;
  pending: bigint;
  fees: bigint;
  flags: bigint;
  /** In whole days since 1970, rounded down. */
  kycDay: bigint;
  /** Copied from the words: the log does not say for how long an order can be disputed. */
  exposedDay: bigint;
  openCycle: bigint;
  debt: bigint;
  reserve: bigint;
  /** What each holdback class keeps back; `reserve` is their sum. */
  readonly rings: Map<bigint, ReserveRing>;
  /** A bit for each holdback class with money in reserve. */
  classes: bigint;
  unpaid: bigint;
  /** Awards that wait, the oldest first; `unpaid` is their sum. */
  readonly awards: UnpaidAward[];
  paid: bigint;
};

export type ReplayedBook = BookKey & {
  readonly vault: Hex;
  openCycle: bigint;
  guarantee: bigint;
  advanceLimit: bigint;
  deposited: bigint;
  withdrawn: bigint;
  paid: bigint;
  funded: bigint;
};

export type ReplayedDispute = {
  readonly disputeId: Hex;
  readonly orderId: Hex;
  readonly captured: bigint;
  readonly held: bigint;
  lockedPending: bigint;
  /** The book's open cycle, and the time, when the money was locked. */
  lockedCycle: bigint;
  readonly lockedAt: bigint;
  lockedAvailable: bigint;
  lockedReserve: bigint;
  bond: bigint;
  state: bigint;
  award: bigint | null;
  awarded: bigint;
  voided: bigint;
};

export type ReplayedCycle = BookKey & {
  readonly number: bigint;
  readonly closedAt: bigint;
  net: bigint;
  fees: bigint;
  debtRepaid: bigint;
  merchants: number;
  /** By merchant. */
  readonly statements: Map<Hex, ReplayedStatement>;
  /** As published, right or wrong. */
  root: Hex | null;
};

/** One line of a statement as the log tells it; amounts as in `Movement`. What it is called may show only later. */
export type ReplayedLine = {
  kind: MovementKind;
  orderId: Hex;
  readonly gross: bigint;
  readonly fee: bigint;
};

/** What one merchant was settled for in a cycle, and its lines in chain order. */
export type ReplayedStatement = BookKey & {
  readonly merchant: Hex;
  readonly cycle: bigint;
  readonly net: bigint;
  readonly debtRepaid: bigint;
  readonly lines: readonly ReplayedLine[];
  tree?: StatementTree;
};

export type ReplayedPayout = BookKey & {
  readonly txHash: Hex;
  readonly logIndex: number;
  readonly merchant: Hex;
  readonly recipient: Hex;
  readonly amount: bigint;
  readonly state: "paid" | "held";
};

export type ReplayedParticipant = {
  readonly kind: bigint;
  kycUntil: bigint;
  payoutAddress: Hex;
  status: bigint;
};

export type UnpaidAward = { readonly payer: Hex; readonly orderId: Hex; amount: bigint };

/**
 * What helped an account to pay something that a later event tells of: its reserve, the guarantee fund (a debt), or
 * nobody, which deferred an award. `awardsMet` and `debtMet` are what it paid of its own obligations, `paidToItself` the
 * awards among them that it was owed itself; `moved` is the award about to join its line; `lines` are those that the help
 * is in.
 */
export type Announced = {
  reserve: bigint;
  debt: bigint;
  deferred: bigint;
  awardsMet: bigint;
  awardCount: number;
  paidToItself: bigint;
  debtMet: bigint;
  moved: UnpaidAward | undefined;
  readonly lines: ReplayedLine[];
};

/**
 * Shares of a capture or of what is taken back, what reserve withheld of a capture, and what payees and fee receivers
 * could not give back.
 */
export type OrderShares = {
  readonly shares: OrderShare[];
  feeElsewhere: bigint;
  withheld: bigint;
  withheldBps: bigint;
  deferred: bigint;
};

/** One of these shares; what is given back is a line of whoever gives it and, if it is a payee, of the merchant. */
export type OrderShare = {
  readonly account: Hex;
  readonly amount: bigint;
  readonly given?: { readonly own: ReplayedLine; readonly merchants: ReplayedLine };
};

/** Nothing has happened. */
export function createReplay(): Replay {
  return {
    orders: new Map(),
    accounts: new Map(),
    books: new Map(),
    disputes: new Map(),
    cycles: new Map(),
    payouts: [],
    participants: new Map(),
    consents: new Map(),
    announced: new Map(),
    shares: new Map(),
    lines: new Map(),
    carried: new Map(),
    settledFees: new Map(),
    holdbackClasses: new Map(),
    breaks: [],
  };
}

/** Notes a break if two numbers that must be equal are not. */
export function expectEqual(
  replay: Replay,
  kind: string,
  subject: string,
  expected: bigint | string,
  actual: bigint | string,
): void {
  if (expected === actual) return;
  replay.breaks.push({ kind, subject, expected: expected.toString(), actual: actual.toString() });
}

/** How a book is named in maps and breaks. */
export function bookName({ operator, token }: BookKey): string {
  return `${operator} ${token}`;
}

/** How an account is named in maps and breaks. */
export function accountName(book: BookKey, address: Hex): string {
  return `${bookName(book)} ${address}`;
}

/** How a cycle is named in maps and breaks. */
export function cycleName(book: BookKey, number: bigint): string {
  return `${bookName(book)} ${number}`;
}

/** The book of an order or account; throws if none was opened. */
export function bookOf(replay: Replay, key: BookKey): ReplayedBook {
  return known(replay.books, "book", bookName(key));
}

/** The account, empty if nothing happened to it yet: the ledger's storage begins as zeros. */
export function accountOf(replay: Replay, { operator, token }: BookKey, address: Hex): ReplayedAccount {
  const name = accountName({ operator, token }, address);
  const known = replay.accounts.get(name);
  if (known) return known;

  const account: ReplayedAccount = {
    operator,
    token,
    address,
    available: 0n,
    pending: 0n,
    fees: 0n,
    flags: 0n,
    kycDay: 0n,
    exposedDay: 0n,
    openCycle: 0n,
    debt: 0n,
    reserve: 0n,
    rings: new Map(),
    classes: 0n,
    unpaid: 0n,
    awards: [],
    paid: 0n,
  };
  replay.accounts.set(name, account);
  return account;
}

/** What was announced for an account so far; empty if nothing was. */
export function announcedFor(replay: Replay, account: ReplayedAccount): Announced {
  const name = accountName(account, account.address);
  const found = replay.announced.get(name) ?? nothingAnnounced();
  replay.announced.set(name, found);
  return found;
}

function nothingAnnounced(): Announced {
  const met = { awardsMet: 0n, awardCount: 0, paidToItself: 0n, debtMet: 0n };
  return { reserve: 0n, debt: 0n, deferred: 0n, ...met, moved: undefined, lines: [] };
}

/** What was announced for an order so far; empty if nothing was. */
export function sharesOf(replay: Replay, orderId: Hex): OrderShares {
  const found = replay.shares.get(orderId) ?? noShares();
  replay.shares.set(orderId, found);
  return found;
}

function noShares(): OrderShares {
  return { shares: [], feeElsewhere: 0n, withheld: 0n, withheldBps: 0n, deferred: 0n };
}
