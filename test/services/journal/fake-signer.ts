import { createHash } from "node:crypto";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { orderTermsToJson } from "../../../services/domain/order-terms.ts";
import type { JournalSigner } from "../../../services/journal/journal-signer.ts";

/** A signer without keys: what it signs is a digest of what it was given. It is a fake of the port. */
export function createFakeSigner(): JournalSigner {
  return {
    addressOf,
    signOrder: async ({ payer, terms }) => ({
      orderId: orderIdOf(orderTermsToJson(terms)),
      signature: hashOf(["signature", payer]),
    }),
    signAcceptance: async (acceptance) => hashOf(["acceptance", acceptance]),
    splitsHash: (splits) => (splits === undefined ? `0x${"0".repeat(64)}` : hashOf(["splits", splits])),
    signCancel: ({ payer }) => hashOf(["cancel", payer]),
    signDelivery: ({ courier, orderId }) => deliveryOf(orderId, addressOf("courier", courier)),
    signExtension: (request) => bothOf("extension", request),
    signSettlement: (request) => bothOf("settlement", request),
    disputeId: disputeIdOf,
    evidenceAfter,
    signVotes: async (vote) => [voteOf(vote)],
  };
}

export function deliveryOf(orderId: Hex, deliveryKey: Hex): Hex {
  return hashOf(["delivery", orderId, deliveryKey]);
}

/** The parties' signatures are told apart by who they are of and what they are about. */
export function bothOf(
  what: "extension" | "settlement",
  about: {
    readonly payer: string;
    readonly merchant: string;
    readonly orderId?: Hex;
    readonly disputeId?: Hex;
  },
) {
  const subject = about.orderId ?? about.disputeId;
  return {
    payerSignature: hashOf([what, subject, "payer", about.payer]),
    merchantSignature: hashOf([what, subject, "merchant", about.merchant]),
  };
}

function addressOf(kind: string, name: string): Hex {
  return hashOf(["address", kind, name]).slice(0, 42) as Hex;
}

export function orderIdOf(terms: object): Hex {
  return hashOf(["order", terms]);
}

export function disputeIdOf(orderId: Hex, ordinal: number): Hex {
  return hashOf(["dispute", orderId, ordinal]);
}

export function evidenceAfter(evidence: Hex, party: Hex, hash: Hex): Hex {
  return hashOf(["evidence", evidence, party, hash]);
}

export function voteOf({
  disputeId,
  payerBps,
  evidence,
}: {
  disputeId: Hex;
  payerBps: number;
  evidence: Hex;
}): Hex {
  return hashOf(["vote", disputeId, payerBps, evidence]);
}

function hashOf(parts: readonly unknown[]): Hex {
  return `0x${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}
