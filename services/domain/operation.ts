import type { Hex, OrderTermsJson } from "./order-terms.ts";

/** Everything that can be asked of the network, as stored in an outbox entry. Amounts are decimal strings. */
export type OperationPayloads = {
  register: {
    address: Hex;
    participantKind: ParticipantKind;
    kycLevel: number;
    kycUntil: number;
    payoutAddress: Hex;
  };
  "accept-operator": { merchant: Hex; operator: Hex; scopes: number; issuedAt: number; signature: Hex };
  "open-account": { operator: Hex; token: Hex; account: Hex };
  mint: { token: Hex; to: Hex; amount: string; bankReference: Hex };
  deposit: { operator: Hex; token: Hex; account: Hex; amount: string };
  authorize: { terms: OrderTermsJson; signature: Hex };
  charge: { terms: OrderTermsJson; signature: Hex };
  capture: { terms: OrderTermsJson; amount: string };
  void: { terms: OrderTermsJson; amount: string };
  reclaim: { terms: OrderTermsJson };
  refund: { terms: OrderTermsJson; amount: string };
  "open-dispute": {
    terms: OrderTermsJson;
    amount: string;
    reason: DisputeReason;
    evidenceHash: Hex;
    disputeId: Hex;
  };
  contest: { terms: OrderTermsJson; disputeId: Hex; evidenceHash: Hex };
  "accept-dispute": { terms: OrderTermsJson; disputeId: Hex };
  rule: {
    terms: OrderTermsJson;
    disputeId: Hex;
    payerBps: number;
    evidence: Hex;
    signatures: Hex[];
  };
  "finalize-dispute": { terms: OrderTermsJson; disputeId: Hex };
  "close-cycle": Record<string, never>;
  "publish-statements": Record<string, never>;
  payout: Record<string, never>;
};

export type OperationKind = keyof OperationPayloads;

/** One operation with the payload of its kind. */
export type Operation = {
  [Kind in OperationKind]: { readonly kind: Kind; readonly payload: OperationPayloads[Kind] };
}[OperationKind];

/** In the order of the Solidity enum `IParticipantRegistry.Kind`, from 1. */
export const PARTICIPANT_KINDS = [
  "payer",
  "merchant",
  "operator",
  "courier",
  "arbiter",
  "vault",
  "institution",
] as const;
export type ParticipantKind = (typeof PARTICIPANT_KINDS)[number];

/** In the order of the Solidity enum `IParticipantRegistry.Status`, from 0. */
export const PARTICIPANT_STATUSES = [
  "none",
  "pending",
  "active",
  "restricted",
  "frozen",
  "closing",
  "closed",
] as const;
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number];

/** In the order of the Solidity enum `IDisputeCourt.Reason`, from 0. */
export const DISPUTE_REASONS = ["other", "not_received", "not_as_described", "fraud", "duplicate"] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

/** In the order of the state numbers in contracts/types/OrderWord.sol, from 0. */
export const ORDER_STATES = [
  "none",
  "authorized",
  "captured",
  "voided",
  "reclaimed",
  "refunded",
  "canceled",
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** In the order of the Solidity enum `IDisputeCourt.State`, from 0. */
export const DISPUTE_STATES = ["none", "open", "contested", "ruled", "appealed", "final"] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** In the order of the Solidity enum `IDisputeCourt.Basis`, from 0. */
export const RULING_BASES = [
  "panel",
  "merchant_accepted",
  "payer_withdrew",
  "merchant_silent",
  "panel_silent",
  "appeal_panel",
  "appeal_panel_silent",
  "offer_accepted",
  "agreed",
] as const;
export type RulingBasis = (typeof RULING_BASES)[number];
