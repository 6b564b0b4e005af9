import { ZeroHash } from "ethers";
import {
  DISPUTE_REASONS,
  type OperationKind,
  type OperationPayloads,
  PARTICIPANT_KINDS,
} from "../domain/operation.ts";
import { type Hex, orderTermsFromJson } from "../domain/order-terms.ts";
import { encodeCall } from "./abi.ts";
import type { Deployment } from "./deployment.ts";
import { encodeCaptures, encodeNewOrders } from "./order-batch-calldata.ts";

/** Whose sequence of nonces a call belongs to. */
export const LANES = ["registrar", "issuer", "operator", "settler"] as const;
export type Lane = (typeof LANES)[number];

/** Kinds that cover everything before them, and are expanded to calls when their turn comes. */
export const BARRIER_KINDS = [
  "close-cycle",
  "publish-statements",
  "payout",
] as const satisfies readonly OperationKind[];
export type BarrierKind = (typeof BARRIER_KINDS)[number];

/** Kinds that become calls of their own. */
export type CallKind = Exclude<OperationKind, BarrierKind>;

/** Whether an operation of this kind is a barrier. */
export function isBarrierKind(kind: OperationKind): kind is BarrierKind {
  return (BARRIER_KINDS as readonly OperationKind[]).includes(kind);
}

/** How the operations of one kind become calls. */
export type OperationCall<Kind extends CallKind> = {
  readonly lane: Lane;
  /** At most so many operations in one call. */
  readonly maxItems: number;
  /** More gas than one operation can use in any state, so that a call never fails for want of it. */
  readonly gasPerItem: number;
  /** Only operations with the same group may share a call. */
  readonly groupOf: (payload: OperationPayloads[Kind]) => string;
  readonly to: (payload: OperationPayloads[Kind], deployment: Deployment) => Hex;
  /** Calldata for one to `maxItems` operations of one group. */
  readonly encode: (payloads: readonly [OperationPayloads[Kind], ...OperationPayloads[Kind][]]) => Hex;
};

/** The most gas that one transaction asks for: below the cap of Osaka and within any block. */
export const MAX_TRANSACTION_GAS = 16_000_000;

/** What a transaction costs beside its operations. */
export const BASE_GAS = 150_000;

const registry = (_: unknown, deployment: Deployment): Hex =>
  deployment.contracts.participantRegistry.address;
const ledger = (_: unknown, deployment: Deployment): Hex => deployment.contracts.settlementLedger.address;
const court = (_: unknown, deployment: Deployment): Hex => deployment.contracts.disputeCourt.address;
const together = (): string => "";

