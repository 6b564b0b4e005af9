import { type Kysely, type Selectable, sql } from "kysely";
import type { OutboxEntryTable, OutboxState } from "./command-schema.ts";
import { type Page, type PageRequest, toPage } from "./page.ts";
import type { Database } from "./schema.ts";

/** An outbox entry without its payload. */
export type OperationRow = Omit<Selectable<OutboxEntryTable>, "payload" | "body_hash">;

/** How many entries are in which state. `unmirrored` are included ones that the mirror has not read yet. */
export type OperationProgress = Record<OutboxState, number> & {
  readonly unmirrored: number;
  /** Null where there was never an entry. */
  readonly lastId: number | null;
};

/** Entries in the sequence they were accepted. */
export async function listOperations(
  db: Kysely<Database>,
  instanceId: number,
  filter: { readonly id?: number | undefined; readonly state?: OutboxState | undefined },
  page: PageRequest<number>,
): Promise<Page<OperationRow>> {
  const { id, state } = filter;
  const rows = await db
    .selectFrom("outbox_entry")
    .select([
      "id",
      "instance_id",
      "op_key",
      "kind",
      "order_id",
      "dispute_id",
      "state",
      "error_code",
      "error_context",
      "block_number",
      "created_at",
      "updated_at",
    ])
    .where("instance_id", "=", instanceId)
    .$if(id !== undefined, (query) => query.where("id", "=", id as number))
    .$if(state !== undefined, (query) => query.where("state", "=", state as OutboxState))
    .$if(page.startingAfter !== undefined, (query) => query.where("id", ">", page.startingAfter as number))
    .orderBy("id")
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit);
}

/** Counts over all entries of an instance. */
export async function readProgress(db: Kysely<Database>, instanceId: number): Promise<OperationProgress> {
  const { rows } = await sql<OperationProgress>`
    select count(*) filter (where state = 'queued') as queued,
      count(*) filter (where state = 'submitted') as submitted,
      count(*) filter (where state = 'included') as included,
      count(*) filter (where state = 'failed') as failed,
      count(*) filter (where state = 'included' and block_number > coalesce(
        (select head_number from chain_cursor where instance_id = ${instanceId}), -1)) as unmirrored,
      max(id) as "lastId"
    from outbox_entry
    where instance_id = ${instanceId}`.execute(db);
  const [progress] = rows;
  if (progress === undefined) throw new Error("An aggregate without groups has one row.");
  return progress;
}
