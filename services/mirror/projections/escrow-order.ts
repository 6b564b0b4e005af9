import type { ChainEvent } from "../../chain/events.ts";
import { decodeOrderWord, wordToHex } from "../../chain/words.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  choose,
  type EventTable,
  eventsOf,
  type Projection,
  placeOf,
  plus,
  toCount,
  toSeconds,
  UnknownSubjectError,
} from "./projection.ts";

type OrderRow = ProjectionRow<"escrow_order">;

/** What an event does to an order: the resulting word, and what is added to the order's sums. */
type OrderChange = {
  readonly orderId: Hex;
  /** The one before stays where an event has none. */
  readonly word?: bigint;
  readonly captured?: bigint;
  readonly voided?: bigint;
  readonly reclaimed?: bigint;
  readonly refunded?: bigint;
  readonly awarded?: bigint;
  readonly fees?: bigint;
  readonly set?: Partial<OrderRow>;
  readonly opened?: Pick<
    OrderRow,
    "operator" | "merchant" | "payer" | "token" | "amount" | "fee_bps" | "fixed_fee"
  >;
};

const CHANGES: EventTable<OrderChange> = {
  OrderAuthorized: ({ args }) => ({
    orderId: args.orderId,
    word: args.orderWord,
    opened: {
      operator: args.operator,
      merchant: args.merchant,
      payer: args.payer,
      token: args.token,
      amount: args.amount.toString(),
      fee_bps: toCount(args.feeBps),
      fixed_fee: args.fixedFee.toString(),
    },
  }),
  OrderCaptured: ({ args }) => ({
    orderId: args.orderId,
    word: args.orderWord,
    captured: args.amount,
    fees: args.fee,
  }),
  OrderVoided: ({ args }) => ({ orderId: args.orderId, word: args.orderWord, voided: args.amount }),
  OrderReclaimed: ({ args }) => ({ orderId: args.orderId, word: args.orderWord, reclaimed: args.amount }),
  OrderRefunded: ({ args }) => ({
    orderId: args.orderId,
    word: args.orderWord,
    refunded: args.amount,
    fees: -args.feeReturned,
  }),
  OrderExtended: ({ args }) => ({
    orderId: args.orderId,
    word: args.orderWord,
    set: { clock_shift: toSeconds(args.shiftedBy) },
  }),
  FeeAccrued: ({ args }) => ({ orderId: args.orderId, set: { fee_receiver: args.feeReceiver } }),
  OrderCollected: ({ args }) => ({ orderId: args.orderId, set: { collector: args.collector } }),
  DeliveryProven: ({ args }) => ({
    orderId: args.orderId,
    set: { delivered_at: toSeconds(args.deliveredAt) },
  }),
  DisputeLocked: ({ args }) => ({ orderId: args.orderId, word: args.orderWord }),
  DisputePaid: ({ args }) => ({
    orderId: args.orderId,
    word: args.orderWord,
    awarded: args.awarded,
    voided: args.voided,
    fees: -args.feeReturned,
  }),
};

/** Orders with their sums; state and what is left are the word's. */
export const escrowOrderProjection: Projection<"escrow_order"> = {
  table: "escrow_order",
  events: eventsOf(CHANGES),
  // Every event about an order loads it, so that other tables can look its parties up.
  keysOf: ({ args }) => ("orderId" in args ? [{ order_id: args.orderId }] : []),
  apply(event, rows, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    if (change === undefined) return;

    const before = change.opened
      ? newOrder(change.orderId, change.opened)
      : rows.get({ order_id: change.orderId });
    if (before === undefined) throw new UnknownSubjectError("order", change.orderId);
    rows.put(changed(before, change, event));
  },
};

/** A row without what its word says. */
type OrderBasis = Omit<
  OrderRow,
  | ("capturable" | "refundable" | "state" | "cycle" | "captured_at" | "is_disputed" | "dispute_count")
  | ("block_hash" | "block_number" | "log_index" | "tx_hash")
>;

function newOrder(orderId: Hex, opened: NonNullable<OrderChange["opened"]>): OrderBasis {
  return {
    order_id: orderId,
    ...opened,
    captured: "0",
    voided: "0",
    reclaimed: "0",
    refunded: "0",
    awarded: "0",
    fees: "0",
    fee_receiver: null,
    collector: null,
    delivered_at: null,
    clock_shift: 0,
    word: wordToHex(0n),
  };
}

function changed(before: OrderBasis, change: OrderChange, event: ChainEvent): OrderRow {
  const packed = change.word ?? BigInt(before.word);
  const word = decodeOrderWord(packed);
  return {
    ...before,
    captured: plus(before.captured, change.captured ?? 0n),
    voided: plus(before.voided, change.voided ?? 0n),
    reclaimed: plus(before.reclaimed, change.reclaimed ?? 0n),
    refunded: plus(before.refunded, change.refunded ?? 0n),
    awarded: plus(before.awarded, change.awarded ?? 0n),
    fees: plus(before.fees, change.fees ?? 0n),
    capturable: word.capturable.toString(),
    refundable: word.refundable.toString(),
    state: word.state,
    cycle: toCount(word.cycle),
    captured_at: word.capturedAt,
    is_disputed: word.isDisputed,
    dispute_count: word.disputeCount,
    clock_shift:
      event.name === "DisputePaid" ? shiftAfterDispute(before, word.capturedAt) : before.clock_shift,
    word: wordToHex(packed),
    ...change.set,
    ...placeOf(event),
  };
}

/** A dispute moves the deadlines by as long as it lasted; what shows that is the moved time of the capture. */
function shiftAfterDispute(before: OrderBasis, capturedAt: number): number | null {
  const capturedBefore = decodeOrderWord(BigInt(before.word)).capturedAt;
  if (capturedBefore === 0 || before.clock_shift === null) return null;
  return before.clock_shift + capturedAt - capturedBefore;
}
