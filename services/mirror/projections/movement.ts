import type { ChainEvent } from "../../chain/events.ts";
import { decodeAccountWord, decodeOrderWord } from "../../chain/words.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  choose,
  type EventTable,
  type OrderLookup,
  type Projection,
  placeOf,
  toCount,
  UnknownSubjectError,
} from "./projection.ts";

type Movement = Omit<ProjectionRow<"movement">, "block_hash" | "block_number" | "log_index" | "tx_hash">;

const MOVEMENTS: EventTable<Movement | undefined> = {
  OrderCaptured: ({ args }, { orders }) => ({
    ...bookOf(args.orderId, orders),
    merchant: args.merchant,
    kind: "capture",
    order_id: args.orderId,
    cycle: toCount(decodeOrderWord(args.orderWord).cycle),
    ...amounts(args.amount, args.fee),
  }),
  OrderRefunded: ({ args }) => ({
    operator: args.operator,
    token: args.token,
    merchant: args.merchant,
    kind: "refund",
    order_id: args.orderId,
    cycle: decodeAccountWord(args.merchantWord).openCycle,
    ...amounts(args.amount, args.feeReturned),
  }),
  DisputePaid({ args }, { orders }) {
    if (args.awarded === 0n) return undefined;

    return {
      ...bookOf(args.orderId, orders),
      merchant: args.merchant,
      kind: "award",
      order_id: args.orderId,
      cycle: decodeAccountWord(args.merchantWord).openCycle,
      ...amounts(args.awarded, args.feeReturned),
    };
  },
  PayoutPaid: ({ args }) => ({
    operator: args.operator,
    token: args.token,
    merchant: args.merchant,
    kind: "payout",
    order_id: null,
    cycle: null,
    ...amounts(args.amount, 0n),
  }),
};

/**
 * The lines of merchants' statements. Amounts are positive whichever way the money went: `kind` tells. A refund or
 * award stands in the cycle that was open for the merchant when it happened.
 */
export const movementProjection: Projection<"movement"> = {
  table: "movement",
  keysOf: () => [],
  apply(event: ChainEvent, rows, surroundings) {
    const movement = choose(MOVEMENTS, event, surroundings);
    if (movement) rows.put({ ...placeOf(event), ...movement });
  },
};

function bookOf(orderId: Hex, orders: OrderLookup) {
  const parties = orders(orderId);
  if (parties === undefined) throw new UnknownSubjectError("order", orderId);
  return { operator: parties.operator, token: parties.token };
}

function amounts(gross: bigint, fee: bigint) {
  return { gross: gross.toString(), fee: fee.toString(), net: (gross - fee).toString() };
}
