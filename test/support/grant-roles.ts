import type { BaseContract } from "ethers";
import type { Actors } from "./actors.ts";
import type { TestNetwork } from "./deploy-contracts.ts";

/** As in contracts/access/NetworkRoles.sol. */
const ROLES = {
  registrar: 1n,
  compliance: 2n,
  issuer: 3n,
  settler: 4n,
  arbiterAdmin: 5n,
  guardian: 6n,
  complianceRelease: 7n,
  seizure: 8n,
  treasurer: 9n,
  risk: 10n,
} as const;

type Contracts = Pick<TestNetwork, "access" | "registry" | "token" | "ledger" | "court">;
type Restriction = {
  readonly target: BaseContract;
  readonly functions: readonly string[];
  readonly role: bigint;
};

/** Gives every actor its role, every role its functions, and the ledger its keys. What is not named is the admin's. */
export async function grantRoles(contracts: Contracts, actors: Actors): Promise<void> {
  const { access, ledger } = contracts;
  for (const { target, functions, role } of restrictionsOf(contracts)) {
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

function restrictionsOf({ registry, token, ledger, court }: Contracts): readonly Restriction[] {
  return [
    {
      target: registry,
      functions: ["register", "registerBatch", "setKyc", "startClosingFor", "cancelPayoutAddressFor"],
      role: ROLES.registrar,
    },
    { target: registry, functions: ["restrict", "freeze"], role: ROLES.compliance },
    { target: registry, functions: ["reactivate"], role: ROLES.complianceRelease },
    { target: token, functions: ["setFrozenTokens"], role: ROLES.compliance },
    { target: token, functions: ["forcedTransfer"], role: ROLES.seizure },
    { target: token, functions: ["mint", "mintBatch", "burn"], role: ROLES.issuer },
    { target: court, functions: ["setPolicy", "defineArbiterSet"], role: ROLES.arbiterAdmin },
    { target: ledger, functions: ["pause"], role: ROLES.guardian },
    { target: ledger, functions: ["setAdvanceLimit"], role: ROLES.treasurer },
    { target: ledger, functions: ["setHoldbackClass"], role: ROLES.risk },
    { target: ledger, functions: ["proposeSeizure", "cancelSeizure"], role: ROLES.compliance },
    { target: ledger, functions: ["executeSeizure"], role: ROLES.seizure },
  ];
}

function selectorsOf(target: BaseContract, functions: readonly string[]): string[] {
  return functions
    .filter((name) => target.interface.hasFunction(name))
    .map((name) => target.interface.getFunction(name)?.selector as string);
}
