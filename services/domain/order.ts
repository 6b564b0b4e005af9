import { decideDispute } from "./dispute.ts";
import { DomainError } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { commandOf, type OrderCommand } from "./order-command.ts";
import { checkTerms, LONGEST_HOLD } from "./order-limits.ts";
import {
  type OrderPosition,
  refundableNow,
  requireInTime,
  requireUndisputed,
  shifted,
  stateAfter,
} from "./order-position.ts";
import type { Hex, OrderTerms } from "./order-terms.ts";

/**
 * Decides a command on an order and returns the order's position after it, by the rules of the contracts.
 *
 * `now` is the chain's time. Signatures, participants and funds are not looked at. Throws a `DomainError`, with what
 * was asked and what was possible, and changes nothing then.
 */
export function decide(
  position: OrderPosition | undefined,
  command: OrderCommand,
  context: { readonly now: number },
): OrderPosition {
  const { now } = context;
  switch (command.kind) {
    case "authorize":
    case "charge":
      requireNew(position);
      return open(command.orderId, command.terms, command.kind, now);
    case "cancel":
      requireNew(position);
      return canceled(command.orderId, command.terms);
    case "capture":
      requireKnown(position);
      return capture(position, command.amount ?? position.capturable, now);
    case "void":
      requireKnown(position);
      return voidHold(position, command.amount ?? position.capturable);
    case "refund":
      requireKnown(position);
      return refund(position, command.amount, now);
    case "refund-by-consent":
      requireKnown(position);
      requireInTime(position.orderId, command.deadline, now);
      return refund(position, command.amount, now);
    case "deliver":
      requireKnown(position);
      return deliver(position, command.deliveredAt, now);
    case "extend":
      requireKnown(position);
      return extend(position, command.captureBy, now);
    case "reclaim":
      requireKnown(position);
      return reclaim(position, now);
    default:
      requireKnown(position);
      return decideDispute(position, command, now);
  }
}

/**
 * The position that is to be expected once an order's pending operations are included.
 *
 * Operations are in the order they were asked for. One that no longer applies is left out: the chain will refuse it.
 */
export function foldPending(
  position: OrderPosition | undefined,
  operations: readonly Operation[],
  context: { readonly orderId: Hex; readonly now: number },
): OrderPosition | undefined {
  return operations.reduce((current, operation) => {
    const command = commandOf(operation, context.orderId);
    if (command === undefined) return current;
    try {
      return decide(current, command, context);
    } catch (error) {
      if (error instanceof DomainError) return current;
      throw error;
    }
  }, position);
}

function open(orderId: Hex, terms: OrderTerms, kind: "authorize" | "charge", now: number): OrderPosition {
  requireInTime(orderId, terms.authorizeBy, now);
  checkTerms(orderId, terms, now);

  const { amount } = terms;
  return kind === "charge"
    ? {
        ...unused(orderId, terms),
        amount,
        refundable: amount,
        captured: amount,
        state: "captured",
        capturedAt: now,
      }
    : { ...unused(orderId, terms), amount, capturable: amount, state: "authorized" };
}

/** An id that can never be used any more; it holds no money. */
function canceled(orderId: Hex, terms: OrderTerms): OrderPosition {
  return { ...unused(orderId, terms), state: "canceled" };
}

function unused(orderId: Hex, terms: OrderTerms): OrderPosition {
  return {
    orderId,
    amount: 0n,
    capturable: 0n,
    refundable: 0n,
    captured: 0n,
    voided: 0n,
    reclaimed: 0n,
    refunded: 0n,
    awarded: 0n,
    feeBps: terms.feeBps,
    fixedFee: terms.fixedFee,
    state: "none",
    capturedAt: 0,
    captureBy: terms.captureBy,
    reclaimFrom: terms.reclaimFrom,
    refundBy: terms.refundBy,
    disputeWindow: terms.disputeWindow,
    defaultPayerBps: terms.defaultPayerBps,
    clockShift: 0,
    disputeCount: 0,
    dispute: null,
  };
}

