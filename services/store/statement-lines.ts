import { type Kysely, type Selectable, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import { MOVEMENT_KINDS, type Movement, type MovementKind, NO_ORDER } from "../domain/statement.ts";
import type { MovementTable } from "./projection-schema.ts";
import type { ProjectionRow } from "./projection-store.ts";
import type { Database } from "./schema.ts";

/** One merchant's statement in one cycle of one book. */
export type StatementKey = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly cycle: number;
  readonly merchant: Hex;
};

/** A line of a settled statement, in its place. */
export type StatementLine = Selectable<MovementTable> & {
  readonly statement_cycle: number;
  readonly position: number;
  readonly running_before: string;
};

/** The lines of merchants that no statement has yet, in chain order. */
export async function readUnsettledLines(
  db: Kysely<Database>,
  instanceId: number,
  merchants: readonly Omit<StatementKey, "cycle">[],
): Promise<ProjectionRow<"movement">[]> {
  if (merchants.length === 0) return [];

  const keys = merchants.map(({ operator, token, merchant }) => ({ operator, token, merchant }));
  const { rows } = await sql<Selectable<MovementTable>>`
    select m.* from movement m
    join (
      select distinct operator, token, merchant
      from jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb) as k(operator text, token text, merchant text)
    ) k on m.operator = k.operator and m.token = k.token and m.merchant = k.merchant
    where m.instance_id = ${instanceId} and m.statement_cycle is null
    order by m.block_number, m.log_index, m.kind collate "C"`.execute(db);
  return rows.map(({ instance_id: _, ...row }) => row);
}

/** The lines of statements, each in its place. */
export async function readStatementLines(
  db: Kysely<Database>,
  instanceId: number,
  statements: readonly StatementKey[],
): Promise<StatementLine[]> {
  if (statements.length === 0) return [];

  const keys = statements.map(({ operator, token, cycle, merchant }) => ({
    operator,
    token,
    cycle,
    merchant,
  }));
  const { rows } = await sql<StatementLine>`
    select m.* from movement m
    join jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb)
      as k(operator text, token text, cycle integer, merchant text)
      on m.operator = k.operator and m.token = k.token and m.merchant = k.merchant and m.statement_cycle = k.cycle
    where m.instance_id = ${instanceId}
    order by m.operator collate "C", m.token collate "C", m.merchant collate "C", m.statement_cycle, m.position`.execute(
    db,
  );
  return rows;
}

/** A line as a statement's tree takes it. */
export function movementOf(line: Pick<StatementLine, "order_id" | "kind" | "gross" | "fee">): Movement {
  return {
    orderId: line.order_id ?? NO_ORDER,
    kind: kindOf(line.kind),
    gross: BigInt(line.gross),
    fee: BigInt(line.fee),
  };
}

/** What tells statements apart, as text. */
export function statementName({ operator, token, cycle, merchant }: StatementKey): string {
  return `${operator} ${token} ${cycle} ${merchant}`;
}

function kindOf(kind: string): MovementKind {
  if (!(kind in MOVEMENT_KINDS)) throw new RangeError(`No line of a statement is a ${kind}.`);
  // Safe: looked up right before.
  return kind as MovementKind;
}
