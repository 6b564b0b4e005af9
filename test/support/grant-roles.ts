import type { BaseContract } from "ethers";
import { FUNCTION_ROLES, ROLES } from "../../services/chain/network-roles.ts";
import type { Actors } from "./actors.ts";
import type { TestNetwork } from "./deploy-contracts.ts";

type Contracts = Pick<TestNetwork, "access" | "registry" | "token" | "ledger" | "court">;

/** Gives every actor its role, every role its functions, and the ledger its keys. What is not named is the admin's. */
export async function grantRoles(contracts: Contracts, actors: Actors): Promise<void> {
  const { access, registry, token, ledger, court } = contracts;
  const targets = { participantRegistry: registry, token, settlementLedger: ledger, disputeCourt: court };
  for (const { contract, functions, role } of FUNCTION_ROLES) {
    const target: BaseContract = targets[contract];
    await access.setTargetFunctionRole(target, selectorsOf(target, functions), role);
  }

  const grants = [
    [ROLES.registrar, actors.registrar],
    [ROLES.compliance, actors.compliance],
    [ROLES.complianceRelease, actors.compliance],
    [ROLES.seizure, actors.compliance],
    [ROLES.seizure, actors.seizer],
    [ROLES.issuer, actors.issuer],
    [ROLES.settler, actors.settler],
    [ROLES.arbiterAdmin, actors.admin],
    [ROLES.guardian, actors.guardian],
    [ROLES.treasurer, actors.treasurer],
    [ROLES.treasurer, actors.admin],
    [ROLES.risk, actors.risk],
    [await access.operatorRole(actors.operator), actors.operator],
    [await access.operatorRole(actors.otherOperator), actors.otherOperator],
  ] as const;
  for (const [role, member] of grants) await access.grantRole(role, member, 0);

  for (const { address } of [actors.operator, actors.otherOperator, actors.settler]) {
    await ledger.syncAuthority(address, address);
  }
}

function selectorsOf(target: BaseContract, functions: readonly string[]): string[] {
  return functions.map((name) => {
    const selector = target.interface.getFunction(name)?.selector;
    if (selector === undefined) throw new RangeError(`There is no function ${name}.`);
    return selector;
  });
}
