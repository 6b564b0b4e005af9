import type { Hex } from "../domain/order-terms.ts";
import type { ReplayedAccount, ReplayedOrder } from "./replay-state.ts";

/** Order states as numbered in contracts/types/OrderWord.sol. */
export const ORDER = { authorized: 1n, captured: 2n, voided: 3n, reclaimed: 4n, refunded: 5n } as const;

/** What is held and neither captured nor given back. */
export function capturableOf(order: ReplayedOrder): bigint {
  return order.amount - order.captured - order.voided - order.reclaimed;
}

/** What was captured and not given back. */
export function refundableOf(order: ReplayedOrder): bigint {
  return order.captured - order.refunded - order.awarded;
}

/** The word that the ledger must hold for an order. */
export function orderWordOf(order: ReplayedOrder): bigint {
  const flags = (order.disputeCount << 8n) | (order.isShifted ? 2n : 0n) | (order.isDisputed ? 1n : 0n);
  return (
    capturableOf(order) |
    (refundableOf(order) << 80n) |
    (order.capturedAt << 160n) |
    (order.cycle << 200n) |
    (order.state << 232n) |
    (flags << 240n)
  );
}

/** The hot word that the ledger must hold for an account. */
export function accountWordOf(account: ReplayedAccount): bigint {
  const isCold = account.debt !== 0n || account.reserve !== 0n || account.unpaid !== 0n;
  return (
    account.available |
    (account.pending << 80n) |
    (account.fees << 160n) |
    (account.openCycle << 192n) |
    (account.kycDay << 216n) |
    (account.exposedDay << 232n) |
    ((account.flags | (isCold ? 128n : 0n)) << 248n)
  );
}

/** The cold word that the ledger must hold for an account. */
export function coldWordOf(account: ReplayedAccount): bigint {
  const hasUnpaid = account.unpaid === 0n ? 0n : 1n;
  return account.debt | (account.reserve << 80n) | (account.classes << 160n) | (hasUnpaid << 168n);
}

/** Until when the account is exposed to disputes, as a hot word has it, in days. */
export function exposedDayOf(word: bigint): bigint {
  return BigInt.asUintN(16, word >> 232n);
}

/** What the fees of an order must be when `net` of it is captured and not given back. */
export function feeOn(order: ReplayedOrder, net: bigint): bigint {
  if (net === 0n) return 0n;
  const fee = order.fixedFee + (net * order.feeBps) / 10_000n;
  return fee < net ? fee : net;
}

/** A word as 32 bytes of hex. A negative one cannot exist on chain and is shown as it is. */
export function wordText(word: bigint): Hex {
  return word < 0n ? (`-0x${(-word).toString(16)}` as Hex) : `0x${word.toString(16).padStart(64, "0")}`;
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
