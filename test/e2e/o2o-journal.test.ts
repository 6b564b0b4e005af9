import { readFileSync } from "node:fs";
import { expect } from "chai";
import { JOURNAL_OPS, parseJournalLine } from "../../services/domain/journal.ts";
import { startTestNetwork, type TestNetwork } from "../support/network.ts";

const LINES = readFileSync("examples/o2o-journal.jsonl", "utf8").trimEnd().split("\n");

/** Orders of restaurants with couriers and a platform, over HTTP, on a real chain; the fee is 5 per cent. */
describe("the journal of restaurants", function define() {
  this.timeout(120_000);
  let network: TestNetwork;

  before(async () => {
    network = await startTestNetwork({ engine: "hardhat" });
  });
  after(() => network?.stop());
  afterEach(async () => {
    const { ok, breaks } = await network.audit();
    expect({ ok, breaks }).to.deep.equal({ ok: true, breaks: [] });
  });

  const parsed = LINES.map((line): object => JSON.parse(line));

  it("has every operation of a journal in it", () => {
    const ops = LINES.map((line, index) => parseJournalLine(line, index + 1)?.op);

    expect(new Set(ops)).to.deep.equal(new Set(JOURNAL_OPS));
  });

  it("is carried out whole, and changes nothing when it is imported again", async () => {
    const { failed, executed } = await network.journal(parsed);
    expect(failed).to.deep.equal([]);
    expect(executed).to.equal(LINES.length);
    const before = await balances();

    const again = await network.journal(parsed);
    expect(again).to.include({ executed: 0, replayed: LINES.length });
    expect(await balances()).to.deep.equal(before);
  });

  it("pays merchants, couriers and the platform their shares", async () => {
    // Lia: 15 per cent of what is left of 3,950 after the fee of 197; her other order was given back whole.
    expect(await balances()).to.deep.equal({
      "Cantina Bela": "100813",
      "Padaria Aurora": "6242",
      "Praça App": "12894",
      "Temaki da Vila": "2816",
      "courier Lia da Bike": "562",
      "courier Zé da Moto": "6482",
    });
  });

  it("shows an order's payees, and what was offered and agreed in its dispute", async () => {
    const filter = "merchant=Cantina%20Bela&reference=P-1001";
    const orders = await network.send<{ data: { splits: { bps: number }[] }[] }>(
      "GET",
      `/v1/orders?${filter}`,
    );
    const disputes = await network.send<{ data: object[] }>("GET", `/v1/disputes?${filter}`);

    expect(orders.body.data[0]?.splits.map(({ bps }) => bps)).to.have.members([1_000, 1_500]);
    expect(disputes.body.data[0]).to.include({
      ...{ state: "final", basis: "agreed", payerOffer: null, merchantOffer: "3000" },
      ...{ award: "3500", awarded: "3500", deferred: "0", bond: "0" },
    });
  });

  it("refuses what does not fit, by line and field", async () => {
    const about = { order: "P-1004", merchant: "Cantina Bela" };
    const opening = {
      op: "authorize",
      merchant: "Cantina Bela",
      payer: "Ana",
      currency: "BRL",
      amount: "100",
    };
    const { failed } = await network.journal([
      { op: "extend", ...about, days: 30 },
      { op: "deliver", ...about, courier: "Lia da Bike" },
      { op: "agree", ...about, amount: "1" },
      { op: "offer", order: "none", merchant: "Cantina Bela", amount: "1" },
      { ...opening, order: "P-1002" },
      { ...opening, op: "cancel", order: "P-1001" },
      { ...opening, order: "P-1", splits: [{ payee: "Cantina Bela", bps: 1 }] },
      { ...opening, order: "P-2", splits: [{ payee: "Ana", bps: 10_001 }] },
      { op: "extend", ...about, days: 0 },
    ]);

    expect(failed.map(({ line, field, code }) => [line, field, code])).to.deep.equal([
      [1, "amount", "exceeds_capturable"],
      [2, "amount", "exceeds_capturable"],
      [3, "order", "dispute_not_open"],
      [4, "order", "order_unknown"],
      [5, "order", "reference_reused"],
      [6, "order", "reference_reused"],
      [7, "splits", "splits_invalid"],
      [8, "splits.bps", "malformed"],
      [9, "days", "malformed"],
    ]);
  });

  /** What everybody earned, after showing that it is where it must be. */
  async function balances() {
    const rows = await network.balances();
    for (const { merchant, net, pending, available, paid, debt } of rows) {
      const standing = BigInt(pending) + BigInt(available) + BigInt(paid) - BigInt(debt);
      expect(standing, merchant).to.equal(BigInt(net));
    }
    return Object.fromEntries(rows.map(({ merchant, net }) => [merchant, net]));
  }
});
