import { type Kysely, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import { type Page, type PageRequest, toPage } from "./page.ts";
import type { Database } from "./schema.ts";

/** A dispute as mirrored, with the names of its order; they are null for an order that was not asked for here. */
export type DisputeRow = Awaited<ReturnType<typeof readDisputes>>[number];

export type DisputeFilter = {
  readonly disputeId?: Hex | undefined;
  readonly orderId?: Hex | undefined;
  readonly merchant?: string | undefined;
  readonly reference?: string | undefined;
  readonly state?: string | undefined;
};

/** Disputes, sorted by id. */
export async function listDisputes(
  db: Kysely<Database>,
  instanceId: number,
  filter: DisputeFilter,
  page: PageRequest<Hex>,
): Promise<Page<DisputeRow>> {
  return toPage(await readDisputes(db, instanceId, filter, page), page.limit);
}

function readDisputes(
  db: Kysely<Database>,
  instanceId: number,
  filter: DisputeFilter,
  page: PageRequest<Hex>,
) {
  const { disputeId, orderId, merchant, reference, state } = filter;
  const { startingAfter } = page;
  return db
    .selectFrom("dispute as d")
    .leftJoin("order_request as r", (join) =>
      join.onRef("r.instance_id", "=", "d.instance_id").onRef("r.order_id", "=", "d.order_id"),
    )
    .selectAll("d")
    .select(["r.merchant as merchant_name", "r.reference"])
    .where("d.instance_id", "=", instanceId)
    .$if(disputeId !== undefined, (query) => query.where("d.dispute_id", "=", disputeId as Hex))
    .$if(orderId !== undefined, (query) => query.where("d.order_id", "=", orderId as Hex))
    .$if(merchant !== undefined, (query) => query.where("r.merchant", "=", merchant as string))
    .$if(reference !== undefined, (query) => query.where("r.reference", "=", reference as string))
    .$if(state !== undefined, (query) => query.where("d.state", "=", state as string))
    .$if(startingAfter !== undefined, (query) =>
      query.where(sql<string>`d.dispute_id collate "C"`, ">", startingAfter as Hex),
    )
    .orderBy(sql`d.dispute_id collate "C"`)
    .limit(page.limit + 1)
    .execute();
}
