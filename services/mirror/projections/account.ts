import type { ChainEvent } from "../../chain/events.ts";
import { decodeAccountWord, decodeColdWord, withUnpaid, wordToHex } from "../../chain/words.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  type AccountStep,
  type BookKey,
  choose,
  type EventTable,
  eventsOf,
  type OrderParties,
  type Projection,
  partiesOf,
  placeOf,
  plus,
  type Surroundings,
} from "./projection.ts";

type AccountRow = ProjectionRow<"account">;

/** What an account's next row is made of. */
type AccountBasis = Pick<
  AccountRow,
  "operator" | "token" | "address" | "word" | "cold_word" | "paid" | "unpaid"
>;

/** What an event says about an account; later changes of one event stand for later writes of the contract. */
type AccountChange = BookKey & {
  readonly address: Hex;
  readonly word?: bigint;
  readonly coldWord?: bigint;
  /** Awards that wait; the cold word says only whether there are any. */
  readonly unpaid?: bigint;
  readonly paid?: bigint;
};

const CHANGES: EventTable<readonly AccountChange[]> = {
  AccountSynced: ({ args }) => [{ ...args, address: args.account, word: args.accountWord }],
  Deposited: ({ args }) => [{ ...args, address: args.account, word: args.accountWord }],
  Withdrawn: ({ args }) => [{ ...args, address: args.account, word: args.accountWord }],
  DebtIncurred: ({ args }) => [{ ...args, address: args.account }],
  DebtRepaid: ({ args }) => [{ ...args, address: args.account }],
  ReserveWithheld: ({ args }) => [{ ...args, address: args.account }],
  ReserveDrawn: ({ args }) => [{ ...args, address: args.account }],
  ReserveReleased: ({ args }) => [{ ...args, address: args.account, word: args.accountWord }],
  AwardDeferred: ({ args }) => [{ ...args, address: args.account, unpaid: args.totalUnpaid }],
  AwardMoved: ({ args }) => [{ ...args, address: args.account, unpaid: args.totalUnpaid }],
  AwardPaid: ({ args }) => [{ ...args, address: args.account, unpaid: args.totalUnpaid }, ...payerOf(args)],
  ObligationsMet: ({ args }) => [{ ...args, address: args.account, word: args.accountWord }],
  FeesSettled: ({ args }) => [{ ...args, address: args.operator, word: args.operatorWord }],
  FeeAccrued: ({ args }) => [{ ...args, address: args.feeReceiver, word: args.feeReceiverWord }],
  ShareReturned: ({ args }) => [{ ...args, address: args.account, word: args.accountWord }],
  SplitAccrued: ({ args }) => [{ ...args, address: args.payee, word: args.payeeWord }],
  AccountSeized: ({ args }) => [
    { ...args, address: args.account, word: args.accountWord },
    { ...args, address: args.statutoryAccount, word: args.statutoryWord },
  ],
  SuccessorDrawn: ({ args }) => [
    { ...args, address: args.account, word: args.accountWord },
    { ...args, address: args.successor, word: args.successorWord },
  ],
  AccountRebound: ({ args }) => [
    { ...args, address: args.account, word: args.accountWord },
    { ...args, address: args.successor, word: args.successorWord, coldWord: args.successorColdWord },
  ],
  // Money from outside the book leaves the payer's account alone, and the word is 0.
  OrderAuthorized: ({ args }) => (args.payerWord === 0n ? [] : payerOf(args)),
  OrderVoided: ({ args }) => payerOf(args),
  OrderReclaimed: ({ args }) => payerOf(args),
  OrderCaptured: ({ args }, { orders }) => merchantOf({ ...partiesOf(args.orderId, orders), ...args }),
  OrderRefunded: ({ args }) => [...payerOf(args), ...merchantOf(args)],
  BondTaken: ({ args }, { orders }) => bondOf(args, partiesOf(args.orderId, orders)),
  BondPaid: ({ args }, { orders }) => bondOf(args, partiesOf(args.orderId, orders)),
  DisputeLocked: ({ args }, { orders }) => merchantOf({ ...partiesOf(args.orderId, orders), ...args }),
  DisputePaid: ({ args }, { orders }) => {
    const named = { ...partiesOf(args.orderId, orders), ...args };
    return [...payerOf(named), ...merchantOf(named)];
  },
  NetSettled: ({ args }) => [{ ...args, address: args.merchant, word: args.accountWord }],
  PayoutPaid: ({ args }) => [{ ...args, address: args.merchant, word: args.accountWord, paid: args.amount }],
};

