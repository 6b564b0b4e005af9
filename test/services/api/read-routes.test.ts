import { expect } from "chai";
import type { Insertable } from "kysely";
import type { Snapshot } from "../../../services/domain/snapshot.ts";
import type { AccountTable } from "../../../services/store/projection-schema.ts";
import { forEachEngine } from "../../support/database.ts";
import {
  type ApiFixture,
  addressOf,
  authorize,
  CHAIN_ID,
  hexOf,
  mirrorOrder,
  mirrorParticipant,
  NOW,
  network,
  register,
  startApiFixture,
} from "./api-fixture.ts";
import { mirrorSettlement, place } from "./mirrored-settlement.ts";

type List<T> = { data: T[]; hasMore: boolean };
type Balance = Record<
  | "id"
  | "merchant"
  | "currency"
  | "captured"
  | "refunded"
  | "awarded"
  | "fees"
  | "net"
  | "pending"
  | "available"
  | "paid"
  | "debt",
  string
>;

forEachEngine("what the mirror holds", (open) => {
  let api: ApiFixture;

  before(async () => {
    api = await startApiFixture(await open());
    const { orders } = await seed(api);
    expect(orders).to.equal(4);
  });
  after(() => api.close());

  async function get<T>(path: string): Promise<T> {
    const { status, body } = await api.send<T>("GET", path);
    expect(status).to.equal(200);
    return body;
  }

  it("is shown as balances whose net is pending, available and paid less debt", async () => {
    const { data } = await get<List<Balance>>("/v1/balances");
    const shown = data.map((row) => [
      row.merchant,
      row.currency,
      row.net,
      row.pending,
      row.available,
      row.debt,
    ]);

    expect(shown).to.deep.equal([
      ["Zoo", "BRL", "950", "950", "0", "0"],
      ["bookshop", "BRL", "1710", "380", "950", "0"],
      ["bookshop", "EUR", "0", "0", "0", "0"],
    ]);
    for (const row of data) {
      const earned = BigInt(row.captured) - BigInt(row.refunded) - BigInt(row.awarded) - BigInt(row.fees);
      expect(BigInt(row.net)).to.equal(earned);
      const standing = BigInt(row.pending) + BigInt(row.available) + BigInt(row.paid) - BigInt(row.debt);
      expect(BigInt(row.net)).to.equal(standing);
    }
  });

  it("is shown page by page", async () => {
    const first = await get<List<Balance>>("/v1/balances?limit=2");
    const second = await get<List<Balance>>(`/v1/balances?limit=2&startingAfter=${first.data[1]?.id}`);
    const orders: string[] = [];
    for (let after = ""; ; ) {
      const page = await get<List<{ id: string; reference: string }>>(`/v1/orders?limit=1${after}`);
      orders.push(...page.data.map(({ reference }) => reference));
      after = `&startingAfter=${page.data[0]?.id}`;
      if (!page.hasMore) break;
    }

    expect([first.hasMore, second.hasMore]).to.deep.equal([true, false]);
    expect(second.data.map(({ currency }) => currency)).to.deep.equal(["EUR"]);
    expect(orders).to.deep.equal(["one", "two", "zoo", "euro", "not on the chain"]);
  });

  it("is shown as orders with their finality", async () => {
    const byState = await get<List<{ reference: string }>>("/v1/orders?state=none");
    const { data } = await get<List<Record<string, unknown>>>("/v1/orders?merchant=bookshop&reference=one");

    expect(byState.data.map(({ reference }) => reference)).to.deep.equal(["not on the chain"]);
    expect(data[0]).to.deep.include({ state: "captured", captured: "1000", fees: "50", isDisputed: true });
    expect(data[0]?.finality).to.deep.equal({
      ...{ state: "finalized", blockNumber: 1, blockHash: hexOf("e1", 32) },
      ...{ txHash: hexOf("f1", 32), logIndex: 0 },
    });
  });

  it("is shown as disputes, cycles, statements with their items, and payouts", async () => {
    const disputes = await get<List<object>>("/v1/disputes?merchant=bookshop&reference=one");
    const cycles = await get<List<object>>("/v1/cycles?currency=BRL");
    const statements = await get<List<{ items: object[] }>>("/v1/statements?merchant=bookshop&cycle=1");
    const payouts = await get<List<{ id: string }>>("/v1/payouts?merchant=bookshop");
    const none = await get<List<object>>(`/v1/payouts?startingAfter=${payouts.data[0]?.id}`);

    expect(disputes.data[0]).to.include({ object: "dispute", state: "open", evidence: hexOf("05", 32) });
    expect(cycles.data[0]).to.include({ object: "cycle", currency: "BRL", number: 1, net: "1330" });
    expect(statements.data[0]?.items).to.have.length(1);
    expect(statements.data[0]?.items[0]).to.include({
      kind: "capture",
      gross: "1000",
      fee: "50",
      net: "950",
      index: 0,
      runningBefore: "0",
    });
    expect(statements.data[0]).to.include({ root: hexOf("07", 32), lines: 1 });
    expect(payouts.data[0]).to.include({ object: "payout", amount: "380", state: "paid", currency: "BRL" });
    expect(none.data).to.deep.equal([]);
  });

  it("is shown as participants with their standing on the chain", async () => {
    const { data } = await get<List<object>>("/v1/participants?kind=merchant&name=bookshop");

    expect(data).to.have.length(1);
    expect(data[0]).to.include({ id: addressOf("merchant", "bookshop"), status: "active" });
  });

  it("is shown whole, at one block, as a snapshot", async () => {
    const snapshot = await get<Snapshot>("/v1/snapshot");

    expect(snapshot).to.include({ instanceId: api.instanceId, blockNumber: 10, blockHash: hexOf("10", 32) });
    expect(snapshot.orders).to.have.length(4);
    expect(snapshot.orders.map(({ orderId }) => orderId)).to.deep.equal(
      snapshot.orders.map(({ orderId }) => orderId).toSorted(),
    );
    expect(snapshot.books).to.deep.equal([
      {
        ...{ operator: network.operator, token: network.tokens.BRL, vault: hexOf("09", 20), openCycle: 2 },
        ...{ guarantee: "0", deposited: "5000", withdrawn: "0", paid: "380" },
      },
    ]);
    expect(snapshot.cycles[0]).to.include({ number: 1, net: "1330", debtRepaid: "0", merchants: 1 });
    expect(snapshot.payouts[0]).to.include({ amount: "380", state: "paid", logIndex: 0 });
    expect(snapshot.disputes[0]).to.include({ state: "open", award: null, awarded: "0", voided: "0" });
  });

  it("stands beside what the network is", async () => {
    const chain = await get<object>("/v1/chain");

    expect(chain).to.deep.include({ chainId: CHAIN_ID, head: 10, chainTime: NOW, isDevelopment: true });
    expect(chain).to.deep.include({ tokens: network.tokens, operator: network.operator, arbiterSetId: 1 });
    expect(chain).to.deep.include({ cursor: { number: 10, hash: hexOf("10", 32), finalNumber: 5 } });
  });
});

