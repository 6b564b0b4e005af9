import { addressWord, bytes32Word, hashWords, uintWord } from "../../../services/chain/abi-words.ts";
import { developmentKeys } from "../../../services/chain/development-keys.ts";
import { moveChainClock } from "../../../services/chain/engine.ts";
import { ledgerDomain } from "../../../services/chain/order-signing.ts";
import { createLocalSigner, type Signer } from "../../../services/chain/signer.ts";
import {
  signDigest,
  typedDataDigest,
  typedDataDomain,
  typeHash,
} from "../../../services/chain/typed-data.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { type LiveNetwork, onboard, termsOf, vaultOf } from "./live-network.ts";
import { hashSplits, type Split } from "./splits.ts";

const DOCUMENT: Hex = `0x${"d0c".padEnd(64, "0")}`;
const CASE: Hex = `0x${"ca5e".padEnd(64, "0")}`;
const DAY = 86_400;
const HOLDBACK_CLASS = 1;
const SEIZURE_ROLE = 8n;
const GUARANTEE = 2n ** 70n;

/**
 * What the ledger's second half can do to money, once: reserve, payees' shares, a foreign fee receiver, bonds and offers, an
 * award that is paid later, debt that is repaid, money from outside, canceled and extended orders, seizure and recovery.
 * Leaves five closed cycles of which none is published.
 */
export async function tellRareStory(network: LiveNetwork): Promise<void> {
  const deployer = createLocalSigner(developmentKeys(network.deployment.chainId).deployer);
  await onboard(network, { merchants: ["loom", "dyer"], payers: ["eve", "fay", "gus"], funds: 1_000_000n });
  await setRules(network, deployer);
  const orders = createOrders(network);

  const held = await orders.charge("loom", "eve", 40_000n, { holdbackClass: HOLDBACK_CLASS });
  await tellOfShares(network, orders);
  await settleByOffer(network, held);
  await orders.close(1, ["loom", "dyer"]);
  await tellOfDeferredAward(network, deployer, orders);
  await tellOfDebt(network, deployer, orders);
  await tellOfConsents(network, orders);
  await tellOfSeizureAndRecovery(network, deployer);
}

type Orders = ReturnType<typeof createOrders>;

function createOrders(network: LiveNetwork) {
  const { send, signers, deployment, token, addressOf } = network;
  let nonce = 100;
  const ledger = (name: string, args: readonly unknown[]) =>
    send(signers.operator, "settlementLedger", name, args);

  async function draft(merchant: string, payer: string, amount: bigint, changes: Partial<OrderTerms> = {}) {
    const terms = { ...(await termsOf(network, { merchant, payer, amount, nonce: nonce++ })), ...changes };
    return { terms, ...network.sign.signOrder({ payer, terms }) };
  }

  return {
    ledger,
    draft,
    async charge(merchant: string, payer: string, amount: bigint, changes: Partial<OrderTerms> = {}) {
      const { terms, signature } = await draft(merchant, payer, amount, changes);
      await ledger("charge", [terms, signature]);
      return terms;
    },
    close: (cycle: number, names: readonly string[]) =>
      send(signers.settler, "settlementLedger", "closeCycle", [
        deployment.operator,
        token,
        cycle,
        names.map((name) => addressOf("merchant", name)),
      ]),
    payOut: (name: string) =>
      send(signers.settler, "settlementLedger", "payout", [
        deployment.operator,
        token,
        [addressOf("merchant", name)],
      ]),
  };
}

async function setRules({ send, deployment, signers }: LiveNetwork, deployer: Signer): Promise<void> {
  await send(deployer, "settlementLedger", "setHoldbackClass", [HOLDBACK_CLASS, 1_000, DAY]);
  const policy = {
    respondWindow: 3_600,
    ruleWindow: 3_600,
    appealWindow: 0,
    appealRuleWindow: 0,
    hardStop: 7 * DAY,
    openBondBps: 100,
    appealBondBps: 0,
    evidenceCap: 4,
  };
  await send(deployer, "disputeCourt", "setPolicy", [policy]);
  await send(deployer, "networkAccess", "grantRole", [SEIZURE_ROLE, deployer.address, 0]);
  await send(deployer, "participantRegistry", "setStatutoryAccount", [signers.issuer.address]);
  await send(signers.registrar, "settlementLedger", "syncAccounts", [
    deployment.operator,
    Object.values(deployment.tokens)[0]?.address,
    [signers.issuer.address],
  ]);
}

