import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import type { Hex } from "../../services/domain/order-terms.ts";
import { NetworkAccess__factory } from "../../types/ethers-contracts/factories/access/NetworkAccess__factory.ts";
import { ParticipantRegistry__factory } from "../../types/ethers-contracts/factories/access/ParticipantRegistry__factory.ts";
import { DisputeCourt__factory } from "../../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import { SettlementLedger__factory } from "../../types/ethers-contracts/factories/ledger/SettlementLedger__factory.ts";
import { SettlementToken__factory } from "../../types/ethers-contracts/factories/token/SettlementToken__factory.ts";
import { Vault__factory } from "../../types/ethers-contracts/factories/vault/Vault__factory.ts";
import type {
  DisputeCourt,
  NetworkAccess,
  ParticipantRegistry,
  SettlementLedger,
  SettlementToken,
  Vault,
} from "../../types/ethers-contracts/index.ts";
import { type Actors, readActors } from "./actors.ts";
import { ALL_SCOPES, KIND, KYC_UNTIL } from "./words.ts";

/** As in contracts/access/NetworkRoles.sol. */
const ROLES = { registrar: 1n, compliance: 2n, issuer: 3n, settler: 4n, arbiterAdmin: 5n } as const;

/** The arbiter set of the tests: two of three. */
export const ARBITER_SET = 1;
export const ARBITER_THRESHOLD = 2n;

/** The court's windows in the tests, in seconds. */
export const RESPOND_WINDOW = 3n * 86_400n;
export const RULE_WINDOW = 7n * 86_400n;

/** What each payer of the tests has available from the start. */
export const PAYER_FUNDS = 1_000_000n;

/** Tokens that the issuer keeps, for deposits and the guarantee. */
const ISSUER_FUNDS = 2n ** 90n;

export type TestNetwork = {
  readonly ethers: HardhatEthers;
  readonly actors: Actors;
  readonly access: NetworkAccess;
  readonly registry: ParticipantRegistry;
  readonly token: SettlementToken;
  readonly ledger: SettlementLedger;
  readonly court: DisputeCourt;
  readonly vault: Vault;
  /** Addresses that calls need again and again. */
  readonly tokenAddress: Hex;
  readonly ledgerAddress: string;
  readonly courtAddress: string;
  readonly chainId: bigint;
  /** The chain's time when everything stood, in Unix seconds; order terms count from here. */
  readonly startedAt: number;
};

/** An in-process chain of one test file, and a loader that puts it back to a fresh network before each test. */
export async function openTestChain() {
  const { ethers, networkHelpers } = await network.create();
  async function deployedNetwork(): Promise<TestNetwork> {
    return deployContracts(ethers);
  }

  return {
    ethers,
    networkHelpers,
    time: networkHelpers.time,
    load: () => networkHelpers.loadFixture(deployedNetwork),
  };
}

/**
 * A whole network on an in-process chain, without services: two payers with money, two merchants that let the
 * operator do everything, a fee receiver, a court with a panel.
 */
