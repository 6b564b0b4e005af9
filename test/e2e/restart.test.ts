import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { sampleJournal } from "../../services/journal/sample.ts";
import { expectBalances, progressOf } from "../support/network-state.ts";
import {
  createSandbox,
  isListening,
  type RialtoNetwork,
  type Sandbox,
  until,
} from "../support/rialto-process.ts";

const JOURNAL = "examples/journal.jsonl";

describe("rialto up, stopped and started again", function define() {
  this.timeout(180_000);
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await createSandbox();
  });

  afterEach(() => sandbox.close());

  it("loses nothing of an import when it is killed in the middle, with or without the chain", async () => {
    const lines = (await readFile(JOURNAL, "utf8")).split("\n");
    let network = await sandbox.up();
    const instance = await instanceOf(network);

    for (const { moment, killsChain } of [
      { moment: "intake", killsChain: false },
      { moment: 300, killsChain: true },
      { moment: 900, killsChain: false },
    ] as const) {
      const importer = sandbox.start(["import", JOURNAL]);
      if (moment === "intake") await importer.says(/Lines sent: [2-5]\d\d\//);
      else await until(async () => (await progressOf(network.apiUrl)).included >= moment, "so much is done");
      const { queued } = await progressOf(network.apiUrl);
      expect(queued).to.be.above(0);
      if (killsChain) process.kill(await chainPid(), "SIGKILL");
      await network.end("SIGKILL");
      expect((await importer.ended).exitCode, `${moment}`).to.equal(69);

      network = await sandbox.up();
      expect(await instanceOf(network), `${moment}`).to.deep.equal(instance);
    }

    expect(await importInto(JOURNAL)).to.deep.include({ exitCode: 0, lines: 836, orders: 300, failed: [] });
    await expectBalances(sandbox, lines, 500);
    expect(await importInto(JOURNAL)).to.deep.include({
      exitCode: 0,
      executed: 0,
      replayed: 836,
      failed: [],
    });
    await expectSoundAudit();

    const pid = await chainPid();
    await expectClean(network, pid);
    network = await sandbox.up();
    expect(await instanceOf(network)).to.deep.equal(instance);
    await expectBalances(sandbox, lines, 500);
    await expectSoundAudit();
  });

  it("says that Hardhat's node keeps the chain in memory, and starts anew", async () => {
    const lines = sampleJournal({ seed: 3, orders: 8 });
    const journal = await sandbox.write("journal.jsonl", lines);

    let network = await sandbox.up(["--engine", "hardhat", "--no-sample"]);
    await network.says(/in memory/);
    const instance = await instanceOf(network);
    expect(await importInto(journal)).to.deep.include({ exitCode: 0, executed: lines.length });
    await expectClean(network);

    network = await sandbox.up(["--engine", "hardhat", "--no-sample"]);
    expect(await instanceOf(network)).to.not.deep.equal(instance);
    expect(await importInto(journal)).to.deep.include({ exitCode: 0, executed: lines.length });
    await expectBalances(sandbox, lines, 500);
    await expectSoundAudit();
  });

  /** Ctrl-C, once: exit status 0, and nothing of what was started is left. */
  async function expectClean(network: RialtoNetwork, pid?: number): Promise<void> {
    expect((await network.end("SIGINT")).exitCode).to.equal(0);
    expect(await isListening(network.rpcUrl)).to.equal(false);
    expect(await isListening(network.apiUrl)).to.equal(false);
    for (const note of ["network.json", "chain-state.json.pid"]) {
      expect(await isThere(join(sandbox.dataDirectory, note)), note).to.equal(false);
    }
    if (pid !== undefined)
      expect(() => process.kill(pid, 0))
        .to.throw()
        .with.property("code", "ESRCH");
  }

  async function importInto(file: string): Promise<{ exitCode: number | null }> {
    const { exitCode, stdout, stderr } = await sandbox.run(["import", file, "--json"]);
    expect(stdout, stderr).to.not.equal("");
    return { exitCode, ...JSON.parse(stdout) };
  }

  async function expectSoundAudit(): Promise<void> {
    const { exitCode, stdout } = await sandbox.run(["audit", "--json"]);
    expect({ exitCode, ...JSON.parse(stdout) }).to.deep.include({ exitCode: 0, ok: true, breaks: [] });
  }

  async function chainPid(): Promise<number> {
    return Number.parseInt(await readFile(join(sandbox.dataDirectory, "chain-state.json.pid"), "utf8"), 10);
  }
});

async function instanceOf({ apiUrl }: { readonly apiUrl: string }): Promise<unknown> {
  const chain = (await (await fetch(`${apiUrl}/v1/chain`)).json()) as { instance: unknown };
  expect(chain.instance).to.be.an("object");
  return chain.instance;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
