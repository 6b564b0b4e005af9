import { DomainError } from "../../domain/errors.ts";
import type { Operation } from "../../domain/operation.ts";
import { followUpKey, retryKey } from "../../store/outbox-store.ts";
import type { OperationRequest } from "../schemas/operation-request.ts";
import { decideNewOrder } from "./decide-new-order.ts";
import { decideOrder } from "./decide-order.ts";
import {
  decideAcceptOperator,
  decideDeposit,
  decideMint,
  decideOpenAccount,
  decideRegister,
} from "./decide-participant.ts";
import { type Decision, queue } from "./decision.ts";
import type { DecisionContext, EntryRef } from "./decision-context.ts";
import type { PreparedOperation, SignedOrder } from "./prepared-operation.ts";

const PUBLISH_STATEMENTS: Operation = { kind: "publish-statements", payload: {} };

/** An operation that was not refused, and the entry it has. */
export type Outcome = { readonly status: "accepted" | "replayed"; readonly entry: EntryRef };

/**
 * Decides one operation and notes in the context what it changes. Throws a DomainError if it is refused.
 *
 * A key whose entry failed is free again: nothing of it happened, and the new entry gets a key of its own. An operation
 * on an order that is refused stays refused under its key, whatever the order becomes: so whoever repeats a sequence of
 * requests changes nothing.
 */
export function decideOperation(prepared: PreparedOperation, context: DecisionContext): Outcome {
  if (!prepared.isReadable) throw prepared.refusal;

  const { key, request, bodyHash, order } = prepared;
  const known = context.keys.get(key);
  if (known !== undefined && !known.hasFailed) {
    if (known.bodyHash === bodyHash) return { status: "replayed", entry: known.entry };
    throw new DomainError("key_reused", "The key was used for another operation.", { key });
  }

  const decision =
    "order" in request ? rememberRefusal(prepared, context) : decideRequest(request, order, context);
  if (!decision.isNew) return { status: "replayed", entry: decision.entry };

  const retries = known === undefined ? 0 : known.retries + 1;
  const opKey = retryKey(key, retries);
  const { operation, orderId = null, disputeId = null } = decision;
  const entry = { opKey };
  context.changes.push(context.accepted.entries, { opKey, bodyHash, operation, orderId, disputeId });
  if (decision.followedBy !== undefined) {
    const followed = { opKey: followUpKey(opKey), bodyHash, operation: decision.followedBy };
    context.changes.push(context.accepted.entries, { ...followed, orderId, disputeId });
  }
  context.changes.set(context.keys, key, { entry, bodyHash, retries, hasFailed: false });
  decision.record?.(entry);
  return { status: "accepted", entry };
}

function rememberRefusal(
  prepared: PreparedOperation & { isReadable: true },
  context: DecisionContext,
): Decision {
  const { key, request, bodyHash, order } = prepared;
  const before = context.refusals.get(key);
  if (before?.bodyHash === bodyHash) throw before.error;
  try {
    return decideRequest(request, order, context);
  } catch (error) {
    if (error instanceof DomainError) context.refused.push({ opKey: key, bodyHash, error });
    throw error;
  }
}

function decideRequest(
  request: OperationRequest,
  order: SignedOrder | undefined,
  context: DecisionContext,
): Decision {
  switch (request.kind) {
    case "register":
      return decideRegister(request, context);
    case "accept-operator":
      return decideAcceptOperator(request, context);
    case "open-account":
      return decideOpenAccount(request, context);
    case "mint":
      return decideMint(request, context);
    case "deposit":
      return decideDeposit(request, context);
    case "authorize":
    case "charge":
      if (order === undefined) throw new Error("A new order is prepared with its id and signer.");
      return decideNewOrder(request, context, order);
    case "close-cycle":
      // Whoever closes cycles need not know that a root is published over them.
      return queue({ kind: "close-cycle", payload: {} }, { followedBy: PUBLISH_STATEMENTS });
    case "publish-statements":
    case "payout":
      return queue({ kind: request.kind, payload: {} });
    default:
      return decideOrder(request, context);
  }
}
