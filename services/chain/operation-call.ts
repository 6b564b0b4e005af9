import type { OperationKind, OperationPayloads } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Deployment } from "./deployment.ts";

/** Whose sequence of nonces a call belongs to. */
export const LANES = ["registrar", "issuer", "operator", "settler"] as const;

/** Lanes that a network need not have here: their operations are refused where their key is kept elsewhere. */
export const OPTIONAL_LANES = ["guardian", "admin"] as const;
export type OptionalLane = (typeof OPTIONAL_LANES)[number];

export type Lane = (typeof LANES)[number] | OptionalLane;

/** Kinds that are expanded to calls when their turn comes, once everything before them is included and mirrored. */
export const BARRIER_KINDS = ["close-cycle", "publish-statements", "payout"] as const;
export type BarrierKind = (typeof BARRIER_KINDS)[number];

/** Kinds that become calls of their own. */
export type CallKind = Exclude<OperationKind, BarrierKind>;

/** How the operations of one kind become calls. */
export type OperationCall<Kind extends CallKind> = {
  readonly lane: Lane;
  /** At most so many operations in one call. */
  readonly maxItems: number;
  /** More gas than one operation can use in any state, so that a call never fails for want of it. */
  readonly gasPerItem: number;
  /** What an operation that is more than the usual needs beside that. */
  readonly extraGas?: (payload: OperationPayloads[Kind]) => number;
  /** Only operations with the same group may share a call. */
  readonly groupOf: (payload: OperationPayloads[Kind]) => string;
  readonly to: (payload: OperationPayloads[Kind], deployment: Deployment) => Hex;
  /** Calldata for one to `maxItems` operations of one group. */
  readonly encode: (payloads: readonly [OperationPayloads[Kind], ...OperationPayloads[Kind][]]) => Hex;
};

/** The calls of some kinds. */
export type OperationCalls<Kinds extends CallKind> = { readonly [Kind in Kinds]: OperationCall<Kind> };

export const toRegistry = (_: unknown, deployment: Deployment): Hex =>
  deployment.contracts.participantRegistry.address;
export const toLedger = (_: unknown, deployment: Deployment): Hex =>
  deployment.contracts.settlementLedger.address;
export const toCourt = (_: unknown, deployment: Deployment): Hex => deployment.contracts.disputeCourt.address;

/** All operations of the kind may share a call. */
export const together = (): string => "";

/** Operations that have a call each. */
export function single<Kind extends CallKind>(
  lane: Lane,
  gasPerItem: number,
  to: (payload: OperationPayloads[Kind], deployment: Deployment) => Hex,
  encode: (payload: OperationPayloads[Kind]) => Hex,
): OperationCall<Kind> {
  return { lane, maxItems: 1, gasPerItem, groupOf: together, to, encode: ([payload]) => encode(payload) };
}
