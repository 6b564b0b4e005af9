import type { Hex } from "../domain/order-terms.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";
import {
  addressOfKey,
  recoverSigner,
  signDigest,
  type TypedDataDomain,
  typedDataDigest,
  typedDataDomain,
  typeHash,
} from "./typed-data.ts";

/** What the members of a panel sign: a share for the payer, in one round and on one state of the evidence. */
export type Vote = {
  readonly disputeId: Hex;
  readonly round: bigint;
  readonly payerBps: number;
  readonly evidence: Hex;
};

/** The round in which a dispute's first panel votes. */
export const FIRST_ROUND = 1n;

/** Evidence before anybody has submitted any. */
export const NO_EVIDENCE: Hex = `0x${"0".repeat(64)}`;

const VOTE_TYPE_WORD = bytes32Word(
  typeHash("Vote(bytes32 disputeId,uint256 round,uint256 payerBps,bytes32 evidence)"),
);

const SETTLEMENT_TYPE_WORD = bytes32Word(
  typeHash("SettlementOffer(bytes32 disputeId,uint256 amount,uint40 deadline,uint256 round)"),
);

/** What both sides of a dispute sign to settle it: what the payer gets, in one round, until a moment in Unix seconds. */
export type Settlement = {
  readonly disputeId: Hex;
  readonly amount: bigint;
  readonly deadline: number;
  readonly round: bigint;
};

/** The domain under which votes of a court are signed. */
export function courtDomain(chainId: number, court: Hex): TypedDataDomain {
  return typedDataDomain({ name: "RialtoCourt", version: "1", chainId, verifyingContract: court });
}

/** The id of an order's dispute; `ordinal` counts the disputes of the order from 1. */
export function disputeIdOf(orderId: Hex, ordinal: number): Hex {
  return hashWords(bytes32Word(orderId) + uintWord(ordinal, 256));
}

/** The court's evidence after a party, the payer or the merchant, has submitted the document with this hash. */
export function evidenceAfter(evidence: Hex, party: Hex, documentHash: Hex): Hex {
  return hashWords(bytes32Word(evidence) + addressWord(party) + bytes32Word(documentHash));
}

/** The digest that a member of the panel signs. */
export function voteDigest(vote: Vote, domain: TypedDataDomain): Hex {
  const { disputeId, round, payerBps, evidence } = vote;
  const words =
    bytes32Word(disputeId) + uintWord(round, 256) + uintWord(payerBps, 256) + bytes32Word(evidence);
  return typedDataDigest(domain, hashWords(VOTE_TYPE_WORD + words));
}

/** The digest that both sides sign to settle. */
export function settlementDigest(settlement: Settlement, domain: TypedDataDomain): Hex {
  const { disputeId, amount, deadline, round } = settlement;
  const words =
    bytes32Word(disputeId) + uintWord(amount, 256) + uintWord(deadline, 40) + uintWord(round, 256);
  return typedDataDigest(domain, hashWords(SETTLEMENT_TYPE_WORD + words));
}

/** A panel member's signature. */
export function signVote(vote: Vote, domain: TypedDataDomain, privateKey: Hex): Hex {
  return signDigest(voteDigest(vote, domain), privateKey);
}

/** The signatures of several members by ascending address, which is the order that the court asks for. */
export function signVotes(vote: Vote, domain: TypedDataDomain, privateKeys: readonly Hex[]): Hex[] {
  const digest = voteDigest(vote, domain);
  return privateKeys
    .map((key) => ({ signer: addressOfKey(key), signature: signDigest(digest, key) }))
    .sort((left, right) => (left.signer < right.signer ? -1 : 1))
    .map((signed) => signed.signature);
}

/** The address that cast a vote; undefined if the signature has no valid form. */
export function recoverVoteSigner(vote: Vote, domain: TypedDataDomain, signature: string): Hex | undefined {
  return recoverSigner(voteDigest(vote, domain), signature);
}
