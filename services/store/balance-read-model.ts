import { type Kysely, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Database } from "./schema.ts";

/** What a payee has earned and where it stands, in one token. Amounts in base units as decimal strings. */
export type MerchantBalance = {
  /** The name, after the kind of who is no merchant; null if it was not registered here. */
  readonly name: string | null;
  readonly address: Hex;
  readonly token: Hex;
  readonly captured: string;
  readonly refunded: string;
  readonly awarded: string;
  readonly fees: string;
  /** Of others' orders, less what others have of its own. */
  readonly shares: string;
  readonly net: string;
  readonly pending: string;
  readonly available: string;
  readonly paid: string;
  readonly debt: string;
};

/**
 * Balances of every merchant in every token it has an order in, and of who shares in orders asked for here, in no
 * particular order. A share is of what an order earns at the moment, rounded down, as in the ledger. What an open
 * dispute has locked counts as pending or available, wherever it will go back to, reserve as pending, and an award
 * that waits as debt: so net = pending + available + paid - debt.
 */
export async function readBalances(
  db: Kysely<Database>,
  instanceId: number,
  merchant?: Hex,
): Promise<MerchantBalance[]> {
  const ofMerchant = merchant === undefined ? sql`true` : sql`merchant = ${merchant}`;
  const { rows } = await sql<MerchantBalance>`
    with shared as (
      select o.operator, o.merchant, o.token, split.value ->> 'payee' as payee,
        floor((o.captured - o.refunded - o.awarded - o.fees) * (split.value ->> 'bps')::numeric / 10000) as share
      from escrow_order o
      join order_request r on r.instance_id = o.instance_id and r.order_id = o.order_id
      join outbox_entry e on e.id = r.entry_id
      cross join lateral jsonb_array_elements(e.payload -> 'splits') split
      where o.instance_id = ${instanceId}
    ), lines as (
      select operator, merchant, token, captured, refunded, awarded, fees, 0::numeric as shares
      from escrow_order where instance_id = ${instanceId}
      union all select operator, merchant, token, 0, 0, 0, 0, -share from shared
      union all select operator, payee, token, 0, 0, 0, 0, share from shared
    ), earned as (
      select operator, merchant, token, sum(captured) as captured, sum(refunded) as refunded,
        sum(awarded) as awarded, sum(fees) as fees, sum(shares) as shares
      from lines
      where ${ofMerchant}
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
    select case when p.kind = 'merchant' then p.name else p.kind || ' ' || p.name end as name,
      e.merchant as address, e.token, sum(e.captured) as captured, sum(e.refunded) as refunded,
      sum(e.awarded) as awarded, sum(e.fees) as fees, sum(e.shares) as shares,
      sum(e.captured - e.refunded - e.awarded - e.fees + e.shares) as net,
      sum(coalesce(a.pending, 0) + coalesce(a.reserve, 0) + coalesce(l.pending, 0)) as pending,
      sum(coalesce(a.available, 0) + coalesce(l.available, 0)) as available,
      sum(coalesce(a.paid, 0)) as paid, sum(coalesce(a.debt, 0) + coalesce(a.unpaid, 0)) as debt
    from earned e
    left join standing a on a.operator = e.operator and a.token = e.token and a.address = e.merchant
    left join locked l on l.operator = e.operator and l.token = e.token and l.merchant = e.merchant
    left join participant p on p.instance_id = ${instanceId} and p.address = e.merchant
    group by p.kind, p.name, e.merchant, e.token`.execute(db);
  return rows;
}
