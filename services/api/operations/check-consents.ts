import {
  cancelDigest,
  deliveryDigest,
  extensionDigest,
  refundConsentDigest,
} from "../../chain/consent-signing.ts";
import { ledgerDomain } from "../../chain/order-signing.ts";
import { recoverSigner } from "../../chain/typed-data.ts";
import { DomainError } from "../../domain/errors.ts";
import type { OrderPosition } from "../../domain/order-position.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { OrderKind, RequestOf } from "../schemas/operation-request.ts";
import type { DecisionContext, KnownOrder } from "./decision-context.ts";

/**
 * Refuses what somebody did not sign in whose name it is asked for. Contract wallets are not asked, as for new orders.
 *
 * `position` is the order as it is expected to stand before the operation: a consent to a refund names its amounts. What
 * is signed on a nonce or round that only the chain knows is the chain's to check.
 */
export function requireConsents(
  request: RequestOf<OrderKind>,
  { orderId, terms }: KnownOrder,
  position: OrderPosition,
  context: DecisionContext,
): void {
  const domain = ledgerDomain(context.network.chainId, context.network.ledger);
  switch (request.kind) {
    case "extend": {
      const digest = extensionDigest({ orderId, captureBy: request.captureBy }, domain);
      requireParty(context, digest, request.payerSignature, terms.payer, "payerSignature");
      requireSigner(digest, request.merchantSignature, terms.merchant, "merchantSignature");
      break;
    }
    case "refund-by-consent": {
      const { amount, deadline, signature } = request;
      const { capturable, refundable } = position;
      const consent = { orderId, amount, capturable, refundable, deadline };
      requireParty(context, refundConsentDigest(consent, domain), signature, terms.merchant);
      break;
    }
    case "deliver": {
      const { deliveredAt, location, signature } = request;
      requireSigner(deliveryDigest({ orderId, deliveredAt, location }, domain), signature, terms.deliveryKey);
      break;
    }
  }
}

/** Refuses a cancellation that the payer did not sign. */
export function requireCancelConsent(
  { terms, signature }: RequestOf<"cancel">,
  orderId: Hex,
  context: DecisionContext,
): void {
  const { network } = context;
  const domain = ledgerDomain(network.chainId, network.ledger);
  requireParty(context, cancelDigest(orderId, domain), signature, terms.payer);
}

/** For an account whose key was lost its successor signs, whom the registry alone knows: it is closed by then. */
function requireParty(
  { statuses }: DecisionContext,
  digest: Hex,
  signature: Hex,
  party: Hex,
  field = "signature",
): void {
  if (statuses.get(party) !== "closed") requireSigner(digest, signature, party, field);
}

function requireSigner(digest: Hex, signature: Hex, signer: Hex, field = "signature"): void {
  if (recoverSigner(digest, signature) === signer) return;
  throw new DomainError("signature_invalid", "The one in whose name this is asked for did not sign it.", {
    field,
    signer,
  });
}
