import { ledgerDomain } from "../../chain/order-signing.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { findCurrentInstance } from "../../store/instance-read-model.ts";
import { replaceOrderRequests } from "../../store/order-request-store.ts";
import { insertEntries, lockDecisions } from "../../store/outbox-store.ts";
import { replaceParticipants } from "../../store/participant-store.ts";
import { insertRefusals } from "../../store/refusal-store.ts";
import type { Store } from "../../store/store.ts";
import type { ApiChain } from "../api-chain.ts";
import { chainTime } from "../chain-time.ts";
import { TransportError } from "../problems.ts";
import { findSameOrder } from "./decide-new-order.ts";
import { decideOperation, type Outcome } from "./decide-operation.ts";
import type { DecisionContext, EntryRef } from "./decision-context.ts";
import { loadContext } from "./load-context.ts";
import { type PreparedOperation, prepareOperation } from "./prepared-operation.ts";

/** What became of one operation. `entryId` is that of the entry that does it. */
export type OperationResult =
  | { readonly key: string; readonly status: "accepted" | "replayed"; readonly entryId: number }
  | { readonly key: string; readonly status: "rejected"; readonly refusal: DomainError };

export type SubmitOperations = (request: {
  readonly operations: readonly { readonly key: string; readonly group?: number | undefined }[];
  readonly stopOnError: boolean;
}) => Promise<OperationResult[]>;

type Draft =
  | ({ readonly key: string } & Outcome)
  | { readonly key: string; readonly status: "rejected"; readonly refusal: DomainError };

/**
 * Decides operations in order and queues those that are accepted, in one transaction. Results are in the order of the
 * operations; with `stopOnError` those after the first rejected group are absent.
 *
 * Requests that decide at the same time follow one another, so no two of them spend the same money.
 */
export function createSubmitOperations({
  store,
  chain,
  clock,
}: {
  store: Store;
  chain: ApiChain;
  clock: Clock;
}): SubmitOperations {
  const { network } = chain;
  const domain = ledgerDomain(network.chainId, network.ledger);

  return async ({ operations, stopOnError }) => {
    const prepared = operations.map((operation) => prepareOperation(operation, domain));
    const now = await chainTime(chain, clock);
    return store.transaction(async (trx) => {
      const instance = await findCurrentInstance(trx, network.chainId);
      if (instance === undefined) throw new TransportError("unavailable", "The chain is not mirrored yet.");

      await lockDecisions(trx, instance.id);
      const context = await loadContext(trx, instance.id, prepared, { network, now });
      const drafts = decideGroups(prepared, context, stopOnError);
      const { entries, participants, orders } = context.accepted;
      const moment = clock.now();
      await insertRefusals(trx, instance.id, context.refused, moment);
      const ids = await insertEntries(trx, instance.id, entries, moment);
      const withEntryId = <T extends { entry: EntryRef }>(backed: T) => ({
        ...backed,
        entryId: idOf(backed.entry, ids),
      });
      await replaceParticipants(trx, instance.id, participants.map(withEntryId), moment);
      await replaceOrderRequests(trx, instance.id, orders.map(withEntryId), moment);
      return drafts.map((draft) =>
        draft.status === "rejected"
          ? draft
          : { key: draft.key, status: draft.status, entryId: idOf(draft.entry, ids) },
      );
    });
  };
}

function decideGroups(
  operations: readonly PreparedOperation[],
  context: DecisionContext,
  stopOnError: boolean,
): Draft[] {
  const drafts: Draft[] = [];
  for (const group of groupsOf(operations)) {
    const decided = decideGroup(group, context);
    drafts.push(...decided);
    if (stopOnError && decided.some((draft) => draft.status === "rejected")) break;
  }
  return drafts;
}

/** All of a group or none: if one is refused, so are the others, for the same reason. */
function decideGroup(group: readonly PreparedOperation[], context: DecisionContext): Draft[] {
  try {
    requireFreeReferences(group, context);
    const drafts = group.map((operation) => ({ key: operation.key, ...decideOperation(operation, context) }));
    context.changes.keep();
    return drafts;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    context.changes.undo();
    return group.map(({ key }) => ({ key, status: "rejected", refusal: error }));
  }
}

/** A repeated reference is the reason to name, also where funding that was asked for along with it collides first. */
function requireFreeReferences(group: readonly PreparedOperation[], context: DecisionContext): void {
  for (const operation of group) {
    if (!operation.isReadable) continue;
    const { request } = operation;
    if ("reference" in request) findSameOrder(request, context);
  }
}

function groupsOf(operations: readonly PreparedOperation[]): PreparedOperation[][] {
  const groups: PreparedOperation[][] = [];
  for (const operation of operations) {
    const last = groups.at(-1);
    const belongs = operation.group !== undefined && last?.[0]?.group === operation.group;
    if (belongs) last?.push(operation);
    else groups.push([operation]);
  }
  return groups;
}

function idOf(entry: EntryRef, ids: ReadonlyMap<string, number>): number {
  const id = "id" in entry ? entry.id : ids.get(entry.opKey);
  if (id === undefined) throw new Error("Every accepted operation was inserted.");
  return id;
}
