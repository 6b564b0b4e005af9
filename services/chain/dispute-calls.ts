import { DISPUTE_REASONS, DISPUTE_SIDES, type DisputeSide } from "../domain/operation.ts";
import { encodeCall } from "./abi.ts";
import { type OperationCalls, single, toCourt } from "./operation-call.ts";
import { splitGas } from "./order-calls.ts";

type DisputeKinds =
  | "open-dispute"
  | "contest"
  | "submit-evidence"
  | "accept-dispute"
  | "offer"
  | "withdraw-offer"
  | "accept-offer"
  | "agree"
  | "rule"
  | "escalate"
  | "appeal"
  | "finalize-dispute";

/** The calls of the court. */
export const DISPUTE_CALLS: OperationCalls<DisputeKinds> = {
  "open-dispute": single("operator", 600_000, toCourt, ({ terms, amount, reason, evidenceHash }) =>
    encodeCall("disputeCourt", "open", [terms, amount, DISPUTE_REASONS.indexOf(reason), evidenceHash]),
  ),
  contest: single("operator", 200_000, toCourt, ({ terms, evidenceHash }) =>
    encodeCall("disputeCourt", "contest", [terms, evidenceHash]),
  ),
  "submit-evidence": single("operator", 200_000, toCourt, ({ terms, side, evidenceHash }) =>
    encodeCall("disputeCourt", "submitEvidence", [terms, numberOf(side), evidenceHash]),
  ),
  "accept-dispute": single("operator", 200_000, toCourt, ({ terms }) =>
    encodeCall("disputeCourt", "accept", [terms]),
  ),
  offer: single("operator", 200_000, toCourt, ({ terms, amount, deadline }) =>
    encodeCall("disputeCourt", "offer", [terms, amount, deadline]),
  ),
  "accept-offer": single("operator", 250_000, toCourt, ({ terms, amount }) =>
    encodeCall("disputeCourt", "acceptOffer", [terms, amount]),
  ),
  "withdraw-offer": single("operator", 150_000, toCourt, ({ terms }) =>
    encodeCall("disputeCourt", "withdrawOffer", [terms]),
  ),
  agree: single(
    "operator",
    300_000,
    toCourt,
    ({ terms, amount, deadline, payerSignature, merchantSignature }) =>
      encodeCall("disputeCourt", "agree", [terms, amount, deadline, payerSignature, merchantSignature]),
  ),
  rule: single("operator", 800_000, toCourt, ({ terms, payerBps, evidence, signatures }) =>
    encodeCall("disputeCourt", "rule", [terms, payerBps, evidence, signatures]),
  ),
  escalate: single("operator", 200_000, toCourt, ({ terms }) =>
    encodeCall("disputeCourt", "escalate", [terms]),
  ),
  appeal: single("operator", 400_000, toCourt, ({ terms, side }) =>
    encodeCall("disputeCourt", "appeal", [terms, numberOf(side)]),
  ),
  "finalize-dispute": {
    // Bonds are paid to as many as 64 members of two panels, whose accounts may be new.
    ...single("operator", 4_000_000, toCourt, ({ terms, splits = [] }) =>
      encodeCall("disputeCourt", "finalize", [terms, splits]),
    ),
    extraGas: splitGas,
  },
};

function numberOf(side: DisputeSide): number {
  return DISPUTE_SIDES.indexOf(side) + 1;
}
