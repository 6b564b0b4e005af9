import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readHead } from "../../services/chain/chain.ts";
import { createJsonRpc } from "../../services/chain/json-rpc.ts";
import { type LocalNode, startLocalNode } from "../../services/chain/local-node.ts";
import { createSystemClock } from "../../services/platform/clock.ts";
import { createLogger } from "../../services/platform/logger.ts";
import { createSandbox, type Sandbox } from "../support/rialto-process.ts";

describe("rialto deploy", function define() {
  this.timeout(120_000);
  let node: LocalNode;
  let sandbox: Sandbox;
  let recordFile: string;

  before(async () => {
    node = await startLocalNode({
      clock: createSystemClock(),
      logger: createLogger({ level: "error", role: "test" }),
    });
    sandbox = await createSandbox({ RPC_URL: node.rpcUrl });
    recordFile = join(sandbox.deploymentsDirectory, "31337.json");
  });

  after(async () => {
    await sandbox.close();
    await node.stop();
  });

  it("prints the record that it writes, as one JSON document", async () => {
    const { exitCode, stdout } = await sandbox.run(["deploy", "--currencies", "brl,USD", "--json"]);

    expect(exitCode).to.equal(0);
    const record = JSON.parse(stdout);
    expect(record).to.deep.equal(JSON.parse(await readFile(recordFile, "utf8")));
    expect(Object.keys(record.tokens)).to.deep.equal(["BRL", "USD"]);
  });

  it("sends nothing and changes nothing when it runs again", async () => {
    const bytes = await readFile(recordFile);
    const rpc = createJsonRpc({ url: node.rpcUrl });
    const { hash } = await readHead(rpc);

    const { exitCode, stdout } = await sandbox.run(["deploy", "--currencies", "BRL,USD"]);

    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^0 transactions/);
    expect((await readHead(rpc)).hash).to.equal(hash);
    expect(await readFile(recordFile)).to.deep.equal(bytes);
  });

  it("refuses to grant what is no role, to what is no address, twice, or where keys are derived", async () => {
    const holder = `0x${"1b".repeat(20)}`;
    const faulty = [
      [["--grant", `owner=${holder}`], "owner is none of the roles."],
      [["--grant", "seizure=0x1b"], "seizure=0x1b names no address."],
      [["--grant", `risk=${holder}`, "--grant", `risk=${holder}`], "risk is granted twice."],
      [["--grant", `risk=${holder}`], "--grant is for other than development networks"],
    ] as const;
    for (const [options, message] of faulty) {
      const { exitCode, stdout, stderr } = await sandbox.run(["deploy", ...options]);

      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: "" });
      expect(stderr).to.include(message);
    }
  });

  it("names the contract that is not the deployed one", async () => {
    const bytes = await readFile(recordFile, "utf8");
    const record = JSON.parse(bytes);
    record.contracts.disputeCourt.codeHash = `0x${"ab".repeat(32)}`;
    await writeFile(recordFile, JSON.stringify(record));

    for (const command of ["mirror", "audit"]) {
      const { exitCode, stdout, stderr } = await sandbox.run([command]);

      expect({ exitCode, stdout }, stderr).to.deep.equal({ exitCode: 78, stdout: "" });
      expect(stderr).to.match(/^rialto: [^\n]*disputeCourt[^\n]*\n$/);
    }
    await writeFile(recordFile, bytes);
  });

  it("says where the record should be when there is none", async () => {
    await rm(recordFile);

    const { exitCode, stderr } = await sandbox.run(["relayer"]);

    expect(exitCode).to.equal(78);
    expect(stderr)
      .to.match(/^rialto: [^\n]+\n$/)
      .and.include(recordFile);
  });
});
