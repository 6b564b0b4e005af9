import { type Kysely, type Selectable, sql } from "kysely";
import type { Operation, OperationPayloads } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { OutboxEntryTable } from "./command-schema.ts";
import type { Database } from "./schema.ts";

/** An operation that was accepted and is to be queued. */
export type NewEntry = {
  readonly opKey: string;
  readonly bodyHash: string;
  readonly operation: Operation;
  readonly orderId: Hex | null;
  readonly disputeId: Hex | null;
};

/** The latest entry under a client's key. `retries` counts the entries before it, all of which failed. */
export type KeyedEntry = {
  readonly entry: Pick<Selectable<OutboxEntryTable>, "id" | "body_hash" | "state">;
  readonly retries: number;
};

/** An operation on an order that the mirrored rows do not show yet, as far as the outbox knows. */
export type PendingEntry = {
  readonly id: number;
  readonly orderId: Hex;
  readonly operation: Operation;
  /** Transactions that may carry it. */
  readonly txHashes: readonly Hex[];
};

/** Stands between a client's key and what we add to it; no client's key has it. */
const RETRY_SEPARATOR = "\u001f";

/** The key of an entry that asks again for what failed before. */
export function retryKey(key: string, retries: number): string {
  return retries === 0 ? key : `${key}${RETRY_SEPARATOR}${retries}`;
}

/** The key of an entry that the network itself queues behind another. */
export function followUpKey(opKey: string): string {
  return `${opKey}${RETRY_SEPARATOR}next`;
}

/** Whether a client may use this key: 1 to 512 characters of valid text without the retry separator or U+0000. */
export function isOperationKey(key: string): boolean {
  const isSized = key.length >= 1 && key.length <= 512;
  return isSized && key.isWellFormed() && !key.includes(RETRY_SEPARATOR) && !key.includes("\u0000");
}

/** Makes deciding transactions of an instance follow one another, until the caller's transaction ends. */
export async function lockDecisions(trx: Kysely<Database>, instanceId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(7425862, ${instanceId}::integer)`.execute(trx);
}

/** The latest entry of each key that was used before. */
export async function findEntriesByKey(
  trx: Kysely<Database>,
  instanceId: number,
  keys: readonly string[],
): Promise<Map<string, KeyedEntry>> {
  const found = new Map<string, KeyedEntry>();
  let wanted = keys;
  // Ends, because every round goes on with the keys whose entry failed and there are finitely many entries.
  for (let retries = 0; wanted.length > 0; retries++) {
    const opKeys = new Map(wanted.map((key) => [retryKey(key, retries), key]));
    const entries = await trx
      .selectFrom("outbox_entry")
      .select(["id", "op_key", "body_hash", "state"])
      .where("instance_id", "=", instanceId)
      .where(sql<boolean>`op_key = any(${[...opKeys.keys()]}::text[])`)
      .execute();
    for (const { op_key, ...entry } of entries) {
      const key = opKeys.get(op_key);
      if (key !== undefined) found.set(key, { entry, retries });
    }
    wanted = entries
      .filter((entry) => entry.state === "failed")
      .flatMap((entry) => opKeys.get(entry.op_key) ?? []);
  }
  return found;
}

/** The states of entries. */
export async function findEntryStates(
  trx: Kysely<Database>,
  entryIds: readonly number[],
): Promise<Map<number, OutboxEntryTable["state"]>> {
  const rows = await trx
    .selectFrom("outbox_entry")
    .select(["id", "state"])
    .where(sql<boolean>`id = any(${[...entryIds]}::bigint[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.state]));
}

/** Entries of the given orders that neither failed nor are included up to block `cursorNumber`, in order of id. */
export async function findPendingEntries(
  trx: Kysely<Database>,
  instanceId: number,
  orderIds: readonly Hex[],
  cursorNumber: number,
): Promise<PendingEntry[]> {
  const rows = await trx
    .selectFrom("outbox_entry as entry")
    .select((eb) => [
      "entry.id",
      "entry.order_id",
      "entry.kind",
      "entry.payload",
      sql<Hex[]>`array(${eb
        .selectFrom("attempt_entry")
        .select("attempt_entry.tx_hash")
        .whereRef("attempt_entry.entry_id", "=", "entry.id")})`.as("tx_hashes"),
    ])
    .where("entry.instance_id", "=", instanceId)
    .where(sql<boolean>`entry.order_id = any(${[...orderIds]}::text[])`)
    .where("entry.state", "!=", "failed")
    // The mirror has no row for a canceled order: that its id is used is known from the entry alone.
    .where((eb) =>
      eb.or([
        eb("entry.block_number", "is", null),
        eb("entry.block_number", ">", cursorNumber),
        eb("entry.kind", "=", "cancel"),
      ]),
    )
    .orderBy("entry.id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    // Safe: the rows were selected by it.
    orderId: row.order_id as Hex,
    // Safe: kind and payload were written together from one `Operation`.
    operation: { kind: row.kind, payload: row.payload } as Operation,
    txHashes: row.tx_hashes,
  }));
}

/** A seizure that was proposed in a block. */
export type SeizureProposal = {
  readonly payload: OperationPayloads["propose-seizure"];
  readonly blockNumber: number;
};

/** Those of the entries that proposed a seizure and are included. */
export async function findSeizureProposals(
  trx: Kysely<Database>,
  instanceId: number,
  entryIds: readonly number[],
): Promise<Map<number, SeizureProposal>> {
  if (entryIds.length === 0) return new Map();

  const rows = await trx
    .selectFrom("outbox_entry")
    .select(["id", "payload", "block_number"])
    .where("instance_id", "=", instanceId)
    .where("kind", "=", "propose-seizure")
    .where("state", "=", "included")
    .where(sql<boolean>`id = any(${[...entryIds]}::bigint[])`)
    .execute();
  // Safe: payload and kind were written together, and an included entry has a block.
  return new Map(
    rows.map(({ id, payload, block_number }) => [
      id,
      { payload: payload as SeizureProposal["payload"], blockNumber: block_number ?? 0 },
    ]),
  );
}

/** Queues entries in the given order, ids ascending, and gives their ids by op key. */
export async function insertEntries(
  trx: Kysely<Database>,
  instanceId: number,
  entries: readonly NewEntry[],
  now: Date,
): Promise<Map<string, number>> {
  if (entries.length === 0) return new Map();

  const rows = entries.map((entry) => ({
    instance_id: instanceId,
    op_key: entry.opKey,
    body_hash: entry.bodyHash,
    kind: entry.operation.kind,
    order_id: entry.orderId,
    dispute_id: entry.disputeId,
    payload: entry.operation.payload,
    state: "queued",
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
  }));
  const columns = sql.raw(Object.keys(rows[0] ?? {}).join(", "));
  const { rows: inserted } = await sql<{ id: number; op_key: string }>`
    insert into outbox_entry (${columns})
    select ${columns} from jsonb_populate_recordset(null::outbox_entry, ${JSON.stringify(rows)}::text::jsonb)
    returning id, op_key`.execute(trx);
  return new Map(inserted.map((row) => [row.op_key, row.id]));
}
