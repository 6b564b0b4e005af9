import { disputeIdOf } from "../../chain/dispute-signing.ts";
import type { Operation, OperationPayloads } from "../../domain/operation.ts";
import type { OrderPosition } from "../../domain/order-position.ts";
import { type Hex, type OrderTermsJson, orderTermsToJson, type Split } from "../../domain/order-terms.ts";
import type { OrderKind, RequestOf } from "../schemas/operation-request.ts";
import type { KnownOrder } from "./decision-context.ts";

/** What a payload has of the order that a request is about. */
type About = {
  readonly terms: OrderTermsJson;
  /** Absent if the merchant is the only payee. */
  readonly splits: { readonly splits?: Split[] };
  readonly position: OrderPosition;
  /** The open dispute, or the next one where one is to be opened; where there is none, that of the last. */
  readonly disputeId: Hex;
};

/** What is queued for each kind. Payees are those that came with the order. */
const PAYLOADS: {
  readonly [Kind in OrderKind]: (request: RequestOf<Kind>, about: About) => OperationPayloads[Kind];
} = {
  capture: ({ amount }, { terms, position, splits }) => ({
    ...{ terms, amount: (amount ?? position.capturable).toString() },
    ...splits,
  }),
  void: ({ amount }, { terms, position }) => ({
    terms,
    amount: (amount ?? position.capturable).toString(),
  }),
  deliver: ({ deliveredAt, location, signature }, { terms, splits }) => ({
    ...{ terms, deliveredAt, location, signature },
    ...splits,
  }),
  extend: ({ captureBy, payerSignature, merchantSignature }, { terms }) => ({
    terms,
    captureBy,
    payerSignature,
    merchantSignature,
  }),
  refund: ({ amount }, { terms, splits }) => ({ terms, amount: amount.toString(), ...splits }),
  "refund-by-consent": ({ amount, deadline, signature }, { terms, splits }) => ({
    ...{ terms, amount: amount.toString(), deadline, signature },
    ...splits,
  }),
  reclaim: (_, { terms }) => ({ terms }),
  "open-dispute": ({ amount, reason, evidenceHash }, { terms, disputeId }) => ({
    ...{ terms, disputeId, amount: amount.toString() },
    reason,
    evidenceHash,
  }),
  contest: ({ evidenceHash }, { terms, disputeId }) => ({ terms, disputeId, evidenceHash }),
  "submit-evidence": ({ side, evidenceHash }, { terms, disputeId }) => ({
    ...{ terms, disputeId },
    side,
    evidenceHash,
  }),
  "accept-dispute": (_, { terms, disputeId }) => ({ terms, disputeId }),
  offer: ({ amount, deadline }, { terms, disputeId }) => ({
    ...{ terms, disputeId, amount: amount.toString() },
    deadline,
  }),
  "withdraw-offer": (_, { terms, disputeId }) => ({ terms, disputeId }),
  "accept-offer": ({ amount }, { terms, disputeId }) => ({ terms, disputeId, amount: amount.toString() }),
  agree: ({ amount, deadline, payerSignature, merchantSignature }, { terms, disputeId }) => ({
    ...{ terms, disputeId, amount: amount.toString(), deadline },
    payerSignature,
    merchantSignature,
  }),
  rule: ({ payerBps, evidence, signatures }, { terms, disputeId }) => ({
    ...{ terms, disputeId },
    ...{ payerBps, evidence, signatures },
  }),
  escalate: (_, { terms, disputeId }) => ({ terms, disputeId }),
  appeal: ({ side }, { terms, disputeId }) => ({ terms, disputeId, side }),
  "finalize-dispute": (_, { terms, disputeId, splits }) => ({ terms, disputeId, ...splits }),
};

/** The operation that a request on an order asks for, whether or not the order is in a state for it. */
export function orderOperation(
  request: RequestOf<OrderKind>,
  { orderId, terms, splits }: KnownOrder,
  position: OrderPosition,
): Operation {
  const ordinal = request.kind === "open-dispute" ? position.disputeCount + 1 : position.disputeCount;
  const about: About = {
    terms: orderTermsToJson(terms),
    splits: splits === undefined ? {} : { splits: [...splits] },
    position,
    disputeId: position.dispute?.disputeId ?? disputeIdOf(orderId, ordinal),
  };
  // The table has the function of exactly this kind, which no checker can see.
  const payloadOf = PAYLOADS[request.kind] as (request: object, about: About) => object;
  return { kind: request.kind, payload: payloadOf(request, about) } as Operation;
}
