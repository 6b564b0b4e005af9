import { expect } from "chai";
import { journalBalances } from "../support/journal-arithmetic.ts";
import { expectBalances } from "../support/network-state.ts";
import { createSandbox, type RialtoNetwork, type Sandbox } from "../support/rialto-process.ts";

/** What is wrong with a line: the field and the code that the import has to name. */
type Line = { readonly text: string; readonly wrong?: readonly [field: string, code: string] };

const ABOVE_U80 = (1n << 80n).toString();

const JOURNAL: readonly Line[] = [
  opening({ order: "A-1" }),
  { text: '{"op":"authorize",', wrong: ["line", "malformed"] },
  { text: '["authorize"]', wrong: ["line", "malformed"] },
  opening({ op: "pay" }, ["op", "malformed"]),
  opening({ order: "A-2", amount: "0" }, ["amount", "amount_invalid"]),
  opening({ order: "A-2", amount: "-5" }, ["amount", "amount_invalid"]),
  opening({ order: "A-2", amount: "1.5" }, ["amount", "amount_invalid"]),
  opening({ order: "A-2", amount: 5 }, ["amount", "amount_invalid"]),
  opening({ order: "A-2", amount: ABOVE_U80 }, ["amount", "amount_invalid"]),
  opening({ order: "A-2", currency: "brl" }, ["currency", "malformed"]),
  opening({ order: "A-2", currency: "QQQ" }, ["currency", "currency_unknown"]),
  opening({ order: "A-2", at: "yesterday" }, ["at", "malformed"]),
  opening({ order: "" }, ["order", "malformed"]),
  opening({ order: "A-2", merchant: "m".repeat(65) }, ["merchant", "malformed"]),
  opening({ order: "A-2", payer: undefined }, ["payer", "malformed"]),
  opening({ order: "A-1", amount: "1001" }, ["order", "reference_reused"]),
  opening({ order: "A-1", payer: "Bia" }, ["order", "reference_reused"]),
  about({ op: "capture", amount: "1001" }, ["amount", "exceeds_capturable"]),
  about({ op: "capture", amount: "600" }),
  about({ op: "void", amount: "401" }, ["amount", "exceeds_capturable"]),
  about({ op: "refund", amount: "601" }, ["amount", "exceeds_refundable"]),
  about({ op: "refund", amount: "100" }),
  about({ op: "refund" }, ["amount", "amount_invalid"]),
  about({ op: "capture", order: "none" }, ["order", "order_unknown"]),
  about({ op: "capture", merchant: "nobody" }, ["order", "order_unknown"]),
  about({ op: "dispute", amount: "100", reason: "because" }, ["reason", "malformed"]),
  about({ op: "dispute", amount: "501", reason: "fraud" }, ["amount", "exceeds_refundable"]),
  about({ op: "rule", payerBps: 5_000 }, ["order", "dispute_not_open"]),
  about({ op: "rule", payerBps: 10_001 }, ["payerBps", "share_invalid"]),
  opening({ op: "charge", order: "A-2", amount: (BigInt(ABOVE_U80) / 2n).toString() }),
  { text: "" },
  opening({ order: "A-3", currency: "USD" }),
  about({ op: "capture", order: "A-3" }),
  { text: '{"op":"close-cycle"}' },
  { text: '{"op":"payout"}' },
];

const LINES = JOURNAL.map(({ text }) => text);

