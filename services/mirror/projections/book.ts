import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  choose,
  type EventTable,
  eventsOf,
  type Projection,
  plus,
  toCount,
  UnknownSubjectError,
} from "./projection.ts";

type BookRow = ProjectionRow<"book">;

type BookChange = {
  readonly key: { readonly operator: Hex; readonly token: Hex };
  readonly opened?: { readonly vault: Hex };
  readonly deposited?: bigint;
  readonly withdrawn?: bigint;
  readonly paid?: bigint;
  readonly guarantee?: bigint;
  readonly advanceLimit?: bigint;
  readonly openCycle?: number;
};

const CHANGES: EventTable<BookChange | undefined> = {
  BookOpened: ({ args }) => ({ key: keyOf(args), opened: { vault: args.vault }, openCycle: 1 }),
  Deposited: ({ args }) => ({ key: keyOf(args), deposited: args.amount }),
  // A payer's word of 0 means that the money came from outside, for this order.
  OrderAuthorized: ({ args }) =>
    args.payerWord === 0n ? { key: keyOf(args), deposited: args.amount } : undefined,
  Withdrawn: ({ args }) => ({ key: keyOf(args), withdrawn: args.amount }),
  PayoutPaid: ({ args }) => ({ key: keyOf(args), paid: args.amount }),
  AdvanceLimitSet: ({ args }) => ({ key: keyOf(args), advanceLimit: args.advanceLimit }),
  GuaranteeFunded: ({ args }) => ({ key: keyOf(args), guarantee: args.guarantee }),
  DebtIncurred: ({ args }) => ({ key: keyOf(args), guarantee: args.guarantee }),
  DebtRepaid: ({ args }) => ({ key: keyOf(args), guarantee: args.guarantee }),
  CycleClosed: ({ args }) => ({ key: keyOf(args), openCycle: toCount(args.cycle) + 1 }),
};

/** One operator's vault in one token: what came in, what went out, the guarantee fund and the open cycle. */
export const bookProjection: Projection<"book"> = {
  table: "book",
  events: eventsOf(CHANGES),
  keysOf(event, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    return change ? [change.key] : [];
  },
  apply(event, rows, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    if (change === undefined) return;

    const before = change.opened ? newBook(change.key, change.opened.vault) : rows.get(change.key);
    if (before === undefined) {
      throw new UnknownSubjectError("book", `${change.key.operator} ${change.key.token}`);
    }
    rows.put({
      ...before,
      open_cycle: change.openCycle ?? before.open_cycle,
      guarantee: change.guarantee?.toString() ?? before.guarantee,
      advance_limit: change.advanceLimit?.toString() ?? before.advance_limit,
      deposited: plus(before.deposited, change.deposited ?? 0n),
      withdrawn: plus(before.withdrawn, change.withdrawn ?? 0n),
      paid: plus(before.paid, change.paid ?? 0n),
    });
  },
};

function keyOf({ operator, token }: { operator: Hex; token: Hex }) {
  return { operator, token };
}

function newBook(key: BookChange["key"], vault: Hex): BookRow {
  const nothing = { guarantee: "0", advance_limit: "0", deposited: "0", withdrawn: "0", paid: "0" };
  return { ...key, vault, open_cycle: 1, ...nothing };
}
