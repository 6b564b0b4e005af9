import type { ParsedLog } from "../chain/log-parser.ts";
import {
  bookKeyOf,
  draw,
  expectAccountWord,
  expectNoAnnouncedDebt,
  type ReplayStep,
} from "./replay-accounts.ts";
import { accountOf, expectEqual, known, type Replay, type ReplayedOrder } from "./replay-state.ts";
import { capturableOf, feeOn, ORDER, orderWordOf, refundableOf, wordText } from "./replay-words.ts";

/** Steps of an order's life; `timestampOf` knows the time of a log's block in Unix seconds. */
export function createOrderSteps(
  timestampOf: (event: ParsedLog) => bigint,
): Readonly<Record<string, ReplayStep>> {
  return {
    OrderAuthorized(replay, event) {
      const order = newOrder(event);
      expectEqual(
        replay,
        "event.order_exists",
        order.orderId,
        0n,
        replay.orders.has(order.orderId) ? 1n : 0n,
      );
      replay.orders.set(order.orderId, order);
      const payer = accountOf(replay, order, order.payer);
      payer.available -= order.amount;
      expectAccountWord(replay, payer, event.integer("payerWord"));
      expectOrderWord(replay, order, event);
    },

    OrderCaptured(replay, event) {
      const order = orderOf(replay, event);
      const amount = event.integer("amount");
      const merchant = accountOf(replay, order, order.merchant);
      const fee = feeOn(order, refundableOf(order) + amount) - feeOn(order, refundableOf(order));
      order.captured += amount;
      order.fees += fee;
      order.capturedAt = timestampOf(event);
      order.cycle = merchant.openCycle;
      order.state = capturableOf(order) === 0n ? ORDER.captured : ORDER.authorized;
      expectEqual(replay, "event.fee", order.orderId, fee, event.integer("fee"));
      expectOrderWord(replay, order, event);

      merchant.pending += amount - fee;
      expectAccountWord(replay, merchant, event.integer("merchantWord"));
      if (fee === 0n) return;

      const feeReceiver = accountOf(replay, order, event.hex("feeReceiver"));
      feeReceiver.pending += fee;
      expectAccountWord(replay, feeReceiver, event.integer("feeReceiverWord"));
    },

    OrderVoided(replay, event) {
      const order = orderOf(replay, event);
      order.voided += event.integer("amount");
      giveBack(replay, order, event, ORDER.voided);
    },

    OrderReclaimed(replay, event) {
      const order = orderOf(replay, event);
      expectEqual(replay, "event.reclaimed", order.orderId, capturableOf(order), event.integer("amount"));
      order.reclaimed += event.integer("amount");
      giveBack(replay, order, event, ORDER.reclaimed);
    },

    OrderRefunded(replay, event) {
      const order = orderOf(replay, event);
      const amount = event.integer("amount");
      const feeReturned = feeOn(order, refundableOf(order)) - feeOn(order, refundableOf(order) - amount);
      order.refunded += amount;
      order.fees -= feeReturned;
      order.state = stateAfterReturn(order, ORDER.refunded);
      expectEqual(replay, "event.fee", order.orderId, feeReturned, event.integer("feeReturned"));
      expectOrderWord(replay, order, event);
      payBack(replay, order, event, { toPayer: amount, fromMerchant: amount - feeReturned, feeReturned });
    },
  };
}

/** Credits the payer and takes the money from merchant and fee receiver, in the order in which the ledger writes. */
export function payBack(
  replay: Replay,
  order: ReplayedOrder,
  event: ParsedLog,
  money: { readonly toPayer: bigint; readonly fromMerchant: bigint; readonly feeReturned: bigint },
): void {
  const payer = accountOf(replay, order, order.payer);
  payer.available += money.toPayer;
  expectAccountWord(replay, payer, event.integer("payerWord"));

  const merchant = accountOf(replay, order, order.merchant);
  draw(replay, merchant, money.fromMerchant);
  expectAccountWord(replay, merchant, event.integer("merchantWord"));

  if (money.feeReturned !== 0n) {
    const feeReceiver = accountOf(replay, order, event.hex("feeReceiver"));
    draw(replay, feeReceiver, money.feeReturned);
    expectAccountWord(replay, feeReceiver, event.integer("feeReceiverWord"));
  }
  expectNoAnnouncedDebt(replay);
}

/** The state after money was given back: `emptied` once nothing is left of an order that never captured. */
export function stateAfterReturn(order: ReplayedOrder, emptied: bigint): bigint {
  if (capturableOf(order) !== 0n) return ORDER.authorized;
  if (refundableOf(order) !== 0n) return ORDER.captured;
  return order.capturedAt === 0n ? emptied : ORDER.refunded;
}

/** The order that an event names. */
export function orderOf(replay: Replay, event: ParsedLog): ReplayedOrder {
  return known(replay.orders, "order", event.hex("orderId"));
}

/** Compares the replay's own arithmetic with the order word in an event. */
export function expectOrderWord(replay: Replay, order: ReplayedOrder, event: ParsedLog): void {
  const word = wordText(event.integer("orderWord"));
  expectEqual(replay, "event.order_word", order.orderId, wordText(orderWordOf(order)), word);
}

function giveBack(replay: Replay, order: ReplayedOrder, event: ParsedLog, emptied: bigint): void {
  order.state = stateAfterReturn(order, emptied);
  expectOrderWord(replay, order, event);
  const payer = accountOf(replay, order, order.payer);
  payer.available += event.integer("amount");
  expectAccountWord(replay, payer, event.integer("payerWord"));
}

function newOrder(event: ParsedLog): ReplayedOrder {
  return {
    ...bookKeyOf(event),
    orderId: event.hex("orderId"),
    merchant: event.hex("merchant"),
    payer: event.hex("payer"),
    amount: event.integer("amount"),
    feeBps: event.integer("feeBps"),
    fixedFee: event.integer("fixedFee"),
    captured: 0n,
    voided: 0n,
    reclaimed: 0n,
    refunded: 0n,
    awarded: 0n,
    fees: 0n,
    capturedAt: 0n,
    cycle: 0n,
    state: ORDER.authorized,
    isDisputed: false,
    isShifted: false,
    disputeCount: 0n,
  };
}
