import type { DomainErrorCode } from "../domain/errors.ts";
import type { DisputeReason, DisputeState } from "../domain/operation.ts";
import type { Hex, OrderTermsJson, Split } from "../domain/order-terms.ts";

/** The most operations that one request may carry. */
export const OPERATIONS_LIMIT = 1_000;

/** What the importer needs to know of the network; times in Unix seconds. */
export type JournalChain = {
  readonly operator: Hex;
  readonly feeReceiver: Hex;
  readonly arbiterSetId: number;
  /** Token address by currency. */
  readonly tokens: Readonly<Record<string, Hex>>;
  readonly isDevelopment: boolean;
  readonly chainTime: number;
};

/** An order as its merchant names it. */
export type OrderReference = { readonly merchant: string; readonly reference: string };

/** Whose keys and accounts a journal names. */
export type NamedKind = "payer" | "merchant" | "courier";

type OrderBody = {
  readonly reference: string;
  readonly merchant: string;
  readonly payer: string;
  readonly currency: string;
  readonly amount: string;
  readonly terms: OrderTermsJson;
  readonly signature: Hex;
};

/** The bodies of `POST /v1/operations`, as docs/architecture.md lists them. */
export type OperationBodies = {
  register: { readonly participantKind: NamedKind; readonly name: string; readonly address: Hex };
  "accept-operator": {
    readonly participantKind?: "courier";
    readonly merchant: string;
    readonly operator: Hex;
    readonly scopes: number;
    readonly issuedAt: number;
    readonly signature: Hex;
  };
  "open-account": { readonly account: Hex; readonly currency: string };
  mint: { readonly currency: string; readonly amount: string; readonly bankReference: Hex };
  deposit: { readonly account: Hex; readonly currency: string; readonly amount: string };
  authorize: OrderBody & { readonly splits?: readonly Split[] };
  charge: OrderBody;
  cancel: { readonly terms: OrderTermsJson; readonly signature: Hex };
  capture: { readonly order: OrderReference; readonly amount?: string };
  deliver: {
    readonly order: OrderReference;
    readonly deliveredAt: number;
    readonly location: Hex;
    readonly signature: Hex;
  };
  extend: {
    readonly order: OrderReference;
    readonly captureBy: number;
    readonly payerSignature: Hex;
    readonly merchantSignature: Hex;
  };
  void: { readonly order: OrderReference; readonly amount?: string };
  refund: { readonly order: OrderReference; readonly amount: string };
  "open-dispute": {
    readonly order: OrderReference;
    readonly amount: string;
    readonly reason: DisputeReason;
    readonly evidenceHash: Hex;
    /** A dispute of a journal is about captured money alone: a larger one is refused as `exceeds_refundable`. */
    readonly capturedOnly: true;
  };
  contest: { readonly order: OrderReference; readonly evidenceHash: Hex };
  offer: { readonly order: OrderReference; readonly amount: string; readonly deadline: number };
  agree: {
    readonly order: OrderReference;
    readonly amount: string;
    readonly deadline: number;
    readonly payerSignature: Hex;
    readonly merchantSignature: Hex;
  };
  rule: {
    readonly order: OrderReference;
    readonly payerBps: number;
    readonly evidence: Hex;
    readonly signatures: readonly Hex[];
  };
  "finalize-dispute": { readonly order: OrderReference };
  "close-cycle": Record<never, never>;
  payout: Record<never, never>;
};

/** An operation without its place in a request. */
export type OperationDraft = {
  [Kind in keyof OperationBodies]: { readonly key: string; readonly kind: Kind } & OperationBodies[Kind];
}[keyof OperationBodies];

/** An operation in a request. Operations of one group are accepted together or not at all. */
export type OperationRequest = OperationDraft & { readonly group: number };

/** Why an operation was refused; `field` where it is about one party of the order. */
export type OperationProblem = {
  readonly code: DomainErrorCode;
  readonly detail: string;
  readonly field?: "payer" | "merchant";
};

/**
 * What became of one operation of a request. All operations of a refused group are `rejected`, and at least one says
 * why.
 */
export type OperationResult = {
  readonly key: string;
  /** The operation's id, unless it was rejected. */
  readonly id?: string;
  readonly status: "accepted" | "replayed" | "rejected";
  readonly problem?: OperationProblem;
};

/** Counts over all operations of the network; `unmirrored` are included ones the mirror has not read yet. */
export type OperationProgress = {
  readonly queued: number;
  readonly submitted: number;
  readonly included: number;
  readonly failed: number;
  readonly unmirrored: number;
  /** The latest operation's id; null where there was never one. */
  readonly lastId: string | null;
};

/** An operation that the chain refused. */
export type FailedOperation = {
  readonly id: string;
  readonly code: DomainErrorCode;
  readonly detail: string;
};

/** A dispute of an order as the mirror has it. */
export type MirroredDispute = {
  readonly disputeId: Hex;
  readonly state: DisputeState;
  readonly evidence: Hex;
};

/** An order as the network knows it: what its parties sign later is about these. */
export type KnownOrder = {
  readonly orderId: Hex;
  readonly payerName: string;
  /** As the payer signed it, in Unix seconds. */
  readonly captureBy: number;
};

/** What the importer asks of the network's HTTP API. Every method may throw `UnreachableError` or `DomainError`. */
export interface JournalApi {
  chain(): Promise<JournalChain>;

  /** Results in the order of the operations; after a stop on error the rest is absent. */
  sendOperations(request: {
    readonly operations: readonly OperationRequest[];
    readonly stopOnError: boolean;
  }): Promise<readonly OperationResult[]>;

  progress(): Promise<OperationProgress>;

  /** Every failed operation from the first one on, in order of id. */
  failedOperations(): AsyncIterable<FailedOperation>;

  /** An order that was asked for; undefined where there is none. */
  findOrder(order: OrderReference): Promise<KnownOrder | undefined>;

  /** The open dispute of an order, or else any that is over; undefined where the order or the dispute is not known. */
  latestDispute(order: OrderReference): Promise<MirroredDispute | undefined>;
}
