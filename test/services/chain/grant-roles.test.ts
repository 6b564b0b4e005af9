import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { CONTRACT_ARTIFACTS, encodeCall } from "../../../services/chain/abi.ts";
import { readContract } from "../../../services/chain/contract-calls.ts";
import { type CourtPolicy, deployNetwork } from "../../../services/chain/deploy-network.ts";
import { DeployerNotAdminError } from "../../../services/chain/deployer.ts";
import type { Deployment } from "../../../services/chain/deployment.ts";
import { developmentActors } from "../../../services/chain/development-actors.ts";
import type { JsonRpc, RpcCall } from "../../../services/chain/json-rpc.ts";
import { FUNCTION_ROLES, ROLES } from "../../../services/chain/network-roles.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { POLICY } from "../../support/deploy-contracts.ts";

const DAY = 86_400;
const CHAIN_ID = 5_001;
const POLICY_NUMBERS: CourtPolicy = {
  respondWindow: Number(POLICY.respondWindow),
  ruleWindow: Number(POLICY.ruleWindow),
  appealWindow: Number(POLICY.appealWindow),
  appealRuleWindow: Number(POLICY.appealRuleWindow),
  hardStop: Number(POLICY.hardStop),
  openBondBps: Number(POLICY.openBondBps),
  appealBondBps: Number(POLICY.appealBondBps),
  evidenceCap: Number(POLICY.evidenceCap),
};

