import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readHead } from "../../../services/chain/chain.ts";
import { readGenesisHash } from "../../../services/chain/deployment.ts";
import { detectEngine, moveChainClock } from "../../../services/chain/engine.ts";
import { createJsonRpc, RpcUnreachableError } from "../../../services/chain/json-rpc.ts";
import { findAnvil, type LocalNode, startLocalNode } from "../../../services/chain/local-node.ts";
import { checkpointOf, copyState } from "../../../services/chain/node-state.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { createLogger } from "../../../services/platform/logger.ts";

const clock = createSystemClock();
const logger = createLogger({ level: "silent", role: "test" });
const WITHIN_MS = 20_000;

describe("local node", function () {
  this.timeout(60_000);
  let directory: string;
  let stateFile: string;
  const running: LocalNode[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "rialto-node-"));
    stateFile = join(directory, "chain", "state.json");
  });
  afterEach(async () => {
    for (const node of running.splice(0)) await node.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(options: { engine: "anvil" | "hardhat"; stateFile?: string }): Promise<LocalNode> {
    const node = await startLocalNode({ ...options, clock, logger });
    running.push(node);
    return node;
  }

  for (const engine of ["anvil", "hardhat"] as const) {
    it(`starts ${engine} on a free port, without prices, and stops it`, async () => {
      const first = await start({ engine });
      const second = await start({ engine });
      const rpc = createJsonRpc({ url: first.rpcUrl });

      expect(first.rpcUrl).to.not.equal(second.rpcUrl);
      expect(await detectEngine(rpc)).to.include({ name: engine, chainId: 31337, canMoveClock: true });
      expect((await readHead(rpc)).baseFee).to.equal(0n);

      await first.stop();
      await expectUnreachable(first.rpcUrl);
    });

    it(`ends ${engine} when this process is killed`, async () => {
      const script = `
        import { startLocalNode } from "${new URL("../../../services/chain/local-node.ts", import.meta.url)}";
        import { createSystemClock } from "${new URL("../../../services/platform/clock.ts", import.meta.url)}";
        import { createLogger } from "${new URL("../../../services/platform/logger.ts", import.meta.url)}";
        const logger = createLogger({ level: "silent", role: "test" });
        const { rpcUrl } = await startLocalNode({ engine: "${engine}", clock: createSystemClock(), logger });
        process.stdout.write(rpcUrl);
        setInterval(() => undefined, 1_000);`;
      const parent = spawn(process.execPath, ["--input-type=module", "--eval", script]);
      const [rpcUrl] = (await once(parent.stdout, "data")).map(String);

      parent.kill("SIGKILL");

      await expectUnreachable(rpcUrl ?? "");
    });
  }

  context("given a state file", () => {
    before(async function () {
      if ((await findAnvil()) === undefined) this.skip(); // Anvil is an optional package: not every platform has it.
    });

    it("goes on where it was stopped, and time with it", async () => {
      const first = await start({ engine: "anvil", stateFile });
      const rpc = createJsonRpc({ url: first.rpcUrl });
      await moveChainClock(rpc, 1_000_000);
      const genesis = await readGenesisHash(rpc);
      const head = await readHead(rpc);
      await first.stop();

      const second = await start({ engine: "anvil", stateFile });
      const again = createJsonRpc({ url: second.rpcUrl });

      expect(second.isPersistent).to.equal(true);
      expect(await readGenesisHash(again)).to.equal(genesis);
      expect(await readHead(again)).to.deep.equal(head);
      await again.request("evm_mine");
      expect((await readHead(again)).timestamp).to.be.at.least(head.timestamp);
    });

    it("takes the last whole copy where the file is damaged", async () => {
      const first = await start({ engine: "anvil", stateFile });
      const genesis = await readGenesisHash(createJsonRpc({ url: first.rpcUrl }));
      await first.stop();
      await copyState(stateFile, 0);
      const whole = await readFile(stateFile, "utf8");
      expect(await readFile(checkpointOf(stateFile), "utf8")).to.equal(whole);
      await writeFile(stateFile, whole.slice(0, whole.length / 2));

      const second = await start({ engine: "anvil", stateFile });

      expect(await readGenesisHash(createJsonRpc({ url: second.rpcUrl }))).to.equal(genesis);
    });

    it("stops a node that was left on the same file", async () => {
      const left = await start({ engine: "anvil", stateFile });

      await start({ engine: "anvil", stateFile });

      await expectUnreachable(left.rpcUrl);
    });

    it("stops nobody else's process for a pid file that is out of date", async () => {
      const bystander = spawn(process.execPath, ["--eval", "setInterval(() => undefined, 1_000)"]);
      const first = await start({ engine: "anvil", stateFile });
      await first.stop();
      await writeFile(`${stateFile}.pid`, `${bystander.pid}\n`);

      await start({ engine: "anvil", stateFile });

      expect(bystander.exitCode).to.equal(null);
      expect(bystander.signalCode).to.equal(null);
      bystander.kill();
    });
  });
});

async function expectUnreachable(rpcUrl: string): Promise<void> {
  const rpc = createJsonRpc({ url: rpcUrl, timeoutMs: 1_000 });
  for (let waitedMs = 0; waitedMs < WITHIN_MS; waitedMs += 20) {
    const failure = await rpc.request("eth_chainId").catch((error: unknown) => error);
    if (failure instanceof RpcUnreachableError) return;
    await clock.sleep(20);
  }
  expect.fail(`${rpcUrl} still answers.`);
}
