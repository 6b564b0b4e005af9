import { DomainError } from "./errors.ts";
import { feeDown } from "./money.ts";
import type { OrderState } from "./operation.ts";
import type { Hex } from "./order-terms.ts";

/**
 * Where an order's money stands. Amounts in token base units, times in Unix seconds.
 *
 * `amount = capturable + captured + voided + reclaimed` and `captured = refundable + refunded + awarded` always hold.
 * An open dispute is still inside `capturable` and `refundable`.
 */
export type OrderPosition = {
  readonly orderId: Hex;
  readonly amount: bigint;
  readonly capturable: bigint;
  readonly refundable: bigint;
  readonly captured: bigint;
  readonly voided: bigint;
  readonly reclaimed: bigint;
  readonly refunded: bigint;
  readonly awarded: bigint;
  readonly feeBps: number;
  readonly fixedFee: bigint;
  readonly state: OrderState;
  /** Time of the last capture, from which the dispute window runs; 0 before the first. */
  readonly capturedAt: number;
  readonly captureBy: number;
  readonly reclaimFrom: number;
  readonly refundBy: number;
  readonly disputeWindow: number;
  readonly defaultPayerBps: number;
  /** Seconds by which disputes and extensions moved every deadline; null if not known: the chain alone decides then. */
  readonly clockShift: number | null;
  /** Disputes opened so far, the open one included. */
  readonly disputeCount: number;
  readonly dispute: OpenDispute | null;
};

/** The dispute that stands open over an order. Times in Unix seconds, null where the mirror has not seen them yet. */
export type OpenDispute = {
  readonly disputeId: Hex;
  readonly amount: bigint;
  /** The disputed part of captured money. */
  readonly captured: bigint;
  /** The disputed part of held money: `amount - captured`. */
  readonly held: bigint;
  readonly state: "open" | "contested" | "ruled" | "appealed";
  readonly respondBy: number | null;
  /** Until when the panel may rule; of a ruling, until when it may be appealed, null if it may not. */
  readonly ruleBy: number | null;
  /** Decided once the state is `ruled`. */
  readonly award: bigint | null;
};

/** The order's fees at this moment: on everything captured that was not given back. */
export function feesOf(position: OrderPosition): bigint {
  const kept = position.captured - position.refunded - position.awarded;
  return feeDown(kept, position.feeBps, position.fixedFee);
}

/** The most that a refund may return now; what a dispute has taken hold of is not refundable. */
export function refundableNow(position: OrderPosition): bigint {
  return position.refundable - (position.dispute?.captured ?? 0n);
}

/**
 * The state of an order with these amounts left. Once nothing is left the order ends as `emptied`, or as refunded if
 * it ever captured.
 */
export function stateAfter(
  position: OrderPosition,
  left: { capturable: bigint; refundable: bigint },
  emptied: OrderState,
): OrderState {
  if (left.capturable > 0n) return "authorized";
  if (left.refundable > 0n) return "captured";
  return position.captured === 0n ? emptied : "refunded";
}

/** A deadline of the terms as closed disputes moved it; null if that is not known. */
export function shifted(position: OrderPosition, deadline: number): number | null {
  return position.clockShift === null ? null : deadline + position.clockShift;
}

/** Refuses what an open dispute stands in the way of. */
export function requireUndisputed(position: OrderPosition): void {
  if (position.dispute === null) return;
  throw new DomainError("order_disputed", "The order is in dispute.", {
    orderId: position.orderId,
    disputeId: position.dispute.disputeId,
  });
}

/** Refuses what comes after its deadline; the deadline itself is still in time, null is for the chain to decide. */
export function requireInTime(orderId: Hex, deadline: number | null, now: number): void {
  if (deadline === null || now <= deadline) return;
  throw new DomainError("order_expired", "The time for this has passed.", { orderId, deadline, now });
}
