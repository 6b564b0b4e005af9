import { expect } from "chai";
import { type AbiCoder, type BaseContract, type FunctionFragment, ParamType } from "ethers";
import { FUNCTION_ROLES } from "../../services/chain/network-roles.ts";
import type { Actor } from "../support/actors.ts";
import { openTestChain, type TestNetwork } from "../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

/** Restricted functions that belong to no role are the admin's; these are all of them. */
const ADMIN_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  settlementLedger: ["openBook", "setCourt", "setCollector", "unpause"],
  participantRegistry: ["setLedger", "addToken", "setStatutoryAccount", "recover"],
  tokenRegistry: ["admit", "remove"],
};

/** Functions that only one kind of caller may call, whom the contract itself knows. */
const OWN_CALLERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  settlementLedger: { LedgerForbidden: ["closeCycle", "publishStatements", "payout", "lockDispute"] },
  vault: { VaultForbidden: ["pay", "receiveWithAuthorization"] },
};

/** What anybody may call: the caller's own money or standing, signed consents, parties named in terms, upkeep. */
const OPEN_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  settlementLedger: [
    ...["deposit", "depositBatch", "withdraw", "fundGuarantee", "syncAccounts", "syncAuthority", "refresh"],
    ...["authorize", "authorizeBatch", "authorizeByTransfer", "authorizeThrough", "authorizeWithSplits"],
    ...["charge", "chargeBatch", "capture", "captureBatch", "captureDelivered", "captureWithSplits", "void"],
    ...["refund", "refundWithConsent", "refundWithSplits", "cancel", "extend", "reclaim"],
    ...["releaseReserve", "meetObligations", "rebind"],
    // The court's, of the dispute that it opened: there is none to begin with.
    ...["addBond", "payBond", "payDispute"],
  ],
  disputeCourt: [
    ...["open", "contest", "accept", "withdraw", "submitEvidence", "rule", "escalate", "appeal", "finalize"],
    ...["offer", "withdrawOffer", "acceptOffer", "agree"],
  ],
  participantRegistry: [
    ...["acceptOperator", "acceptOperatorBatch", "startClosing", "close"],
    ...["requestPayoutAddress", "requestPayoutAddressFor", "confirmPayoutAddress", "cancelPayoutAddress"],
  ],
  token: [
    ...["approve", "transfer", "transferFrom", "permit", "refresh"],
    ...["transferWithAuthorization", "receiveWithAuthorization", "cancelAuthorization"],
  ],
};

describe("who may call what", () => {
  for (const name of ["settlementLedger", "disputeCourt", "participantRegistry", "token", "tokenRegistry"]) {
    it(`is decided by a role, or by ${name} for a reason, for each of its functions`, async () => {
      const contract = contractsOf(await load())[name] as BaseContract;
      const restricted = [...rolesOf(name).keys()];
      const own = Object.values(OWN_CALLERS[name] ?? {}).flat();

      expect(writingFunctions(contract)).to.have.members([
        ...restricted,
        ...own,
        ...(OPEN_FUNCTIONS[name] ?? []),
        "setAuthority",
      ]);
    });

    it(`keeps everybody without the role from the restricted functions of ${name}`, async () => {
      const network = await load();
      const contract = contractsOf(network)[name] as BaseContract;
      for (const [functionName, role] of rolesOf(name)) {
        for (const caller of await actorsWithout(network, role)) {
          await expect(callWithZeros(contract, functionName, caller), `${functionName} by ${caller.address}`)
            .to.be.revertedWithCustomError(network.ledgerCode, "AccessManagedUnauthorized")
            .withArgs(caller.address);
        }
      }
    });

    it(`lets only the access manager give ${name} another one`, async () => {
      const network = await load();
      const contract = contractsOf(network)[name] as BaseContract;
      for (const caller of [network.actors.admin, network.actors.outsider]) {
        await expect(callWithZeros(contract, "setAuthority", caller))
          .to.be.revertedWithCustomError(network.ledgerCode, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });
  }

  for (const [name, errors] of Object.entries(OWN_CALLERS)) {
    for (const [error, functions] of Object.entries(errors)) {
      it(`is refused with ${error} by ${functions.join(", ")} of ${name}`, async () => {
        const network = await load();
        const contract = contractsOf(network)[name] as BaseContract;
        const { admin, operator, guardian, outsider, payer } = network.actors;
        for (const functionName of functions) {
          for (const caller of [admin, operator, guardian, outsider, payer]) {
            await expect(callWithZeros(contract, functionName, caller), functionName)
              .to.be.revertedWithCustomError(contract, error)
              .withArgs(caller.address);
          }
        }
      });
    }
  }
});

function contractsOf(network: TestNetwork): Readonly<Record<string, BaseContract>> {
  const { ledger, court, registry, token, tokens, vault } = network;
  return {
    ...{ settlementLedger: ledger, disputeCourt: court, participantRegistry: registry },
    ...{ token, tokenRegistry: tokens, vault },
  };
}

function writingFunctions({ interface: abi }: BaseContract): string[] {
  const names: string[] = [];
  abi.forEachFunction(({ name, stateMutability }) => {
    if (stateMutability !== "view" && stateMutability !== "pure") names.push(name);
  });
  return [...new Set(names)];
}

/** The restricted functions of a contract with the role that each needs; 0 is the admin's. */
function rolesOf(name: string): Map<string, bigint> {
  const roles = new Map((ADMIN_FUNCTIONS[name] ?? []).map((functionName) => [functionName, 0n]));
  for (const { contract, functions, role } of FUNCTION_ROLES) {
    if (contract === name) for (const functionName of functions) roles.set(functionName, role);
  }
  return roles;
}

async function actorsWithout({ access, actors }: TestNetwork, role: bigint): Promise<Actor[]> {
  const candidates = [
    ...[actors.admin, actors.operator, actors.registrar, actors.issuer, actors.settler, actors.compliance],
    ...[actors.guardian, actors.treasurer, actors.risk, actors.seizer, actors.payer, actors.outsider],
  ];
  const isMember = await Promise.all(candidates.map(async (actor) => (await access.hasRole(role, actor))[0]));
  return candidates.filter((_, index) => !isMember[index]);
}

/** Arguments do not matter to who is refused for being who it is. */
function callWithZeros(contract: BaseContract, functionName: string, caller: Actor) {
  const fragments: FunctionFragment[] = [];
  contract.interface.forEachFunction((each) => {
    if (each.name === functionName) fragments.push(each);
  });
  const [fragment] = fragments;
  if (fragment === undefined) throw new RangeError(`There is no function ${functionName}.`);
  const coder: AbiCoder = ethers.AbiCoder.defaultAbiCoder();
  const args = fragment.inputs.map((input) => coder.getDefaultValue([ParamType.from(input)])[0]);
  const data = contract.interface.encodeFunctionData(fragment, args);
  return caller.sendTransaction({ to: contract, data });
}
