import { splitsHashOf } from "../../chain/consent-signing.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Operation } from "../../domain/operation.ts";
import { decide } from "../../domain/order.ts";
import { requireSplits } from "../../domain/order-limits.ts";
import { type Hex, type OrderTerms, orderTermsToJson, type Split } from "../../domain/order-terms.ts";
import type { RequestOf } from "../schemas/operation-request.ts";
import { requireCancelConsent } from "./check-consents.ts";
import { activeParticipant, requireRegistered, requireToken } from "./decide-participant.ts";
import { type Decision, queue, replay } from "./decision.ts";
import { type DecisionContext, type KnownOrder, pairKey } from "./decision-context.ts";
import type { SignedOrder } from "./prepared-operation.ts";

/** Every kind that holds a payer's money for a new order. */
export type NewOrderRequest = RequestOf<
  "authorize" | "authorize-by-transfer" | "authorize-through" | "charge"
>;

/** Members that make an order another one under the same reference; moments and proofs may differ. */
const COMPARED = ["payer", "currency", "amount", "kind", "splitsHash"] as const;

export function decideNewOrder(
  request: NewOrderRequest,
  context: DecisionContext,
  signed: SignedOrder,
): Decision {
  const known = findSameOrder(request, context);
  if (known !== undefined) return replay(known.entry);

  const { terms, signature } = request;
  const { orderId } = signed;
  const splits = splitsOf(request);
  requireAgreement(request, context, orderId);
  requirePayer(request, signed);
  if (splits !== undefined) requirePayees(splits, context, { orderId, merchant: terms.merchant });
  const kind = orderKindOf(request);
  const position = decide(
    context.positions.get(orderId),
    { kind, orderId, terms },
    {
      now: context.now,
    },
  );

  const { merchant, reference, payer, currency, amount } = request;
  return queue(operationOf(request, context), {
    orderId,
    record(entry) {
      const order: KnownOrder = {
        ...{ orderId, merchant, reference, payer, currency, amount, kind, terms, signature, splits },
        entry,
        hasFailed: false,
      };
      context.changes.set(context.ordersByReference, pairKey(merchant, reference), order);
      context.changes.set(context.ordersById, orderId, order);
      context.changes.set(context.positions, orderId, position);
      context.changes.push(context.accepted.orders, order);
    },
  });
}

/** Makes the id of an order that was never used unusable, on its payer's word. */
export function decideCancel(
  request: RequestOf<"cancel">,
  context: DecisionContext,
  { orderId }: SignedOrder,
): Decision {
  const { terms, signature } = request;
  const command = { kind: "cancel", orderId, terms } as const;
  const position = decide(context.positions.get(orderId), command, { now: context.now });
  requireCancelConsent(request, orderId, context);
  return queue(
    { kind: "cancel", payload: { terms: orderTermsToJson(terms), signature } },
    { orderId, record: () => context.changes.set(context.positions, orderId, position) },
  );
}

/**
 * The order that stands under a request's reference already, unless it failed; throws `reference_reused` with the
 * member that differs if it is another one.
 */
export function findSameOrder(request: NewOrderRequest, context: DecisionContext): KnownOrder | undefined {
  const known = context.ordersByReference.get(pairKey(request.merchant, request.reference));
  if (known === undefined || known.hasFailed) return undefined;

  const asked = { ...request, kind: orderKindOf(request), splitsHash: splitsHashOf(splitsOf(request)) };
  const present = { ...known, splitsHash: known.terms.splitsHash };
  const field = COMPARED.find((member) => present[member] !== asked[member]);
  if (field === undefined) return known;
  throw new DomainError("reference_reused", `The reference was used for an order with another ${field}.`, {
    reference: request.reference,
    field,
    expected: present[field].toString(),
    actual: asked[field].toString(),
  });
}

/** However the money comes in, an order is authorized or charged. */
function orderKindOf({ kind }: NewOrderRequest): "authorize" | "charge" {
  return kind === "charge" ? "charge" : "authorize";
}

function splitsOf(request: NewOrderRequest): Split[] | undefined {
  return request.kind === "authorize" ? request.splits : undefined;
}

function operationOf(request: NewOrderRequest, { network }: DecisionContext): Operation {
  const signedTerms = { terms: orderTermsToJson(request.terms), signature: request.signature };
  switch (request.kind) {
    case "authorize": {
      const { kind, splits } = request;
      return { kind, payload: { ...signedTerms, ...(splits && { splits }) } };
    }
    case "authorize-through": {
      const { kind, permit } = request;
      const collector = network.contracts.permitCollector;
      if (collector === undefined) throw new DomainError("forbidden", "The network has no collector.");
      const given = permit && { permit: { ...permit, value: permit.value.toString() } };
      return { kind, payload: { ...signedTerms, collector, ...given } };
    }
    default:
      return { kind: request.kind, payload: signedTerms };
  }
}

/** A transfer is signed under the token's domain and to a vault that the chain alone knows: it is left to the chain. */
function requirePayer({ kind, terms: { payer } }: NewOrderRequest, { orderId, signer }: SignedOrder): void {
  if (signer === payer || kind === "authorize-by-transfer") return;
  throw new DomainError("signature_invalid", "The payer did not sign these terms.", { orderId, payer });
}

function requirePayees(
  splits: readonly Split[],
  context: DecisionContext,
  order: { readonly orderId: Hex; readonly merchant: Hex },
): void {
  requireSplits(splits, order);
  for (const { payee } of splits) requireRegistered(context, payee);
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
    splitsHash: splitsHashOf(splitsOf(request)),
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
