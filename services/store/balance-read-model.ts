import { type Kysely, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Database } from "./schema.ts";

/** What a merchant has earned and where it stands, in one token. Amounts in base units as decimal strings. */
export type MerchantBalance = {
  /** The merchant's name; null if it was not registered here. */
  readonly name: string | null;
  readonly address: Hex;
  readonly token: Hex;
  readonly captured: string;
  readonly refunded: string;
  readonly awarded: string;
  readonly fees: string;
  readonly net: string;
  readonly pending: string;
  readonly available: string;
  readonly paid: string;
  readonly debt: string;
};

/**
 * Balances of every merchant in every token it has an order in, in no particular order. What an open dispute has
 * locked counts as pending or available, wherever it will go back to, reserve as pending, and an award that waits as
 * debt: so net = pending + available + paid - debt.
 */
export async function readBalances(
  db: Kysely<Database>,
  instanceId: number,
  merchant?: Hex,
): Promise<MerchantBalance[]> {
  const ofMerchant = merchant === undefined ? sql`true` : sql`merchant = ${merchant}`;
  const { rows } = await sql<MerchantBalance>`
    with earned as (
      select operator, merchant, token, sum(captured) as captured, sum(refunded) as refunded,
        sum(awarded) as awarded, sum(fees) as fees
      from escrow_order
      where instance_id = ${instanceId} and ${ofMerchant}
      group by operator, merchant, token
    ), standing as (
      select * from account where instance_id = ${instanceId}
    ), locked as (
      select o.operator, o.merchant, o.token,
        sum(d.locked_reserve + case when d.locked_cycle < b.open_cycle then 0 else d.locked_pending end) as pending,
        sum(d.locked_available + case when d.locked_cycle < b.open_cycle then d.locked_pending else 0 end) as available
      from dispute d
      join escrow_order o on o.instance_id = d.instance_id and o.order_id = d.order_id
      join book b on b.instance_id = o.instance_id and b.operator = o.operator and b.token = o.token
      where d.instance_id = ${instanceId} and d.state <> 'final'
      group by o.operator, o.merchant, o.token
    )
    select p.name, e.merchant as address, e.token, sum(e.captured) as captured, sum(e.refunded) as refunded,
      sum(e.awarded) as awarded, sum(e.fees) as fees,
      sum(e.captured - e.refunded - e.awarded - e.fees) as net,
      sum(coalesce(a.pending, 0) + coalesce(a.reserve, 0) + coalesce(l.pending, 0)) as pending,
      sum(coalesce(a.available, 0) + coalesce(l.available, 0)) as available,
      sum(coalesce(a.paid, 0)) as paid, sum(coalesce(a.debt, 0) + coalesce(a.unpaid, 0)) as debt
    from earned e
    left join standing a on a.operator = e.operator and a.token = e.token and a.address = e.merchant
    left join locked l on l.operator = e.operator and l.token = e.token and l.merchant = e.merchant
    left join participant p on p.instance_id = ${instanceId} and p.kind = 'merchant' and p.address = e.merchant
    group by p.name, e.merchant, e.token`.execute(db);
  return rows;
}
