import type { DisputeCommand } from "./dispute.ts";
import type { Operation } from "./operation.ts";
import { type Hex, type OrderTerms, orderTermsFromJson } from "./order-terms.ts";

/** What can be asked of an order; amounts were parsed before. Without an amount: all that is capturable. */
export type OrderCommand =
  | { readonly kind: "authorize" | "charge" | "cancel"; readonly orderId: Hex; readonly terms: OrderTerms }
  | { readonly kind: "capture" | "void"; readonly amount?: bigint | undefined }
  | { readonly kind: "deliver"; readonly deliveredAt: number }
  | { readonly kind: "extend"; readonly captureBy: number }
  | { readonly kind: "refund"; readonly amount: bigint }
  | { readonly kind: "refund-by-consent"; readonly amount: bigint; readonly deadline: number }
  | { readonly kind: "reclaim" }
  | DisputeCommand;

/** The command that an outbox entry carries out on this order; undefined for operations that change no order. */
export function commandOf({ kind, payload }: Operation, orderId: Hex): OrderCommand | undefined {
  switch (kind) {
    case "authorize-by-transfer":
    case "authorize-through":
      return { kind: "authorize", orderId, terms: orderTermsFromJson(payload.terms) };
    case "authorize":
    case "charge":
    case "cancel":
      return { kind, orderId, terms: orderTermsFromJson(payload.terms) };
    case "capture":
    case "void":
    case "refund":
      return { kind, amount: BigInt(payload.amount) };
    case "refund-by-consent":
      return { kind, amount: BigInt(payload.amount), deadline: payload.deadline };
    case "deliver":
      return { kind, deliveredAt: payload.deliveredAt };
    case "extend":
      return { kind, captureBy: payload.captureBy };
    case "reclaim":
      return { kind };
    default:
      return disputeCommandOf({ kind, payload } as Operation);
  }
}

function disputeCommandOf({ kind, payload }: Operation): DisputeCommand | undefined {
  switch (kind) {
    case "open-dispute":
      return { kind, disputeId: payload.disputeId, amount: BigInt(payload.amount) };
    case "rule":
      return { kind, disputeId: payload.disputeId, payerBps: payload.payerBps };
    case "offer":
    case "agree": {
      const { disputeId, amount, deadline } = payload;
      return { kind, disputeId, amount: BigInt(amount), deadline };
    }
    case "accept-offer":
      return { kind, disputeId: payload.disputeId, amount: BigInt(payload.amount) };
    case "contest":
    case "submit-evidence":
    case "accept-dispute":
    case "withdraw-offer":
    case "escalate":
    case "appeal":
    case "finalize-dispute":
      return { kind, disputeId: payload.disputeId };
    default:
      return undefined;
  }
}
