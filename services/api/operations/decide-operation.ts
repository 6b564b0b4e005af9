import { DomainError } from "../../domain/errors.ts";
import type { OperationKind } from "../../domain/operation.ts";
import { followUpKey, retryKey } from "../../store/outbox-store.ts";
import type { OperationRequest, RequestOf } from "../schemas/operation-request.ts";
import { decideCancel, decideNewOrder } from "./decide-new-order.ts";
import { decideOrder } from "./decide-order.ts";
import { decideAcceptOperator, decideDeposit, decideMint, decideRegister } from "./decide-participant.ts";
import {
  decideAccount,
  decideCloseCycle,
  decidePayoutAddress,
  decideProposeSeizure,
  decideRecover,
  decideRegions,
  decideSeizure,
  decideSetKyc,
  decideSettlement,
  decideStanding,
} from "./decide-standing.ts";
import type { Decision } from "./decision.ts";
import type { DecisionContext, EntryRef } from "./decision-context.ts";
import type { PreparedOperation, SignedOrder } from "./prepared-operation.ts";

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
  // The table has the function of exactly this kind, which no checker can see.
  const decide = DECISIONS[request.kind] as (
    request: OperationRequest,
    context: DecisionContext,
    order: SignedOrder | undefined,
  ) => Decision;
  return decide(request, context, order);
}

/** Who decides on each kind. `order` is there for requests that bring terms. */
const DECISIONS: {
  readonly [Kind in OperationKind]: (
    request: RequestOf<Kind>,
    context: DecisionContext,
    order: SignedOrder,
  ) => Decision;
} = {
  register: decideRegister,
  "accept-operator": decideAcceptOperator,
  "set-kyc": decideSetKyc,
  restrict: decideStanding,
  freeze: decideStanding,
  reactivate: decideStanding,
  "start-closing": decideStanding,
  "close-account": decideStanding,
  recover: decideRecover,
  "request-payout-address": decidePayoutAddress,
  "confirm-payout-address": decideStanding,
  "cancel-payout-address": decideStanding,
  "open-account": decideAccount,
  mint: decideMint,
  deposit: decideDeposit,
  "release-reserve": decideAccount,
  "meet-obligations": decideAccount,
  rebind: decideAccount,
  "propose-seizure": decideProposeSeizure,
  "cancel-seizure": decideSeizure,
  "execute-seizure": decideSeizure,
  authorize: decideNewOrder,
  "authorize-by-transfer": decideNewOrder,
  "authorize-through": decideNewOrder,
  charge: decideNewOrder,
  cancel: decideCancel,
  capture: decideOrder,
  deliver: decideOrder,
  extend: decideOrder,
  void: decideOrder,
  reclaim: decideOrder,
  refund: decideOrder,
  "refund-by-consent": decideOrder,
  "open-dispute": decideOrder,
  contest: decideOrder,
  "submit-evidence": decideOrder,
  "accept-dispute": decideOrder,
  offer: decideOrder,
  "withdraw-offer": decideOrder,
  "accept-offer": decideOrder,
  agree: decideOrder,
  rule: decideOrder,
  escalate: decideOrder,
  appeal: decideOrder,
  "finalize-dispute": decideOrder,
  pause: decideRegions,
  unpause: decideRegions,
  "close-cycle": decideCloseCycle,
  "publish-statements": decideSettlement,
  payout: decideSettlement,
};