async function tellOfShares({ addressOf }: LiveNetwork, { draft, ledger, charge }: Orders): Promise<void> {
  const dyer = addressOf("merchant", "dyer");
  const splits: Split[] = [{ payee: dyer, bps: 2_500 }];
  const { terms, signature } = await draft("loom", "fay", 20_000n, { splitsHash: hashSplits(splits) });
  await ledger("authorizeWithSplits", [terms, splits, signature]);
  await ledger("captureWithSplits", [terms, splits, 20_000n]);
  await ledger("refundWithSplits", [terms, splits, 5_000n]);

  const foreign = await charge("loom", "gus", 10_000n, { feeReceiver: dyer });
  await ledger("refund", [foreign, 4_000n]);
}

/** A dispute with a bond that both sides end by an offer. */
async function settleByOffer(network: LiveNetwork, terms: OrderTerms): Promise<void> {
  const { send, signers, participantSigner } = network;
  const deadline = (await network.now()) + DAY;
  await send(signers.operator, "disputeCourt", "open", [terms, 30_000n, 1, DOCUMENT]);
  await send(signers.operator, "disputeCourt", "contest", [terms, DOCUMENT]);
  await send(signers.operator, "disputeCourt", "submitEvidence", [terms, 1, CASE]);
  await send(participantSigner("payer", "eve"), "disputeCourt", "offer", [terms, 20_000n, deadline]);
  await send(participantSigner("payer", "eve"), "disputeCourt", "withdrawOffer", [terms]);
  await send(participantSigner("merchant", "loom"), "disputeCourt", "offer", [terms, 12_345n, deadline]);
  await send(participantSigner("payer", "eve"), "disputeCourt", "acceptOffer", [terms, 12_345n]);
  await moveChainClock(network.rpc, 60);
  await send(signers.operator, "disputeCourt", "finalize", [terms, []]);
}

/** A merchant that was paid out loses a dispute and no fund helps it: the payer waits for the next settlement. */
async function tellOfDeferredAward(network: LiveNetwork, deployer: Signer, orders: Orders): Promise<void> {
  const { send, signers, deployment, token } = network;
  await send(deployer, "settlementLedger", "setAdvanceLimit", [deployment.operator, token, 0]);
  const lost = await orders.charge("loom", "eve", 9_000n);
  await orders.close(2, ["loom"]);
  await orders.payOut("loom");
  await send(signers.operator, "disputeCourt", "open", [lost, 9_000n, 1, DOCUMENT]);
  await send(signers.operator, "disputeCourt", "accept", [lost]);
  await moveChainClock(network.rpc, 60);
  await send(signers.operator, "disputeCourt", "finalize", [lost, []]);
  await orders.charge("loom", "fay", 30_000n, { holdbackClass: HOLDBACK_CLASS });
  await orders.payOut("loom");
  await orders.close(3, ["loom", "dyer"]);
}

async function tellOfDebt(network: LiveNetwork, deployer: Signer, orders: Orders): Promise<void> {
  const { send, signers, deployment, token, addressOf } = network;
  const account = [deployment.operator, token, addressOf("merchant", "loom")];
  await send(deployer, "settlementLedger", "setAdvanceLimit", [deployment.operator, token, GUARANTEE]);
  const sold = await orders.charge("loom", "gus", 12_000n);
  await orders.close(4, ["loom"]);
  await orders.payOut("loom");
  await orders.ledger("refund", [sold, 11_000n]);
  await orders.charge("loom", "gus", 50_000n, { holdbackClass: HOLDBACK_CLASS });
  await moveChainClock(network.rpc, 3 * DAY);
  await send(signers.operator, "settlementLedger", "releaseReserve", account);
  await orders.close(5, ["loom"]);
  await orders.charge("dyer", "gus", 5_000n);
  await send(signers.operator, "settlementLedger", "meetObligations", account);
}

