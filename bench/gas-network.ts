import { id as hashOf, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { addressWord, bytes32Word, hashWords, uintWord } from "../services/chain/abi-words.ts";
import { registryDomain, signAcceptance } from "../services/chain/acceptance-signing.ts";
import { courtDomain, signVotes } from "../services/chain/dispute-signing.ts";
import { ledgerDomain, signOrder } from "../services/chain/order-signing.ts";
import {
  addressOfKey,
  signDigest,
  typedDataDigest,
  typedDataDomain,
  typeHash,
} from "../services/chain/typed-data.ts";
import type { Hex, OrderTerms } from "../services/domain/order-terms.ts";
import { NetworkAccess__factory } from "../types/ethers-contracts/factories/access/NetworkAccess__factory.ts";
import { ParticipantRegistry__factory } from "../types/ethers-contracts/factories/access/ParticipantRegistry__factory.ts";
import { TokenRegistry__factory } from "../types/ethers-contracts/factories/access/TokenRegistry__factory.ts";
import { DisputeCourt__factory } from "../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import { ISettlementLedger__factory } from "../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { LedgerAdministration__factory } from "../types/ethers-contracts/factories/ledger/LedgerAdministration__factory.ts";
import { LedgerSettlement__factory } from "../types/ethers-contracts/factories/ledger/LedgerSettlement__factory.ts";
import { OrderConsents__factory } from "../types/ethers-contracts/factories/ledger/OrderConsents__factory.ts";
import { SettlementLedger__factory } from "../types/ethers-contracts/factories/ledger/SettlementLedger__factory.ts";
import { SettlementToken__factory } from "../types/ethers-contracts/factories/token/SettlementToken__factory.ts";

/** Kinds as in contracts/interfaces/IParticipantRegistry.sol. */
const KIND = { payer: 1, merchant: 2, vault: 6, institution: 7 } as const;
const ALL_SCOPES = 7;
const PAYERS = 100;
const MERCHANTS = 100;
const ARBITERS = 7;
const PANEL = { small: { setId: 1, threshold: 3 }, large: { setId: 2, threshold: 7 } } as const;
const FUNDS = 10n ** 15n;
const DAY = 86_400;

/** What a payer signs in its wallet to send tokens that only their receiver can fetch. */
const RECEIVE_TYPE =
  "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
const TOKEN_NAME = "Real";

/** Gas depends on every byte of calldata, so the chain's time is always the same. */
const STARTED_AT = "2026-01-01T00:00:00Z";
const KYC_FOREVER = 2n ** 40n - 1n;

export type GasOrder = { readonly id: Hex; readonly terms: OrderTerms; readonly signature: Hex };

/**
 * A network on an in-process Hardhat node, with 100 payers and 100 merchants whose words hold money already, so that
 * no balance's storage slot is zero before it is measured. The first payer has tokens in its wallet as well.
 */
export async function openGasNetwork() {
  const { ethers } = await network.create({ override: { initialDate: STARTED_AT } });
  const signers = await ethers.getSigners();
  const [admin, operator, issuer, settler] = [at(signers, 0), at(signers, 1), at(signers, 2), at(signers, 3)];
  const access = await new NetworkAccess__factory(admin).deploy(admin.address);
  const registry = await new ParticipantRegistry__factory(admin).deploy(access);
  const token = await new SettlementToken__factory(admin).deploy(TOKEN_NAME, "BRL", 2, registry, access);
  const admissions = await new TokenRegistry__factory(admin).deploy(access);
  const ledger = await deployLedger();
  const court = await new DisputeCourt__factory(admin).deploy(access, ledger, registry);
  const tokenAddress = (await token.getAddress()) as Hex;
  const payerKeys = keysOf("payer", PAYERS);
  const merchantKeys = keysOf("merchant", MERCHANTS);
  const arbiterKeys = keysOf("arbiter", ARBITERS);
  const payers = payerKeys.map(addressOfKey);
  const merchants = merchantKeys.map(addressOfKey);
  const chainId = 31337;
  const orders = ledgerDomain(chainId, (await ledger.getAddress()) as Hex);
  const votes = courtDomain(chainId, (await court.getAddress()) as Hex);
  const acceptances = registryDomain(chainId, (await registry.getAddress()) as Hex);
  const transfers = typedDataDomain({
    name: TOKEN_NAME,
    version: "1",
    chainId,
    verifyingContract: tokenAddress,
  });
  const startedAt = await chainTime();

  await wire();
  await enrol();
  await fund();

  let nonce = 0n;
  return {
    ledger: ledger.connect(operator),
    settling: ledger.connect(settler),
    court: court.connect(operator),
    operator: operator.address as Hex,
    token: tokenAddress,
    merchants,
    panel: PANEL,

    /** A signed order between the payer and the merchant of these indexes: 10,000 at 5 per cent. */
    order(payer: number, merchant: number, given: Partial<OrderTerms> = {}): GasOrder {
      const terms: OrderTerms = {
        payer: at(payers, payer % PAYERS),
        merchant: at(merchants, merchant % MERCHANTS),
        operator: operator.address as Hex,
        token: tokenAddress,
        amount: 10_000n,
        fixedFee: 0n,
        feeBps: 500,
        feeReceiver: operator.address as Hex,
        splitsHash: ZeroHash as Hex,
        authorizeBy: startedAt + DAY,
        captureBy: startedAt + 30 * DAY,
        reclaimFrom: startedAt + 31 * DAY,
        refundBy: startedAt + 90 * DAY,
        disputeWindow: 60 * DAY,
        defaultPayerBps: 5_000,
        arbiterSetId: PANEL.small.setId,
        holdbackClass: 0,
        deliveryKey: ZeroAddress as Hex,
        merchantMayCapture: false,
        commitment: hashOf(`commitment ${nonce}`) as Hex,
        nonce: nonce++,
        ...given,
      };
      const { orderId, signature } = signOrder(terms, orders, at(payerKeys, payer % PAYERS));
      return { id: orderId, terms, signature };
    },

    /** An order that its payer has the money for in its wallet, signed as the ERC-3009 transfer that brings it in. */
    async transferOrder(payer: number, merchant: number): Promise<GasOrder> {
      const { id, terms } = this.order(payer, merchant);
      const { vault } = await ledger.bookOf(operator, token);
      const transfer =
        bytes32Word(typeHash(RECEIVE_TYPE)) +
        addressWord(terms.payer) +
        addressWord(vault as Hex) +
        uintWord(terms.amount, 256) +
        uintWord(0, 256) +
        uintWord(terms.authorizeBy + 1, 256) +
        bytes32Word(id);
      const digest = typedDataDigest(transfers, hashWords(transfer));
      return { id, terms, signature: signDigest(digest, at(payerKeys, payer % PAYERS)) };
    },

    /** As many of the arbiters' votes as the threshold of the set asks for. */
    votes(vote: Parameters<typeof signVotes>[0], threshold: number): Hex[] {
      const sorted = [...arbiterKeys].sort((a, b) => (addressOfKey(a) < addressOfKey(b) ? -1 : 1));
      return signVotes(vote, votes, sorted.slice(0, threshold));
    },
  };

  async function deployLedger() {
    const parts = [
      await new LedgerSettlement__factory(admin).deploy(access, registry),
      await new OrderConsents__factory(admin).deploy(access, registry),
      await new LedgerAdministration__factory(admin).deploy(access, registry, admissions),
    ] as const;
    const deployed = await new SettlementLedger__factory(admin).deploy(access, registry, ...parts);
    return ISettlementLedger__factory.connect(await deployed.getAddress(), admin);
  }

  async function chainTime(): Promise<number> {
    return (await ethers.provider.getBlock("latest"))?.timestamp ?? 0;
  }

  async function wire(): Promise<void> {
    await access.grantRole(await access.operatorRole(operator), operator, 0);
    await access.grantRole(await access.settlerRole(), settler, 0);
    await ledger.syncAuthority(operator, operator);
    await ledger.syncAuthority(settler, settler);
    await ledger.setCourt(court);
    await registry.setLedger(ledger);
    await court.setPolicy({
      respondWindow: 7 * DAY,
      ruleWindow: 14 * DAY,
      appealWindow: 0,
      appealRuleWindow: 0,
      hardStop: 40 * DAY,
      openBondBps: 0,
      appealBondBps: 0,
      evidenceCap: 4,
    });
    const members = arbiterKeys.map(addressOfKey).sort();
    for (const { setId, threshold } of Object.values(PANEL)) {
      await court.defineArbiterSet(setId, members, threshold, 0, 0);
    }
  }

  async function enrol(): Promise<void> {
    const institutions = [await admissions.getAddress(), admin.address, issuer.address, operator.address];
    await registry.registerBatch(institutions.map((account) => registrationOf(account, KIND.institution)));
    await token.mint(admin, 100n, hashOf("probe"));
    await token.approve(admissions, 100n);
    await admissions.admit(token, 80, 100n);
    await ledger.openBook(operator, token);
    await ledger.setAdvanceLimit(operator, token, FUNDS);
    const { vault } = await ledger.bookOf(operator, token);
    const lines: readonly (readonly [string, number])[] = [
      [vault, KIND.vault],
      ...payers.map((payer) => [payer, KIND.payer] as const),
      ...merchants.map((merchant) => [merchant, KIND.merchant] as const),
    ];
    await registry.registerBatch(lines.map(([account, kind]) => registrationOf(account, kind)));
    const consents = merchantKeys.map((key) => ({
      merchant: addressOfKey(key),
      operator: operator.address as Hex,
      scopes: ALL_SCOPES,
      issuedAt: startedAt,
    }));
    const signatures = consents.map((consent, index) =>
      signAcceptance(consent, acceptances, at(merchantKeys, index)),
    );
    await registry.acceptOperatorBatch(consents, signatures);
    await ledger.syncAccounts(operator, token, merchants);
  }

  /** Everybody has money available; merchants and the fee receiver have money pending as well. */
  async function fund(): Promise<void> {
    const everybody = [...payers, ...merchants, issuer.address, operator.address];
    const total = FUNDS * BigInt(everybody.length + 1);
    await token.mint(issuer, total * 2n, hashOf("bank movement"));
    await token.connect(issuer).approve(ledger, total * 2n);
    const deposits = everybody.map((account) => ({ account, amount: FUNDS }));
    await ledger.connect(issuer).depositBatch(operator, token, deposits);
    await ledger.connect(issuer).fundGuarantee(operator, token, FUNDS);
    // A token balance that is zero before a payout would be charged to the payout.
    for (const merchant of merchants) await token.connect(issuer).transfer(merchant, 1n);
    await token.connect(issuer).transfer(at(payers, 0), FUNDS / 2n);
  }
}

export type GasNetwork = Awaited<ReturnType<typeof openGasNetwork>>;

function registrationOf(account: string, kind: number) {
  return {
    account,
    kind,
    kycLevel: 1,
    kycUntil: KYC_FOREVER,
    payoutAddress: ZeroAddress,
    termsHash: ZeroHash,
  };
}

function keysOf(kind: string, count: number): Hex[] {
  return Array.from({ length: count }, (_, index) => hashOf(`bench ${kind} ${index}`) as Hex);
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no item ${index} of ${items.length}.`);
  return item;
}
