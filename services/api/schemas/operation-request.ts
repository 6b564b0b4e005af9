import { z } from "zod";
import { DISPUTE_REASONS, type OperationKind, PARTICIPANT_KINDS } from "../../domain/operation.ts";
import { isOperationKey } from "../../store/outbox-store.ts";
import {
  address,
  amount,
  currency,
  hash,
  name,
  orderSelector,
  orderTerms,
  scopes,
  share,
  signature,
  unixTime,
} from "./scalars.ts";

/** The most operations that one request may carry. */
export const OPERATIONS_LIMIT = 1_000;

const order = { order: orderSelector };
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
  "accept-operator": { merchant: name("merchant"), operator: address, scopes, issuedAt: unixTime, signature },
  "open-account": { account: address, currency },
  mint: { currency, amount, bankReference: hash },
  deposit: { account: address, currency, amount },
  authorize: newOrder,
  charge: newOrder,
  capture: { ...order, amount: amount.optional() },
  void: { ...order, amount: amount.optional() },
  refund: { ...order, amount },
  reclaim: order,
  "open-dispute": {
    ...order,
    amount,
    reason: z.enum(DISPUTE_REASONS),
    evidenceHash: hash,
    capturedOnly: z.boolean().optional(),
  },
  contest: { ...order, evidenceHash: hash },
  "accept-dispute": order,
  rule: { ...order, payerBps: share, evidence: hash, signatures: z.array(signature).min(1).max(64) },
  "finalize-dispute": order,
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

/** One operation of a request. */
export const operationRequest = z.discriminatedUnion("kind", [
  operation("register"),
  operation("accept-operator"),
  operation("open-account"),
  operation("mint"),
  operation("deposit"),
  operation("authorize"),
  operation("charge"),
  operation("capture"),
  operation("void"),
  operation("refund"),
  operation("reclaim"),
  operation("open-dispute"),
  operation("contest"),
  operation("accept-dispute"),
  operation("rule"),
  operation("finalize-dispute"),
  operation("close-cycle"),
  operation("publish-statements"),
  operation("payout"),
]);
export type OperationRequest = z.output<typeof operationRequest>;

/** The request of one kind. */
export type RequestOf<Kind extends OperationKind> = Extract<OperationRequest, { kind: Kind }>;

/** A request of many; each operation is checked on its own, so that one malformed does not refuse the others. */
export const operationsRequest = z.strictObject({
  operations: z.array(z.looseObject({ key, group })).min(1).max(OPERATIONS_LIMIT),
  stopOnError: z.boolean().default(false),
});
