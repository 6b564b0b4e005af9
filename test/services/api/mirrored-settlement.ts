import { type ApiFixture, addressOf, hexOf, NOW, network } from "./api-fixture.ts";

/** Where the rows of these tests came from. */
export const place = { block_hash: hexOf("e1", 32), block_number: 3, log_index: 0, tx_hash: hexOf("f1", 32) };

/** Writes a cycle with a statement, a payout and a dispute about an order as the mirror would. */
export async function mirrorSettlement(api: ApiFixture, orderId: `0x${string}`): Promise<void> {
  const { db } = api.store;
  const merchant = addressOf("merchant", "bookshop");
  const inBook = {
    instance_id: api.instanceId,
    operator: network.operator,
    token: network.tokens.BRL ?? "0x",
  };
  await db
    .insertInto("book")
    .values({
      ...{ ...inBook, vault: hexOf("09", 20), open_cycle: 2, guarantee: "0", advance_limit: "0" },
      ...{ deposited: "5000", withdrawn: "0", paid: "380" },
    })
    .execute();
  await db
    .insertInto("settlement_cycle")
    .values({
      ...inBook,
      ...place,
      number: 1,
      closed_at: NOW,
      net: "1330",
      debt_repaid: "0",
      fees: "70",
      root: null,
      merchants: 1,
    })
    .execute();
  await db
    .insertInto("statement")
    .values({
      ...inBook,
      ...place,
      cycle: 1,
      merchant,
      net: "1330",
      debt_repaid: "0",
      fees: "70",
      ...{ root: hexOf("07", 32), lines: 1 },
    })
    .execute();
  await db
    .insertInto("movement")
    .values({
      ...{ ...inBook, ...place, merchant, kind: "capture", order_id: orderId, cycle: 1 },
      ...{ gross: "1000", fee: "50", net: "950" },
      ...{ statement_cycle: 1, position: 0, running_before: "0" },
    })
    .execute();
  await db
    .insertInto("payout")
    .values({
      ...{ ...inBook, ...place, merchant, recipient: merchant },
      ...{ amount: "380", state: "paid", reason: null },
    })
    .execute();
  await db
    .insertInto("dispute")
    .values({
      ...{ instance_id: api.instanceId, dispute_id: hexOf("d9", 32), order_id: orderId, merchant },
      ...{ payer: addressOf("payer", "alice"), amount: "380", reason: "fraud", state: "open", basis: null },
      ...{
        payer_bps: null,
        evidence: hexOf("05", 32),
        respond_by: NOW + 100,
        rule_by: null,
        captured: "380",
      },
      ...{
        held: "0",
        locked_pending: "380",
        locked_available: "0",
        locked_cycle: 2,
        ...{ award: null, locked_reserve: "0", bond: "0", deferred: "0" },
        ...{ payer_offer: null, merchant_offer: null },
        awarded: "0",
        voided: "0",
        ...place,
      },
    })
    .execute();
}