/** Told of every change of a hot word, so that statements can follow what is pending. */
export type AccountStepListener = (event: ChainEvent, steps: readonly AccountStep[]) => void;

/** Balances, debt and standing of every account, copied from the words in the events; `paid` is summed. */
export function createAccountProjection(onSteps: AccountStepListener): Projection<"account"> {
  return {
    table: "account",
    events: eventsOf(CHANGES),
    keysOf: (event, surroundings) => (choose(CHANGES, event, lenient(surroundings)) ?? []).map(keyOf),
    apply(event, rows, surroundings) {
      const changes = choose(CHANGES, event, surroundings) ?? [];
      const changedRows = new Map<Hex, AccountRow>();
      for (const change of changes) {
        const before = changedRows.get(change.address) ?? rows.get(keyOf(change));
        changedRows.set(change.address, changed(before ?? newAccount(change), change, event));
      }
      const told = new Set(changes.filter(({ word }) => word !== undefined).map(({ address }) => address));
      const steps = [...changedRows.values()]
        .filter(({ address }) => told.has(address))
        .map((row) => stepOf(rows.get(keyOf(row)) ?? newAccount(row), row));
      for (const row of changedRows.values()) rows.put(row);
      if (steps.length > 0) onSteps(event, steps);
    },
  };
}

function payerOf({
  operator,
  token,
  payer,
  payerWord,
}: BookKey & { payer: Hex; payerWord: bigint }): AccountChange[] {
  return [{ operator, token, address: payer, word: payerWord }];
}

function merchantOf({
  operator,
  token,
  merchant,
  merchantWord,
}: BookKey & { merchant: Hex; merchantWord: bigint }): AccountChange[] {
  return [{ operator, token, address: merchant, word: merchantWord }];
}

function bondOf(
  { account, accountWord }: { account: Hex; accountWord: bigint },
  { operator, token }: BookKey,
): AccountChange[] {
  return [{ operator, token, address: account, word: accountWord }];
}

/** While keys are collected an unknown order is passed over: its account does not exist, and `apply` will say so. */
function lenient(surroundings: Surroundings): Surroundings {
  const nobody: OrderParties = { operator: "0x", token: "0x", merchant: "0x", payer: "0x" };
  return { ...surroundings, orders: (orderId) => surroundings.orders(orderId) ?? nobody };
}

function keyOf({ operator, token, address }: Pick<AccountRow, "operator" | "token" | "address">) {
  return { operator, token, address };
}

function newAccount(account: Pick<AccountRow, "operator" | "token" | "address">): AccountBasis {
  return { ...keyOf(account), word: wordToHex(0n), cold_word: wordToHex(0n), paid: "0", unpaid: "0" };
}

function changed(before: AccountBasis, change: AccountChange, event: ChainEvent): AccountRow {
  const word = change.word ?? BigInt(before.word);
  const unpaid = change.unpaid ?? BigInt(before.unpaid);
  const coldWord = withUnpaid(change.coldWord ?? BigInt(before.cold_word), unpaid);
  const { available, pending, fees, status, openCycle } = decodeAccountWord(word);
  const { debt, reserve } = decodeColdWord(coldWord);
  const { block_hash, block_number, log_index } = placeOf(event);
  return {
    ...keyOf(before),
    available: available.toString(),
    pending: pending.toString(),
    fees: fees.toString(),
    reserve: reserve.toString(),
    unpaid: unpaid.toString(),
    debt: debt.toString(),
    paid: plus(before.paid, change.paid ?? 0n),
    status,
    open_cycle: openCycle,
    word: wordToHex(word),
    cold_word: wordToHex(coldWord),
    block_hash,
    block_number,
    log_index,
  };
}

function stepOf(before: AccountBasis, after: AccountRow): AccountStep {
  const word = decodeAccountWord(BigInt(before.word));
  return {
    ...keyOf(after),
    pendingBefore: word.pending,
    pending: BigInt(after.pending),
    feesBefore: word.fees,
    fees: BigInt(after.fees),
    cycleBefore: word.openCycle,
  };
}
