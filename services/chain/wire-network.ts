import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS, type ContractName } from "./abi.ts";
import { readContract } from "./contract-calls.ts";
import { createDeployer } from "./deployer.ts";
import { FUNCTION_ROLES, ROLES } from "./network-roles.ts";
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

  await grantRoles(wiring);
  await connectContracts(wiring);
  await setCourtRules(wiring);
  await registerParticipant(wiring, actors.operator, "operator");
  await registerParticipant(wiring, actors.issuer.address, "institution");
  if (actors.feeReceiver !== actors.operator) {
    await registerParticipant(wiring, actors.feeReceiver, "institution");
  }
  for (const token of Object.values(options.deployment.tokens)) await openBook(wiring, token.address);
}

async function grantRoles(wiring: Wiring): Promise<void> {
  const { actors, deployment, call, read } = wiring;
  const { networkAccess, settlementLedger } = deployment.contracts;
  const access = networkAccess.address;
  for (const { contract, functions, role } of FUNCTION_ROLES) {
    const targets =
      contract === "token" ? Object.values(deployment.tokens) : [deployment.contracts[contract]];
    for (const { address } of targets) await assignFunctions(wiring, contract, address, functions, role);
  }

  const [operatorRole] = await read("networkAccess", access, "operatorRole", [actors.operator]);
  const grants: [bigint, Hex][] = [
    [ROLES.registrar, actors.registrar.address],
    [ROLES.compliance, actors.registrar.address],
    [ROLES.complianceRelease, actors.registrar.address],
    [ROLES.issuer, actors.issuer.address],
    [ROLES.settler, actors.settler],
    [ROLES.treasurer, actors.deployer.address],
    [ROLES.risk, actors.deployer.address],
    [ROLES.arbiterAdmin, actors.deployer.address],
    [operatorRole, actors.operator],
    ...(actors.guardian === undefined ? [] : [[ROLES.guardian, actors.guardian] as [bigint, Hex]]),
  ];
  for (const [role, account] of grants) {
    const [isMember] = await read("networkAccess", access, "hasRole", [role, account]);
    if (isMember) continue;
    await call({
      contract: "networkAccess",
      address: access,
      functionName: "grantRole",
      args: [role, account, 0],
    });
  }

  const ledger = settlementLedger.address;
  const [actsFor] = await read("settlementLedger", ledger, "authorityOf", [actors.operator]);
  if (actsFor.toLowerCase() !== actors.operator) await syncAuthority(wiring, actors.operator);
  const [, isSettler] = await read("settlementLedger", ledger, "authorityOf", [actors.settler]);
  if (!isSettler) await syncAuthority(wiring, actors.settler);
}

async function assignFunctions(
  wiring: Wiring,
  contract: ContractName,
  target: Hex,
  functions: readonly string[],
  role: bigint,
): Promise<void> {
  const access = wiring.deployment.contracts.networkAccess.address;
  const { abi } = CONTRACT_ARTIFACTS[contract];
  const missing: string[] = [];
  for (const name of functions) {
    const selector = abi.getFunction(name)?.selector;
    if (selector === undefined) throw new RangeError(`${contract} has no function ${name}.`);
    const [assigned] = await wiring.read("networkAccess", access, "getTargetFunctionRole", [
      target,
      selector,
    ]);
    if (assigned !== role) missing.push(selector);
  }
  if (missing.length === 0) return;

  const args = [target, missing, role];
  await wiring.call({
    contract: "networkAccess",
    address: access,
    functionName: "setTargetFunctionRole",
    args,
  });
}

async function syncAuthority(wiring: Wiring, key: Hex): Promise<void> {
  const address = wiring.deployment.contracts.settlementLedger.address;
  const args = [key, wiring.actors.operator];
  await wiring.call({ contract: "settlementLedger", address, functionName: "syncAuthority", args });
}

async function connectContracts(wiring: Wiring): Promise<void> {
  const { participantRegistry, settlementLedger, disputeCourt } = wiring.deployment.contracts;
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
}

async function setCourtRules(wiring: Wiring): Promise<void> {
  const { deployment, policy, actors, call, read } = wiring;
  const address = deployment.contracts.disputeCourt.address;
  const [version] = await read("disputeCourt", address, "policyVersion", []);
  const [present] = version === 0n ? [undefined] : await read("disputeCourt", address, "policyOf", [0]);
  const isPresent = Object.entries(policy).every(([field, value]) => present?.[field] === BigInt(value));
  if (!isPresent) {
    await call({ contract: "disputeCourt", address, functionName: "setPolicy", args: [policy] });
  }

  const sets = await readEvents(wiring, "disputeCourt", address, "ArbiterSetDefined");
  const threshold = BigInt(actors.threshold);
  if (sets.length > 0) {
    const [set] = await read("disputeCourt", address, "arbiterSet", [deployment.arbiterSetId, 0]);
    const members = [...set.members].map((member: string) => member.toLowerCase());
    if (set.threshold === threshold && members.join() === deployment.arbiters.join()) return;
  }
  const args = [deployment.arbiterSetId, deployment.arbiters, threshold, 0, 0];
  await call({ contract: "disputeCourt", address, functionName: "defineArbiterSet", args });
}
