import type { LogDescription } from "ethers";
import type { TestNetwork } from "./deploy-contracts.ts";

/** An order as its events tell it; amounts are cumulative. */
export type ReplayedOrder = {
  readonly operator: string;
  readonly token: string;
  readonly merchant: string;
  readonly payer: string;
  readonly feeBps: bigint;
  readonly fixedFee: bigint;
  readonly amount: bigint;
  captured: bigint;
  voided: bigint;
  reclaimed: bigint;
  refunded: bigint;
  awarded: bigint;
  fees: bigint;
  word: bigint;
};

/** A book as its events tell it; `inflow` is what came in and has not left. */
export type ReplayedBook = {
  readonly operator: string;
  readonly token: string;
  inflow: bigint;
  guarantee: bigint;
};

/** What the ledger's events say of its storage, from the first block on. */
export type LedgerReplay = {
  readonly books: Map<string, ReplayedBook>;
  readonly orders: Map<string, ReplayedOrder>;
  /** Hot words by book and account, as in `accountKey`. */
  readonly accounts: Map<string, bigint>;
  readonly coldWords: Map<string, bigint>;
  /** What open disputes took from merchants, by dispute. */
  readonly locks: Map<string, { readonly book: string; readonly amount: bigint }>;
  /** The bonds of open disputes. */
  readonly bonds: Map<string, { readonly book: string; readonly amount: bigint }>;
};

export const bookKey = (operator: string, token: string): string => `${operator}|${token}`;
export const accountKey = (operator: string, token: string, account: string): string =>
  `${bookKey(operator, token)}|${account}`;

/** Replays every event of the ledger; words are copied from events, sums are added up to be compared with them. */
export async function replayLedger(network: TestNetwork): Promise<LedgerReplay> {
  const { ledger, ethers } = network;
  const logs = await ethers.provider.getLogs({ address: network.ledgerAddress, fromBlock: 0 });
  const replay: LedgerReplay = {
    books: new Map(),
    orders: new Map(),
    accounts: new Map(),
    coldWords: new Map(),
    locks: new Map(),
    bonds: new Map(),
  };

  for (const log of logs) {
    const event = ledger.interface.parseLog(log);
    if (event === null) throw new RangeError(`The ledger emitted an unknown event ${log.topics[0]}.`);
    FOLDS[event.name]?.(replay, event.args);
  }
  return replay;
}

type Fold = (replay: LedgerReplay, args: LogDescription["args"]) => void;