/** A network that is for real money as far as the deployment knows, with a holder of its own for every role. */
describe("deploying a network for real money", function () {
  this.timeout(60_000);
  const clock = createSystemClock();
  let chain: Awaited<ReturnType<typeof openChain>>;
  let directory: string;
  let deployment: Deployment;

  before(async () => {
    chain = await openChain();
    directory = await mkdtemp(join(tmpdir(), "rialto-roles-"));
    deployment = await deploy(["BRL"]);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  function deploy(currencies: string[], policy = POLICY_NUMBERS): Promise<Deployment> {
    return deployNetwork({
      ...{ rpc: chain.rpc, clock, currencies, directory },
      actors: { ...developmentActors(31337), roleHolders: chain.roleHolders },
      policy,
      onStep: (step) => chain.steps.push(`${step.action} ${step.subject}`),
    });
  }

  it("lets the new admin change things after a week's notice, and the deployer nothing", async () => {
    const { settlementLedger } = deployment.contracts;
    const unpause = encodeCall("settlementLedger", "unpause", [1]);
    const { deployer } = developmentActors(31337);

    await chain.refuses(deployer.address, settlementLedger.address, unpause, "AccessManagedUnauthorized");
    await chain.refuses(
      chain.roleHolders.admin,
      settlementLedger.address,
      unpause,
      "AccessManagerNotScheduled",
    );
    await schedule(chain.roleHolders.admin, settlementLedger.address, unpause);
    await chain.passTime(7 * DAY - 60);
    await chain.refuses(chain.roleHolders.admin, settlementLedger.address, unpause, "AccessManagerNotReady");
    await chain.passTime(60);
    await chain.send(chain.roleHolders.admin, settlementLedger.address, unpause);
  });

  it("freezes at once and lifts a freeze after a day, unless compliance takes that back", async () => {
    const registry = deployment.contracts.participantRegistry.address;
    const { feeReceiver } = deployment;
    const reactivate = encodeCall("participantRegistry", "reactivate", [[feeReceiver]]);

    await chain.send(
      chain.roleHolders.compliance,
      registry,
      encodeCall("participantRegistry", "freeze", [[feeReceiver]]),
    );
    await chain.refuses(chain.roleHolders.compliance, registry, reactivate, "AccessManagedUnauthorized");
    await schedule(chain.roleHolders.complianceRelease, registry, reactivate);
    await cancel(chain.roleHolders.compliance, chain.roleHolders.complianceRelease, registry, reactivate);
    await chain.passTime(DAY);
    await chain.refuses(
      chain.roleHolders.complianceRelease,
      registry,
      reactivate,
      "AccessManagerNotScheduled",
    );
    await schedule(chain.roleHolders.complianceRelease, registry, reactivate);
    await chain.passTime(DAY);
    await chain.send(chain.roleHolders.complianceRelease, registry, reactivate);

    const [participant] = await read("participantRegistry", registry, "participantOf", [feeReceiver]);
    expect(participant.status).to.equal(2n);
  });

  it("announces three days before what arbiters and seizures follow, and the guardian can stop it", async () => {
    const announced = [
      [
        chain.roleHolders.arbiterAdmin,
        deployment.contracts.disputeCourt.address,
        encodeCall("disputeCourt", "setPolicy", [POLICY]),
      ],
      [
        chain.roleHolders.seizure,
        deployment.contracts.settlementLedger.address,
        encodeCall("settlementLedger", "executeSeizure", [`0x${"11".repeat(32)}`]),
      ],
    ] as const;
    for (const [caller, target, call] of announced) {
      await chain.refuses(caller, target, call, "AccessManagerNotScheduled");
      await schedule(caller, target, call);
      await chain.passTime(3 * DAY - 60);
      await chain.refuses(caller, target, call, "AccessManagerNotReady");
      await cancel(chain.roleHolders.guardian, caller, target, call);
      await chain.passTime(60);
      await chain.refuses(caller, target, call, "AccessManagerNotScheduled");
    }
  });

  it("sends nothing the second time, whatever the court's policy is meant to be by then", async () => {
    chain.steps.length = 0;
    expect(await deploy(["BRL"], { ...POLICY_NUMBERS, ruleWindow: 1 })).to.deep.equal(deployment);
    expect(chain.steps).to.deep.equal([]);
  });

  it("leaves another currency to the admin, and says so before anything is made", async () => {
    const failure = await deploy(["BRL", "EUR"]).catch((error: unknown) => error);

    expect(failure).to.be.instanceOf(DeployerNotAdminError);
    expect((failure as Error).message).to.include("deploy token EUR");
    expect(chain.steps).to.deep.equal([]);
    expect(await deploy(["BRL"])).to.deep.equal(deployment);
  });

  it("gives nobody the roles of seizing and guarding, nor a statutory account, unless they are named", async () => {
    const own = await mkdtemp(join(tmpdir(), "rialto-roles-"));
    const actors = { ...developmentActors(31337), roleHolders: {} };
    const given = { rpc: chain.rpc, clock, currencies: ["BRL"], directory: own, policy: POLICY_NUMBERS };
    const { contracts } = await deployNetwork({ ...given, actors });
    const access = contracts.networkAccess.address;
    const holders = [actors.deployer, actors.registrar, actors.issuer].map(({ address }) => address);
    for (const role of [ROLES.seizure, ROLES.guardian]) {
      for (const holder of [...holders, actors.operator, actors.settler]) {
        const [isMember] = await read("networkAccess", access, "hasRole", [role, holder]);
        expect(isMember).to.equal(false);
      }
    }
    const registry = contracts.participantRegistry.address;
    expect(await read("participantRegistry", registry, "statutoryAccount", [])).to.deep.equal([ZeroAddress]);

    // Handed over later, by the same command with an admin.
    const steps: string[] = [];
    const { admin } = chain.roleHolders;
    await deployNetwork({
      ...{ ...given, actors: { ...actors, roleHolders: { admin } } },
      onStep: ({ subject }) => steps.push(subject),
    });
    expect(steps).to.deep.equal(["networkAccess.grantRole", "networkAccess.renounceRole"]);
    await rm(own, { recursive: true });
  });

  it("names functions that there are, each for one role", () => {
    const named = FUNCTION_ROLES.flatMap(({ contract, functions }) =>
      functions.map((name) => ({ contract, name })),
    );
    for (const { contract, name } of named) {
      expect(CONTRACT_ARTIFACTS[contract].abi.getFunction(name), `${contract}.${name}`).to.not.equal(null);
    }
    const keys = named.map(({ contract, name }) => `${contract}.${name}`);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  function read(
    contract: keyof typeof CONTRACT_ARTIFACTS,
    address: Hex,
    functionName: string,
    args: unknown[],
  ) {
    return readContract(chain.rpc, { contract, address, functionName, args });
  }

  function schedule(caller: Hex, target: Hex, call: Hex): Promise<void> {
    const access = deployment.contracts.networkAccess.address;
    return chain.send(caller, access, encodeCall("networkAccess", "schedule", [target, call, 0]));
  }

  function cancel(by: Hex, caller: Hex, target: Hex, call: Hex): Promise<void> {
    const access = deployment.contracts.networkAccess.address;
    return chain.send(by, access, encodeCall("networkAccess", "cancel", [caller, target, call]));
  }
});

/** A chain in this process whose id is no development network's. */
async function openChain() {
  const { ethers, networkHelpers, provider } = await network.create({ override: { chainId: CHAIN_ID } });
  const request = <Result>(method: string, params: readonly unknown[] = []) =>
    provider.request({ method, params: [...params] }) as Promise<Result>;
  const rpc: JsonRpc = {
    url: "in-process",
    request,
    batch: <Result>(calls: readonly RpcCall[]) =>
      Promise.all(calls.map(({ method, params }) => request<Result>(method, params))),
    batchOutcomes: () => Promise.reject(new RangeError("Nothing here asks for outcomes.")),
  };
  const signers = await ethers.getSigners();
  const at = (index: number) => signers[index]?.address.toLowerCase() as Hex;
  const signerOf = (address: Hex) => ethers.getSigner(address);

  return {
    rpc,
    steps: [] as string[],
    roleHolders: {
      ...{ admin: at(10), compliance: at(11), complianceRelease: at(12), seizure: at(13) },
      ...{ arbiterAdmin: at(14), treasurer: at(15), risk: at(16), guardian: at(17) },
    },
    passTime: (seconds: number) => networkHelpers.time.increase(seconds),
    async send(from: Hex, to: Hex, data: Hex): Promise<void> {
      await (await (await signerOf(from)).sendTransaction({ to, data })).wait();
    },
    async refuses(from: Hex, to: Hex, data: Hex, error: string): Promise<void> {
      const failure = await (await signerOf(from)).sendTransaction({ to, data }).catch((reason) => reason);
      expect((failure as Error).message).to.include(error);
    },
  };
}
