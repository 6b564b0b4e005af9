import type { Kysely, Selectable } from "kysely";
import { type Page, type PageRequest, toPage } from "./page.ts";
import type { StatementTable } from "./projection-schema.ts";
import type { Database } from "./schema.ts";
import type { CycleRow } from "./settlement-read-model.ts";
import type { StatementKey, StatementLine } from "./statement-lines.ts";

/** A merchant's statement without its lines. */
export type StatementHead = Selectable<StatementTable>;

/** A closed cycle; undefined if there is none. */
export function findCycle(
  db: Kysely<Database>,
  instanceId: number,
  { operator, token, number }: Pick<CycleRow, "operator" | "token" | "number">,
): Promise<CycleRow | undefined> {
  return db
    .selectFrom("settlement_cycle")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("operator", "=", operator)
    .where("token", "=", token)
    .where("number", "=", number)
    .executeTakeFirst();
}

/** A merchant's statement in a cycle; undefined if it was not settled in it. */
export function findStatement(
  db: Kysely<Database>,
  instanceId: number,
  { operator, token, cycle, merchant }: StatementKey,
): Promise<StatementHead | undefined> {
  return db
    .selectFrom("statement")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("operator", "=", operator)
    .where("token", "=", token)
    .where("cycle", "=", cycle)
    .where("merchant", "=", merchant)
    .executeTakeFirst();
}

/** The lines of a statement in their places; the cursor is the place of the last line seen. */
export async function listStatementLines(
  db: Kysely<Database>,
  instanceId: number,
  { operator, token, cycle, merchant }: StatementKey,
  { limit, startingAfter = -1 }: PageRequest<number>,
): Promise<Page<StatementLine>> {
  const rows = await db
    .selectFrom("movement")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("operator", "=", operator)
    .where("token", "=", token)
    .where("merchant", "=", merchant)
    .where("statement_cycle", "=", cycle)
    .where("position", ">", startingAfter)
    .orderBy("position")
    .limit(limit + 1)
    .execute();
  // Safe: a line has its place as soon as it has its statement.
  return toPage(rows as StatementLine[], limit);
}
