import type { Kysely } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Break } from "../domain/reconciliation.ts";
import type { Database } from "./schema.ts";

/** One comparison of the chain with the mirror, at one block. */
export type ReconRun = {
  readonly instanceId: number;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly accounts: number;
  readonly orders: number;
  readonly breaks: readonly Break[];
};

/** Rows of one statement: bounds its parameters. */
const ROWS_PER_STATEMENT = 1_000;

/** Records a run with its breaks, in their order, and returns the run's id. */
export async function insertReconRun(db: Kysely<Database>, run: ReconRun): Promise<number> {
  const { id } = await db
    .insertInto("recon_run")
    .values({
      instance_id: run.instanceId,
      block_number: run.blockNumber,
      block_hash: run.blockHash,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      accounts: run.accounts,
      orders: run.orders,
      breaks: run.breaks.length,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const rows = run.breaks.map((found, position) => ({ run_id: id, position, ...found }));
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    await db
      .insertInto("recon_break")
      .values(rows.slice(start, start + ROWS_PER_STATEMENT))
      .execute();
  }
  return id;
}
