import {
  accountOf,
  draw,
  expose,
  min,
  type PlainBook,
  PlainRefusal,
  refuseUnless,
  withhold,
} from "./book.ts";

export type PlainTerms = {
  readonly id: string;
  readonly payer: string;
  readonly merchant: string;
  readonly amount: bigint;
  readonly feeBps: bigint;
  readonly fixedFee: bigint;
  readonly feeReceiver: string;
  readonly captureBy: bigint;
  readonly reclaimFrom: bigint;
  readonly refundBy: bigint;
  readonly disputeWindow: bigint;
  readonly holdbackClass: number;
  readonly splits: readonly { readonly payee: string; readonly bps: bigint }[];
};

/** Numbers as in the order's word. */
export const STATE = {
  authorized: 1n,
  captured: 2n,
  voided: 3n,
  reclaimed: 4n,
  refunded: 5n,
  canceled: 6n,
} as const;

export type PlainOrder = {
  readonly terms: PlainTerms;
  capturable: bigint;
  refundable: bigint;
  capturedAt: bigint;
  cycle: bigint;
  state: bigint;
  isDisputed: boolean;
  isShifted: boolean;
  disputes: bigint;
  shift: bigint;
};

export type PlainOrders = Map<string, PlainOrder>;

/** Fee of so much captured money: never above it. */
export function feeOf(terms: PlainTerms, kept: bigint): bigint {
  return kept === 0n ? 0n : min(kept, terms.fixedFee + (kept * terms.feeBps) / 10_000n);
}

function shareOf(terms: PlainTerms, bps: bigint, kept: bigint): bigint {
  return ((kept - feeOf(terms, kept)) * bps) / 10_000n;
}

export function authorize(book: PlainBook, orders: PlainOrders, terms: PlainTerms): PlainOrder {
  const payer = accountOf(book, terms.payer);
  refuseUnless(!orders.has(terms.id), "an order id is used once");
  refuseUnless(terms.amount > 0n && terms.amount <= payer.available, "the payer has the money");
  payer.available -= terms.amount;
  const order: PlainOrder = {
    terms,
    capturable: terms.amount,
    refundable: 0n,
    capturedAt: 0n,
    cycle: 0n,
    state: STATE.authorized,
    isDisputed: false,
    isShifted: false,
    disputes: 0n,
    shift: 0n,
  };
  orders.set(terms.id, order);
  return order;
}

export function cancel(orders: PlainOrders, terms: PlainTerms): void {
  refuseUnless(!orders.has(terms.id), "only an unused id is canceled");
  orders.set(terms.id, {
    terms,
    capturable: 0n,
    refundable: 0n,
    capturedAt: 0n,
    cycle: 0n,
    state: STATE.canceled,
    isDisputed: false,
    isShifted: false,
    disputes: 0n,
    shift: 0n,
  });
}

export function capture(book: PlainBook, order: PlainOrder, amount: bigint): void {
  const { terms } = order;
  refuseUnless(amount > 0n && amount <= order.capturable && !order.isDisputed, "held money is captured");
  refuseUnless(book.now <= terms.captureBy + order.shift, "captures end at captureBy");
  const [low, high] = [order.refundable, order.refundable + amount];
  const fee = feeOf(terms, high) - feeOf(terms, low);
  let net = amount - fee;
  for (const { payee, bps } of terms.splits) {
    const share = shareOf(terms, bps, high) - shareOf(terms, bps, low);
    accountOf(book, payee).pending += share;
    net -= share;
  }
  if (terms.holdbackClass !== 0) net -= withhold(book, terms.merchant, terms.holdbackClass, net);
  const merchant = accountOf(book, terms.merchant);
  merchant.pending += net;
  expose(merchant, book.now + terms.disputeWindow);
  accrueFee(book, order, fee);

  order.capturable -= amount;
  order.refundable = high;
  order.capturedAt = book.now;
  order.cycle = merchant.openCycle;
  order.state = order.capturable === 0n ? STATE.captured : STATE.authorized;
}

/** The operator's fee waits with the merchant as long as 32 bits hold it. */
function accrueFee(book: PlainBook, { terms }: PlainOrder, fee: bigint): void {
  const merchant = accountOf(book, terms.merchant);
  if (terms.feeReceiver !== book.operator) accountOf(book, terms.feeReceiver).pending += fee;
  else if (merchant.fees + fee < 2n ** 32n) merchant.fees += fee;
  else accountOf(book, book.operator).available += fee;
}

export function giveBack(book: PlainBook, order: PlainOrder, amount: bigint, end: bigint): void {
  accountOf(book, order.terms.payer).available += amount;
  order.capturable -= amount;
  settleState(order, end);
}

export function voidOrder(book: PlainBook, order: PlainOrder, amount: bigint): void {
  refuseUnless(amount > 0n && amount <= order.capturable && !order.isDisputed, "held money is voided");
  giveBack(book, order, amount, STATE.voided);
}

export function reclaim(book: PlainBook, order: PlainOrder): void {
  refuseUnless(order.capturable > 0n && !order.isDisputed, "held money is reclaimed");
  refuseUnless(book.now >= order.terms.reclaimFrom + order.shift, "reclaims begin at reclaimFrom");
  giveBack(book, order, order.capturable, STATE.reclaimed);
}

export function refund(book: PlainBook, order: PlainOrder, amount: bigint, disputed: bigint): void {
  refuseUnless(amount > 0n && amount <= order.refundable - disputed, "captured money is refunded");
  refuseUnless(book.now <= order.terms.refundBy + order.shift, "refunds end at refundBy");
  const short = takeBack(book, order, amount, null);
  if (short > 0n) throw new PlainRefusal("a refund is paid whole");
  accountOf(book, order.terms.payer).available += amount;
  settleState(order, STATE.refunded);
}

/**
 * Takes `amount` of captured money from whoever has it; returns what became an unpaid award. `released` is what an
 * award's dispute gave free, null for a refund: reserve pays first what goes beyond it.
 */
export function takeBack(
  book: PlainBook,
  order: PlainOrder,
  amount: bigint,
  released: bigint | null,
): bigint {
  const canDefer = released !== null;
  const { terms } = order;
  const [low, high] = [order.refundable - amount, order.refundable];
  const fee = feeOf(terms, high) - feeOf(terms, low);
  let net = amount - fee;
  let deferred = 0n;
  const collect = (name: string, due: bigint, fromReserve = 0n) => {
    const short = draw(book, name, due, fromReserve);
    if (short === 0n) return;
    if (!canDefer) throw new PlainRefusal("there is somebody to pay it");
    accountOf(book, name).awards.push({ payer: terms.payer, orderId: terms.id, amount: short });
    deferred += short;
  };
  for (const { payee, bps } of terms.splits) {
    const share = shareOf(terms, bps, high) - shareOf(terms, bps, low);
    collect(payee, share);
    net -= share;
  }
  if (terms.feeReceiver === book.operator) {
    const merchant = accountOf(book, terms.merchant);
    const waiting = min(fee, merchant.fees);
    merchant.fees -= waiting;
    collect(book.operator, fee - waiting);
  } else collect(terms.feeReceiver, fee);
  collect(terms.merchant, net, released !== null && net > released ? net - released : 0n);
  order.refundable = low;
  return deferred;
}

export function settleState(order: PlainOrder, end: bigint): void {
  if (order.capturable > 0n) order.state = STATE.authorized;
  else if (order.refundable > 0n) order.state = STATE.captured;
  else order.state = order.capturedAt > 0n ? STATE.refunded : end;
}
