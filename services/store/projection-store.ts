import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "./schema.ts";

/** The tables that the mirror folds out of the log, each with the columns that tell its rows apart. */
export const PROJECTION_KEYS = {
  escrow_order: ["order_id"],
  canceled_order: ["order_id"],
  account: ["operator", "token", "address"],
  book: ["operator", "token"],
  dispute: ["dispute_id"],
  unpaid_award: ["operator", "token", "account", "order_id"],
  movement: ["block_hash", "log_index", "kind", "merchant"],
  settlement_cycle: ["operator", "token", "number"],
  statement: ["operator", "token", "cycle", "merchant"],
  payout: ["block_hash", "log_index"],
  chain_participant: ["address"],
  seizure: ["seizure_id"],
} as const satisfies { [Table in keyof Database]?: readonly (keyof Database[Table])[] };

export type ProjectionTable = keyof typeof PROJECTION_KEYS;

/** A row as the fold sees it; the instance is added when it is written. Amounts are decimal strings. */
export type ProjectionRow<Table extends ProjectionTable> = Omit<Selectable<Database[Table]>, "instance_id">;

/** The key columns of one row. */
export type ProjectionKey<Table extends ProjectionTable> = Pick<
  Selectable<Database[Table]>,
  Extract<(typeof PROJECTION_KEYS)[Table][number], keyof Selectable<Database[Table]>>
>;

/** Rows of one statement: bounds the size of its JSON parameter. */
const ROWS_PER_STATEMENT = 1_000;

/** Those of the rows with the given keys that exist. */
export async function readProjection<Table extends ProjectionTable>(
  db: Kysely<Database>,
  instanceId: number,
  table: Table,
  keys: readonly ProjectionKey<Table>[],
): Promise<ProjectionRow<Table>[]> {
  const found: ProjectionRow<Table>[] = [];
  const on = sql.join(
    PROJECTION_KEYS[table].map((column) => sql`t.${sql.ref(column)} = k.${sql.ref(column)}`),
    sql` and `,
  );
  for (let start = 0; start < keys.length; start += ROWS_PER_STATEMENT) {
    const wanted = JSON.stringify(keys.slice(start, start + ROWS_PER_STATEMENT));
    const { rows } = await sql<ProjectionRow<Table> & { instance_id?: number }>`
      select t.* from ${sql.table(table)} t
      join jsonb_populate_recordset(null::${sql.table(table)}, ${wanted}::text::jsonb) k on ${on}
      where t.instance_id = ${instanceId}`.execute(db);
    for (const { instance_id: _, ...row } of rows) found.push(row as ProjectionRow<Table>);
  }
  return found;
}

/** Inserts rows, or replaces those with the same keys. */
export async function writeProjection<Table extends ProjectionTable>(
  db: Kysely<Database>,
  instanceId: number,
  table: Table,
  rows: readonly ProjectionRow<Table>[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;

  const keys: readonly string[] = PROJECTION_KEYS[table];
  const replaced = Object.keys(first).filter((column) => !keys.includes(column));
  const target = sql.join(["instance_id", ...keys].map((column) => sql.ref(column)));
  const assignments = sql.join(
    replaced.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
  );
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    const written = JSON.stringify(part.map((row) => ({ instance_id: instanceId, ...row })));
    await sql`
      insert into ${sql.table(table)}
      select * from jsonb_populate_recordset(null::${sql.table(table)}, ${written}::text::jsonb)
      on conflict (${target}) do update set ${assignments}`.execute(db);
  }
}

/** Removes every projected row of an instance, before all of it is folded again. */
export async function clearProjections(db: Kysely<Database>, instanceId: number): Promise<void> {
  for (const table of projectionTables()) {
    await sql`delete from ${sql.table(table)} where instance_id = ${instanceId}`.execute(db);
  }
}

/** SHA-256 over all projected rows of an instance; equal folds have equal digests, on either engine. */
export async function projectionDigest(db: Kysely<Database>, instanceId: number): Promise<string> {
  const perTable = projectionTables().map(
    (table) => sql`
      select ${table}::text as name,
        coalesce(string_agg(line, chr(10) order by line collate "C"), '') as lines
      from (
        select (to_jsonb(t) - 'instance_id')::text as line from ${sql.table(table)} t
        where t.instance_id = ${instanceId}
      ) as projected`,
  );
  const { rows } = await sql<{ digest: string }>`
    select encode(sha256(convert_to(
      string_agg(name || chr(10) || lines, chr(10) order by name collate "C"), 'UTF8')), 'hex') as digest
    from (${sql.join(perTable, sql` union all `)}) as tables`.execute(db);
  return rows[0]?.digest ?? "";
}

function projectionTables(): ProjectionTable[] {
  // Safe: the keys of a constant.
  return Object.keys(PROJECTION_KEYS) as ProjectionTable[];
}
