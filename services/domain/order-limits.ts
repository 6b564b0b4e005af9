import { DomainError } from "./errors.ts";
import { AMOUNT_LIMIT, ONE_IN_BPS } from "./money.ts";
import type { Hex, OrderTerms, Split } from "./order-terms.ts";

/** The longest that the ledger holds money, and after that keeps it refundable or disputable, in seconds. */
export const LONGEST_HOLD = 180 * 86_400;

/** The most payees of an order beside its merchant, as in contracts/types/Splits.sol. */
export const MAX_PAYEES = 8;

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/** Refuses terms that the ledger would refuse, naming the first member that is wrong. */
export function checkTerms(orderId: Hex, terms: OrderTerms, now: number): void {
  const field = invalidField(terms, now);
  if (field === undefined) return;
  throw new DomainError("terms_invalid", `The order's terms are not acceptable: ${field}.`, {
    orderId,
    field,
  });
}

/** Refuses payees that the ledger would refuse whoever they are, naming what is wrong. */
export function requireSplits(
  splits: readonly Split[],
  order: { readonly orderId: Hex; readonly merchant: Hex },
): void {
  const reason = splitsFault(splits, order.merchant);
  if (reason === undefined) return;
  throw new DomainError("splits_invalid", `The splits are not acceptable: ${reason}.`, {
    orderId: order.orderId,
    field: "splits",
    reason,
  });
}

function splitsFault(splits: readonly Split[], merchant: Hex): string | undefined {
  const payees = splits.map(({ payee }) => payee);
  if (splits.length === 0 || splits.length > MAX_PAYEES) return `there must be 1 to ${MAX_PAYEES}`;
  if (payees.some((payee, index) => index > 0 && payee <= (payees[index - 1] ?? "")))
    return "payees must ascend by address, each once";
  if (payees.includes(merchant)) return "the merchant has the rest and is no payee";
  if (splits.some(({ bps }) => bps <= 0)) return "every payee must have a share";
  const total = splits.reduce((sum, { bps }) => sum + bps, 0);
  return total > ONE_IN_BPS ? `the shares are above ${ONE_IN_BPS} together` : undefined;
}

/** Holdback class and standing of payees are the chain's to judge. */
function invalidField(terms: OrderTerms, now: number): keyof OrderTerms | undefined {
  const hasFee = terms.feeBps !== 0 || terms.fixedFee !== 0n;

  if (terms.payer === terms.merchant) return "payer";
  if (terms.merchant === ZERO_ADDRESS) return "merchant";
  if (terms.captureBy < terms.authorizeBy) return "captureBy";
  if (terms.reclaimFrom <= terms.captureBy || terms.reclaimFrom > now + LONGEST_HOLD) return "reclaimFrom";
  if (terms.refundBy < terms.captureBy || terms.refundBy > terms.captureBy + LONGEST_HOLD) return "refundBy";
  if (terms.disputeWindow > LONGEST_HOLD) return "disputeWindow";
  if (terms.feeBps > ONE_IN_BPS) return "feeBps";
  if (terms.fixedFee > AMOUNT_LIMIT) return "fixedFee";
  if (terms.feeReceiver === ZERO_ADDRESS && hasFee) return "feeReceiver";
  if (terms.defaultPayerBps > ONE_IN_BPS) return "defaultPayerBps";
  if (terms.amount <= 0n || terms.amount > AMOUNT_LIMIT) return "amount";
  return undefined;
}