export async function deployContracts(ethers: HardhatEthers): Promise<TestNetwork> {
  const actors = await readActors(ethers);
  const { admin, operator, issuer } = actors;
  const access = await new NetworkAccess__factory(admin).deploy(admin.address);
  const registry = await new ParticipantRegistry__factory(admin).deploy(access);
  const token = await new SettlementToken__factory(admin).deploy("Real", "BRL", 2, registry, access);
  const ledger = await new SettlementLedger__factory(admin).deploy(access, registry);
  const court = await new DisputeCourt__factory(admin).deploy(access, ledger, registry);
  const contracts = { access, registry, token, ledger, court };

  await grantRoles(contracts, actors);
  await ledger.setCourt(court);
  await registry.setLedger(ledger);
  const arbiters = actors.arbiters.map((arbiter) => arbiter.address);
  await court.setPolicy({ respondWindow: RESPOND_WINDOW, ruleWindow: RULE_WINDOW });
  await court.defineArbiterSet(ARBITER_SET, arbiters, ARBITER_THRESHOLD);
  await ledger.openBook(operator, token);
  const { vault } = await ledger.bookOf(operator, token);
  await registerParticipants(registry, actors, vault);
  await fundPayers(contracts, actors);

  return {
    ethers,
    actors,
    ...contracts,
    vault: Vault__factory.connect(vault, admin),
    tokenAddress: (await token.getAddress()) as Hex,
    ledgerAddress: await ledger.getAddress(),
    courtAddress: await court.getAddress(),
    chainId: (await ethers.provider.getNetwork()).chainId,
    startedAt: (await ethers.provider.getBlock("latest"))?.timestamp ?? 0,
  };

  async function fundPayers(
    { token, ledger }: typeof contracts,
    { payer, otherPayer, merchant, otherMerchant, feeReceiver }: Actors,
  ): Promise<void> {
    await token.connect(issuer).mint(issuer, ISSUER_FUNDS, ethers.id("funds of the issuer"));
    await token.connect(issuer).approve(ledger, ISSUER_FUNDS);
    await ledger.connect(issuer).depositBatch(operator, token, [
      { account: payer, amount: PAYER_FUNDS },
      { account: otherPayer, amount: PAYER_FUNDS },
    ]);
    await ledger.syncAccounts(operator, token, [merchant, otherMerchant, feeReceiver]);
  }
}

type Contracts = Pick<TestNetwork, "access" | "registry" | "token" | "ledger" | "court">;

async function grantRoles(
  { access, registry, token, ledger, court }: Contracts,
  actors: Actors,
): Promise<void> {
  const restricted = [
    { target: registry, functions: ["register", "registerBatch"], role: ROLES.registrar },
    { target: registry, functions: ["setStatus"], role: ROLES.compliance },
    { target: token, functions: ["mint", "mintBatch", "burn"], role: ROLES.issuer },
    { target: court, functions: ["setPolicy", "defineArbiterSet"], role: ROLES.arbiterAdmin },
  ];
  for (const { target, functions, role } of restricted) {
    const selectors = functions.map((name) => {
      const fragment = target.interface.fragments.find((item) => "name" in item && item.name === name);
      if (fragment === undefined || !("selector" in fragment)) throw new RangeError(`No function ${name}.`);
      return fragment.selector as string;
    });
    await access.setTargetFunctionRole(target, selectors, role);
  }

  const grants = [
    [ROLES.registrar, actors.registrar],
    [ROLES.compliance, actors.compliance],
    [ROLES.issuer, actors.issuer],
    [ROLES.settler, actors.settler],
    [ROLES.arbiterAdmin, actors.admin],
    [await access.operatorRole(actors.operator), actors.operator],
    [await access.operatorRole(actors.otherOperator), actors.otherOperator],
  ] as const;
  for (const [role, member] of grants) await access.grantRole(role, member, 0);

  for (const { address } of [actors.operator, actors.otherOperator, actors.settler]) {
    await ledger.syncAuthority(address, address);
  }
}

async function registerParticipants(
  registry: ParticipantRegistry,
  actors: Actors,
  vault: string,
): Promise<void> {
  const participants = [
    [vault, KIND.vault],
    [actors.issuer.address, KIND.institution],
    [actors.operator.address, KIND.operator],
    [actors.payer.address, KIND.payer],
    [actors.otherPayer.address, KIND.payer],
    [actors.merchant.address, KIND.merchant],
    [actors.otherMerchant.address, KIND.merchant],
    [actors.feeReceiver.address, KIND.institution],
  ] as const;
  await registry
    .connect(actors.registrar)
    .registerBatch(participants.map(([account, kind]) => registrationOf(account, kind)));
  for (const merchant of [actors.merchant, actors.otherMerchant]) {
    await registry.connect(merchant).acceptOperator(actors.operator, ALL_SCOPES);
  }
}

/** One line of a registration whose due diligence holds for the whole test. */
export function registrationOf(account: string, kind: number, kycUntil: bigint = KYC_UNTIL) {
  return {
    account,
    kind,
    kycLevel: 1,
    kycUntil,
    payoutAddress: `0x${"00".repeat(20)}`,
    termsHash: `0x${"00".repeat(32)}`,
  };
}
