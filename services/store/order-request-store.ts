import { type Kysely, type Selectable, sql } from "kysely";
import { type Hex, type OrderTerms, orderTermsFromJson, orderTermsToJson } from "../domain/order-terms.ts";
import type { OrderRequestTable } from "./command-schema.ts";
import type { Database } from "./schema.ts";

/** An order as it was asked for, under the merchant's own reference. */
export type OrderRequest = {
  readonly orderId: Hex;
  readonly merchant: string;
  readonly reference: string;
  readonly payer: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly kind: "authorize" | "charge";
  readonly terms: OrderTerms;
  readonly signature: Hex;
  /** The entry that puts the order on the chain. */
  readonly entryId: number;
};

/** A merchant's name and its reference for an order. */
export type OrderReference = { readonly merchant: string; readonly reference: string };

/** Orders that were asked for under the given references or have the given ids. */
export async function findOrderRequests(
  trx: Kysely<Database>,
  instanceId: number,
  wanted: { references: readonly OrderReference[]; orderIds: readonly Hex[] },
): Promise<OrderRequest[]> {
  const byReference = await trx
    .selectFrom("order_request")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`(merchant, reference) in (${unnest(wanted.references)})`)
    .execute();
  const byId = await trx
    .selectFrom("order_request")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`order_id = any(${[...wanted.orderIds]}::text[])`)
    .execute();
  return [...byReference, ...byId].map(toOrderRequest);
}

/** Records orders; one that failed before, under the same reference or id, is replaced. */
export async function replaceOrderRequests(
  trx: Kysely<Database>,
  instanceId: number,
  requests: readonly OrderRequest[],
  now: Date,
): Promise<void> {
  if (requests.length === 0) return;

  const rows = requests.map((request) => ({
    instance_id: instanceId,
    order_id: request.orderId,
    merchant: request.merchant,
    reference: request.reference,
    payer: request.payer,
    currency: request.currency,
    amount: request.amount.toString(),
    kind: request.kind,
    terms: orderTermsToJson(request.terms),
    signature: request.signature,
    entry_id: request.entryId,
    created_at: now.toISOString(),
  }));
  await trx
    .deleteFrom("order_request")
    .where("instance_id", "=", instanceId)
    .where(
      sql<boolean>`(order_id = any(${requests.map(({ orderId }) => orderId)}::text[])
        or (merchant, reference) in (${unnest(requests)}))`,
    )
    .execute();
  await sql`
    insert into order_request
    select * from jsonb_populate_recordset(null::order_request, ${JSON.stringify(rows)}::text::jsonb)`.execute(
    trx,
  );
}

function unnest(references: readonly OrderReference[]) {
  const merchants = references.map(({ merchant }) => merchant);
  const names = references.map(({ reference }) => reference);
  return sql`select * from unnest(${merchants}::text[], ${names}::text[])`;
}

function toOrderRequest(row: Selectable<OrderRequestTable>): OrderRequest {
  return {
    orderId: row.order_id,
    merchant: row.merchant,
    reference: row.reference,
    payer: row.payer,
    currency: row.currency,
    amount: BigInt(row.amount),
    kind: row.kind,
    terms: orderTermsFromJson(row.terms),
    signature: row.signature,
    entryId: row.entry_id,
  };
}
