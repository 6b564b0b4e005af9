import type { Signer } from "ethers";
import type { TestNetwork } from "../deploy-contracts.ts";
import type { TestOrder } from "./order.ts";

/** As in contracts/interfaces/IDisputeCourt.sol. */
export const DISPUTE_STATE = {
  none: 0n,
  open: 1n,
  contested: 2n,
  ruled: 3n,
  appealed: 4n,
  final: 5n,
} as const;
export const SIDE = { none: 0n, payer: 1n, merchant: 2n } as const;
export const BASIS = {
  panel: 0n,
  merchantAccepted: 1n,
  payerWithdrew: 2n,
  merchantSilent: 3n,
  panelSilent: 4n,
  appealPanel: 5n,
  appealPanelSilent: 6n,
  offerAccepted: 7n,
  agreed: 8n,
} as const;
export const NOT_RECEIVED = 1;

export type TestDispute = { readonly id: string; readonly order: TestOrder; readonly evidence: string };

/** Written out once more, on purpose: a wallet gets its types from here, not from our own hashing. */
const TYPES = {
  Vote: [
    { name: "disputeId", type: "bytes32" },
    { name: "round", type: "uint256" },
    { name: "payerBps", type: "uint256" },
    { name: "evidence", type: "bytes32" },
  ],
  SettlementOffer: [
    { name: "disputeId", type: "bytes32" },
    { name: "amount", type: "uint256" },
    { name: "deadline", type: "uint40" },
    { name: "round", type: "uint256" },
  ],
};

/** The id of an order's dispute, counted from 1. */
export function disputeIdOf({ ethers }: TestNetwork, orderId: string, ordinal: bigint): string {
  const coder = ethers.AbiCoder.defaultAbiCoder();
  return ethers.keccak256(coder.encode(["bytes32", "uint256"], [orderId, ordinal]));
}

/** The court's evidence after `party` added `hash`. */
export function addEvidence({ ethers }: TestNetwork, evidence: string, party: string, hash: string): string {
  const coder = ethers.AbiCoder.defaultAbiCoder();
  return ethers.keccak256(coder.encode(["bytes32", "address", "bytes32"], [evidence, party, hash]));
}

/**
 * A dispute word: amount u80 | award u80 | deadline u40 | setVersion u24 | state u8 | round u8 | evidenceCounts u8 |
 * policyVersion u8.
 */
export function disputeWord(fields: {
  readonly amount: bigint;
  readonly award?: bigint;
  readonly deadline?: bigint;
  readonly setVersion?: bigint;
  readonly state: bigint;
  readonly round?: bigint;
  readonly payerEvidence?: bigint;
  readonly merchantEvidence?: bigint;
  readonly policyVersion?: bigint;
}): bigint {
  return (
    fields.amount |
    ((fields.award ?? 0n) << 80n) |
    ((fields.deadline ?? 0n) << 160n) |
    ((fields.setVersion ?? 1n) << 200n) |
    (fields.state << 224n) |
    ((fields.round ?? 1n) << 232n) |
    ((fields.payerEvidence ?? 0n) << 240n) |
    ((fields.merchantEvidence ?? 0n) << 244n) |
    ((fields.policyVersion ?? 1n) << 248n)
  );
}

/** A dispute that the payer opened over `amount` of the order, the order's first. */
export async function openedDispute(
  network: TestNetwork,
  order: TestOrder,
  amount: bigint = order.terms.amount,
): Promise<TestDispute> {
  const { court, ethers, actors } = network;
  const hash = ethers.id("the payer's evidence");
  await court.connect(actors.payer).open(order.terms, amount, NOT_RECEIVED, hash);
  return {
    id: disputeIdOf(network, order.id, 1n),
    order,
    evidence: addEvidence(network, ethers.ZeroHash, order.terms.payer, hash),
  };
}

/** A dispute that the merchant contested. */
export async function contestedDispute(
  network: TestNetwork,
  order: TestOrder,
  amount: bigint = order.terms.amount,
): Promise<TestDispute> {
  const { court, ethers, actors } = network;
  const dispute = await openedDispute(network, order, amount);
  const hash = ethers.id("the merchant's evidence");
  await court.connect(actors.merchant).contest(order.terms, hash);
  return { ...dispute, evidence: addEvidence(network, dispute.evidence, order.terms.merchant, hash) };
}

/** Votes of `signers` on a dispute in a round, made as a wallet makes them. */
export function signVotes(
  network: TestNetwork,
  dispute: TestDispute,
  payerBps: bigint,
  signers: readonly Signer[],
  round = 1n,
): Promise<string[]> {
  const vote = { disputeId: dispute.id, round, payerBps, evidence: dispute.evidence };
  return Promise.all(
    signers.map((signer) => signer.signTypedData(domainOf(network), { Vote: TYPES.Vote }, vote)),
  );
}

/** A signature of a settlement, made as a wallet makes it. */
export function signOffer(
  network: TestNetwork,
  offer: {
    readonly disputeId: string;
    readonly amount: bigint;
    readonly deadline: bigint;
    readonly round?: bigint;
  },
  signer: Signer,
): Promise<string> {
  const types = { SettlementOffer: TYPES.SettlementOffer };
  return signer.signTypedData(domainOf(network), types, { round: 1n, ...offer });
}

/** A dispute that two of the first panel's three ruled. */
export async function ruledDispute(
  network: TestNetwork,
  order: TestOrder,
  payerBps: bigint,
  amount: bigint = order.terms.amount,
): Promise<TestDispute> {
  const dispute = await contestedDispute(network, order, amount);
  const votes = await signVotes(network, dispute, payerBps, network.actors.arbiters.slice(0, 2));
  await network.court.rule(order.terms, payerBps, dispute.evidence, votes);
  return dispute;
}

/** A dispute whose ruling a side appealed; its set needs an appeal set. */
export async function appealedDispute(
  network: TestNetwork,
  order: TestOrder,
  payerBps: bigint,
  side: bigint = SIDE.merchant,
): Promise<TestDispute> {
  const { court, actors } = network;
  const dispute = await ruledDispute(network, order, payerBps);
  await court.connect(side === SIDE.payer ? actors.payer : actors.merchant).appeal(order.terms, side);
  return dispute;
}

/** The round of votes on an appeal from the first panel's ruling: a ruling and an appeal end one each. */
export const APPEAL_ROUND = 3n;

/** When the dispute's present window ends, in Unix seconds. */
export async function deadlineOf({ court }: TestNetwork, { id }: TestDispute): Promise<bigint> {
  return (await court.disputeOf(id)).deadline;
}

function domainOf({ chainId, courtAddress }: TestNetwork) {
  return { name: "RialtoCourt", version: "1", chainId, verifyingContract: courtAddress };
}
