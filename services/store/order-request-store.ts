import { type Kysely, type Selectable, sql } from "kysely";
import {
  type Hex,
  type OrderTerms,
  orderTermsFromJson,
  orderTermsToJson,
  type Split,
} from "../domain/order-terms.ts";
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
  /** The payees whose hash is in the terms; undefined if the merchant is the only one. */
  readonly splits?: readonly Split[] | undefined;
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
  // The splits stand in the entry, which is there as long as the order's row.
  const requests = trx
    .selectFrom("order_request")
    .innerJoin("outbox_entry", "outbox_entry.id", "order_request.entry_id")
    .selectAll("order_request")
    .select(sql<Split[] | null>`outbox_entry.payload -> 'splits'`.as("splits"))
    .where("order_request.instance_id", "=", instanceId);
  const byReference = await requests
    .where(sql<boolean>`(order_request.merchant, order_request.reference) in (${unnest(wanted.references)})`)
    .execute();
  const byId = await requests
    .where(sql<boolean>`order_request.order_id = any(${[...wanted.orderIds]}::text[])`)
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

function toOrderRequest(
  row: Selectable<OrderRequestTable> & { readonly splits: Split[] | null },
): OrderRequest {
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
    ...(row.splits === null ? {} : { splits: row.splits }),
    entryId: row.entry_id,
  };
}
