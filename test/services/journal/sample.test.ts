import { expect } from "chai";
import { JOURNAL_OPS, parseJournalLine } from "../../../services/domain/journal.ts";
import { importJournal } from "../../../services/journal/journal-import.ts";
import { sampleJournal } from "../../../services/journal/sample.ts";
import { type JournalBalance, journalBalances } from "../../support/journal-arithmetic.ts";
import { createFakeNetwork } from "./fake-network.ts";
import { createFakeSigner } from "./fake-signer.ts";

const FEE_BPS = 500;

/** What shops need; the journal of restaurants in examples has the rest. */
const SHOP_OPS = JOURNAL_OPS.filter((op) => !["cancel", "deliver", "extend", "offer", "agree"].includes(op));

describe("sampleJournal", () => {
  const lines = sampleJournal({ seed: 1, orders: 300 });

  it("is the same for the same seed and another for another", () => {
    expect(sampleJournal({ seed: 1, orders: 300 })).to.deep.equal(lines);
    expect(sampleJournal({ seed: 2, orders: 300 })).to.not.deep.equal(lines);
  });

  it("has every operation, currency and outcome in it, all in order of time", () => {
    const parsed = lines.map((line, index) => parseJournalLine(line, index + 1));
    const shares = parsed.flatMap((line) => (line?.op === "rule" ? [line.payerBps] : []));
    const times = parsed.map((line) => line?.at ?? "");

    expect(new Set(parsed.map((line) => line?.op))).to.deep.equal(new Set(SHOP_OPS));
    expect(
      new Set(parsed.flatMap((line) => (line && "currency" in line ? [line.currency] : []))),
    ).to.have.all.keys("BRL", "USD");
    expect(shares).to.include.members([0, 10_000]);
    expect(shares.some((share) => share > 0 && share < 10_000)).to.equal(true);
    expect([...times].sort()).to.deep.equal(times);
    expect(parsed.slice(-2).map((line) => line?.op)).to.deep.equal(["close-cycle", "payout"]);
  });

  it("can be executed line by line, for any size and seed", () => {
    for (const [seed, orders] of [
      [1, 300],
      [2, 40],
      [3, 1],
      [4, 1_000],
    ] as const) {
      expect(journalBalances(sampleJournal({ seed, orders }), FEE_BPS).failed).to.deep.equal([]);
    }
    expect(sampleJournal({ seed: 1, orders: 0 })).to.deep.equal([]);
  });

  it("lets a merchant fall into debt and pay it back", () => {
    const story = lines.filter((line) => line.includes("Ateliê Lua Nova") || /close-cycle|payout/.test(line));
    const ops = story.map((line) => JSON.parse(line).op);

    const refund = ops.indexOf("refund");
    expect(ops.slice(0, refund)).to.include("payout");
    expect(ops.slice(refund)).to.include.members(["charge", "close-cycle", "payout"]);
  });

  it("comes to what the format's arithmetic says when it is imported", async () => {
    const network = createFakeNetwork();
    const journal = sampleJournal({ seed: 5, orders: 60 });
    const result = await importJournal({
      lines: (async function* () {
        yield* journal;
      })(),
      api: network.api,
      signer: createFakeSigner(),
      stopOnError: true,
      feeBps: FEE_BPS,
      randomBytes: (size) => new Uint8Array(size),
      sleep: async () => {},
    });

    expect(result).to.deep.include({ executed: journal.length, orders: 60, failed: [] });
    const expected = sum([...journalBalances(journal, FEE_BPS).balances.values()]);
    const orders = network.orders();
    for (const field of ["captured", "refunded", "awarded"] as const) {
      expect(orders.reduce((total, order) => total + order[field], 0n)).to.equal(expected[field]);
    }
    expect(expected.net + expected.fees).to.equal(expected.captured - expected.refunded - expected.awarded);
    expect(network.unusedFunds()).to.equal(0n);
  });
});

function sum(balances: readonly JournalBalance[]): JournalBalance {
  const total = { captured: 0n, refunded: 0n, awarded: 0n, fees: 0n, net: 0n };
  for (const balance of balances) {
    for (const field of Object.keys(total) as (keyof JournalBalance)[]) total[field] += balance[field];
  }
  return total;
}
