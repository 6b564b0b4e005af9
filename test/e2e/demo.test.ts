import { readdir } from "node:fs/promises";
import { expect } from "chai";
import { sampleJournal } from "../../services/journal/sample.ts";
import { journalBalances } from "../support/journal-arithmetic.ts";
import { createSandbox, type Sandbox } from "../support/rialto-process.ts";

const AMOUNTS = ["captured", "refunded", "awarded", "fees", "net", "pending", "available", "paid", "debt"];

describe("rialto demo", function define() {
  this.timeout(120_000);
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await createSandbox();
  });

  afterEach(() => sandbox.close());

  it("settles the sample and prints a table", async () => {
    const { exitCode, stdout } = await sandbox.run(["demo"]);

    expect(exitCode).to.equal(0);
    const [header = ""] = stdout.split("\n");
    expect(header.split(/ +/)).to.deep.equal(["merchant", "currency", ...AMOUNTS]);
    expect(await readdir(sandbox.folder)).to.deep.equal([]);
  });

  it("prints one JSON document with the balances that the journal comes to", async () => {
    const lines = sampleJournal({ seed: 11, orders: 40 });
    const journal = await sandbox.write("journal.jsonl", lines);

    const { exitCode, stdout } = await sandbox.run([
      "demo",
      "--journal",
      journal,
      "--fee-bps",
      "250",
      "--json",
    ]);

    expect(exitCode).to.equal(0);
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).to.deep.equal([
      ...["orders", "skipped", "participants", "transactions", "gasUsed", "seconds", "balances", "audit"],
    ]);
    expect(Object.keys(result.audit)).to.deep.equal(["ok", "blocks", "logs", "orders", "breaks"]);
    expect(result).to.deep.include({ orders: 40, skipped: 0 });
    expect(result.audit).to.deep.include({ ok: true, orders: 40, breaks: [] });

    const { balances } = journalBalances(lines, 250);
    expect(result.balances).to.have.length(balances.size);
    expect(result.balances.map(merchantOf)).to.deep.equal([...result.balances.map(merchantOf)].sort());
    for (const row of result.balances) {
      expect(Object.keys(row)).to.deep.equal(["merchant", "currency", ...AMOUNTS]);
      const { captured, refunded, awarded, fees, net, pending, available, paid, debt } = amountsOf(row);
      expect({ captured, refunded, awarded, fees, net }, row.merchant).to.deep.equal(
        balances.get(`${row.merchant}|${row.currency}`),
      );
      expect({ pending, available }, row.merchant).to.deep.equal({ pending: 0n, available: 0n });
      expect((paid ?? 0n) - (debt ?? 0n), row.merchant).to.equal(net);
    }
    expect(await readdir(sandbox.folder)).to.deep.equal(["journal.jsonl"]);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const demo = sandbox.start(["demo"]);
    await demo.says(/Operations done: [1-9]/);

    const { exitCode } = await demo.end("SIGINT");

    expect(exitCode).to.equal(130);
    expect(await readdir(sandbox.folder)).to.deep.equal([]);
  });
});

function merchantOf({ merchant }: { readonly merchant: string }): string {
  return merchant;
}

function amountsOf(row: Readonly<Record<string, string>>): Record<string, bigint> {
  return Object.fromEntries(AMOUNTS.map((name) => [name, BigInt(row[name] ?? "")]));
}
