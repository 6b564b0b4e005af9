import { disputeIdOf } from "../../chain/dispute-signing.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Operation } from "../../domain/operation.ts";
import { decide, type OrderCommand } from "../../domain/order.ts";
import type { OrderPosition } from "../../domain/order-position.ts";
import { type Hex, orderTermsToJson } from "../../domain/order-terms.ts";
import { formatHashId } from "../../platform/ids.ts";
import type { RequestOf } from "../schemas/operation-request.ts";
import type { OrderSelector } from "../schemas/scalars.ts";
import { type Decision, queue } from "./decision.ts";
import { type DecisionContext, type KnownOrder, pairKey } from "./decision-context.ts";

/** Every kind that is about an order that exists. */
export type OrderKind =
  | "capture"
  | "void"
  | "refund"
  | "reclaim"
  | "open-dispute"
  | "contest"
  | "accept-dispute"
  | "rule"
  | "finalize-dispute";

/** Decides an operation on an order as it is expected to stand when the operation is executed. */
export function decideOrder(request: RequestOf<OrderKind>, context: DecisionContext): Decision {
  const order = requireOrder(request.order, context);
  const position = context.positions.get(order.orderId);
  if (position === undefined) throw orderUnknown(request.order);

  const opensDispute = request.kind === "open-dispute";
  const ordinal = position.disputeCount + 1;
  const disputeId = opensDispute ? disputeIdOf(order.orderId, ordinal) : position.dispute?.disputeId;
  const next = decide(position, commandOf(request, disputeId), { now: context.now });
  return queue(operationOf(request, order, position, disputeId), {
    orderId: order.orderId,
    ...(disputeId === undefined || !isAboutDispute(request) ? {} : { disputeId }),
    record: () => context.changes.set(context.positions, order.orderId, next),
  });
}

function requireOrder(selector: OrderSelector, context: DecisionContext): KnownOrder {
  const order =
    "id" in selector
      ? context.ordersById.get(selector.id)
      : context.ordersByReference.get(pairKey(selector.merchant, selector.reference));
  if (order === undefined || order.hasFailed) throw orderUnknown(selector);
  return order;
}

function orderUnknown(selector: OrderSelector): DomainError {
  const context = "id" in selector ? { id: formatHashId("ord", selector.id) } : { ...selector };
  return new DomainError("order_unknown", "There is no such order.", context);
}

function isAboutDispute({ kind }: RequestOf<OrderKind>): boolean {
  return !["capture", "void", "refund", "reclaim"].includes(kind);
}

function commandOf(request: RequestOf<OrderKind>, disputeId: Hex | undefined): OrderCommand {
  switch (request.kind) {
    case "capture":
    case "void":
      return { kind: request.kind, amount: request.amount };
    case "refund":
      return { kind: request.kind, amount: request.amount };
    case "open-dispute":
      return {
        kind: request.kind,
        disputeId: requireDisputeId(disputeId),
        amount: request.amount,
        capturedOnly: request.capturedOnly,
      };
    case "rule":
      return { kind: request.kind, payerBps: request.payerBps };
    default:
      return { kind: request.kind };
  }
}

/** What is queued; called after the command was decided, so an open dispute is there where one is needed. */
function operationOf(
  request: RequestOf<OrderKind>,
  order: KnownOrder,
  position: OrderPosition,
  disputeId: Hex | undefined,
): Operation {
  const terms = orderTermsToJson(order.terms);
  switch (request.kind) {
    case "capture":
    case "void": {
      const amount = (request.amount ?? position.capturable).toString();
      return { kind: request.kind, payload: { terms, amount } };
    }
    case "refund":
      return { kind: request.kind, payload: { terms, amount: request.amount.toString() } };
    case "reclaim":
      return { kind: request.kind, payload: { terms } };
    case "open-dispute": {
      const { amount, reason, evidenceHash } = request;
      const payload = { terms, amount: amount.toString(), reason, evidenceHash };
      return { kind: request.kind, payload: { ...payload, disputeId: requireDisputeId(disputeId) } };
    }
    case "contest": {
      const { evidenceHash } = request;
      const payload = { terms, disputeId: requireDisputeId(disputeId), evidenceHash };
      return { kind: request.kind, payload };
    }
    case "accept-dispute":
      return { kind: request.kind, payload: { terms, disputeId: requireDisputeId(disputeId) } };
    case "rule": {
      const { payerBps, evidence, signatures } = request;
      const payload = { terms, disputeId: requireDisputeId(disputeId), payerBps, evidence, signatures };
      return { kind: request.kind, payload };
    }
    case "finalize-dispute":
      return { kind: request.kind, payload: { terms, disputeId: requireDisputeId(disputeId) } };
  }
}

function requireDisputeId(disputeId: Hex | undefined): Hex {
  if (disputeId === undefined)
    throw new Error("The decision lets no operation on a missing dispute through.");
  return disputeId;
}
