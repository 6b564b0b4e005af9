import { orderIdOf, recoverOrderSigner } from "../../chain/order-signing.ts";
import type { TypedDataDomain } from "../../chain/typed-data.ts";
import type { DomainError } from "../../domain/errors.ts";
import type { Hex, OrderTerms } from "../../domain/order-terms.ts";
import { bodyHashOf } from "../idempotency.ts";
import { requestError } from "../problems.ts";
import { type OperationRequest, operationRequest } from "../schemas/operation-request.ts";

/** An operation with everything that can be said of it without the database. */
export type PreparedOperation = {
  readonly key: string;
  readonly group: number | undefined;
} & (
  | {
      readonly isReadable: true;
      readonly request: OperationRequest;
      readonly bodyHash: string;
      readonly order: SignedOrder | undefined;
    }
  | { readonly isReadable: false; readonly refusal: DomainError }
);

/** The id of the order that a request brings the terms of, and who signed them; nobody if they are signed otherwise. */
export type SignedOrder = { readonly orderId: Hex; readonly signer: Hex | undefined };

/** Checks an operation's shape and recovers its signer: the costly part, done before the database is asked. */
export function prepareOperation(
  raw: { readonly key: string; readonly group?: number | undefined },
  domain: TypedDataDomain,
): PreparedOperation {
  const { key, group } = raw;
  const parsed = operationRequest.safeParse(raw);
  if (!parsed.success) return { key, group, isReadable: false, refusal: requestError(parsed.error) };

  const request = parsed.data;
  const order = bringsTerms(request) ? recoverOrder(request, domain) : undefined;
  return { key, group, isReadable: true, request, bodyHash: bodyHashOf(request), order };
}

type RequestWithTerms = Extract<OperationRequest, { readonly terms: OrderTerms }>;

function bringsTerms(request: OperationRequest): request is RequestWithTerms {
  return "terms" in request;
}

function recoverOrder({ kind, terms, signature }: RequestWithTerms, domain: TypedDataDomain): SignedOrder {
  const orderId = orderIdOf(terms, domain);
  const isSignedOrder = kind !== "cancel" && kind !== "authorize-by-transfer";
  return { orderId, signer: isSignedOrder ? recoverOrderSigner(orderId, signature) : undefined };
}
