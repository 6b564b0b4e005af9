import type { Signer } from "ethers";
import type { TestNetwork } from "../deploy-contracts.ts";
import type { TestOrder } from "./order.ts";

/** As in contracts/interfaces/IDisputeCourt.sol. */
export const DISPUTE_STATE = { none: 0n, open: 1n, contested: 2n, ruled: 3n, final: 4n } as const;
export const BASIS = {
  panel: 0n,
  merchantAccepted: 1n,
  payerWithdrew: 2n,
  merchantSilent: 3n,
  panelSilent: 4n,
} as const;
export const NOT_RECEIVED = 1;

export type TestDispute = { readonly id: string; readonly order: TestOrder; readonly evidence: string };

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
  await court.connect(actors.merchant).contest(dispute.id, hash);
  return { ...dispute, evidence: addEvidence(network, dispute.evidence, order.terms.merchant, hash) };
}

/** Votes of `signers` on a dispute, made as a wallet makes them. */
export function signVotes(
  network: TestNetwork,
  dispute: TestDispute,
  payerBps: bigint,
  signers: readonly Signer[],
): Promise<string[]> {
  const domain = {
    name: "RialtoCourt",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.courtAddress,
  };
  const types = {
    Vote: [
      { name: "disputeId", type: "bytes32" },
      { name: "payerBps", type: "uint256" },
      { name: "evidence", type: "bytes32" },
    ],
  };
  const vote = { disputeId: dispute.id, payerBps, evidence: dispute.evidence };
  return Promise.all(signers.map((signer) => signer.signTypedData(domain, types, vote)));
}

/** A dispute that two of the panel's three ruled. */
export async function ruledDispute(
  network: TestNetwork,
  order: TestOrder,
  payerBps: bigint,
  amount: bigint = order.terms.amount,
): Promise<TestDispute> {
  const dispute = await contestedDispute(network, order, amount);
  const votes = await signVotes(network, dispute, payerBps, network.actors.arbiters.slice(0, 2));
  await network.court.rule(dispute.id, payerBps, dispute.evidence, votes);
  return dispute;
}