/**
 * Two captured orders of bookshop, worth 950 and, after a refund, 760: of these 1710 a dispute has locked 380 that are
 * pending, 950 are available and 380 were paid. One of Zoo is worth 950, all pending.
 */
async function seed(api: ApiFixture): Promise<{ orders: number }> {
  const orders = [
    authorize("one"),
    authorize("two"),
    authorize("zoo", { merchant: "Zoo" }),
    authorize("euro", { currency: "EUR" }),
  ] as const;
  await api.operations(
    ...[register("merchant", "bookshop"), register("merchant", "Zoo"), register("payer", "alice")],
    ...orders.map(({ operation }) => operation),
    authorize("not on the chain").operation,
  );
  await mirrorParticipant(api, "merchant", "bookshop", "active");
  const captured = {
    captured: "1000",
    capturable: "0",
    refundable: "1000",
    fees: "50",
    state: "captured",
    cycle: 1,
  };
  await mirrorOrder(api, orders[0], { ...captured, cycle: 2, is_disputed: true, dispute_count: 1 });
  await mirrorOrder(api, orders[1], { ...captured, refunded: "200", refundable: "800", fees: "40" });
  await mirrorOrder(api, orders[2], captured);
  await mirrorOrder(api, orders[3]);
  await mirrorAccounts(api, [
    {
      address: addressOf("merchant", "bookshop"),
      available: "950",
      pending: "0",
      paid: "380",
      open_cycle: 2,
    },
    { address: addressOf("merchant", "Zoo"), available: "0", pending: "950", paid: "0", open_cycle: 1 },
  ]);
  await mirrorSettlement(api, orders[0].orderId);
  return { orders: orders.length };
}

async function mirrorAccounts(
  api: ApiFixture,
  accounts: Pick<Insertable<AccountTable>, "address" | "available" | "pending" | "paid" | "open_cycle">[],
): Promise<void> {
  const rest = {
    ...{ instance_id: api.instanceId, operator: network.operator, token: network.tokens.BRL ?? "0x" },
    ...{
      fees: "0",
      reserve: "0",
      unpaid: "0",
      debt: "0",
      status: "active",
      word: hexOf("01", 32),
      cold_word: hexOf("00", 32),
    },
    ...{ block_hash: place.block_hash, block_number: 3, log_index: 0 },
  };
  await api.store.db
    .insertInto("account")
    .values(accounts.map((account) => ({ ...rest, ...account })))
    .execute();
}