describe("a journal with bad lines", function define() {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let network: RialtoNetwork;

  before(async () => {
    sandbox = await createSandbox();
    network = await sandbox.up();
  });

  after(() => sandbox.close());

  afterEach(async () => {
    const { exitCode, stdout } = await sandbox.run(["audit", "--json"]);
    expect({ exitCode, ...JSON.parse(stdout) }).to.deep.include({ exitCode: 0, ok: true, breaks: [] });
  });

  it("has every bad line named with field and code, and every other line executed", async () => {
    const file = await sandbox.write("bad.jsonl", LINES);
    const wrong = JOURNAL.flatMap((line, index) =>
      line.wrong === undefined ? [] : [{ line: index + 1, field: line.wrong[0], code: line.wrong[1] }],
    );

    const { exitCode, stderr } = await sandbox.run(["import", file]);

    expect(exitCode).to.equal(1);
    const named = [...stderr.matchAll(/^line (\d+): (\w+): .+ \((\w+)\)$/gm)];
    expect(
      named.map(([, line = "", field, code]) => ({ line: Number.parseInt(line, 10), field, code })),
    ).to.deep.equal(wrong);
    expect(journalBalances(LINES, 500).failed).to.deep.equal(wrong.map(({ line }) => line));
    await expectBalances(sandbox, LINES, 500);
  });

  it("changes nothing when it is imported again", async () => {
    const file = await sandbox.write("bad.jsonl", LINES);

    const { exitCode, stdout } = await sandbox.run(["import", file, "--json"]);

    const good = JOURNAL.filter(({ text, wrong }) => text !== "" && wrong === undefined).length;
    expect(exitCode).to.equal(1);
    expect(JSON.parse(stdout)).to.deep.include({
      lines: JOURNAL.length - 1,
      executed: 0,
      replayed: good,
      orders: 3,
    });
    expect(JSON.parse(stdout).failed).to.have.length(JOURNAL.length - 1 - good);
    await expectBalances(sandbox, LINES, 500);
  });

  for (const { name, bad } of [
    { name: "cannot be parsed", bad: '{"op":' },
    { name: "the network refuses", bad: about({ op: "capture", order: "B-1", amount: "1001" }).text },
  ]) {
    it(`is left with --stop-on-error at a line that ${name}`, async () => {
      const merchant = `stops where it ${name}`;
      const lines = [
        opening({ order: "B-0", merchant }).text,
        opening({ order: "B-1" }).text,
        bad,
        opening({ order: "B-2", merchant }).text,
        about({ op: "capture", order: "B-0", merchant }).text,
      ];

      const { exitCode, stdout } = await sandbox.run([
        "import",
        await sandbox.write("stop.jsonl", lines),
        ...["--stop-on-error", "--json"],
      ]);

      const result = JSON.parse(stdout);
      expect(exitCode).to.equal(1);
      expect(result.failed.map(({ line }: { line: number }) => line)).to.deep.equal([3]);
      const answer = await fetch(`${network.apiUrl}/v1/orders?merchant=${encodeURIComponent(merchant)}`);
      const { data } = (await answer.json()) as { data: { reference: string; captured: string }[] };
      expect(data.map(({ reference, captured }) => ({ reference, captured }))).to.deep.equal([
        { reference: "B-0", captured: "0" },
      ]);
    });
  }

  it("leaves the folder to the network that has it", async () => {
    const { exitCode, stdout, stderr } = await sandbox.run(["up"]);

    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 75, stdout: "" });
    expect(stderr)
      .to.match(/^rialto: [^\n]+\n$/)
      .and.include(`${network.pid}`);
  });

  it("is found missing before anything is asked of the network", async () => {
    const { exitCode, stdout, stderr } = await sandbox.run(["import", sandbox.folder, "--json"]);

    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 66, stdout: "" });
    expect(stderr).to.match(/^rialto: [^\n]+\n$/);
  });
});

function opening(fields: object, wrong?: Line["wrong"]): Line {
  const line = { op: "authorize", merchant: "Livraria", payer: "Ana", currency: "BRL", amount: "1000" };
  return { text: JSON.stringify({ ...line, ...fields }), ...(wrong && { wrong }) };
}

function about(fields: object, wrong?: Line["wrong"]): Line {
  const line = { order: "A-1", merchant: "Livraria" };
  return { text: JSON.stringify({ ...line, ...fields }), ...(wrong && { wrong }) };
}