export const OPERATION_CALLS: { readonly [Kind in CallKind]: OperationCall<Kind> } = {
  register: {
    lane: "registrar",
    maxItems: 100,
    gasPerItem: 110_000,
    groupOf: together,
    to: registry,
    encode: (payloads) =>
      encodeCall("participantRegistry", "registerBatch", [
        payloads.map((payload) => ({
          account: payload.address,
          kind: PARTICIPANT_KINDS.indexOf(payload.participantKind) + 1,
          kycLevel: payload.kycLevel,
          kycUntil: payload.kycUntil,
          payoutAddress: payload.payoutAddress,
          termsHash: ZeroHash,
        })),
      ]),
  },
  "accept-operator": {
    lane: "registrar",
    maxItems: 50,
    gasPerItem: 300_000,
    groupOf: together,
    to: registry,
    encode: (payloads) =>
      encodeCall("participantRegistry", "acceptOperatorBatch", [
        payloads,
        payloads.map((payload) => payload.signature),
      ]),
  },
  "open-account": {
    lane: "registrar",
    maxItems: 150,
    gasPerItem: 80_000,
    groupOf: (payload) => `${payload.operator}|${payload.token}`,
    to: ledger,
    encode: (payloads) =>
      encodeCall("settlementLedger", "syncAccounts", [
        payloads[0].operator,
        payloads[0].token,
        payloads.map((payload) => payload.account),
      ]),
  },
  mint: {
    lane: "issuer",
    maxItems: 100,
    gasPerItem: 100_000,
    groupOf: (payload) => `${payload.token}|${payload.to}`,
    to: (payload) => payload.token,
    encode: (payloads) =>
      encodeCall("token", "mintBatch", [
        payloads[0].to,
        payloads.map((payload) => payload.amount),
        payloads.map((payload) => payload.bankReference),
      ]),
  },
  deposit: {
    lane: "issuer",
    maxItems: 100,
    gasPerItem: 100_000,
    groupOf: (payload) => `${payload.operator}|${payload.token}`,
    to: ledger,
    encode: (payloads) =>
      encodeCall("settlementLedger", "depositBatch", [
        payloads[0].operator,
        payloads[0].token,
        payloads.map(({ account, amount }) => ({ account, amount })),
      ]),
  },
  authorize: {
    lane: "operator",
    maxItems: 100,
    gasPerItem: 130_000,
    groupOf: together,
    to: ledger,
    encode: (payloads) => encodeNewOrders("authorizeBatch", payloads.map(toSignedOrder)),
  },
  charge: {
    lane: "operator",
    maxItems: 80,
    gasPerItem: 190_000,
    groupOf: together,
    to: ledger,
    encode: (payloads) => encodeNewOrders("chargeBatch", payloads.map(toSignedOrder)),
  },
  capture: {
    lane: "operator",
    maxItems: 150,
    gasPerItem: 100_000,
    groupOf: together,
    to: ledger,
    encode: (payloads) =>
      encodeCaptures(
        payloads.map(({ terms, amount }) => ({ terms: orderTermsFromJson(terms), amount: BigInt(amount) })),
      ),
  },
  void: single("operator", 200_000, ledger, ({ terms, amount }) =>
    encodeCall("settlementLedger", "void", [terms, amount]),
  ),
  reclaim: single("operator", 200_000, ledger, ({ terms }) =>
    encodeCall("settlementLedger", "reclaim", [terms]),
  ),
  refund: single("operator", 400_000, ledger, ({ terms, amount }) =>
    encodeCall("settlementLedger", "refund", [terms, amount]),
  ),
  "open-dispute": single("operator", 600_000, court, ({ terms, amount, reason, evidenceHash }) =>
    encodeCall("disputeCourt", "open", [terms, amount, DISPUTE_REASONS.indexOf(reason), evidenceHash]),
  ),
  contest: single("operator", 200_000, court, ({ terms, evidenceHash }) =>
    encodeCall("disputeCourt", "contest", [terms, evidenceHash]),
  ),
  "accept-dispute": single("operator", 200_000, court, ({ terms }) =>
    encodeCall("disputeCourt", "accept", [terms]),
  ),
  rule: single("operator", 800_000, court, ({ terms, payerBps, evidence, signatures }) =>
    encodeCall("disputeCourt", "rule", [terms, payerBps, evidence, signatures]),
  ),
  "finalize-dispute": single("operator", 700_000, court, ({ terms }) =>
    encodeCall("disputeCourt", "finalize", [terms, []]),
  ),
};

/** How merchants are settled and paid, in chunks of so many. */
export const SETTLEMENT_CALLS = {
  closeCycle: { lane: "settler", maxItems: 150, gasPerItem: 90_000, gasInReserve: 0 },
  // The ledger wants a quarter of a million left before each transfer, the last one included.
  payout: { lane: "settler", maxItems: 80, gasPerItem: 150_000, gasInReserve: 270_000 },
  publishStatements: { lane: "settler", maxItems: 1, gasPerItem: 100_000, gasInReserve: 0 },
} as const;

/** Calldata of `closeCycle`. */
export function encodeCloseCycle(
  book: { operator: Hex; token: Hex; cycle: number },
  accounts: readonly Hex[],
): Hex {
  return encodeCall("settlementLedger", "closeCycle", [book.operator, book.token, book.cycle, accounts]);
}

/** Calldata of `payout`. */
export function encodePayout(book: { operator: Hex; token: Hex }, merchants: readonly Hex[]): Hex {
  return encodeCall("settlementLedger", "payout", [book.operator, book.token, merchants]);
}

/** Calldata of `publishStatements`. */
export function encodePublishStatements(book: { operator: Hex; token: Hex; cycle: number }, root: Hex): Hex {
  return encodeCall("settlementLedger", "publishStatements", [book.operator, book.token, book.cycle, root]);
}

/** The gas limit of a call with so many operations; what is in reserve is asked for, but not used. */
export function gasLimitOf(items: number, gasPerItem: number, gasInReserve = 0): bigint {
  return BigInt(Math.min(MAX_TRANSACTION_GAS, BASE_GAS + items * gasPerItem + gasInReserve));
}

function single<Kind extends CallKind>(
  lane: Lane,
  gasPerItem: number,
  to: (payload: OperationPayloads[Kind], deployment: Deployment) => Hex,
  encode: (payload: OperationPayloads[Kind]) => Hex,
): OperationCall<Kind> {
  return { lane, maxItems: 1, gasPerItem, groupOf: together, to, encode: ([payload]) => encode(payload) };
}

function toSignedOrder(payload: OperationPayloads["authorize"]) {
  return { terms: orderTermsFromJson(payload.terms), signature: payload.signature };
}
