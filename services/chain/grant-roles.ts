import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS, type ContractName } from "./abi.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import {
  ADMIN_DELAY_SECONDS,
  ADMIN_ROLE,
  CANCELED_BY,
  EXECUTION_DELAYS,
  FUNCTION_ROLES,
  ROLES,
  type RoleName,
} from "./network-roles.ts";
import type { Wiring } from "./wiring.ts";

/** Says which functions need which role, gives the roles to their holders and tells the ledger its keys, where missing. */
export async function grantRoles(wiring: Wiring): Promise<void> {
  const { actors, deployment, read } = wiring;
  for (const { contract, functions, role } of FUNCTION_ROLES) {
    const targets =
      contract === "token" ? Object.values(deployment.tokens) : [deployment.contracts[contract]];
    for (const { address } of targets) await assignFunctions(wiring, contract, address, functions, role);
  }
  for (const { role, guardian } of CANCELED_BY) {
    const [present] = await readAccess(wiring, "getRoleGuardian", [role]);
    if (present !== guardian) await callAccess(wiring, "setRoleGuardian", [role, guardian]);
  }

  for (const [role, account] of holdersOf(wiring)) {
    await grantRole(wiring, ROLES[role], account, delayOf(wiring, role));
  }
  const [operatorRole] = await readAccess(wiring, "operatorRole", [actors.operator]);
  await grantRole(wiring, operatorRole, actors.operator, 0);

  const ledger = deployment.contracts.settlementLedger.address;
  const [actsFor] = await read("settlementLedger", ledger, "authorityOf", [actors.operator]);
  if (actsFor.toLowerCase() !== actors.operator) await syncAuthority(wiring, actors.operator);
  const [, isSettler] = await read("settlementLedger", ledger, "authorityOf", [actors.settler]);
  if (!isSettler) await syncAuthority(wiring, actors.settler);
}

/**
 * Makes another account the admin, with a delay, in the deployer's place; the last step, as afterwards the deployer can
 * change nothing.
 */
export async function handOver(wiring: Wiring): Promise<void> {
  const { admin } = wiring.actors.roleHolders;
  const deployer = wiring.actors.deployer.address;
  if (admin === undefined || admin === deployer) return;
  await grantRole(wiring, ADMIN_ROLE, admin, ADMIN_DELAY_SECONDS);
  const [isStillAdmin] = await readAccess(wiring, "hasRole", [ADMIN_ROLE, deployer]);
  if (isStillAdmin) await callAccess(wiring, "renounceRole", [ADMIN_ROLE, deployer]);
}

/** Nobody seizes or guards until somebody is named for it. */
function holdersOf({ actors }: Wiring): [RoleName, Hex][] {
  const { roleHolders } = actors;
  const registrar = actors.registrar.address;
  const deployer = actors.deployer.address;
  return [
    ["registrar", registrar],
    ["compliance", roleHolders.compliance ?? registrar],
    ["complianceRelease", roleHolders.complianceRelease ?? registrar],
    ["issuer", actors.issuer.address],
    ["settler", actors.settler],
    ["treasurer", roleHolders.treasurer ?? deployer],
    ["risk", roleHolders.risk ?? deployer],
    ["arbiterAdmin", roleHolders.arbiterAdmin ?? deployer],
    ...(roleHolders.seizure === undefined ? [] : [["seizure", roleHolders.seizure] as [RoleName, Hex]]),
    ...(roleHolders.guardian === undefined ? [] : [["guardian", roleHolders.guardian] as [RoleName, Hex]]),
  ];
}

function delayOf({ chainId }: Wiring, role: RoleName): number {
  return isDevelopmentChain(chainId) ? 0 : (EXECUTION_DELAYS[role] ?? 0);
}

async function grantRole(wiring: Wiring, role: bigint, account: Hex, delay: number): Promise<void> {
  const [isMember] = await readAccess(wiring, "hasRole", [role, account]);
  if (!isMember) await callAccess(wiring, "grantRole", [role, account, delay]);
}

async function assignFunctions(
  wiring: Wiring,
  contract: ContractName,
  target: Hex,
  functions: readonly string[],
  role: bigint,
): Promise<void> {
  const { abi } = CONTRACT_ARTIFACTS[contract];
  const missing: string[] = [];
  for (const name of functions) {
    const selector = abi.getFunction(name)?.selector;
    if (selector === undefined) throw new RangeError(`${contract} has no function ${name}.`);
    const [assigned] = await readAccess(wiring, "getTargetFunctionRole", [target, selector]);
    if (assigned !== role) missing.push(selector);
  }
  if (missing.length > 0) await callAccess(wiring, "setTargetFunctionRole", [target, missing, role]);
}

async function syncAuthority({ deployment, actors, call }: Wiring, key: Hex): Promise<void> {
  const { address } = deployment.contracts.settlementLedger;
  const args = [key, actors.operator];
  await call({ contract: "settlementLedger", address, functionName: "syncAuthority", args });
}

function readAccess({ deployment, read }: Wiring, functionName: string, args: readonly unknown[]) {
  return read("networkAccess", deployment.contracts.networkAccess.address, functionName, args);
}

async function callAccess({ deployment, call }: Wiring, functionName: string, args: readonly unknown[]) {
  const { address } = deployment.contracts.networkAccess;
  await call({ contract: "networkAccess", address, functionName, args });
}
