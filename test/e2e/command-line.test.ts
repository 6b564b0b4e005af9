import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { openPGlite } from "../../services/store/engine.ts";
import { createSandbox, type Ended, type Sandbox } from "../support/rialto-process.ts";

/** The command line as a user meets it, as far as no network is needed. */
describe("the rialto command", function define() {
  this.timeout(120_000);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await createSandbox();
  });

  after(() => sandbox.close());

  it("helps with every command", async () => {
    const commands = ["up", "demo", "deploy", "import", "convert", "convert olist", "balances", "audit"];
    for (const command of ["", ...commands, "api", "mirror", "relayer", "reconciler"]) {
      const { exitCode, stdout, stderr } = await sandbox.run([...words(command), "--help"]);

      expect({ exitCode, stderr }, command).to.deep.equal({ exitCode: 0, stderr: "" });
      expect(stdout).to.include(`Usage: ${["rialto", ...words(command)].join(" ")}`);
    }
  });

  for (const line of [
    "pay",
    "up --fast",
    "import",
    "import one two",
    "convert",
    "convert olist",
    "convert olist somewhere --json",
    "demo --fee-bps 10001",
    "demo --fee-bps -1",
    "demo --journal one --olist two",
    "demo --engine geth",
    "import journal.jsonl --api-url localhost:3000",
    "deploy --rpc-url ftp://127.0.0.1",
    "deploy --currencies BR",
  ]) {
    it(`refuses "${line}" with 2`, async () => {
      const { exitCode, stdout, stderr } = await sandbox.run(words(line));

      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: "" });
      expect(stderr).to.not.equal("").and.not.match(STACK);
    });
  }

  for (const { variable, value } of [
    { variable: "RIALTO_API_PORT", value: "abc" },
    { variable: "RPC_URL", value: "localhost:8545" },
    { variable: "DATABASE_URL", value: "mysql://localhost/rialto" },
    { variable: "RIALTO_OPERATOR_KEY", value: "0x5ec2e7" },
  ]) {
    it(`names ${variable} where its value is wrong, and not the value`, async () => {
      const ended = await sandbox.run(["up"], { [variable]: value });

      expectOneLine(ended, 78, variable);
      expect(ended.stderr).to.not.include(value);
    });
  }

  it("names RPC_URL where it is missing", async () => {
    expectOneLine(await sandbox.run(["relayer"]), 78, "RPC_URL");
  });

  it("says which chain does not answer", async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    for (const command of ["up", "deploy", "api", "audit"]) {
      expectOneLine(await sandbox.run([command], { RPC_URL: `http://${host}` }), 69, host);
    }
  });

  it("says which API does not answer", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expectOneLine(await sandbox.run(["balances"], { RIALTO_API_URL: url }), 69, url);
    expectOneLine(await sandbox.run(["import", "examples/journal.jsonl", "--api-url", url]), 69, url);
  });

  it("says which database does not answer", async () => {
    const port = await closedPort();
    const database = { DATABASE_URL: `postgres://rialto@127.0.0.1:${port}/rialto` };
    expectOneLine(await sandbox.run(["up"], database), 69, `${port}`);
  });

  it("names a journal that is not there", async () => {
    expectOneLine(await sandbox.run(["import", "no-such.jsonl", "--json"]), 66, "no-such.jsonl");
    expectOneLine(await sandbox.run(["demo", "--journal", "no-such.jsonl"]), 66, "no-such.jsonl");
  });

  it("starts no network on a database that is newer than the program", async () => {
    const folder = join(sandbox.folder, "newer");
    const database = await openPGlite(folder);
    await database.withSession((session) =>
      session.script(`
        create table schema_migration (number integer primary key, name text, sha256 text, applied_at timestamptz);
        insert into schema_migration values (9999, 'of the future', '', now());`),
    );
    await database.close();

    expectOneLine(await sandbox.run(["up"], { RIALTO_DATA_DIR: folder }), 78, "9999");
  });

  it("starts no network where a file stands in the data folder's place", async () => {
    const file = join(sandbox.folder, "file");
    await writeFile(file, "");

    expectOneLine(await sandbox.run(["up"], { RIALTO_DATA_DIR: file }), 78, file);
  });

  describe("convert olist", () => {
    it("writes a journal to a file or to standard output", async () => {
      const folder = await olistFolder("olist");
      const out = join(folder, "journal.jsonl");

      const printed = await sandbox.run(["convert", "olist", folder]);
      const written = await sandbox.run(["convert", "olist", folder, "--out", out, "--json"]);

      expect([printed.exitCode, written.exitCode]).to.deep.equal([0, 0]);
      expect(await readFile(out, "utf8")).to.equal(printed.stdout);
      expect(JSON.parse(written.stdout)).to.deep.equal({
        ...{ orders: 1, skipped: 0, escrowOrders: 1, merchants: 1, payers: 1, lines: 4 },
      });
      expect(JSON.parse(printed.stdout.split("\n")[0] ?? "")).to.include({ op: "authorize", amount: "1150" });
    });

    it("names a file that is not there", async () => {
      const folder = join(sandbox.folder, "empty");
      await mkdir(folder);
      expectOneLine(await sandbox.run(["convert", "olist", folder]), 65, "olist_orders_dataset");
      expectOneLine(await sandbox.run(["demo", "--olist", folder]), 65, "olist_orders_dataset");
    });

    it("names a column that is not there", async () => {
      const folder = await olistFolder("columns", { order_items: "order_id,seller_id,price\nA,S,1.00\n" });
      expectOneLine(await sandbox.run(["convert", "olist", folder]), 65, "freight_value");
    });
  });

  async function olistFolder(name: string, other: Readonly<Record<string, string>> = {}): Promise<string> {
    const folder = join(sandbox.folder, name);
    await mkdir(folder);
    for (const [table, content] of Object.entries({ ...OLIST, ...other })) {
      await writeFile(join(folder, `olist_${table}_dataset.csv`), content);
    }
    return folder;
  }
});

const STACK = /^\s+at /m;

const OLIST = {
  orders:
    "order_id,customer_id,order_status,order_purchase_timestamp,order_delivered_customer_date,order_estimated_delivery_date\n" +
    "A,C,delivered,2018-01-02 03:04:05,2018-01-09 03:04:05,2018-01-10 00:00:00\n",
  customers: "customer_id,customer_unique_id\nC,U\n",
  order_items: "order_id,seller_id,price,freight_value\nA,S,10.00,1.50\n",
  order_reviews: "order_id,review_score\nA,5\n",
};

/** Exactly one line on standard error that names what is wrong, nothing else anywhere. */
function expectOneLine({ exitCode, stdout, stderr }: Ended, expected: number, named: string): void {
  expect({ exitCode, stdout }, stderr).to.deep.equal({ exitCode: expected, stdout: "" });
  expect(stderr)
    .to.match(/^rialto: [^\n]+\n$/)
    .and.include(named);
}

function words(line: string): string[] {
  return line.split(" ").filter((word) => word !== "");
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The probe has no port.");
  return address.port;
}
