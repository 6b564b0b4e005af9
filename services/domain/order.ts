import { type DisputeCommand, decideDispute } from "./dispute.ts";
import { DomainError } from "./errors.ts";
import { AMOUNT_LIMIT, ONE_IN_BPS } from "./money.ts";
import type { Operation } from "./operation.ts";
import {
  type OrderPosition,
  refundableNow,
  requireInTime,
  requireUndisputed,
  shifted,
  stateAfter,
} from "./order-position.ts";
import { type Hex, type OrderTerms, orderTermsFromJson } from "./order-terms.ts";

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;
const ZERO_HASH = `0x${"0".repeat(64)}`;

/** What can be asked of an order; amounts were parsed before. Without an amount: all that is capturable. */
export type OrderCommand =
  | { readonly kind: "authorize" | "charge"; readonly orderId: Hex; readonly terms: OrderTerms }
  | { readonly kind: "capture" | "void"; readonly amount?: bigint | undefined }
  | { readonly kind: "refund"; readonly amount: bigint }
  | { readonly kind: "reclaim" }
  | DisputeCommand;

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
    case "capture":
      requireKnown(position);
      return capture(position, command.amount ?? position.capturable, now);
    case "void":
      requireKnown(position);
      return voidHold(position, command.amount ?? position.capturable);
    case "refund":
      requireKnown(position);
      return refund(position, command.amount, now);
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
  checkTerms(orderId, terms);

  const isCharged = kind === "charge";
  return {
    orderId,
    amount: terms.amount,
    capturable: isCharged ? 0n : terms.amount,
    refundable: isCharged ? terms.amount : 0n,
    captured: isCharged ? terms.amount : 0n,
    voided: 0n,
    reclaimed: 0n,
    refunded: 0n,
    awarded: 0n,
    feeBps: terms.feeBps,
    fixedFee: terms.fixedFee,
    state: isCharged ? "captured" : "authorized",
    capturedAt: isCharged ? now : 0,
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

function checkTerms(orderId: Hex, terms: OrderTerms): void {
  const field = invalidField(terms);
  if (field === undefined) return;
  throw new DomainError("terms_invalid", `The order's terms are not acceptable: ${field}.`, {
    orderId,
    field,
  });
}

/** The first member of the terms that the ledger refuses. */
function invalidField(terms: OrderTerms): keyof OrderTerms | undefined {
  const hasFee = terms.feeBps !== 0 || terms.fixedFee !== 0n;

  if (terms.payer === terms.merchant) return "payer";
  if (terms.merchant === ZERO_ADDRESS) return "merchant";
  if (terms.captureBy < terms.authorizeBy) return "captureBy";
  if (terms.reclaimFrom <= terms.captureBy) return "reclaimFrom";
  if (terms.refundBy < terms.captureBy) return "refundBy";
  if (terms.feeBps > ONE_IN_BPS) return "feeBps";
  if (terms.fixedFee > AMOUNT_LIMIT) return "fixedFee";
  if (terms.feeReceiver === ZERO_ADDRESS && hasFee) return "feeReceiver";
  if (terms.defaultPayerBps > ONE_IN_BPS) return "defaultPayerBps";
  if (terms.splitsHash !== ZERO_HASH) return "splitsHash";
  if (terms.holdbackClass !== 0) return "holdbackClass";
  if (terms.deliveryKey !== ZERO_ADDRESS) return "deliveryKey";
  if (terms.amount <= 0n || terms.amount > AMOUNT_LIMIT) return "amount";
  return undefined;
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
  if (position === undefined) throw new DomainError("order_unknown", "There is no such order.");
}

function requireCapturable(position: OrderPosition, amount: bigint): void {
  if (amount > 0n && amount <= position.capturable) return;
  throw new DomainError("exceeds_capturable", "The amount exceeds what is still held.", {
    orderId: position.orderId,
    requested: amount.toString(),
    capturable: position.capturable.toString(),
  });
}

/** The command that an outbox entry carries out on this order; undefined for operations that change no order. */
function commandOf(operation: Operation, orderId: Hex): OrderCommand | undefined {
  switch (operation.kind) {
    case "authorize":
    case "charge":
      return { kind: operation.kind, orderId, terms: orderTermsFromJson(operation.payload.terms) };
    case "capture":
    case "void":
    case "refund":
      return { kind: operation.kind, amount: BigInt(operation.payload.amount) };
    case "open-dispute":
      return {
        kind: operation.kind,
        disputeId: operation.payload.disputeId,
        amount: BigInt(operation.payload.amount),
      };
    case "rule":
      return {
        kind: operation.kind,
        disputeId: operation.payload.disputeId,
        payerBps: operation.payload.payerBps,
      };
    case "contest":
    case "accept-dispute":
    case "finalize-dispute":
      return { kind: operation.kind, disputeId: operation.payload.disputeId };
    case "reclaim":
      return { kind: operation.kind };
    default:
      return undefined;
  }
}
