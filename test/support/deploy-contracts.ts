import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import type { Hex } from "../../services/domain/order-terms.ts";
import { NetworkAccess__factory } from "../../types/ethers-contracts/factories/access/NetworkAccess__factory.ts";
import { ParticipantRegistry__factory } from "../../types/ethers-contracts/factories/access/ParticipantRegistry__factory.ts";
import { TokenRegistry__factory } from "../../types/ethers-contracts/factories/access/TokenRegistry__factory.ts";
import { PermitCollector__factory } from "../../types/ethers-contracts/factories/collectors/PermitCollector__factory.ts";
import { DisputeCourt__factory } from "../../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import { ISettlementLedger__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { LedgerAdministration__factory } from "../../types/ethers-contracts/factories/ledger/LedgerAdministration__factory.ts";
import { LedgerSettlement__factory } from "../../types/ethers-contracts/factories/ledger/LedgerSettlement__factory.ts";
import { OrderConsents__factory } from "../../types/ethers-contracts/factories/ledger/OrderConsents__factory.ts";
import { SettlementLedger__factory } from "../../types/ethers-contracts/factories/ledger/SettlementLedger__factory.ts";
import { SettlementToken__factory } from "../../types/ethers-contracts/factories/token/SettlementToken__factory.ts";
import { Vault__factory } from "../../types/ethers-contracts/factories/vault/Vault__factory.ts";
import type {
  DisputeCourt,
  ISettlementLedger,
  NetworkAccess,
  ParticipantRegistry,
  PermitCollector,
  SettlementLedger,
  SettlementToken,
  TokenRegistry,
  Vault,
} from "../../types/ethers-contracts/index.ts";
import { type Actors, readActors } from "./actors.ts";
import { grantRoles } from "./grant-roles.ts";
import { ALL_SCOPES, KIND, KYC_UNTIL, MAX_U80 } from "./words.ts";

/** The arbiter set of the tests: two of three. */
export const ARBITER_SET = 1;
export const ARBITER_THRESHOLD = 2n;

/** The court's policy in the tests: windows in seconds, no bonds. */
const DAY = 86_400n;
export const POLICY = {
  respondWindow: 3n * DAY,
  ruleWindow: 7n * DAY,
  appealWindow: 2n * DAY,
  appealRuleWindow: 10n * DAY,
  hardStop: 40n * DAY,
  openBondBps: 0n,
  appealBondBps: 0n,
  evidenceCap: 3n,
};

/** What each payer of the tests has available from the start. */
export const PAYER_FUNDS = 1_000_000n;

/** Tokens that the issuer keeps, for deposits and the guarantee. */
const ISSUER_FUNDS = 2n ** 90n;

/** Most tokens' amounts are u80, so most books hold as much. */
export const CAP_BITS = 80;
const PROBE = 100n;

export type TestNetwork = {
  readonly ethers: HardhatEthers;
  readonly actors: Actors;
  readonly access: NetworkAccess;
  readonly registry: ParticipantRegistry;
  readonly token: SettlementToken;
  /** Whose tokens books may be opened in. */
  readonly tokens: TokenRegistry;
  readonly ledger: ISettlementLedger;
  /** The same contract by the code of its own, which has OpenZeppelin's errors. */
  readonly ledgerCode: SettlementLedger;
  readonly collector: PermitCollector;
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
  const tokens = await new TokenRegistry__factory(admin).deploy(access);
  const ledger = await deployLedger();
  const court = await new DisputeCourt__factory(admin).deploy(access, ledger, registry);
  const collector = await new PermitCollector__factory(admin).deploy(ledger);
  const contracts = { access, registry, token, tokens, ledger, court, collector };

  await grantRoles(contracts, actors);
  await ledger.setCourt(court);
  await ledger.setCollector(collector, true);
  await registry.setLedger(ledger);
  await registry.addToken(token);
  await court.setPolicy(POLICY);
  const members = actors.arbiters.map((arbiter) => arbiter.address);
  await court.defineArbiterSet(ARBITER_SET, members, ARBITER_THRESHOLD, 0, 0);
  await registerParticipants(registry, actors, await tokens.getAddress());
  await token.connect(issuer).mint(issuer, ISSUER_FUNDS, ethers.id("funds of the issuer"));
  await token.connect(issuer).transfer(admin, PROBE);
  await token.approve(tokens, PROBE);
  await tokens.admit(token, CAP_BITS, PROBE);
  await ledger.openBook(operator, token);
  await ledger.setAdvanceLimit(operator, token, MAX_U80);
  const { vault } = await ledger.bookOf(operator, token);
  await registry.connect(actors.registrar).register(registrationOf(vault, KIND.vault));
  await fundPayers(contracts, actors);

  return {
    ethers,
    actors,
    ...contracts,
    ledgerCode: SettlementLedger__factory.connect(await ledger.getAddress(), admin),
    vault: Vault__factory.connect(vault, admin),
    tokenAddress: (await token.getAddress()) as Hex,
    ledgerAddress: await ledger.getAddress(),
    courtAddress: await court.getAddress(),
    chainId: (await ethers.provider.getNetwork()).chainId,
    startedAt: (await ethers.provider.getBlock("latest"))?.timestamp ?? 0,
  };

  async function deployLedger(): Promise<ISettlementLedger> {
    const settlement = await new LedgerSettlement__factory(admin).deploy(access, registry);
    const consents = await new OrderConsents__factory(admin).deploy(access, registry);
    const administration = await new LedgerAdministration__factory(admin).deploy(access, registry, tokens);
    const deployed = await new SettlementLedger__factory(admin).deploy(
      access,
      registry,
      settlement,
      consents,
      administration,
    );
    return ISettlementLedger__factory.connect(await deployed.getAddress(), admin);
  }

  async function fundPayers(
    { token, ledger }: typeof contracts,
    { payer, otherPayer, merchant, otherMerchant, feeReceiver }: Actors,
  ): Promise<void> {
    await token.connect(issuer).approve(ledger, ISSUER_FUNDS);
    await ledger.connect(issuer).depositBatch(operator, token, [
      { account: payer, amount: PAYER_FUNDS },
      { account: otherPayer, amount: PAYER_FUNDS },
    ]);
    await ledger.syncAccounts(operator, token, [merchant, otherMerchant, feeReceiver]);
  }
}

async function registerParticipants(
  registry: ParticipantRegistry,
  actors: Actors,
  tokens: string,
): Promise<void> {
  const participants = [
    [tokens, KIND.institution],
    [actors.admin.address, KIND.institution],
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
