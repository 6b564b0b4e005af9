import { DomainError } from "../../domain/errors.ts";
import { decide } from "../../domain/order.ts";
import { commandOf, type OrderCommand } from "../../domain/order-command.ts";
import { formatHashId } from "../../platform/ids.ts";
import type { OrderKind, RequestOf } from "../schemas/operation-request.ts";
import type { OrderSelector } from "../schemas/scalars.ts";
import { requireConsents } from "./check-consents.ts";
import { type Decision, queue } from "./decision.ts";
import { type DecisionContext, type KnownOrder, pairKey } from "./decision-context.ts";
import { orderOperation } from "./order-operation.ts";

/** Decides an operation on an order as it is expected to stand when the operation is executed. */
export function decideOrder(request: RequestOf<OrderKind>, context: DecisionContext): Decision {
  const order = requireOrder(request.order, context);
  const { orderId } = order;
  const position = context.positions.get(orderId);
  if (position === undefined) throw orderUnknown(request.order);

  const operation = orderOperation(request, order, position);
  const command = commandOf(operation, orderId);
  if (command === undefined) throw new Error("Every operation on an order is a command on its position.");
  const next = decide(position, asAskedFor(command, request), { now: context.now });
  requireConsents(request, order, position, context);
  return queue(operation, {
    orderId,
    ...("disputeId" in operation.payload ? { disputeId: operation.payload.disputeId } : {}),
    record: () => context.changes.set(context.positions, orderId, next),
  });
}

/** A dispute of captured money alone is a condition on the request, not a part of what is queued. */
function asAskedFor(command: OrderCommand, request: RequestOf<OrderKind>): OrderCommand {
  if (command.kind !== "open-dispute" || request.kind !== "open-dispute") return command;
  return { ...command, capturedOnly: request.capturedOnly };
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
