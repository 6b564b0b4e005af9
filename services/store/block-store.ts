import { type Kysely, type Selectable, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { ChainCursorTable } from "./chain-schema.ts";
import type { Database } from "./schema.ts";

/** A block's header as far as the mirror needs it. `timestamp` in Unix seconds. */
export type BlockHeader = {
  readonly hash: Hex;
  readonly number: number;
  readonly parentHash: Hex;
  readonly timestamp: number;
};

/** A raw log and its place; `(blockHash, logIndex)` is its identity. */
export type RawLog = {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: number;
  readonly logIndex: number;
  readonly txHash: Hex;
  readonly txIndex: number;
};

/**
 * Up to where an instance is mirrored. `epoch` counts the mirrors that took the cursor over; `fold` is the version of the
 * rules by which the projections were folded.
 */
export type Cursor = {
  readonly headNumber: number;
  readonly headHash: Hex;
  readonly finalNumber: number;
  readonly epoch: number;
  readonly fold: number;
};

/** A log that a projection could not take in. */
export type QuarantinedLog = {
  readonly blockHash: Hex;
  readonly logIndex: number;
  readonly projector: string;
  readonly error: string;
};

/** Rows of one statement: bounds the size of its JSON parameter. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * The instance of a genesis and a set of contracts, made if it is new; other instances of the chain id are retired.
 */
export async function openInstance(
  db: Kysely<Database>,
  instance: { chainId: number; genesisHash: Hex; contractSetHash: string; now: Date },
): Promise<number> {
  const { id } = await db
    .insertInto("chain_instance")
    .values({
      chain_id: instance.chainId,
      genesis_hash: instance.genesisHash,
      contract_set_hash: instance.contractSetHash,
      first_seen: instance.now,
    })
    .onConflict((conflict) =>
      conflict.columns(["chain_id", "genesis_hash", "contract_set_hash"]).doUpdateSet({ retired_at: null }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .updateTable("chain_instance")
    .set({ retired_at: instance.now })
    .where("chain_id", "=", instance.chainId)
    .where("id", "!=", id)
    .where("retired_at", "is", null)
    .execute();
  return id;
}

/** The cursor of an instance; undefined until its first block is mirrored. */
export async function readCursor(db: Kysely<Database>, instanceId: number): Promise<Cursor | undefined> {
  const row = await db
    .selectFrom("chain_cursor")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .executeTakeFirst();
  return row && toCursor(row);
}

/**
 * Makes the caller the instance's mirror: any earlier one fails at its next `moveCursor`. An instance without a cursor
 * gets one at `anchor`, epoch 1, with nothing to be folded by other rules than `fold`.
 */
export async function takeCursor(
  db: Kysely<Database>,
  instanceId: number,
  anchor: { readonly number: number; readonly hash: Hex },
  fold: number,
): Promise<Cursor> {
  const row = await db
    .insertInto("chain_cursor")
    .values({
      instance_id: instanceId,
      head_number: anchor.number,
      head_hash: anchor.hash,
      final_number: anchor.number,
      epoch: 1,
      fold,
    })
    .onConflict((conflict) =>
      conflict.column("instance_id").doUpdateSet({ epoch: sql<number>`chain_cursor.epoch + 1` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return toCursor(row);
}

/** Notes by which rules the projections are folded now. */
export async function setFold(db: Kysely<Database>, instanceId: number, fold: number): Promise<void> {
  await db.updateTable("chain_cursor").set({ fold }).where("instance_id", "=", instanceId).execute();
}

/** Moves the cursor from exactly `from`; false if it stands elsewhere or another mirror took it over. */
export async function moveCursor(
  db: Kysely<Database>,
  instanceId: number,
  from: Cursor,
  to: Omit<Cursor, "epoch" | "fold">,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("chain_cursor")
    .set({ head_number: to.headNumber, head_hash: to.headHash, final_number: to.finalNumber })
    .where("instance_id", "=", instanceId)
    .where("epoch", "=", from.epoch)
    .where("head_hash", "=", from.headHash)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Writes headers as canonical; a block that was orphaned and came back is canonical again. */
export async function insertBlocks(
  db: Kysely<Database>,
  instanceId: number,
  headers: readonly BlockHeader[],
): Promise<void> {
  const rows = headers.map((header) => ({
    instance_id: instanceId,
    hash: header.hash,
    number: header.number,
    parent_hash: header.parentHash,
    timestamp: header.timestamp,
    canonical: true,
  }));
  for (const part of parts(rows)) {
    await sql`
      insert into block select * from jsonb_populate_recordset(null::block, ${JSON.stringify(part)}::text::jsonb)
      on conflict (instance_id, hash) do update set canonical = true`.execute(db);
  }
}

/** Writes raw logs; one that is there already stays as it is. */
export async function insertLogs(
  db: Kysely<Database>,
  instanceId: number,
  logs: readonly RawLog[],
): Promise<void> {
  const rows = logs.map((log) => ({
    instance_id: instanceId,
    block_hash: log.blockHash,
    block_number: log.blockNumber,
    log_index: log.logIndex,
    tx_hash: log.txHash,
    tx_index: log.txIndex,
    address: log.address,
    topics: log.topics,
    data: log.data,
  }));
  for (const part of parts(rows)) {
    await sql`
      insert into chain_log
      select * from jsonb_populate_recordset(null::chain_log, ${JSON.stringify(part)}::text::jsonb)
      on conflict (instance_id, block_hash, log_index) do nothing`.execute(db);
  }
}

/** Sets logs aside that a projection could not take in. */
export async function insertQuarantine(
  db: Kysely<Database>,
  instanceId: number,
  logs: readonly QuarantinedLog[],
): Promise<void> {
  const rows = logs.map((log) => ({
    instance_id: instanceId,
    block_hash: log.blockHash,
    log_index: log.logIndex,
    projector: log.projector,
    error: log.error,
  }));
  for (const part of parts(rows)) {
    await sql`
      insert into quarantine
      select * from jsonb_populate_recordset(null::quarantine, ${JSON.stringify(part)}::text::jsonb)
      on conflict (instance_id, block_hash, log_index, projector) do update set error = excluded.error`.execute(
      db,
    );
  }
}

/** Forgets what was set aside, before everything is folded again. */
export async function clearQuarantine(db: Kysely<Database>, instanceId: number): Promise<void> {
  await db.deleteFrom("quarantine").where("instance_id", "=", instanceId).execute();
}

/** Marks the blocks above `number` as not canonical. They and their logs stay. */
export async function orphanBlocksAbove(
  db: Kysely<Database>,
  instanceId: number,
  number: number,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("block")
    .set({ canonical: false })
    .where("instance_id", "=", instanceId)
    .where("number", ">", number)
    .where("canonical", "=", true)
    .executeTakeFirstOrThrow();
  return Number.parseInt(numUpdatedRows.toString(), 10);
}

/** Hashes of the canonical blocks from `lowest` to `highest`, highest first. */
export async function readCanonicalHashes(
  db: Kysely<Database>,
  instanceId: number,
  lowest: number,
  highest: number,
): Promise<{ number: number; hash: Hex }[]> {
  return db
    .selectFrom("block")
    .select(["number", "hash"])
    .where("instance_id", "=", instanceId)
    .where("canonical", "=", true)
    .where("number", ">=", lowest)
    .where("number", "<=", highest)
    .orderBy("number", "desc")
    .execute();
}

/** The next raw logs of canonical blocks behind a position, in chain order. */
export async function readCanonicalLogs(
  db: Kysely<Database>,
  instanceId: number,
  after: { blockNumber: number; logIndex: number },
  limit: number,
): Promise<RawLog[]> {
  const rows = await db
    .selectFrom("chain_log")
    .innerJoin("block", (join) =>
      join
        .onRef("block.instance_id", "=", "chain_log.instance_id")
        .onRef("block.hash", "=", "chain_log.block_hash"),
    )
    .selectAll("chain_log")
    .where("chain_log.instance_id", "=", instanceId)
    .where("block.canonical", "=", true)
    .where(
      sql<boolean>`(chain_log.block_number, chain_log.log_index) > (${after.blockNumber}, ${after.logIndex})`,
    )
    .orderBy("chain_log.block_number")
    .orderBy("chain_log.log_index")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    address: row.address,
    topics: row.topics,
    data: row.data,
    blockHash: row.block_hash,
    blockNumber: row.block_number,
    logIndex: row.log_index,
    txHash: row.tx_hash,
    txIndex: row.tx_index,
  }));
}

function toCursor(row: Selectable<ChainCursorTable>): Cursor {
  return {
    headNumber: row.head_number,
    headHash: row.head_hash,
    finalNumber: row.final_number,
    epoch: row.epoch,
    fold: row.fold,
  };
}

function* parts<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    yield rows.slice(start, start + ROWS_PER_STATEMENT);
  }
}
