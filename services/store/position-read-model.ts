import { type Kysely, type Selectable, sql } from "kysely";
import type { OrderState } from "../domain/operation.ts";
import { foldPending } from "../domain/order.ts";
import type { OpenDispute, OrderPosition } from "../domain/order-position.ts";
import type { Hex, OrderTerms } from "../domain/order-terms.ts";
import { RetryableError } from "../platform/errors.ts";
import { findCursor } from "./instance-read-model.ts";
import { findPendingEntries, type PendingEntry } from "./outbox-store.ts";
import type { DisputeTable, EscrowOrderTable } from "./projection-schema.ts";
import type { Database } from "./schema.ts";

type EscrowOrder = Selectable<EscrowOrderTable>;
type Dispute = Selectable<DisputeTable>;

/** Reads that may be repeated because the mirror moved on between them. */
const ATTEMPTS = 20;

/**
 * Where orders will stand once their pending operations are included: the mirrored rows with the outbox folded in.
 * Orders that are neither mirrored nor pending are missing. `now` is the chain's time.
 *
 * @throws RetryableError if the mirror does not stand still long enough to read both at one block.
 */
export async function readExpectedPositions(
  trx: Kysely<Database>,
  instanceId: number,
  terms: ReadonlyMap<Hex, OrderTerms>,
  now: number,
): Promise<Map<Hex, OrderPosition>> {
  const orderIds = [...terms.keys()];
  if (orderIds.length === 0) return new Map();

  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await findCursor(trx, instanceId);
    const pending = await findPendingEntries(trx, instanceId, orderIds, before?.number ?? -1);
    const orders = await readOrders(trx, instanceId, orderIds);
    const disputes = await readDisputes(trx, instanceId, orderIds);
    const after = await findCursor(trx, instanceId);
    if (before?.hash === after?.hash) return foldAll({ terms, pending, orders, disputes, now });
  }
  throw new RetryableError("The mirror is catching up too fast to decide; try again.");
}

function foldAll({
  terms,
  pending,
  orders,
  disputes,
  now,
}: {
  terms: ReadonlyMap<Hex, OrderTerms>;
  pending: readonly PendingEntry[];
  orders: readonly EscrowOrder[];
  disputes: readonly Dispute[];
  now: number;
}): Map<Hex, OrderPosition> {
  const orderOf = new Map(orders.map((order) => [order.order_id, order]));
  const disputesOf = Map.groupBy(disputes, (dispute) => dispute.order_id);
  const pendingOf = Map.groupBy(pending, (entry) => entry.orderId);

  const positions = new Map<Hex, OrderPosition>();
  for (const [orderId, orderTerms] of terms) {
    const order = orderOf.get(orderId);
    const orderDisputes = disputesOf.get(orderId) ?? [];
    const mirrored = order && toPosition(order, orderTerms, orderDisputes);
    const unseen = withoutMirrored(pendingOf.get(orderId) ?? [], order, orderDisputes);
    const operations = unseen.map((entry) => entry.operation);
    const position = foldPending(mirrored, operations, { orderId, now });
    if (position !== undefined) positions.set(orderId, position);
  }
  return positions;
}

/**
 * Leaves out what the mirrored rows show already although the relayer has not written so yet. Entries of one order are
 * executed in order, so the one whose transaction last changed a row is the last of those.
 */
function withoutMirrored(
  entries: readonly PendingEntry[],
  order: EscrowOrder | undefined,
  disputes: readonly Dispute[],
): readonly PendingEntry[] {
  const changedBy = [order, ...disputes].map((row) => row?.tx_hash);
  const last = entries.findLastIndex((entry) => entry.txHashes.some((hash) => changedBy.includes(hash)));
  return entries.slice(last + 1);
}

function toPosition(row: EscrowOrder, terms: OrderTerms, disputes: readonly Dispute[]): OrderPosition {
  const open = disputes.find((dispute) => dispute.state !== "final");
  return {
    orderId: row.order_id,
    amount: BigInt(row.amount),
    capturable: BigInt(row.capturable),
    refundable: BigInt(row.refundable),
    captured: BigInt(row.captured),
    voided: BigInt(row.voided),
    reclaimed: BigInt(row.reclaimed),
    refunded: BigInt(row.refunded),
    awarded: BigInt(row.awarded),
    feeBps: row.fee_bps,
    fixedFee: BigInt(row.fixed_fee),
    // Safe: the mirror writes nothing else.
    state: row.state as OrderState,
    capturedAt: row.captured_at,
    captureBy: terms.captureBy,
    reclaimFrom: terms.reclaimFrom,
    refundBy: terms.refundBy,
    disputeWindow: terms.disputeWindow,
    defaultPayerBps: terms.defaultPayerBps,
    clockShift: row.clock_shift,
    disputeCount: row.dispute_count,
    dispute: open === undefined ? null : toOpenDispute(open),
  };
}

function toOpenDispute(row: Dispute): OpenDispute {
  return {
    disputeId: row.dispute_id,
    amount: BigInt(row.amount),
    captured: BigInt(row.captured),
    held: BigInt(row.held),
    // Safe: the mirror writes nothing else, and final ones were left out.
    state: row.state as OpenDispute["state"],
    respondBy: row.respond_by,
    ruleBy: row.rule_by,
    award: row.award === null ? null : BigInt(row.award),
  };
}

function readOrders(trx: Kysely<Database>, instanceId: number, orderIds: readonly Hex[]) {
  return trx
    .selectFrom("escrow_order")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`order_id = any(${[...orderIds]}::text[])`)
    .execute();
}

function readDisputes(trx: Kysely<Database>, instanceId: number, orderIds: readonly Hex[]) {
  return trx
    .selectFrom("dispute")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`order_id = any(${[...orderIds]}::text[])`)
    .execute();
}
