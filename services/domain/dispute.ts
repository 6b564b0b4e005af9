import { DomainError } from "./errors.ts";
import { isShare, ONE_IN_BPS, shareDown } from "./money.ts";
import {
  type OpenDispute,
  type OrderPosition,
  requireUndisputed,
  shifted,
  stateAfter,
} from "./order-position.ts";
import type { Hex } from "./order-terms.ts";

/** One order can be disputed this often: its word counts disputes in eight bits. */
export const DISPUTE_LIMIT = 255;

/** What can be asked about an order's dispute. A `disputeId` other than the open one's is not open. */
export type DisputeCommand =
  | {
      readonly kind: "open-dispute";
      readonly disputeId: Hex;
      readonly amount: bigint;
      /** Refuses an amount above captured money as `exceeds_refundable`. */
      readonly capturedOnly?: boolean | undefined;
    }
  | { readonly kind: "rule"; readonly payerBps: number; readonly disputeId?: Hex | undefined }
  | {
      readonly kind: "offer" | "agree";
      /** What the payer is to get. */
      readonly amount: bigint;
      readonly deadline: number;
      readonly disputeId?: Hex | undefined;
    }
  | { readonly kind: "accept-offer"; readonly amount: bigint; readonly disputeId?: Hex | undefined }
  | {
      readonly kind:
        | "contest"
        | "submit-evidence"
        | "accept-dispute"
        | "withdraw-offer"
        | "escalate"
        | "appeal";
      readonly disputeId?: Hex | undefined;
    }
  | { readonly kind: "finalize-dispute"; readonly disputeId?: Hex | undefined };

/** Decides a command on an order's dispute; see `decide`. */
export function decideDispute(position: OrderPosition, command: DisputeCommand, now: number): OrderPosition {
  if (command.kind === "open-dispute") return openDispute(position, command, now);

  const dispute = requireDispute(position, command.disputeId);
  if (command.kind === "finalize-dispute") {
    return finalize(position, dispute, outcomeOf(position, dispute, now));
  }
  return { ...position, dispute: decideOpen(dispute, command, now) };
}

type OpenCommand = Exclude<DisputeCommand, { readonly kind: "open-dispute" | "finalize-dispute" }>;

/** What becomes of an open dispute. Deadlines that only the court computes are null until the mirror has them. */
function decideOpen(dispute: OpenDispute, command: OpenCommand, now: number): OpenDispute {
  switch (command.kind) {
    case "contest":
      requireState(dispute, ["open"]);
      requireBefore(dispute, dispute.respondBy, now);
      return { ...dispute, state: "contested", ruleBy: null };
    case "submit-evidence":
      requireState(dispute, ["open", "contested", "appealed"]);
      requireBefore(dispute, answerBy(dispute), now);
      return dispute;
    case "accept-dispute":
      if (dispute.state === "open") requireBefore(dispute, dispute.respondBy, now);
      return decided(dispute, dispute.amount);
    case "offer":
      requireOffer(dispute, command.amount);
      requireBefore(dispute, command.deadline, now);
      return dispute;
    case "withdraw-offer":
      return dispute;
    case "agree":
      requireOffer(dispute, command.amount);
      requireBefore(dispute, command.deadline, now);
      return decided(dispute, command.amount);
    case "accept-offer":
      requireOffer(dispute, command.amount);
      if (dispute.state === "open") requireBefore(dispute, dispute.respondBy, now);
      return decided(dispute, command.amount);
    case "rule":
      requireState(dispute, ["contested", "appealed"]);
      requireShare(command.payerBps);
      requireBefore(dispute, dispute.ruleBy, now);
      return decided(dispute, shareDown(dispute.amount, command.payerBps));
    case "escalate":
      requireState(dispute, ["contested"]);
      requireAfter(dispute, dispute.ruleBy, now);
      return { ...dispute, ruleBy: null };
    case "appeal":
      requireState(dispute, ["ruled"]);
      requireBefore(dispute, dispute.ruleBy, now);
      return { ...dispute, state: "appealed", ruleBy: null };
  }
}

function decided(dispute: OpenDispute, award: bigint): OpenDispute {
  return { ...dispute, state: "ruled", award, ruleBy: null };
}

function openDispute(
  position: OrderPosition,
  command: DisputeCommand & { kind: "open-dispute" },
  now: number,
): OrderPosition {
  requireUndisputed(position);
  requireFewer(position);
  const { amount, disputeId } = command;
  requireCovered(position, amount, command.capturedOnly ?? false);
  const captured = disputableCaptured(position, amount, command.capturedOnly ?? false, now);

  return {
    ...position,
    disputeCount: position.disputeCount + 1,
    dispute: {
      disputeId,
      amount,
      captured,
      held: amount - captured,
      state: "open",
      respondBy: null,
      ruleBy: null,
      award: null,
    },
  };
}

