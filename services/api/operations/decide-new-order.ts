import { DomainError } from "../../domain/errors.ts";
import { decide } from "../../domain/order.ts";
import { type Hex, type OrderTerms, orderTermsToJson } from "../../domain/order-terms.ts";
import type { RequestOf } from "../schemas/operation-request.ts";
import { activeParticipant, requireToken } from "./decide-participant.ts";
import { type Decision, queue, replay } from "./decision.ts";
import { type DecisionContext, type KnownOrder, pairKey } from "./decision-context.ts";
import type { SignedOrder } from "./prepared-operation.ts";

type NewOrderRequest = RequestOf<"authorize" | "charge">;

const NO_ADDRESS: Hex = `0x${"0".repeat(40)}`;
const NO_HASH: Hex = `0x${"0".repeat(64)}`;

/** Members that make an order another one under the same reference; moments and proofs may differ. */
const COMPARED = ["payer", "currency", "amount", "kind"] as const;

export function decideNewOrder(
  request: NewOrderRequest,
  context: DecisionContext,
  signed: SignedOrder,
): Decision {
  const known = findSameOrder(request, context);
  if (known !== undefined) return replay(known.entry);

  const { kind, terms, signature } = request;
  const { orderId, signer } = signed;
  requireAgreement(request, context, orderId);
  if (signer !== terms.payer) {
    throw new DomainError("signature_invalid", "The payer did not sign these terms.", {
      orderId,
      payer: terms.payer,
    });
  }
  const command = { kind, orderId, terms };
  const position = decide(context.positions.get(orderId), command, { now: context.now });

  const { merchant, reference, payer, currency, amount } = request;
  return queue(
    { kind, payload: { terms: orderTermsToJson(terms), signature } },
    {
      orderId,
      record(entry) {
        const order: KnownOrder = {
          ...{ orderId, merchant, reference, payer, currency, amount, kind, terms, signature },
          entry,
          hasFailed: false,
        };
        context.changes.set(context.ordersByReference, pairKey(merchant, reference), order);
        context.changes.set(context.ordersById, orderId, order);
        context.changes.set(context.positions, orderId, position);
        context.changes.push(context.accepted.orders, order);
      },
    },
  );
}

/**
 * The order that stands under a request's reference already, unless it failed; throws `reference_reused` with the
 * member that differs if it is another one.
 */
export function findSameOrder(request: NewOrderRequest, context: DecisionContext): KnownOrder | undefined {
  const known = context.ordersByReference.get(pairKey(request.merchant, request.reference));
  if (known === undefined || known.hasFailed) return undefined;

  const field = COMPARED.find((member) => known[member] !== request[member]);
  if (field === undefined) return known;
  throw new DomainError("reference_reused", `The reference was used for an order with another ${field}.`, {
    reference: request.reference,
    field,
    expected: known[field].toString(),
    actual: request[field].toString(),
  });
}

/** Refuses terms that say something else than the request, or something that the network does not execute. */
function requireAgreement(request: NewOrderRequest, context: DecisionContext, orderId: Hex): void {
  const { network } = context;
  const expected: Partial<OrderTerms> = {
    payer: activeParticipant(context, "payer", request.payer).address,
    merchant: activeParticipant(context, "merchant", request.merchant).address,
    operator: network.operator,
    token: requireToken(context, request.currency),
    amount: request.amount,
    feeReceiver: network.feeReceiver,
    arbiterSetId: network.arbiterSetId,
    splitsHash: NO_HASH,
    holdbackClass: 0,
    deliveryKey: NO_ADDRESS,
  };
  for (const [member, value] of Object.entries(expected)) {
    const actual = request.terms[member as keyof OrderTerms];
    if (actual === value) continue;
    throw new DomainError("terms_invalid", `The order's terms are not acceptable: ${member}.`, {
      orderId,
      field: member,
      expected: value.toString(),
      actual: actual.toString(),
    });
  }
}
