import { type Kysely, sql } from "kysely";
import type { Operation } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { AttemptState } from "./command-schema.ts";
import type { Database } from "./schema.ts";

/** An entry of the outbox as the relayer needs it. */
export type QueuedEntry = {
  readonly id: number;
  readonly operation: Operation;
  readonly orderId: Hex | null;
  readonly disputeId: Hex | null;
};

/** Where a transaction was last seen on chain; of one that was never included all is null. */
export type AttemptPlace = {
  readonly blockNumber: number | null;
  readonly blockHash: Hex | null;
  readonly blockTimestamp: number | null;
  readonly txIndex: number | null;
};

/** The place of a transaction that was never included. */
export const NOWHERE: AttemptPlace = {
  blockNumber: null,
  blockHash: null,
  blockTimestamp: null,
  txIndex: null,
};

/** A signed transaction and the entries it carries. */
export type StoredAttempt = AttemptPlace & {
  readonly txHash: Hex;
  readonly signer: Hex;
  readonly nonce: number;
  readonly rawSigned: Hex;
  readonly state: AttemptState;
  readonly entries: readonly { readonly id: number; readonly orderId: Hex | null }[];
};

type AttemptFilter = { readonly states: readonly AttemptState[] } | { readonly txHashes: readonly Hex[] };

/** The oldest queued entries, in order of id. */
export async function readQueuedEntries(
  db: Kysely<Database>,
  instanceId: number,
  limit: number,
): Promise<QueuedEntry[]> {
  const rows = await db
    .selectFrom("outbox_entry")
    .select(["id", "kind", "payload", "order_id", "dispute_id"])
    .where("instance_id", "=", instanceId)
    .where("state", "=", "queued")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    // Safe: kind and payload were written together from one `Operation`.
    operation: { kind: row.kind, payload: row.payload } as Operation,
    orderId: row.order_id,
    disputeId: row.dispute_id,
  }));
}

/** Attempts with their entries: those last on chain first come first, in chain order, then those never included. */
export async function readAttempts(
  db: Kysely<Database>,
  instanceId: number,
  filter: AttemptFilter,
): Promise<StoredAttempt[]> {
  const condition =
    "states" in filter
      ? sql<boolean>`state = any(${[...filter.states]}::text[])`
      : sql<boolean>`tx_hash = any(${[...filter.txHashes]}::text[])`;
  const attempts = await db
    .selectFrom("attempt")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where(condition)
    .orderBy("block_number", (order) => order.asc().nullsLast())
    .orderBy("tx_index", (order) => order.asc().nullsLast())
    .orderBy("nonce")
    .execute();
  const entries = await readEntriesOf(
    db,
    instanceId,
    attempts.map((attempt) => attempt.tx_hash),
  );
  return attempts.map((attempt) => ({
    txHash: attempt.tx_hash,
    signer: attempt.signer,
    nonce: attempt.nonce,
    rawSigned: attempt.raw_signed,
    state: attempt.state,
    blockNumber: attempt.block_number,
    blockHash: attempt.block_hash,
    blockTimestamp: attempt.block_timestamp,
    txIndex: attempt.tx_index,
    entries: entries.get(attempt.tx_hash) ?? [],
  }));
}

/** Attempts of a signer from a nonce on, as hashes: what the chain does not count any more if that is its next nonce. */
export async function findAttemptsFrom(
  db: Kysely<Database>,
  instanceId: number,
  signer: Hex,
  nonce: number,
): Promise<Hex[]> {
  const rows = await db
    .selectFrom("attempt")
    .select("tx_hash")
    .where("instance_id", "=", instanceId)
    .where("signer", "=", signer)
    .where("nonce", ">=", nonce)
    .where("state", "!=", "replaced")
    .execute();
  return rows.map((row) => row.tx_hash);
}

/** The highest nonce that was ever used, by signer. */
export async function readHighestNonces(db: Kysely<Database>, instanceId: number): Promise<Map<Hex, number>> {
  const rows = await db
    .selectFrom("nonce_slot")
    .select((eb) => ["signer", eb.fn.max("nonce").as("highest")])
    .where("instance_id", "=", instanceId)
    .groupBy("signer")
    .execute();
  return new Map(rows.map((row) => [row.signer, row.highest]));
}

/** The blocks in which attempts were included, latest first. */
export async function readAttemptBlocks(
  db: Kysely<Database>,
  instanceId: number,
  range: { readonly below: number | undefined; readonly limit: number },
): Promise<{ number: number; hash: Hex }[]> {
  const rows = await db
    .selectFrom("attempt")
    .select(["block_number", "block_hash"])
    .distinct()
    .where("instance_id", "=", instanceId)
    .where("state", "in", ["included", "reverted"])
    .where("block_number", "is not", null)
    .$if(range.below !== undefined, (query) => query.where("block_number", "<", range.below ?? 0))
    .orderBy("block_number", "desc")
    .limit(range.limit)
    .execute();
  return rows.flatMap(({ block_number: number, block_hash: hash }) =>
    number === null || hash === null ? [] : [{ number, hash }],
  );
}

