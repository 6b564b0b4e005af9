import { accountOf, drawReserve, expose, min, type PlainBook, refuseUnless } from "./book.ts";
import { feeOf, giveBack, type PlainOrder, STATE, settleState, takeBack } from "./orders.ts";

export type PlainLock = {
  readonly captured: bigint;
  readonly held: bigint;
  readonly pending: bigint;
  readonly available: bigint;
  readonly reserve: bigint;
  readonly at: bigint;
  readonly cycle: bigint;
  bond: bigint;
};

const MAX_DISPUTE = 180n * 86_400n;

/** Captured money first while its window is open; the merchant's net of it is taken aside. */
export function lock(book: PlainBook, order: PlainOrder, amount: bigint, bond: bigint): PlainLock {
  const { terms } = order;
  refuseUnless(!order.isDisputed && amount > 0n, "one dispute at a time");
  refuseUnless(amount <= order.capturable + order.refundable, "what the order has is disputed");
  let captured = min(amount, order.refundable);
  if (captured > 0n && book.now > order.capturedAt + terms.disputeWindow) {
    refuseUnless(amount <= order.capturable, "captured money is disputed in time");
    captured = 0n;
  }
  const payer = accountOf(book, terms.payer);
  refuseUnless(bond <= payer.available, "the bond is paid");
  payer.available -= bond;

  const merchant = accountOf(book, terms.merchant);
  const { refundable } = order;
  let net = captured - (feeOf(terms, refundable) - feeOf(terms, refundable - captured));
  const isSettled = order.cycle < merchant.openCycle;
  const taken = { pending: 0n, available: 0n };
  for (const balance of isSettled
    ? (["available", "pending"] as const)
    : (["pending", "available"] as const)) {
    taken[balance] = min(net, merchant[balance]);
    merchant[balance] -= taken[balance];
    net -= taken[balance];
  }
  const reserve = drawReserve(merchant, net);
  const captureBy = order.capturable > 0n ? terms.captureBy + order.shift : 0n;
  expose(merchant, (captureBy > book.now ? captureBy : book.now) + MAX_DISPUTE + terms.disputeWindow);
  order.isDisputed = true;
  order.disputes += 1n;
  return { ...taken, captured, held: amount - captured, reserve, at: book.now, cycle: book.openCycle, bond };
}

/** Pays the outcome; what is left of the bond goes to the payer. */
export function pay(book: PlainBook, order: PlainOrder, held: PlainLock, award: bigint): void {
  const { terms } = order;
  const merchant = accountOf(book, terms.merchant);
  merchant.available += held.available;
  if (held.cycle < book.openCycle) merchant.available += held.pending;
  else merchant.pending += held.pending;
  merchant.pending += held.reserve;

  const awarded = min(award, held.captured);
  const voided = award - awarded;
  refuseUnless(voided <= order.capturable, "an award is within the order");
  const payer = accountOf(book, terms.payer);
  payer.available += held.bond;
  const released = held.pending + held.available + held.reserve;
  const deferred = takeBack(book, order, awarded, released);
  payer.available += awarded - deferred;
  giveBack(book, order, voided, STATE.voided);
  settleState(order, STATE.voided);

  const duration = book.now - held.at;
  order.isDisputed = false;
  order.isShifted = true;
  order.shift += duration;
  if (order.capturedAt > 0n) order.capturedAt += duration;
}
