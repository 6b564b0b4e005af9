import type { Kysely } from "kysely";
import type { Hex } from "../../domain/order-terms.ts";
import { findOrderRequests, type OrderReference } from "../../store/order-request-store.ts";
import { findEntriesByKey, findEntryStates, findSeizureProposals } from "../../store/outbox-store.ts";
import {
  findParticipantsByAddress,
  findParticipantsByName,
  findStatuses,
} from "../../store/participant-store.ts";
import { readExpectedPositions } from "../../store/position-read-model.ts";
import { findRefusals } from "../../store/refusal-store.ts";
import type { Database } from "../../store/schema.ts";
import type { Network } from "../api-chain.ts";
import type { OperationRequest } from "../schemas/operation-request.ts";
import {
  type DecisionContext,
  hasFailed,
  type KnownParticipant,
  pairKey,
  termsById,
} from "./decision-context.ts";
import type { PreparedOperation } from "./prepared-operation.ts";
import { createUndoLog } from "./undo-log.ts";

/** What the operations of a request name. */
type Named = {
  readonly names: Set<string>;
  readonly addresses: Set<Hex>;
  readonly references: OrderReference[];
  readonly orderIds: Set<Hex>;
  readonly entryIds: Set<number>;
};

/** Reads all that the operations will be decided on, in a fixed number of statements however many they are. */
export async function loadContext(
  trx: Kysely<Database>,
  instanceId: number,
  operations: readonly PreparedOperation[],
  { network, now }: { network: Network; now: number },
): Promise<DecisionContext> {
  const named = namesIn(operations);
  const keys = await findEntriesByKey(
    trx,
    instanceId,
    operations.map(({ key }) => key),
  );
  const refusals = await findRefusals(trx, instanceId, keysOfOrders(operations));
  const participants = [
    ...(await findParticipantsByName(trx, instanceId, [...named.names])),
    ...(await findParticipantsByAddress(trx, instanceId, [...named.addresses])),
  ];
  const orders = await findOrderRequests(trx, instanceId, {
    references: named.references,
    orderIds: [...named.orderIds],
  });
  const parties = orders.flatMap(({ terms }) => [terms.payer, terms.merchant]);
  const known = participants.map(({ address }) => address);
  const statuses = await findStatuses(trx, instanceId, [
    ...new Set([...named.addresses, ...known, ...parties]),
  ]);
  const states = await findEntryStates(
    trx,
    [...participants, ...orders].map(({ entryId }) => entryId),
  );

  const backed = <T extends { entryId: number }>({ entryId, ...rest }: T) => ({
    ...rest,
    entry: { id: entryId },
    hasFailed: hasFailed(states.get(entryId)),
  });
  const knownParticipants: KnownParticipant[] = participants.map(backed);
  const knownOrders = orders.map(backed);
  const terms = termsById([...knownOrders, ...newOrders(operations)]);
  return {
    network,
    now,
    changes: createUndoLog(),
    keys: new Map(
      [...keys].map(([key, { entry, retries }]) => [
        key,
        { entry: { id: entry.id }, hasFailed: hasFailed(entry.state), bodyHash: entry.body_hash, retries },
      ]),
    ),
    refusals,
    refused: [],
    participantsByName: new Map(knownParticipants.map((known) => [pairKey(known.kind, known.name), known])),
    participantsByAddress: new Map(knownParticipants.map((known) => [known.address, known])),
    statuses,
    ordersByReference: new Map(knownOrders.map((order) => [pairKey(order.merchant, order.reference), order])),
    ordersById: new Map(knownOrders.map((order) => [order.orderId, order])),
    positions: await readExpectedPositions(trx, instanceId, terms, now),
    proposals: await findSeizureProposals(trx, instanceId, [...named.entryIds]),
    accepted: { entries: [], participants: [], orders: [] },
  };
}

function keysOfOrders(operations: readonly PreparedOperation[]): string[] {
  return operations.flatMap(({ key, ...rest }) => (rest.isReadable && "order" in rest.request ? [key] : []));
}

function namesIn(operations: readonly PreparedOperation[]): Named {
  const named: Named = {
    ...{ names: new Set(), addresses: new Set(), references: [] },
    ...{ orderIds: new Set(), entryIds: new Set() },
  };
  for (const operation of operations) {
    if (!operation.isReadable) continue;
    collect(operation.request, named);
    if (operation.order !== undefined) named.orderIds.add(operation.order.orderId);
  }
  return named;
}

function collect(request: OperationRequest, named: Named): void {
  const { names, addresses, references, orderIds, entryIds } = named;
  if ("name" in request) names.add(request.name);
  if ("merchant" in request) names.add(request.merchant);
  if ("payer" in request) names.add(request.payer);
  if ("address" in request) addresses.add(request.address);
  if ("account" in request) addresses.add(request.account);
  if ("successor" in request) addresses.add(request.successor);
  if ("splits" in request) for (const { payee } of request.splits ?? []) addresses.add(payee);
  if ("terms" in request) addresses.add(request.terms.payer);
  if ("reference" in request) references.push({ merchant: request.merchant, reference: request.reference });
  if ("seizure" in request && typeof request.seizure === "number") entryIds.add(request.seizure);
  if (!("order" in request)) return;

  if ("id" in request.order) orderIds.add(request.order.id);
  else references.push(request.order);
}

function newOrders(operations: readonly PreparedOperation[]) {
  return operations.flatMap((operation) => {
    if (!operation.isReadable || operation.order === undefined) return [];
    const { request, order } = operation;
    return "terms" in request ? [{ orderId: order.orderId, terms: request.terms }] : [];
  });
}
