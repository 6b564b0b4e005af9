import { createHash } from "node:crypto";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { orderTermsToJson } from "../../../services/domain/order-terms.ts";
import type { JournalSigner } from "../../../services/journal/journal-signer.ts";

/** A signer without keys: what it signs is a digest of what it was given. It is a fake of the port. */
export function createFakeSigner(): JournalSigner {
  return {
    addressOf: (kind, name) => hashOf(["address", kind, name]).slice(0, 42) as Hex,
    signOrder: async ({ payer, terms }) => ({
      orderId: orderIdOf(orderTermsToJson(terms)),
      signature: hashOf(["signature", payer]),
    }),
    signAcceptance: async (acceptance) => hashOf(["acceptance", acceptance]),
    disputeId: disputeIdOf,
    evidenceAfter,
    signVotes: async (vote) => [voteOf(vote)],
  };
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