const FOLDS: Record<string, Fold> = {
  BookOpened: (replay, { operator, token }) => {
    replay.books.set(bookKey(operator, token), { operator, token, inflow: 0n, guarantee: 0n });
  },
  AccountSynced: (replay, args) => copyAccount(replay, args, args.account, args.accountWord),
  Deposited: (replay, args) => {
    bookOf(replay, args).inflow += args.amount;
    copyAccount(replay, args, args.account, args.accountWord);
  },
  Withdrawn: (replay, args) => {
    bookOf(replay, args).inflow -= args.amount;
    copyAccount(replay, args, args.account, args.accountWord);
  },
  PayoutPaid: (replay, args) => {
    bookOf(replay, args).inflow -= args.amount;
    copyAccount(replay, args, args.merchant, args.accountWord);
  },
  NetSettled: (replay, args) => copyAccount(replay, args, args.merchant, args.accountWord),
  GuaranteeFunded: (replay, args) => {
    bookOf(replay, args).inflow += args.amount;
    bookOf(replay, args).guarantee = args.guarantee;
  },
  DebtIncurred: (replay, args) => {
    bookOf(replay, args).guarantee = args.guarantee;
    copyCold(replay, args);
  },
  DebtRepaid: (replay, args) => {
    bookOf(replay, args).guarantee = args.guarantee;
    copyCold(replay, args);
  },
  ReserveWithheld: copyCold,
  ReserveDrawn: copyCold,
  ReserveReleased: (replay, args) => {
    copyCold(replay, args);
    copyAccount(replay, args, args.account, args.accountWord);
  },
  AwardDeferred: copyUnpaid,
  AwardMoved: copyUnpaid,
  AwardPaid: (replay, args) => {
    copyUnpaid(replay, args);
    copyAccount(replay, args, args.payer, args.payerWord);
  },
  ObligationsMet: (replay, args) => copyAccount(replay, args, args.account, args.accountWord),
  FeesSettled: (replay, args) => copyAccount(replay, args, args.operator, args.operatorWord),
  FeeAccrued: (replay, args) => copyAccount(replay, args, args.feeReceiver, args.feeReceiverWord),
  ShareReturned: (replay, args) => copyAccount(replay, args, args.account, args.accountWord),
  SplitAccrued: (replay, args) => copyAccount(replay, args, args.payee, args.payeeWord),
  AccountSeized: (replay, args) => {
    copyAccount(replay, args, args.account, args.accountWord);
    copyAccount(replay, args, args.statutoryAccount, args.statutoryWord);
  },
  SuccessorDrawn: (replay, args) => {
    copyAccount(replay, args, args.account, args.accountWord);
    copyAccount(replay, args, args.successor, args.successorWord);
  },
  AccountRebound: (replay, args) => {
    const { operator, token, account, successor } = args;
    copyAccount(replay, args, account, args.accountWord);
    copyAccount(replay, args, successor, args.successorWord);
    replay.coldWords.set(accountKey(operator, token, account), args.coldWord);
    replay.coldWords.set(accountKey(operator, token, successor), args.successorColdWord);
  },
  OrderAuthorized: (replay, args) => {
    const { operator, token, merchant, payer, feeBps, fixedFee, amount } = args;
    const terms = { operator, token, merchant, payer, feeBps, fixedFee, amount };
    const sums = { captured: 0n, voided: 0n, reclaimed: 0n, refunded: 0n, awarded: 0n, fees: 0n };
    replay.orders.set(args.orderId, { ...terms, ...sums, word: args.orderWord });
    // Money from outside the book leaves the payer's account alone.
    if (args.payerWord === 0n) bookOf(replay, args).inflow += amount;
    else copyAccount(replay, args, args.payer, args.payerWord);
  },
  OrderExtended: (replay, args) => {
    orderOf(replay, args);
  },
  OrderCaptured: (replay, args) => {
    const order = orderOf(replay, args);
    order.captured += args.amount;
    order.fees += args.fee;
    copyAccount(replay, order, order.merchant, args.merchantWord);
  },
  OrderVoided: (replay, args) => {
    orderOf(replay, args).voided += args.amount;
    copyAccount(replay, args, args.payer, args.payerWord);
  },
  OrderReclaimed: (replay, args) => {
    orderOf(replay, args).reclaimed += args.amount;
    copyAccount(replay, args, args.payer, args.payerWord);
  },
  OrderRefunded: (replay, args) => {
    const order = orderOf(replay, args);
    order.refunded += args.amount;
    order.fees -= args.feeReturned;
    copyAccount(replay, order, order.payer, args.payerWord);
    copyAccount(replay, order, order.merchant, args.merchantWord);
  },
  DisputeLocked: (replay, args) => {
    const order = orderOf(replay, args);
    const amount = args.lockedPending + args.lockedAvailable + args.lockedReserve;
    replay.locks.set(args.disputeId, { book: bookKey(order.operator, order.token), amount });
    copyAccount(replay, order, order.merchant, args.merchantWord);
  },
  BondTaken: copyBond,
  BondPaid: copyBond,
  DisputePaid: (replay, args) => {
    const order = orderOf(replay, args);
    order.awarded += args.awarded;
    order.voided += args.voided;
    order.fees -= args.feeReturned;
    replay.locks.delete(args.disputeId);
    copyAccount(replay, order, order.payer, args.payerWord);
    copyAccount(replay, order, order.merchant, args.merchantWord);
  },
};

function copyCold(replay: LedgerReplay, args: LogDescription["args"]): void {
  replay.coldWords.set(accountKey(args.operator, args.token, args.account), args.coldWord);
}

/** The cold word tells only whether awards wait; the events tell how much. */
function copyUnpaid(replay: LedgerReplay, args: LogDescription["args"]): void {
  const key = accountKey(args.operator, args.token, args.account);
  const rest = BigInt.asUintN(168, replay.coldWords.get(key) ?? 0n);
  replay.coldWords.set(key, args.totalUnpaid === 0n ? rest : rest | (1n << 168n));
}

function copyBond(replay: LedgerReplay, args: LogDescription["args"]): void {
  const order = replay.orders.get(args.orderId);
  if (order === undefined) throw new RangeError(`No order ${args.orderId} was authorized.`);
  replay.bonds.set(args.disputeId, { book: bookKey(order.operator, order.token), amount: args.bond });
  copyAccount(replay, order, args.account, args.accountWord);
}

type BookArgs = { readonly operator: string; readonly token: string };

function bookOf(replay: LedgerReplay, { operator, token }: BookArgs | LogDescription["args"]): ReplayedBook {
  const book = replay.books.get(bookKey(operator, token));
  if (book === undefined) throw new RangeError(`No book of ${operator} in ${token} was opened.`);
  return book;
}

function orderOf(replay: LedgerReplay, args: LogDescription["args"]): ReplayedOrder {
  const order = replay.orders.get(args.orderId);
  if (order === undefined) throw new RangeError(`No order ${args.orderId} was authorized.`);
  order.word = args.orderWord;
  return order;
}

function copyAccount(
  replay: LedgerReplay,
  { operator, token }: BookArgs | LogDescription["args"],
  account: string,
  word: bigint,
): void {
  replay.accounts.set(accountKey(operator, token, account), word);
}