/** The highest block in which anything of ours was included; 0 if nothing was. */
export async function readHighestBlock(db: Kysely<Database>, instanceId: number): Promise<number> {
  const [block] = await readAttemptBlocks(db, instanceId, { below: undefined, limit: 1 });
  return block?.number ?? 0;
}

/** The hashes of attempts that were included in these blocks. */
export async function findAttemptsIn(
  db: Kysely<Database>,
  instanceId: number,
  blockHashes: readonly Hex[],
): Promise<Hex[]> {
  const rows = await db
    .selectFrom("attempt")
    .select("tx_hash")
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`block_hash = any(${[...blockHashes]}::text[])`)
    .execute();
  return rows.map((row) => row.tx_hash);
}

/** Stores slots, signed bytes and links, and makes the entries submitted. To be committed before anything is sent. */
export async function insertAttempts(
  trx: Kysely<Database>,
  options: { readonly instanceId: number; readonly attempts: readonly StoredAttempt[]; readonly now: Date },
): Promise<void> {
  const { instanceId, attempts, now } = options;
  const slots = attempts.map(({ txHash, signer, nonce, rawSigned }) => ({
    txHash,
    signer,
    nonce,
    rawSigned,
  }));
  const links = attempts.flatMap(({ txHash, entries }) => entries.map(({ id }) => ({ txHash, entryId: id })));
  await sql`
    insert into nonce_slot (instance_id, signer, nonce, created_at)
    select ${instanceId}::integer, signer, nonce, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(slots)}::text::jsonb) as slot (signer text, nonce bigint)`.execute(
    trx,
  );
  await sql`
    insert into attempt (instance_id, tx_hash, signer, nonce, raw_signed, state, created_at)
    select ${instanceId}::integer, "txHash", signer, nonce, "rawSigned", 'signed', ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(slots)}::text::jsonb)
      as slot ("txHash" text, signer text, nonce bigint, "rawSigned" text)`.execute(trx);
  await sql`
    insert into attempt_entry (instance_id, tx_hash, entry_id)
    select ${instanceId}::integer, "txHash", "entryId"
    from jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb) as link ("txHash" text, "entryId" bigint)`.execute(
    trx,
  );
  await setSubmitted(trx, [...new Set(links.map((link) => link.entryId))], now);
}

/** Notes that attempts were handed to a node. */
export async function markBroadcast(
  db: Kysely<Database>,
  instanceId: number,
  txHashes: readonly Hex[],
): Promise<void> {
  await db
    .updateTable("attempt")
    .set({ state: "broadcast" })
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`tx_hash = any(${[...txHashes]}::text[])`)
    .execute();
}

/** Makes attempts that the chain lost signed ones again, and their entries submitted; they remember where they were. */
export async function reopenAttempts(
  trx: Kysely<Database>,
  options: { readonly instanceId: number; readonly attempts: readonly StoredAttempt[]; readonly now: Date },
): Promise<void> {
  const { instanceId, attempts, now } = options;
  await trx
    .updateTable("attempt")
    .set({ state: "signed" })
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`tx_hash = any(${attempts.map((attempt) => attempt.txHash)}::text[])`)
    .execute();
  await setSubmitted(trx, [...new Set(attempts.flatMap(({ entries }) => entries.map(({ id }) => id)))], now);
}

async function setSubmitted(trx: Kysely<Database>, entryIds: readonly number[], now: Date): Promise<void> {
  await trx
    .updateTable("outbox_entry")
    .set({ state: "submitted", block_number: null, error_code: null, error_context: null, updated_at: now })
    .where(sql<boolean>`id = any(${[...entryIds]}::bigint[])`)
    .execute();
}

async function readEntriesOf(
  db: Kysely<Database>,
  instanceId: number,
  txHashes: readonly Hex[],
): Promise<Map<Hex, { id: number; orderId: Hex | null }[]>> {
  const rows = await db
    .selectFrom("attempt_entry")
    .innerJoin("outbox_entry", "outbox_entry.id", "attempt_entry.entry_id")
    .select(["attempt_entry.tx_hash", "outbox_entry.id", "outbox_entry.order_id"])
    .where("attempt_entry.instance_id", "=", instanceId)
    .where(sql<boolean>`attempt_entry.tx_hash = any(${[...txHashes]}::text[])`)
    .orderBy("outbox_entry.id")
    .execute();
  const entries = new Map<Hex, { id: number; orderId: Hex | null }[]>();
  for (const row of rows) {
    const list = entries.get(row.tx_hash) ?? [];
    list.push({ id: row.id, orderId: row.order_id });
    entries.set(row.tx_hash, list);
  }
  return entries;
}
