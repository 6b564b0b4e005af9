import { type Kysely, type Selectable, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import { type Page, type PageRequest, toPage } from "./page.ts";
import type { PayoutTable, SettlementCycleTable, StatementTable } from "./projection-schema.ts";
import type { Database } from "./schema.ts";
import { readStatementLines, type StatementLine, statementName } from "./statement-lines.ts";

export type CycleRow = Selectable<SettlementCycleTable>;
export type PayoutRow = Selectable<PayoutTable>;
export type StatementRow = Selectable<StatementTable> & { readonly items: readonly StatementLine[] };

/** What a closed cycle is known by. */
export type CycleKey = { readonly operator: Hex; readonly token: Hex; readonly number: number };

/** Where an event is on the chain; events are listed in that sequence. */
export type EventPlace = { readonly txHash: Hex; readonly logIndex: number };

/** Closed cycles, sorted by operator, token and number. */
export async function listCycles(
  db: Kysely<Database>,
  instanceId: number,
  filter: { readonly token?: Hex | undefined },
  page: PageRequest<CycleKey>,
): Promise<Page<CycleRow>> {
  const after = page.startingAfter;
  const rows = await db
    .selectFrom("settlement_cycle")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .$if(filter.token !== undefined, (query) => query.where("token", "=", filter.token as Hex))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(operator collate "C", token collate "C", number)
          > (${after?.operator}, ${after?.token}, ${after?.number}::integer)`,
      ),
    )
    .orderBy(sql`operator collate "C"`)
    .orderBy(sql`token collate "C"`)
    .orderBy("number")
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit);
}

/** A merchant's statements with their items, sorted like cycles. */
export async function listStatements(
  db: Kysely<Database>,
  instanceId: number,
  filter: { readonly merchant: Hex; readonly cycle?: number | undefined; readonly token?: Hex | undefined },
  page: PageRequest<CycleKey>,
): Promise<Page<StatementRow>> {
  const after = page.startingAfter;
  const statements = await db
    .selectFrom("statement")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("merchant", "=", filter.merchant)
    .$if(filter.cycle !== undefined, (query) => query.where("cycle", "=", filter.cycle as number))
    .$if(filter.token !== undefined, (query) => query.where("token", "=", filter.token as Hex))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(operator collate "C", token collate "C", cycle)
          > (${after?.operator}, ${after?.token}, ${after?.number}::integer)`,
      ),
    )
    .orderBy(sql`operator collate "C"`)
    .orderBy(sql`token collate "C"`)
    .orderBy("cycle")
    .limit(page.limit + 1)
    .execute();
  const { data, hasMore } = toPage(statements, page.limit);
  const lines = await readStatementLines(db, instanceId, data);
  const linesOf = Map.groupBy(lines, (line) => statementName({ ...line, cycle: line.statement_cycle }));
  return {
    hasMore,
    data: data.map((statement) => ({ ...statement, items: linesOf.get(statementName(statement)) ?? [] })),
  };
}

/** Payouts that were paid or held, in the sequence of the chain. */
export async function listPayouts(
  db: Kysely<Database>,
  instanceId: number,
  filter: {
    readonly merchant?: Hex | undefined;
    readonly token?: Hex | undefined;
    readonly state?: string | undefined;
  },
  page: PageRequest<EventPlace>,
): Promise<Page<PayoutRow>> {
  const after = page.startingAfter;
  const rows = await db
    .selectFrom("payout")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .$if(filter.merchant !== undefined, (query) => query.where("merchant", "=", filter.merchant as Hex))
    .$if(filter.token !== undefined, (query) => query.where("token", "=", filter.token as Hex))
    .$if(filter.state !== undefined, (query) => query.where("state", "=", filter.state as string))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(block_number, log_index) > (select block_number, log_index from payout as seen
          where seen.instance_id = ${instanceId} and seen.tx_hash = ${after?.txHash}
            and seen.log_index = ${after?.logIndex}::integer limit 1)`,
      ),
    )
    .orderBy("block_number")
    .orderBy("log_index")
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit);
}
