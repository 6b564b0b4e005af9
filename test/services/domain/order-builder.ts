import { decide } from "../../../services/domain/order.ts";
import type { OrderCommand } from "../../../services/domain/order-command.ts";
import type { OrderPosition } from "../../../services/domain/order-position.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";

/** Within every deadline of the terms below. */
export const NOW = 1_000_000;

export const ORDER_ID: Hex = `0x${"0d".repeat(32)}`;
export const DISPUTE_ID: Hex = `0x${"d1".repeat(32)}`;

/** Terms of 10,000 with a fee of 5 %; override what a test is about. */
export function orderTerms(overrides: Partial<OrderTerms> = {}): OrderTerms {
  return {
    payer: `0x${"a1".repeat(20)}`,
    merchant: `0x${"a2".repeat(20)}`,
    operator: `0x${"a3".repeat(20)}`,
    token: `0x${"a4".repeat(20)}`,
    amount: 10_000n,
    fixedFee: 0n,
    feeBps: 500,
    feeReceiver: `0x${"a5".repeat(20)}`,
    splitsHash: `0x${"0".repeat(64)}`,
    authorizeBy: NOW + 1_000,
    captureBy: NOW + 2_000,
    reclaimFrom: NOW + 3_000,
    refundBy: NOW + 4_000,
    disputeWindow: 5_000,
    defaultPayerBps: 5_000,
    arbiterSetId: 1,
    holdbackClass: 0,
    deliveryKey: `0x${"0".repeat(40)}`,
    merchantMayCapture: true,
    commitment: `0x${"c0".repeat(32)}`,
    nonce: 0n,
    ...overrides,
  };
}

/** The position of a new order after the given commands, all at `now`. */
export function orderAfter(
  kind: "authorize" | "charge",
  commands: readonly OrderCommand[],
  { terms = orderTerms(), now = NOW }: { terms?: OrderTerms; now?: number } = {},
): OrderPosition {
  const opened = decide(undefined, { kind, orderId: ORDER_ID, terms }, { now });
  return commands.reduce((position, command) => decide(position, command, { now }), opened);
}

/** A dispute over an amount, under an id that counts. */
export function dispute(amount: bigint, disputeId: Hex = DISPUTE_ID) {
  return { kind: "open-dispute", disputeId, amount } as const;
}