async function tellOfConsents(network: LiveNetwork, { draft, ledger }: Orders): Promise<void> {
  const { send, participantSigner, token } = network;
  const unused = await draft("loom", "eve", 1n);
  await send(participantSigner("payer", "eve"), "settlementLedger", "cancel", [unused.terms, "0x"]);

  const later = await draft("loom", "eve", 2_000n);
  await ledger("authorize", [later.terms, later.signature]);
  const captureBy = later.terms.captureBy + DAY;
  const extension = signExtension(network, later.orderId, captureBy);
  await ledger("extend", [later.terms, captureBy, extension("payer", "eve"), extension("merchant", "loom")]);
  await ledger("void", [later.terms, 500n]);

  const paid = await draft("loom", "gus", 3_000n);
  const { issuer } = network.signers;
  await send(issuer, "token", "mint", [paid.terms.payer, 3_000n, `0x${"8".repeat(64)}`]);
  await ledger("authorizeByTransfer", [
    paid.terms,
    signTransfer(network, await vaultOf(network), token, paid),
  ]);
}

async function tellOfSeizureAndRecovery(network: LiveNetwork, deployer: Signer): Promise<void> {
  const { send, signers, addressOf, deployment, token, participantSigner } = network;
  const fay = addressOf("payer", "fay");
  const gus = addressOf("payer", "gus");
  await send(participantSigner("merchant", "dyer"), "participantRegistry", "requestPayoutAddress", [
    signers.issuer.address,
  ]);
  await send(signers.registrar, "participantRegistry", "freeze", [[fay]]);
  const args = [deployment.operator, token, fay, 700n, CASE] as const;
  await send(signers.registrar, "settlementLedger", "proposeSeizure", args);
  const { seizureId } = await lastSeizure(network);
  await moveChainClock(network.rpc, 3 * DAY + 60);
  await send(deployer, "settlementLedger", "executeSeizure", [seizureId]);
  await send(deployer, "participantRegistry", "recover", [gus, addressOf("payer", "gus again"), CASE]);
  await send(signers.operator, "settlementLedger", "rebind", [deployment.operator, token, gus]);
}

async function lastSeizure({ rpc, deployment }: LiveNetwork): Promise<{ seizureId: Hex }> {
  const proposed = typeHash("SeizureProposed(bytes32,address,address,address,uint256,bytes32,uint256)");
  const address = deployment.contracts.settlementLedger.address;
  const logs = await rpc.request<{ topics: Hex[] }[]>("eth_getLogs", [
    { address, topics: [proposed], fromBlock: "0x0", toBlock: "latest" },
  ]);
  const seizureId = logs.at(-1)?.topics[1];
  if (seizureId === undefined) throw new Error("No seizure was proposed.");
  return { seizureId };
}

function signExtension({ deployment, keyOf }: LiveNetwork, orderId: Hex, captureBy: number) {
  const type = bytes32Word(typeHash("Extension(bytes32 orderId,uint40 captureBy)"));
  const structHash = hashWords(type + bytes32Word(orderId) + uintWord(captureBy, 40));
  const domain = ledgerDomain(deployment.chainId, deployment.contracts.settlementLedger.address);
  return (kind: "payer" | "merchant", name: string) =>
    signDigest(typedDataDigest(domain, structHash), keyOf(kind, name));
}

/** The payer's ERC-3009 authorization that pays the vault, with the order's id as nonce. */
function signTransfer(
  { deployment, keyOf }: LiveNetwork,
  vault: Hex,
  token: Hex,
  { terms, orderId }: { readonly terms: OrderTerms; readonly orderId: Hex },
): Hex {
  const domain = typedDataDomain({
    name: "Rialto BRL",
    version: "1",
    chainId: deployment.chainId,
    verifyingContract: token,
  });
  const type =
    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
  const structHash = hashWords(
    bytes32Word(typeHash(type)) +
      addressWord(terms.payer) +
      addressWord(vault) +
      uintWord(terms.amount, 256) +
      uintWord(0, 256) +
      uintWord(terms.authorizeBy + 1, 256) +
      bytes32Word(orderId),
  );
  return signDigest(typedDataDigest(domain, structHash), keyOf("payer", "gus"));
}
