import { type Kysely, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { StatementNet } from "../domain/statement.ts";
import type { Database } from "./schema.ts";

/** A closed cycle with its statements, and what the ledger says that they come to. */
export type ClosedCycle = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly cycle: number;
  readonly net: bigint;
  readonly statements: readonly StatementNet[];
};

type CycleKey = { readonly operator: Hex; readonly token: Hex; readonly cycle: number };

/**
 * Every closed cycle without a root that nobody with money pending can still be settled in, sorted by book and number.
 * A cycle whose closing was left unfinished is complete once the next one has settled the rest.
 */
export async function readUnpublishedCycles(
  db: Kysely<Database>,
  instanceId: number,
): Promise<ClosedCycle[]> {
  const { rows } = await sql<CycleKey & { net: string }>`
    select c.operator, c.token, c.number as cycle, c.net from settlement_cycle c
    where c.instance_id = ${instanceId} and c.root is null and not exists (
      select from account a
      where a.instance_id = c.instance_id and a.operator = c.operator and a.token = c.token
        and a.pending > 0 and a.open_cycle <= c.number
    )
    order by c.operator collate "C", c.token collate "C", c.number`.execute(db);
  return Promise.all(
    rows.map(async ({ net, ...cycle }) => ({
      ...cycle,
      net: BigInt(net),
      statements: await readCycleStatements(db, instanceId, cycle),
    })),
  );
}

/** The statements of one cycle, sorted by merchant. */
export async function readCycleStatements(
  db: Kysely<Database>,
  instanceId: number,
  { operator, token, cycle }: CycleKey,
): Promise<StatementNet[]> {
  const rows = await db
    .selectFrom("statement")
    .select(["merchant", "net", "root"])
    .where("instance_id", "=", instanceId)
    .where("operator", "=", operator)
    .where("token", "=", token)
    .where("cycle", "=", cycle)
    .orderBy(sql`merchant collate "C"`)
    .execute();
  return rows.map(({ merchant, net, root }) => ({ merchant, statementRoot: root, net: BigInt(net) }));
}
