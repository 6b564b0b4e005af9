import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { connectChain, readHead } from "../../../services/chain/chain.ts";
import { readContract } from "../../../services/chain/contract-calls.ts";
import { deployNetwork } from "../../../services/chain/deploy-network.ts";
import type { DeployStep } from "../../../services/chain/deployer.ts";
import {
  contractSetHash,
  type Deployment,
  DeploymentMismatchError,
  DeploymentMissingError,
  deploymentPath,
  readDeployment,
  verifyDeployment,
  writeDeployment,
} from "../../../services/chain/deployment.ts";
import { developmentActors } from "../../../services/chain/development-actors.ts";
import { createJsonRpc, type JsonRpc } from "../../../services/chain/json-rpc.ts";
import { readBooks, readTokenBalances } from "../../../services/chain/ledger-reads.ts";
import { type LocalNode, startLocalNode } from "../../../services/chain/local-node.ts";
import { DomainError } from "../../../services/domain/errors.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { createLogger } from "../../../services/platform/logger.ts";

const clock = createSystemClock();
const logger = createLogger({ level: "silent", role: "test" });

for (const engine of ["anvil", "hardhat"] as const) {
  describe(`deploying a network on ${engine}`, function () {
    this.timeout(60_000);
    let node: LocalNode;
    let rpc: JsonRpc;
    let directory: string;
    let deployment: Deployment;

    async function deploy(currencies = ["BRL", "JPY"]): Promise<DeployStep[]> {
      const steps: DeployStep[] = [];
      deployment = await deployNetwork({
        rpc,
        clock,
        actors: developmentActors(31337),
        currencies,
        directory,
        policy: {
          respondWindow: 3_600,
          ruleWindow: 7_200,
          appealWindow: 0,
          appealRuleWindow: 0,
          hardStop: 86_400,
          openBondBps: 0,
          appealBondBps: 0,
          evidenceCap: 4,
        },
        onStep: (step) => steps.push(step),
      });
      return steps;
    }

    before(async () => {
      node = await startLocalNode({ engine, clock, logger });
      rpc = createJsonRpc({ url: node.rpcUrl });
      directory = await mkdtemp(join(tmpdir(), "rialto-deploy-"));
    });
    after(async () => {
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    });

    it("deploys and wires everything, and writes the record", async () => {
      await deploy();

      expect(await readDeployment(directory, 31337)).to.deep.equal(deployment);
      expect(deployment.tokens.BRL?.decimals).to.equal(2);
      expect(deployment.tokens.JPY?.decimals).to.equal(0);
      const { chain, ledger, court } = { chain: await connect(), ...addresses(deployment) };
      expect(chain.isDevelopment).to.equal(true);
      const [policy] = await readContract(rpc, {
        ...{ contract: "disputeCourt", address: court, functionName: "policyOf", args: [0] },
      });
      expect([policy.respondWindow, policy.ruleWindow]).to.deep.equal([3_600n, 7_200n]);
      for (const token of Object.values(deployment.tokens)) {
        const key = { operator: deployment.operator, token: token.address };
        const [book] = await readBooks(rpc, ledger, [key], "latest");
        const holder = book?.vault ?? "0x";
        const [balance] = await readTokenBalances(rpc, [{ token: token.address, holder }], "latest");
        expect(book).to.include({ guarantee: 2n ** 72n, liabilities: 2n ** 72n, openCycle: 1 });
        expect(balance).to.equal(book?.liabilities);
      }
    });

    it("sends nothing and leaves the record's bytes alone the second time", async () => {
      const before = { head: await readHead(rpc), bytes: await readFile(deploymentPath(directory, 31337)) };

      const steps = await deploy();

      expect(steps).to.deep.equal([]);
      expect(await readHead(rpc)).to.deep.equal(before.head);
      expect((await readFile(deploymentPath(directory, 31337))).equals(before.bytes)).to.equal(true);
    });

    it("adds a currency without making another set of contracts", async () => {
      const hash = contractSetHash(deployment);

      const steps = await deploy(["BRL", "JPY", "EUR"]);

      expect(steps.filter(({ action }) => action === "deploy")).to.deep.equal([
        { action: "deploy", subject: "token EUR" },
      ]);
      expect(contractSetHash(deployment)).to.equal(hash);
    });

    it("makes a contract anew whose code has changed since, and what knows it", async () => {
      const contracts = { ...deployment.contracts };
      contracts.disputeCourt = { ...contracts.disputeCourt, initCodeHash: `0x${"00".repeat(32)}` };
      await writeDeployment(directory, { ...deployment, contracts });

      const steps = await deploy(["BRL", "JPY", "EUR"]);

      expect(steps.filter(({ action }) => action === "deploy")).to.deep.equal([
        { action: "deploy", subject: "disputeCourt" },
      ]);
      const { court, ledger } = addresses(deployment);
      const [named] = await readContract(rpc, {
        ...{ contract: "settlementLedger", address: ledger, functionName: "court", args: [] },
      });
      expect(named.toLowerCase()).to.equal(court);
      expect(await deploy(["BRL", "JPY", "EUR"])).to.deep.equal([]);
    });

    it("makes a network anew whose record is of another version", async () => {
      const fresh = await mkdtemp(join(tmpdir(), "rialto-deploy-"));
      await writeFile(deploymentPath(fresh, 31337), "{}");
      const own = directory;
      directory = fresh;
      const steps = await deploy(["BRL"]).finally(() => {
        directory = own;
      });
      expect(steps[0]).to.deep.equal({ action: "deploy", subject: "networkAccess" });
      await rm(fresh, { recursive: true });
      await deploy(["BRL", "JPY", "EUR"]);
    });

    it("takes up a run that broke off before the wiring was done", async () => {
      const fresh = await mkdtemp(join(tmpdir(), "rialto-deploy-"));
      const steps: DeployStep[] = [];
      const run = () =>
        deployNetwork({
          ...{ rpc, clock, actors: developmentActors(31337), currencies: ["BRL"], directory: fresh },
          policy: {
            respondWindow: 1,
            ruleWindow: 1,
            appealWindow: 0,
            appealRuleWindow: 0,
            hardStop: 86_400,
            openBondBps: 0,
            appealBondBps: 0,
            evidenceCap: 4,
          },
          onStep: (step) => {
            if (steps.length === 15) throw new Error("broken off");
            steps.push(step);
          },
        });
      const failure = await run().catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error);
      const record = await readDeployment(fresh, 31337);

      steps.length = 16;
      const done = await run();

      expect(done).to.deep.equal(record);
      expect(steps.slice(16).every(({ action }) => action === "call")).to.equal(true);
      await rm(fresh, { recursive: true });
    });

    it("refuses a currency that is none", async () => {
      const failure = await deploy(["XXY"]).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(DomainError).and.to.include({ code: "currency_unknown" });
    });

    context("given a record that is not about this chain", () => {
      it("names the contract whose code is another", async () => {
        const { contracts } = deployment;
        const codeHash = `0x${"00".repeat(32)}` as const;
        const altered = {
          ...deployment,
          contracts: { ...contracts, disputeCourt: { ...contracts.disputeCourt, codeHash } },
        };
        const failure = await verifyDeployment(rpc, altered).catch((error: unknown) => error);
        expect(failure).to.be.instanceOf(DeploymentMismatchError);
        expect(failure).to.include({
          subject: "code of disputeCourt",
          expected: codeHash,
          actual: contracts.disputeCourt.codeHash,
        });
      });

      it("names the genesis block and the chain id", async () => {
        const other = { ...deployment, genesisHash: `0x${"00".repeat(32)}` as const };
        const failures = [other, { ...deployment, chainId: 1 }].map((record) =>
          verifyDeployment(rpc, record).catch((error: unknown) => error),
        );
        const subjects = (await Promise.all(failures)).map(
          (error) => (error as DeploymentMismatchError).subject,
        );
        expect(subjects).to.deep.equal(["genesis block", "chain id"]);
      });

      it("tells a missing record from a damaged one", async () => {
        const empty = await mkdtemp(join(tmpdir(), "rialto-deploy-"));
        const missing = await connect(empty).catch((error: unknown) => error);
        expect(missing).to.be.instanceOf(DeploymentMissingError);
        await writeDeployment(empty, deployment);
        await writeFile(deploymentPath(empty, 31337), "{");
        const damaged = await connect(empty).catch((error: unknown) => error);
        expect(damaged).to.be.instanceOf(DeploymentMissingError);
        await rm(empty, { recursive: true });
      });
    });

    function connect(deploymentsDirectory = directory) {
      return connectChain({ rpcUrl: node.rpcUrl, deploymentsDirectory });
    }
  });
}

function addresses({ contracts }: Deployment) {
  return { ledger: contracts.settlementLedger.address, court: contracts.disputeCourt.address };
}