function capture(position: OrderPosition, amount: bigint, now: number): OrderPosition {
  requireUndisputed(position);
  requireCapturable(position, amount);
  requireInTime(position.orderId, shifted(position, position.captureBy), now);

  const capturable = position.capturable - amount;
  return {
    ...position,
    capturable,
    refundable: position.refundable + amount,
    captured: position.captured + amount,
    state: capturable > 0n ? "authorized" : "captured",
    capturedAt: now,
  };
}

/** A proof of delivery captures everything that is held. */
function deliver(position: OrderPosition, deliveredAt: number, now: number): OrderPosition {
  const captureBy = shifted(position, position.captureBy);
  if (deliveredAt > now || (captureBy !== null && deliveredAt > captureBy)) {
    throw new DomainError("delivery_invalid", "The delivery is in the future or came too late.", {
      orderId: position.orderId,
      deliveredAt,
      captureBy,
      now,
    });
  }
  return capture(position, position.capturable, now);
}

/** Moves `captureBy`, and every later deadline by as much. */
function extend(position: OrderPosition, captureBy: number, now: number): OrderPosition {
  requireUndisputed(position);
  requireCapturable(position, position.capturable);
  const present = shifted(position, position.captureBy);
  requireInTime(position.orderId, present, now);
  const limit = now + LONGEST_HOLD;
  if (captureBy <= (present ?? position.captureBy) || captureBy > limit) {
    throw new DomainError(
      "extension_invalid",
      "The new deadline is not later than the present one, or too late.",
      {
        orderId: position.orderId,
        requested: captureBy,
        present,
        limit,
      },
    );
  }
  return { ...position, clockShift: captureBy - position.captureBy };
}

function voidHold(position: OrderPosition, amount: bigint): OrderPosition {
  requireUndisputed(position);
  requireCapturable(position, amount);

  const capturable = position.capturable - amount;
  return {
    ...position,
    capturable,
    voided: position.voided + amount,
    state: stateAfter(position, { capturable, refundable: position.refundable }, "voided"),
  };
}

function refund(position: OrderPosition, amount: bigint, now: number): OrderPosition {
  const limit = refundableNow(position);
  if (amount <= 0n || amount > limit) {
    throw new DomainError("exceeds_refundable", "The refund exceeds what can still be refunded.", {
      orderId: position.orderId,
      requested: amount.toString(),
      refundable: limit.toString(),
    });
  }
  requireInTime(position.orderId, shifted(position, position.refundBy), now);

  const refundable = position.refundable - amount;
  return {
    ...position,
    refundable,
    refunded: position.refunded + amount,
    state: stateAfter(position, { capturable: position.capturable, refundable }, "refunded"),
  };
}

function reclaim(position: OrderPosition, now: number): OrderPosition {
  requireUndisputed(position);
  requireCapturable(position, position.capturable);
  const reclaimFrom = shifted(position, position.reclaimFrom);
  if (reclaimFrom !== null && now < reclaimFrom) {
    throw new DomainError("not_reclaimable", "The payer cannot take the money back yet.", {
      orderId: position.orderId,
      reclaimFrom,
      now,
    });
  }

  return {
    ...position,
    capturable: 0n,
    reclaimed: position.reclaimed + position.capturable,
    state: stateAfter(position, { capturable: 0n, refundable: position.refundable }, "reclaimed"),
  };
}

function requireNew(position: OrderPosition | undefined): void {
  if (position === undefined) return;
  throw new DomainError("order_exists", "The order exists.", { orderId: position.orderId });
}

function requireKnown(position: OrderPosition | undefined): asserts position is OrderPosition {
  if (position !== undefined && position.state !== "canceled") return;
  throw new DomainError("order_unknown", "There is no such order.");
}

function requireCapturable(position: OrderPosition, amount: bigint): void {
  if (amount > 0n && amount <= position.capturable) return;
  throw new DomainError("exceeds_capturable", "The amount exceeds what is still held.", {
    orderId: position.orderId,
    requested: amount.toString(),
    capturable: position.capturable.toString(),
  });
}
