import type { Hex } from "../domain/order-terms.ts";
import { digest } from "./digest.ts";
import type { KnownOrder, MirroredDispute, OperationDraft } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import { orderKey } from "./line-keys.ts";
import { FOREVER, type Line, type LinePlan, referenceOf } from "./line-plan.ts";
import type { TrackedDispute } from "./order-tracker.ts";

/** A dispute that this import follows or that the mirror has; without one the network refuses what is signed. */
export type FoundDispute = TrackedDispute | MirroredDispute | undefined;

const NO_EVIDENCE: Hex = `0x${"0".repeat(64)}`;

/** The payer opens a dispute. */
export function planDispute(line: Line<"dispute">, key: string): LinePlan {
  const evidenceHash = digest(["dispute", line.reason, line.merchant, line.order]);
  return {
    line: line.line,
    operations: [
      {
        key,
        kind: "open-dispute",
        order: referenceOf(line),
        amount: line.amount.toString(),
        reason: line.reason,
        evidenceHash,
        capturedOnly: true,
      },
    ],
    effect: { kind: "disputes", orderKey: orderKey(line.merchant, line.order), evidenceHash },
  };
}

/** Both sides of a dispute sign what the payer gets, and that is paid. */
export async function planAgreement(
  signer: JournalSigner,
  line: Line<"agree">,
  key: string,
  { dispute, known }: { readonly dispute: FoundDispute; readonly known: KnownOrder },
): Promise<LinePlan> {
  const order = referenceOf(line);
  const { disputeId } =
    dispute === undefined ? { disputeId: NO_EVIDENCE } : await openedDispute(signer, dispute);
  const settlement = { disputeId, amount: line.amount, deadline: FOREVER };
  const parties = { payer: known.payerName, merchant: line.merchant };
  const signatures = await signer.signSettlement({ ...parties, ...settlement });
  const amount = line.amount.toString();
  return {
    line: line.line,
    operations: [
      { key: `${key}:agree`, kind: "agree", order, amount, deadline: FOREVER, ...signatures },
      { key: `${key}:finalize`, kind: "finalize-dispute", order },
    ],
    effect: { kind: "rules", orderKey: orderKey(line.merchant, line.order) },
  };
}

/** The merchant contests unless it did, the panel votes, the ruling is paid. */
export async function planRule(
  signer: JournalSigner,
  line: Line<"rule">,
  key: string,
  dispute: FoundDispute,
): Promise<LinePlan> {
  const order = referenceOf(line);
  const contestHash = digest(["contest", key]);
  const merchant = await signer.addressOf("merchant", line.merchant);
  const ballot = await ballotOf(signer, merchant, dispute, contestHash);
  const { disputeId, evidence, isContested } = ballot;
  const signatures = await signer.signVotes({ disputeId, payerBps: line.payerBps, evidence });
  const contest: OperationDraft = {
    key: `${key}:contest`,
    kind: "contest",
    order,
    evidenceHash: contestHash,
  };
  return {
    line: line.line,
    operations: [
      ...(isContested ? [] : [contest]),
      { key: `${key}:rule`, kind: "rule", order, payerBps: line.payerBps, evidence, signatures },
      { key: `${key}:finalize`, kind: "finalize-dispute", order },
    ],
    effect: { kind: "rules", orderKey: orderKey(line.merchant, line.order) },
  };
}

type Ballot = { readonly disputeId: Hex; readonly evidence: Hex; readonly isContested: boolean };

/** What the arbiters vote on: the dispute with the evidence it will have once the merchant has contested it. */
async function ballotOf(
  signer: JournalSigner,
  merchant: Hex,
  dispute: FoundDispute,
  contestHash: Hex,
): Promise<Ballot> {
  if (dispute === undefined) return { disputeId: NO_EVIDENCE, evidence: NO_EVIDENCE, isContested: true };

  const opened = await openedDispute(signer, dispute);
  if (opened.isContested) return opened;
  return { ...opened, evidence: await signer.evidenceAfter(opened.evidence, merchant, contestHash) };
}

async function openedDispute(signer: JournalSigner, dispute: NonNullable<FoundDispute>): Promise<Ballot> {
  if ("state" in dispute) {
    const { disputeId, evidence, state } = dispute;
    return { disputeId, evidence, isContested: state !== "open" };
  }

  const disputeId = await signer.disputeId(dispute.orderId, dispute.ordinal);
  if (dispute.evidenceHash === undefined) return { disputeId, evidence: NO_EVIDENCE, isContested: true };
  const evidence = await signer.evidenceAfter(NO_EVIDENCE, dispute.payer, dispute.evidenceHash);
  return { disputeId, evidence, isContested: false };
}
