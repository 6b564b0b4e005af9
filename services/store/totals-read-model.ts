import { type Kysely, sql } from "kysely";
import type { Database } from "./schema.ts";

/** What a network has done so far. `gasUsed` is over the transactions that the relayer sent. */
export type Totals = {
  readonly participants: number;
  readonly orders: number;
  readonly transactions: number;
  readonly gasUsed: bigint;
};

/** Counts payers and merchants, orders on chain, and transactions of the relayer. */
export async function readTotals(db: Kysely<Database>, instanceId: number): Promise<Totals> {
  const participants = await db
    .selectFrom("participant")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("instance_id", "=", instanceId)
    .where("kind", "in", ["payer", "merchant"])
    .executeTakeFirstOrThrow();
  const orders = await db
    .selectFrom("escrow_order")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("instance_id", "=", instanceId)
    .executeTakeFirstOrThrow();
  const attempts = await db
    .selectFrom("attempt")
    .select([
      (eb) => eb.fn.countAll<string>().as("count"),
      sql<string>`coalesce(sum(gas_used), 0)::text`.as("gas_used"),
    ])
    .where("instance_id", "=", instanceId)
    .where("state", "in", ["included", "reverted"])
    .executeTakeFirstOrThrow();

  return {
    participants: toCount(participants.count),
    orders: toCount(orders.count),
    transactions: toCount(attempts.count),
    gasUsed: BigInt(attempts.gas_used),
  };
}

/** A count is far below 2^53; drivers give it as text or number. */
function toCount(value: string | number): number {
  return Number.parseInt(`${value}`, 10);
}
