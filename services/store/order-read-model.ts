import { type Kysely, sql } from "kysely";
import type { Hex, Split } from "../domain/order-terms.ts";
import { type Page, type PageRequest, toPage } from "./page.ts";
import type { Database } from "./schema.ts";

/** An order as asked for, with what the mirror shows of it: those columns are null until it is on the chain. */
export type OrderRow = Awaited<ReturnType<typeof readOrders>>[number];

export type OrderFilter = {
  readonly orderId?: Hex | undefined;
  readonly merchant?: string | undefined;
  readonly reference?: string | undefined;
  readonly state?: string | undefined;
};

/** Orders in the sequence they were asked for. */
export async function listOrders(
  db: Kysely<Database>,
  instanceId: number,
  filter: OrderFilter,
  page: PageRequest<Hex>,
): Promise<Page<OrderRow>> {
  return toPage(await readOrders(db, instanceId, filter, page), page.limit);
}

/** The order that a dispute is about, mirrored or still pending. */
export async function findOrderOfDispute(
  db: Kysely<Database>,
  instanceId: number,
  disputeId: Hex,
): Promise<Hex | undefined> {
  const row = await db
    .selectFrom("dispute")
    .select("order_id")
    .where("instance_id", "=", instanceId)
    .where("dispute_id", "=", disputeId)
    .unionAll((eb) =>
      eb
        .selectFrom("outbox_entry")
        .select(sql<Hex>`order_id`.as("order_id"))
        .where("instance_id", "=", instanceId)
        .where("dispute_id", "=", disputeId)
        .where("order_id", "is not", null),
    )
    .limit(1)
    .executeTakeFirst();
  return row?.order_id;
}

function readOrders(db: Kysely<Database>, instanceId: number, filter: OrderFilter, page: PageRequest<Hex>) {
  const { orderId, merchant, reference, state } = filter;
  const { startingAfter } = page;
  return selectOrders(db, instanceId)
    .$if(orderId !== undefined, (query) => query.where("r.order_id", "=", orderId as Hex))
    .$if(merchant !== undefined, (query) => query.where("r.merchant", "=", merchant as string))
    .$if(reference !== undefined, (query) => query.where("r.reference", "=", reference as string))
    .$if(state !== undefined, (query) =>
      query.where(sql<string>`coalesce(o.state, 'none')`, "=", state as string),
    )
    .$if(startingAfter !== undefined, (query) =>
      query.where("r.entry_id", ">", (eb) =>
        eb
          .selectFrom("order_request")
          .select("entry_id")
          .where("instance_id", "=", instanceId)
          .where("order_id", "=", startingAfter as Hex),
      ),
    )
    .orderBy("r.entry_id")
    .limit(page.limit + 1)
    .execute();
}

function selectOrders(db: Kysely<Database>, instanceId: number) {
  return db
    .selectFrom("order_request as r")
    .innerJoin("outbox_entry as e", "e.id", "r.entry_id")
    .leftJoin("escrow_order as o", (join) =>
      join.onRef("o.instance_id", "=", "r.instance_id").onRef("o.order_id", "=", "r.order_id"),
    )
    .select([
      "r.order_id",
      "r.merchant",
      "r.reference",
      "r.payer",
      "r.currency",
      "r.amount",
      "r.kind",
      "r.terms",
      "r.entry_id",
      "r.created_at",
      "e.state as entry_state",
      sql<Split[] | null>`e.payload -> 'splits'`.as("splits"),
      "o.state",
      "o.captured",
      "o.voided",
      "o.reclaimed",
      "o.refunded",
      "o.awarded",
      "o.fees",
      "o.capturable",
      "o.refundable",
      "o.is_disputed",
      "o.dispute_count",
      "o.block_hash",
      "o.block_number",
      "o.log_index",
      "o.tx_hash",
    ])
    .where("r.instance_id", "=", instanceId);
}