/** Captured money first, while its window is open; the rest must be held money, which has no window. */
function disputableCaptured(
  position: OrderPosition,
  amount: bigint,
  capturedOnly: boolean,
  now: number,
): bigint {
  const captured = amount < position.refundable ? amount : position.refundable;
  const closedAt = shifted(position, position.capturedAt + position.disputeWindow);
  if (captured === 0n || closedAt === null || now <= closedAt) return captured;

  if (amount <= position.capturable && !capturedOnly) return 0n;
  throw new DomainError("dispute_window_closed", "The time to dispute captured money has passed.", {
    orderId: position.orderId,
    closedAt,
    now,
  });
}

/** Pays the award to the payer, captured money first, and releases the rest. */
function finalize(position: OrderPosition, dispute: OpenDispute, award: bigint): OrderPosition {
  const fromCaptured = award < dispute.captured ? award : dispute.captured;
  const fromHeld = award - fromCaptured;

  const capturable = position.capturable - fromHeld;
  const refundable = position.refundable - fromCaptured;
  return {
    ...position,
    capturable,
    refundable,
    voided: position.voided + fromHeld,
    awarded: position.awarded + fromCaptured,
    state: stateAfter(position, { capturable, refundable }, "voided"),
    clockShift: null,
    dispute: null,
  };
}

/** What finalizing pays now: the ruling, or the default where a side was silent for its whole time. */
function outcomeOf(position: OrderPosition, dispute: OpenDispute, now: number): bigint {
  const isFinalRuling = dispute.state === "ruled" && dispute.ruleBy === null;
  if (isFinalRuling && dispute.award !== null) return dispute.award;

  const isOpen = dispute.state === "open";
  requireAfter(dispute, answerBy(dispute), now);
  if (isOpen) return dispute.amount;
  return dispute.award ?? shareDown(dispute.amount, position.defaultPayerBps);
}

function requireDispute(position: OrderPosition, disputeId: Hex | undefined): OpenDispute {
  const { dispute } = position;
  if (dispute !== null && (disputeId === undefined || disputeId === dispute.disputeId)) return dispute;
  throw new DomainError("dispute_not_open", "No such dispute of this order is open.", {
    orderId: position.orderId,
  });
}

function requireState(dispute: OpenDispute, required: readonly OpenDispute["state"][]): void {
  if (required.includes(dispute.state)) return;
  throw new DomainError("dispute_state_wrong", "The dispute is not in the state that this needs.", {
    disputeId: dispute.disputeId,
    actual: dispute.state,
    required: required.join(", "),
  });
}

function requireBefore(dispute: OpenDispute, deadline: number | null, now: number): void {
  if (deadline === null || now <= deadline) return;
  throw new DomainError("dispute_deadline_passed", "The time for this has passed.", {
    disputeId: dispute.disputeId,
    deadline,
    now,
  });
}

function requireAfter(dispute: OpenDispute, deadline: number | null, now: number): void {
  if (deadline !== null && now > deadline) return;
  throw new DomainError("dispute_deadline_pending", "The dispute is not decided yet.", {
    disputeId: dispute.disputeId,
    deadline,
    now,
  });
}

/** Until when the side or panel whose turn it is has to act. */
function answerBy(dispute: OpenDispute): number | null {
  return dispute.state === "open" ? dispute.respondBy : dispute.ruleBy;
}

function requireOffer(dispute: OpenDispute, amount: bigint): void {
  if (amount >= 0n && amount <= dispute.amount) return;
  throw new DomainError("exceeds_order", "The offer exceeds what is disputed.", {
    disputeId: dispute.disputeId,
    requested: amount.toString(),
    remaining: dispute.amount.toString(),
  });
}

function requireFewer(position: OrderPosition): void {
  if (position.disputeCount < DISPUTE_LIMIT) return;
  throw new DomainError("dispute_too_many", "The order was disputed too often.", {
    orderId: position.orderId,
    limit: DISPUTE_LIMIT,
  });
}

function requireShare(payerBps: number): void {
  if (isShare(payerBps)) return;
  throw new DomainError("share_invalid", "The payer's share is not between 0 and 10,000 basis points.", {
    payerBps,
    limit: ONE_IN_BPS,
  });
}

function requireCovered(position: OrderPosition, amount: bigint, capturedOnly: boolean): void {
  const { orderId, capturable, refundable } = position;
  if (capturedOnly && amount > refundable) {
    throw new DomainError("exceeds_refundable", "The dispute exceeds what was captured and not given back.", {
      orderId,
      requested: amount.toString(),
      refundable: refundable.toString(),
    });
  }
  if (amount <= 0n || amount > capturable + refundable) {
    throw new DomainError("exceeds_order", "The dispute exceeds what the order still has.", {
      orderId,
      requested: amount.toString(),
      remaining: (capturable + refundable).toString(),
    });
  }
}
