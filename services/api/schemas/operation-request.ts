import { z } from "zod";
import {
  DISPUTE_REASONS,
  DISPUTE_SIDES,
  type OperationKind,
  PARTICIPANT_KINDS,
  PAUSE_REGIONS,
} from "../../domain/operation.ts";
import { isOperationKey } from "../../store/outbox-store.ts";
import {
  address,
  amount,
  currency,
  hash,
  kycLevel,
  name,
  offeredAmount,
  orderSelector,
  orderTerms,
  permit,
  scopes,
  seizureSelector,
  share,
  signature,
  splits,
  unixTime,
} from "./scalars.ts";

/** The most operations that one request may carry. */
export const OPERATIONS_LIMIT = 1_000;

const order = { order: orderSelector };
const side = z.enum(DISPUTE_SIDES);
const regions = z.array(z.enum(PAUSE_REGIONS)).min(1).max(PAUSE_REGIONS.length);
const newOrder = {
  reference: name("reference"),
  merchant: name("merchant"),
  payer: name("payer"),
  currency,
  amount,
  terms: orderTerms,
  signature,
};

/** What each kind of operation asks for, besides key and group. */
export const OPERATION_BODIES = {
  register: {
    participantKind: z.enum(PARTICIPANT_KINDS),
    name: name("name"),
    address,
    payoutAddress: address.optional(),
  },
  "accept-operator": {
    /** Merchants, unless said otherwise; couriers and institutions accept as well. */
    participantKind: z.enum(["merchant", "courier", "institution"]).optional(),
    merchant: name("merchant"),
    operator: address,
    scopes,
    issuedAt: unixTime,
    signature,
  },
  "set-kyc": { account: address, kycLevel, kycUntil: unixTime },
  restrict: { account: address },
  freeze: { account: address },
  reactivate: { account: address },
  "start-closing": { account: address },
  "close-account": { account: address },
  recover: { account: address, successor: address, name: name("name"), caseReference: hash },
  "request-payout-address": { account: address, payoutAddress: address, deadline: unixTime, signature },
  "confirm-payout-address": { account: address },
  "cancel-payout-address": { account: address },
  "open-account": { account: address, currency },
  mint: { currency, amount, bankReference: hash },
  deposit: { account: address, currency, amount },
  "release-reserve": { account: address, currency },
  "meet-obligations": { account: address, currency },
  rebind: { account: address, currency },
  "propose-seizure": { account: address, currency, amount, courtReference: hash },
  "cancel-seizure": { seizure: seizureSelector },
  "execute-seizure": { seizure: seizureSelector },
  authorize: { ...newOrder, splits: splits.optional() },
  "authorize-by-transfer": newOrder,
  "authorize-through": { ...newOrder, permit: permit.optional() },
  charge: newOrder,
  cancel: { terms: orderTerms, signature },
  capture: { ...order, amount: amount.optional() },
  deliver: { ...order, deliveredAt: unixTime, location: hash, signature },
  extend: { ...order, captureBy: unixTime, payerSignature: signature, merchantSignature: signature },
  void: { ...order, amount: amount.optional() },
  reclaim: order,
  refund: { ...order, amount },
  "refund-by-consent": { ...order, amount, deadline: unixTime, signature },
  "open-dispute": {
    ...order,
    amount,
    reason: z.enum(DISPUTE_REASONS),
    evidenceHash: hash,
    capturedOnly: z.boolean().optional(),
  },
  contest: { ...order, evidenceHash: hash },
  "submit-evidence": { ...order, side, evidenceHash: hash },
  "accept-dispute": order,
  offer: { ...order, amount: offeredAmount, deadline: unixTime },
  "withdraw-offer": order,
  "accept-offer": { ...order, amount: offeredAmount },
  agree: {
    ...order,
    amount: offeredAmount,
    deadline: unixTime,
    payerSignature: signature,
    merchantSignature: signature,
  },
  rule: { ...order, payerBps: share, evidence: hash, signatures: z.array(signature).min(1).max(64) },
  escalate: order,
  appeal: { ...order, side },
  "finalize-dispute": order,
  pause: { regions },
  unpause: { regions },
  "close-cycle": {},
  "publish-statements": {},
  payout: {},
} as const satisfies Record<OperationKind, z.core.$ZodShape>;

const key = z.string().refine(isOperationKey, { error: "must be 1 to 512 characters of text" });

/** Operations of one group, which must follow one another, are accepted together or not at all. */
const group = z.int().min(0).optional();

function operation<Kind extends OperationKind>(kind: Kind) {
  return z.strictObject({ key, group, kind: z.literal(kind), ...OPERATION_BODIES[kind] });
}

type AnyOperation = { [Kind in OperationKind]: ReturnType<typeof operation<Kind>> }[OperationKind];

/** One operation of a request. */
export const operationRequest = z.discriminatedUnion(
  "kind",
  // Safe: one schema for each kind, of which there are some.
  (Object.keys(OPERATION_BODIES) as OperationKind[]).map(operation) as unknown as [
    AnyOperation,
    ...AnyOperation[],
  ],
);
export type OperationRequest = z.output<typeof operationRequest>;

/** The request of one kind. */
export type RequestOf<Kind extends OperationKind> = Extract<OperationRequest, { kind: Kind }>;

/** Every kind that is about an order that exists. */
export type OrderKind = {
  [Kind in OperationKind]: RequestOf<Kind> extends { readonly order: unknown } ? Kind : never;
}[OperationKind];

/** A request of many; each operation is checked on its own, so that one malformed does not refuse the others. */
export const operationsRequest = z.strictObject({
  operations: z.array(z.looseObject({ key, group })).min(1).max(OPERATIONS_LIMIT),
  stopOnError: z.boolean().default(false),
});
