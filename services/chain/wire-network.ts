import { ZeroAddress } from "ethers";
import { readContract } from "./contract-calls.ts";
import { createDeployer } from "./deployer.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import { grantRoles, handOver } from "./grant-roles.ts";
import { openBook } from "./open-book.ts";
import { readEvents, registerParticipant, type WireOptions, type Wiring } from "./wiring.ts";

/** Grants roles, registers the network's own participants, opens books and names ledger and court, where missing. */
export async function wireNetwork(options: WireOptions): Promise<void> {
  const { rpc, actors } = options;
  const { call } = createDeployer({ ...options, signer: actors.deployer });
  const wiring: Wiring = {
    ...options,
    call,
    read: (contract, address, functionName, args) =>
      readContract(rpc, { contract, address, functionName, args }),
  };

  await connectContracts(wiring);
  // Before the roles: from then on the court's rules are changed with a delay, where there is one.
  await setCourtRules(wiring);
  await grantRoles(wiring);
  await registerParticipant(wiring, actors.operator, "operator");
  await registerParticipant(wiring, actors.issuer.address, "institution");
  if (actors.feeReceiver !== actors.operator) {
    await registerParticipant(wiring, actors.feeReceiver, "institution");
  }
  if (isDevelopmentChain(wiring.chainId)) await nameStatutoryAccount(wiring);
  for (const token of Object.values(options.deployment.tokens)) await openBook(wiring, token.address);
  await handOver(wiring);
}

async function connectContracts(wiring: Wiring): Promise<void> {
  const { participantRegistry, settlementLedger, disputeCourt, permitCollector } =
    wiring.deployment.contracts;
  const connections = [
    {
      contract: "participantRegistry",
      address: participantRegistry.address,
      functionName: "setLedger",
      view: "ledger",
      value: settlementLedger.address,
    },
    {
      contract: "settlementLedger",
      address: settlementLedger.address,
      functionName: "setCourt",
      view: "court",
      value: disputeCourt.address,
    },
  ] as const;
  for (const { contract, address, functionName, view, value } of connections) {
    const [present] = await wiring.read(contract, address, view, []);
    if (String(present).toLowerCase() === value) continue;
    await wiring.call({ contract, address, functionName, args: [value] });
  }

  const ledger = { contract: "settlementLedger", address: settlementLedger.address } as const;
  const collector = permitCollector.address;
  const [isAllowed] = await wiring.read(ledger.contract, ledger.address, "isCollector", [collector]);
  if (!isAllowed) await wiring.call({ ...ledger, functionName: "setCollector", args: [collector, true] });
}

/** Where seized money goes; on any other network the admin names it, as deployment.md tells. */
async function nameStatutoryAccount({ deployment, actors, call, read }: Wiring): Promise<void> {
  const { address } = deployment.contracts.participantRegistry;
  const [present] = await read("participantRegistry", address, "statutoryAccount", []);
  if (present !== ZeroAddress) return;
  const args = [actors.issuer.address];
  await call({ contract: "participantRegistry", address, functionName: "setStatutoryAccount", args });
}

/** Once there, the court's rules are the arbiter admin's business; only a development network follows its options. */
async function setCourtRules(wiring: Wiring): Promise<void> {
  const followsOptions = isDevelopmentChain(wiring.chainId);
  await setPolicy(wiring, followsOptions);
  await defineArbiterSet(wiring, followsOptions);
}

async function setPolicy({ deployment, policy, call, read }: Wiring, followsOptions: boolean) {
  const { address } = deployment.contracts.disputeCourt;
  const [version] = await read("disputeCourt", address, "policyVersion", []);
  if (version !== 0n) {
    const [present] = await read("disputeCourt", address, "policyOf", [0]);
    const isSame = Object.entries(policy).every(([field, value]) => present[field] === BigInt(value));
    if (isSame || !followsOptions) return;
  }
  await call({ contract: "disputeCourt", address, functionName: "setPolicy", args: [policy] });
}

async function defineArbiterSet(wiring: Wiring, followsOptions: boolean): Promise<void> {
  const { deployment, actors, call, read } = wiring;
  const { address } = deployment.contracts.disputeCourt;
  const threshold = BigInt(actors.threshold);
  const sets = await readEvents(wiring, "disputeCourt", address, "ArbiterSetDefined");
  if (sets.length > 0) {
    const [set] = await read("disputeCourt", address, "arbiterSet", [deployment.arbiterSetId, 0]);
    const members = [...set.members].map((member: string) => member.toLowerCase());
    const isSame = set.threshold === threshold && members.join() === deployment.arbiters.join();
    if (isSame || !followsOptions) return;
  }
  const args = [deployment.arbiterSetId, deployment.arbiters, threshold, 0, 0];
  await call({ contract: "disputeCourt", address, functionName: "defineArbiterSet", args });
}
