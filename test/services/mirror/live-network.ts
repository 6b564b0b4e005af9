import { type ContractName, encodeCall } from "../../../services/chain/abi.ts";
import { readHead } from "../../../services/chain/chain.ts";
import { readContract } from "../../../services/chain/contract-calls.ts";
import type { Deployment } from "../../../services/chain/deployment.ts";
import type { JsonRpc } from "../../../services/chain/json-rpc.ts";
import { createLocalSigner, type Signer } from "../../../services/chain/signer.ts";
import { transact } from "../../../services/chain/transact.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { createLogger } from "../../../services/platform/logger.ts";
import { type LocalNetwork, startLocalNetwork } from "../../support/local-network.ts";

/** A real node with the real contracts, and a direct way to call them. */
export type LiveNetwork = {
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly token: Hex;
  readonly signers: LocalNetwork["signers"];
  readonly sign: LocalNetwork["participants"];
  /** The address of a payer or merchant. */
  addressOf(kind: "payer" | "merchant", name: string): Hex;
  participantSigner(kind: "payer" | "merchant", name: string): Signer;
  keyOf(kind: "payer" | "merchant", name: string): Hex;
  /** Sends one transaction to a contract of the network and waits for it. */
  send(signer: Signer, contract: ContractName, functionName: string, args: readonly unknown[]): Promise<void>;
  /** The chain's time in Unix seconds. */
  now(): Promise<number>;
  stop(): Promise<void>;
};

export const silentLogger = createLogger({ level: "silent", role: "test" });

/** Starts a node and deploys; nothing goes through the services. */
export async function startLiveNetwork(options: { engine?: "anvil" | "hardhat" } = {}): Promise<LiveNetwork> {
  const clock = createSystemClock();
  const network = await startLocalNetwork(options);
  const { rpc, deployment, chainId } = network.chain;
  const { networkAccess, settlementLedger, participantRegistry, disputeCourt } = deployment.contracts;
  const addresses: Partial<Record<ContractName, Hex>> = {
    networkAccess: networkAccess.address,
    settlementLedger: settlementLedger.address,
    participantRegistry: participantRegistry.address,
    disputeCourt: disputeCourt.address,
    token: network.token,
  };
  return {
    rpc,
    deployment,
    token: network.token,
    signers: network.signers,
    sign: network.participants,
    addressOf: network.participants.addressOf,
    keyOf: network.keyOf,
    participantSigner: (kind, name) => createLocalSigner(network.keyOf(kind, name)),
    async send(signer, contract, functionName, args) {
      const to = addresses[contract];
      if (to === undefined) throw new Error(`The network has no ${contract}.`);
      await transact({ rpc, clock, chainId, signer, to, data: encodeCall(contract, functionName, args) });
    },
    now: async () => (await readHead(rpc)).timestamp,
    stop: network.stop,
  };
}

/** Registers participants, lets merchants accept the operator, opens their accounts and funds the payers. */
export async function onboard(
  network: LiveNetwork,
  people: {
    readonly merchants: readonly string[];
    readonly payers: readonly string[];
    readonly funds: bigint;
  },
): Promise<void> {
  const { signers, send, addressOf, sign, deployment, token } = network;
  const merchants = people.merchants.map((name) => addressOf("merchant", name));
  const payers = people.payers.map((name) => addressOf("payer", name));
  const kycUntil = (await network.now()) + 10 * 365 * 86_400;
  const registration = (kind: number) => (account: Hex) => ({
    account,
    kind,
    kycLevel: 1,
    kycUntil,
    payoutAddress: `0x${"0".repeat(40)}`,
    termsHash: `0x${"0".repeat(64)}`,
  });
  const registrations = [...payers.map(registration(1)), ...merchants.map(registration(2))];
  await send(signers.registrar, "participantRegistry", "registerBatch", [registrations]);

  const issuedAt = await network.now();
  const acceptances = merchants.map((merchant) => ({
    merchant,
    operator: deployment.operator,
    scopes: 7,
    issuedAt,
  }));
  const signatures = people.merchants.map((merchant) =>
    sign.signAcceptance({ merchant, operator: deployment.operator, scopes: 7, issuedAt }),
  );
  await send(signers.registrar, "participantRegistry", "acceptOperatorBatch", [acceptances, signatures]);
  await send(signers.registrar, "settlementLedger", "syncAccounts", [deployment.operator, token, merchants]);

  const total = people.funds * BigInt(payers.length);
  const bankReference = `0x${(await readHead(network.rpc)).hash.slice(2)}`;
  await send(signers.issuer, "token", "mint", [signers.issuer.address, total, bankReference]);
  const deposits = payers.map((account) => ({ account, amount: people.funds }));
  await send(signers.issuer, "settlementLedger", "depositBatch", [deployment.operator, token, deposits]);
}

/** Terms of an order that lapse only after months; a fee of 5% to the operator. */
export async function termsOf(
  network: LiveNetwork,
  order: {
    readonly merchant: string;
    readonly payer: string;
    readonly amount: bigint;
    readonly nonce: number;
  },
): Promise<OrderTerms> {
  const { deployment, token, addressOf } = network;
  const month = 30 * 86_400;
  const now = await network.now();
  return {
    payer: addressOf("payer", order.payer),
    merchant: addressOf("merchant", order.merchant),
    operator: deployment.operator,
    token,
    amount: order.amount,
    fixedFee: 0n,
    feeBps: 500,
    feeReceiver: deployment.feeReceiver,
    splitsHash: `0x${"0".repeat(64)}`,
    authorizeBy: now + 4 * month,
    captureBy: now + 4 * month,
    reclaimFrom: now + 5 * month,
    refundBy: now + 9 * month,
    disputeWindow: 5 * month,
    defaultPayerBps: 5_000,
    arbiterSetId: deployment.arbiterSetId,
    holdbackClass: 0,
    deliveryKey: `0x${"0".repeat(40)}`,
    merchantMayCapture: false,
    commitment: `0x${"0".repeat(64)}`,
    nonce: BigInt(order.nonce),
  };
}

/** The vault of the network's only book. */
export async function vaultOf({ rpc, deployment, token }: LiveNetwork): Promise<Hex> {
  const [book] = await readContract(rpc, {
    contract: "settlementLedger",
    address: deployment.contracts.settlementLedger.address,
    functionName: "bookOf",
    args: [deployment.operator, token],
  });
  return book.vault.toLowerCase();
}
