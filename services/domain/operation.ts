import type { Hex, OrderTermsJson, Split } from "./order-terms.ts";

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
  "open-account": BookAccount;
  mint: { token: Hex; to: Hex; amount: string; bankReference: Hex };
  deposit: { operator: Hex; token: Hex; account: Hex; amount: string };
  "set-kyc": { account: Hex; kycLevel: number; kycUntil: number };
  restrict: { account: Hex };
  freeze: { account: Hex };
  reactivate: { account: Hex };
  "start-closing": { account: Hex };
  "close-account": { account: Hex };
  recover: { account: Hex; successor: Hex; caseReference: Hex };
  "request-payout-address": { account: Hex; payoutAddress: Hex; deadline: number; signature: Hex };
  "confirm-payout-address": { account: Hex };
  "cancel-payout-address": { account: Hex };
  rebind: BookAccount;
  "release-reserve": BookAccount;
  "meet-obligations": BookAccount;
  "propose-seizure": BookAccount & { amount: string; courtReference: Hex };
  "cancel-seizure": { seizureId: Hex };
  "execute-seizure": { seizureId: Hex };
  authorize: { terms: OrderTermsJson; signature: Hex; splits?: Split[] };
  "authorize-by-transfer": { terms: OrderTermsJson; signature: Hex };
  "authorize-through": { terms: OrderTermsJson; signature: Hex; collector: Hex; permit?: Permit };
  charge: { terms: OrderTermsJson; signature: Hex };
  cancel: { terms: OrderTermsJson; signature: Hex };
  capture: { terms: OrderTermsJson; amount: string; splits?: Split[] };
  deliver: {
    terms: OrderTermsJson;
    deliveredAt: number;
    location: Hex;
    signature: Hex;
    splits?: Split[];
  };
  extend: { terms: OrderTermsJson; captureBy: number; payerSignature: Hex; merchantSignature: Hex };
  void: { terms: OrderTermsJson; amount: string };
  reclaim: { terms: OrderTermsJson };
  refund: { terms: OrderTermsJson; amount: string; splits?: Split[] };
  "refund-by-consent": {
    terms: OrderTermsJson;
    amount: string;
    deadline: number;
    signature: Hex;
    splits?: Split[];
  };
  "open-dispute": {
    terms: OrderTermsJson;
    amount: string;
    reason: DisputeReason;
    evidenceHash: Hex;
    disputeId: Hex;
  };
  contest: { terms: OrderTermsJson; disputeId: Hex; evidenceHash: Hex };
  "submit-evidence": { terms: OrderTermsJson; disputeId: Hex; side: DisputeSide; evidenceHash: Hex };
  "accept-dispute": { terms: OrderTermsJson; disputeId: Hex };
  offer: { terms: OrderTermsJson; disputeId: Hex; amount: string; deadline: number };
  "withdraw-offer": { terms: OrderTermsJson; disputeId: Hex };
  "accept-offer": { terms: OrderTermsJson; disputeId: Hex; amount: string };
  agree: {
    terms: OrderTermsJson;
    disputeId: Hex;
    amount: string;
    deadline: number;
    payerSignature: Hex;
    merchantSignature: Hex;
  };
  rule: {
    terms: OrderTermsJson;
    disputeId: Hex;
    payerBps: number;
    evidence: Hex;
    signatures: Hex[];
  };
  escalate: { terms: OrderTermsJson; disputeId: Hex };
  appeal: { terms: OrderTermsJson; disputeId: Hex; side: DisputeSide };
  "finalize-dispute": { terms: OrderTermsJson; disputeId: Hex; splits?: Split[] };
  pause: { regions: PauseRegion[] };
  unpause: { regions: PauseRegion[] };
  "close-cycle": Record<string, never>;
  "publish-statements": Record<string, never>;
  payout: Record<string, never>;
};

/** An account in one book. */
type BookAccount = { operator: Hex; token: Hex; account: Hex };

/** A payer's ERC-2612 permit to the collector; `deadline` in Unix seconds. */
export type Permit = { readonly value: string; readonly deadline: number; readonly signature: Hex };

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

/** In the order of the Solidity enum `IDisputeCourt.Side`, from 1. */
export const DISPUTE_SIDES = ["payer", "merchant"] as const;
export type DisputeSide = (typeof DISPUTE_SIDES)[number];

/** What the guardian can stop, in the order of the bits of `ILedgerAdministration.pause`, from the lowest. */
export const PAUSE_REGIONS = ["inflow", "capture", "payout"] as const;
export type PauseRegion = (typeof PAUSE_REGIONS)[number];

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
