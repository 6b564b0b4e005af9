import type { ParsedLog } from "../chain/log-parser.ts";
import { bookKeyOf, copyExposure, expectAccountWord, type ReplayStep } from "./replay-accounts.ts";
import { known } from "./replay-known.ts";
import { addLine, dropLine } from "./replay-lines.ts";
import { draw } from "./replay-obligations.ts";
import {
  accountOf,
  announcedFor,
  expectEqual,
  type OrderShare,
  type Replay,
  type ReplayedAccount,
  type ReplayedOrder,
  sharesOf,
} from "./replay-state.ts";
import {
  capturableOf,
  feeOn,
  larger,
  ORDER,
  orderWordOf,
  refundableOf,
  smaller,
  wordText,
} from "./replay-words.ts";

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
      if (event.integer("payerWord") !== 0n) {
        const payer = accountOf(replay, order, order.payer);
        payer.available -= order.amount;
        expectAccountWord(replay, payer, event.integer("payerWord"));
      }
      expectOrderWord(replay, order, event);
    },

    OrderExtended(replay, event) {
      const order = orderOf(replay, event);
      order.isShifted = true;
      expectOrderWord(replay, order, event);
    },

    FeeAccrued(replay, event) {
      const order = orderOf(replay, event);
      order.feeReceiver = event.hex("feeReceiver");
      const account = accountOf(replay, order, order.feeReceiver);
      const isPending = event.integer("isAvailable") === 0n;
      account[isPending ? "pending" : "available"] += event.integer("fee");
      if (isPending) addLine(replay, account, "fee", order.orderId, { gross: event.integer("fee") });
      sharesOf(replay, order.orderId).feeElsewhere += event.integer("fee");
      expectAccountWord(replay, account, event.integer("feeReceiverWord"));
    },

    SplitAccrued(replay, event) {
      const order = orderOf(replay, event);
      const payee = accountOf(replay, order, event.hex("payee"));
      const amount = event.integer("amount");
      payee.pending += amount;
      sharesOf(replay, order.orderId).shares.push({ account: payee.address, amount });
      addLine(replay, payee, "capture", order.orderId, { gross: amount });
      addLine(replay, accountOf(replay, order, order.merchant), "fee", order.orderId, { fee: amount });
      expectAccountWord(replay, payee, event.integer("payeeWord"));
    },

    ShareReturned(replay, event) {
      const order = orderOf(replay, event);
      const account = accountOf(replay, order, event.hex("account"));
      const amount = event.integer("amount") + announcedFor(replay, account).deferred;
      const announced = sharesOf(replay, order.orderId);
      const merchant = accountOf(replay, order, order.merchant);
      const given = {
        own: addLine(replay, account, "refund", order.orderId, { gross: -amount }),
        merchants: addLine(replay, merchant, "fee", order.orderId, { fee: -amount }),
      };
      announced.shares.push({ account: account.address, amount, given });
      // A merchant that gives its own fee back does so out of what a dispute gave free, which only the end tells.
      if (account === merchant) return;
      announced.deferred += draw(replay, account, order.orderId, amount);
      expectAccountWord(replay, account, event.integer("accountWord"));
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

      const { shares, withheld, withheldBps, feeElsewhere } = sharesOf(replay, order.orderId);
      replay.shares.delete(order.orderId);
      const net = shares.reduce((left, share) => left - share.amount, amount - fee);
      expectEqual(replay, "event.withheld", order.orderId, (net * withheldBps) / 10_000n, withheld);
      merchant.pending += net - withheld;
      addLine(replay, merchant, "capture", order.orderId, { gross: amount, fee });
      // The operator's fee waits with the merchant; anybody else's was credited right before.
      if (feeElsewhere === 0n) merchant.fees += fee;
      else expectEqual(replay, "event.fee", order.orderId, fee, feeElsewhere);
      copyExposure(merchant, event.integer("merchantWord"));
      expectAccountWord(replay, merchant, event.integer("merchantWord"));
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
      payBack(replay, order, event, { kind: "refund", held: 0n, captured: amount, feeReturned });
    },
  };
}

/**
 * Takes captured money back: payees and a fee receiver with an account of its own gave theirs in `ShareReturned`
 * events, the operator's fee comes out of the merchant's word, the rest out of the merchant. The payer gets all but what
 * was deferred. Returns that.
 */
export function payBack(
  replay: Replay,
  order: ReplayedOrder,
  event: ParsedLog,
  money: {
    readonly kind: "refund" | "award";
    readonly held: bigint;
    readonly captured: bigint;
    readonly feeReturned: bigint;
    /** What a dispute gave free for this: beyond it, reserve pays before other money. */
    readonly released?: bigint;
  },
): bigint {
  const merchant = accountOf(replay, order, order.merchant);
  const isOperatorsFee = order.feeReceiver === order.operator;
  const waiting = isOperatorsFee ? smaller(money.feeReturned, merchant.fees) : 0n;
  merchant.fees -= waiting;

  const { shares, deferred: deferredByOthers } = sharesOf(replay, order.orderId);
  replay.shares.delete(order.orderId);
  // A fee that is not in the merchant's word any more comes last, and from no payee.
  if (money.feeReturned > waiting) nameFee(replay, merchant, shares.at(-1));
  addLine(replay, merchant, money.kind, order.orderId, { gross: -money.captured, fee: -money.feeReturned });
  const returned = shares
    .filter(({ account }) => account !== merchant.address)
    .reduce((sum, share) => sum + share.amount, 0n);
  const amount = money.captured - returned - waiting;
  const ownFee = shares.reduce((sum, share) => sum + share.amount, -returned);
  const { released = amount } = money;
  const reserveFirst = { after: ownFee, amount: larger(amount - ownFee - released, 0n) };
  const deferred = deferredByOthers + draw(replay, merchant, order.orderId, amount, reserveFirst);
  const payer = accountOf(replay, order, order.payer);
  payer.available += money.captured + money.held - deferred;
  expectAccountWord(replay, payer, event.integer("payerWord"));
  expectAccountWord(replay, merchant, event.integer("merchantWord"));
  return deferred;
}

function nameFee(replay: Replay, merchant: ReplayedAccount, share: OrderShare | undefined): void {
  if (share?.given === undefined) return;
  share.given.own.kind = "fee";
  dropLine(replay, merchant, share.given.merchants);
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
    feeReceiver: event.hex("operator"),
  };
}
