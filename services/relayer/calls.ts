import type { Deployment } from "../chain/deployment.ts";
import { BARRIER_KINDS, type CallKind, type Lane, type OperationCall } from "../chain/operation-call.ts";
import {
  encodeCloseCycle,
  encodePayout,
  encodePublishStatements,
  gasLimitOf,
  OPERATION_CALLS,
  SETTLEMENT_CALLS,
} from "../chain/operation-calls.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { QueuedEntry } from "../store/attempt-store.ts";
import type { BookWork } from "../store/settlement-work-read-model.ts";
import type { CycleRoot } from "./statement-roots.ts";

/** A call that is to become one transaction, and the entries it carries out. */
export type PlannedCall = {
  readonly lane: Lane;
  readonly to: Hex;
  readonly data: Hex;
  readonly gasLimit: bigint;
  readonly entries: readonly QueuedEntry[];
};

/** The calls of a layer: entries of one kind and group share calls as far as their limits go. */
export function planCalls(layer: readonly QueuedEntry[], deployment: Deployment): PlannedCall[] {
  const groups = new Map<string, QueuedEntry[]>();
  for (const entry of layer) {
    const key = `${entry.operation.kind}|${callOf(entry).groupOf(entry.operation.payload)}`;
    const group = groups.get(key) ?? [];
    group.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) =>
    chunksOf(group, callOf(group[0]).maxItems).map((chunk) => planCall(chunk, deployment)),
  );
}

/** One call for entries of one kind and group. */
export function planCall(entries: readonly QueuedEntry[], deployment: Deployment): PlannedCall {
  const [first] = entries;
  const call = callOf(first);
  const payloads = entries.map((entry) => entry.operation.payload);
  return {
    lane: call.lane,
    to: call.to(payloads[0], deployment),
    data: call.encode(payloads as [object, ...object[]]),
    gasLimit: gasLimitOf(entries.length, call.gasPerItem, extraGasOf(call, payloads)),
    entries,
  };
}

/** The calls that close the open cycle of books for their accounts, all for one entry. */
export function planCloseCycle(
  entry: QueuedEntry,
  books: readonly BookWork[],
  deployment: Deployment,
): PlannedCall[] {
  return planSettlement(entry, books, deployment, "closeCycle", (book, accounts) =>
    encodeCloseCycle({ ...book, cycle: book.openCycle }, accounts),
  );
}

/** The calls that pay merchants out, all for one entry. */
export function planPayout(
  entry: QueuedEntry,
  books: readonly BookWork[],
  deployment: Deployment,
): PlannedCall[] {
  return planSettlement(entry, books, deployment, "payout", encodePayout);
}

/** The calls that publish roots of closed cycles, all for one entry. */
export function planPublication(
  entry: QueuedEntry,
  roots: readonly CycleRoot[],
  deployment: Deployment,
): PlannedCall[] {
  const { lane, maxItems, gasPerItem } = SETTLEMENT_CALLS.publishStatements;
  return roots.map(({ root, ...cycle }) => ({
    lane,
    to: deployment.contracts.settlementLedger.address,
    data: encodePublishStatements(cycle, root),
    gasLimit: gasLimitOf(maxItems, gasPerItem),
    entries: [entry],
  }));
}

/** Slices of at most `size`. */
export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

function extraGasOf(call: AnyCall, payloads: readonly object[]): number {
  return payloads.reduce((sum, payload) => sum + (call.extraGas?.(payload) ?? 0), 0);
}

function planSettlement(
  entry: QueuedEntry,
  books: readonly BookWork[],
  deployment: Deployment,
  name: "closeCycle" | "payout",
  encode: (book: BookWork, accounts: readonly Hex[]) => Hex,
): PlannedCall[] {
  const { lane, maxItems, gasPerItem, gasInReserve } = SETTLEMENT_CALLS[name];
  return books.flatMap((book) =>
    chunksOf(book.accounts, maxItems).map((accounts) => ({
      lane,
      to: deployment.contracts.settlementLedger.address,
      data: encode(book, accounts),
      gasLimit: gasLimitOf(accounts.length, gasPerItem, gasInReserve),
      entries: [entry],
    })),
  );
}

/** Takes payloads of any kind: the table has the row of exactly the entry's kind, which no checker can see. */
type AnyCall = Omit<OperationCall<CallKind>, "groupOf" | "to" | "encode" | "extraGas"> & {
  readonly extraGas?: (payload: object) => number;
  readonly groupOf: (payload: object) => string;
  readonly to: (payload: object | undefined, deployment: Deployment) => Hex;
  readonly encode: (payloads: readonly [object, ...object[]]) => Hex;
};

function callOf(entry: QueuedEntry | undefined): AnyCall {
  const kind = entry?.operation.kind;
  const isBarrier = (BARRIER_KINDS as readonly (string | undefined)[]).includes(kind);
  if (kind === undefined || isBarrier) throw new RangeError(`No call of its own: ${kind}`);
  return OPERATION_CALLS[kind as CallKind] as unknown as AnyCall;
}
