import type { Hex } from "../domain/order-terms.ts";
import { encodeCall } from "./abi.ts";
import { ACCOUNT_CALLS } from "./account-calls.ts";
import { DISPUTE_CALLS } from "./dispute-calls.ts";
import type { CallKind, OperationCalls } from "./operation-call.ts";
import { ORDER_CALLS } from "./order-calls.ts";
import { PARTICIPANT_CALLS } from "./participant-calls.ts";

/** The most gas that one transaction asks for: below the cap of Osaka and within any block. */
export const MAX_TRANSACTION_GAS = 16_000_000;

/** What a transaction costs beside its operations. */
export const BASE_GAS = 150_000;

/** How every kind that has calls of its own becomes calls. */
export const OPERATION_CALLS: OperationCalls<CallKind> = {
  ...PARTICIPANT_CALLS,
  ...ACCOUNT_CALLS,
  ...ORDER_CALLS,
  ...DISPUTE_CALLS,
};

/** How merchants are settled and paid, in chunks of so many. */
export const SETTLEMENT_CALLS = {
  closeCycle: { lane: "settler", maxItems: 150, gasPerItem: 90_000, gasInReserve: 0 },
  // The ledger wants a quarter of a million left before each transfer, the last one included.
  payout: { lane: "settler", maxItems: 80, gasPerItem: 150_000, gasInReserve: 270_000 },
  publishStatements: { lane: "settler", maxItems: 1, gasPerItem: 100_000, gasInReserve: 0 },
} as const;

/** Calldata of `closeCycle`. */
export function encodeCloseCycle(
  book: { operator: Hex; token: Hex; cycle: number },
  accounts: readonly Hex[],
): Hex {
  return encodeCall("settlementLedger", "closeCycle", [book.operator, book.token, book.cycle, accounts]);
}

/** Calldata of `payout`. */
export function encodePayout(book: { operator: Hex; token: Hex }, merchants: readonly Hex[]): Hex {
  return encodeCall("settlementLedger", "payout", [book.operator, book.token, merchants]);
}

/** Calldata of `publishStatements`. */
export function encodePublishStatements(book: { operator: Hex; token: Hex; cycle: number }, root: Hex): Hex {
  return encodeCall("settlementLedger", "publishStatements", [book.operator, book.token, book.cycle, root]);
}

/** The gas limit of a call with so many operations; what is in reserve is asked for, but not used. */
export function gasLimitOf(items: number, gasPerItem: number, gasInReserve = 0): bigint {
  return BigInt(Math.min(MAX_TRANSACTION_GAS, BASE_GAS + items * gasPerItem + gasInReserve));
}
