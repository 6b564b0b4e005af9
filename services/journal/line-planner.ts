import { DomainError } from "../domain/errors.ts";
import type { JournalLine, OrderLine } from "../domain/journal.ts";
import { type Hex, orderTermsToJson } from "../domain/order-terms.ts";
import { digest } from "./digest.ts";
import type { JournalChain, MirroredDispute, OperationDraft, OrderReference } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import { orderKey } from "./line-keys.ts";
import type { Onboarding } from "./onboarding.ts";
import { draftOrderTerms } from "./order-terms-draft.ts";
import type { OrderEffect, TrackedDispute } from "./order-tracker.ts";

/** What a line asks of the network, to be accepted as a whole; the last operation is what the line is about. */
export type LinePlan = {
  readonly line: number;
  readonly operations: readonly OperationDraft[];
  readonly effect?: OrderEffect;
};

type Line<Op extends JournalLine["op"]> = Extract<JournalLine, { op: Op }>;

const NO_EVIDENCE: Hex = `0x${"0".repeat(64)}`;

/** Turns journal lines into operations and signs what participants and arbiters have to sign. */
export interface LinePlanner {
  /** Refuses with `currency_unknown`, as a value, where the network has no token of the line's currency. */
  plan(line: Exclude<JournalLine, { op: "rule" }>, key: string): Promise<LinePlan | DomainError>;

  /** A ruling, on a dispute that this import follows or that the mirror has; without one the network refuses it. */
  planRule(
    line: Line<"rule">,
    key: string,
    dispute: TrackedDispute | MirroredDispute | undefined,
  ): Promise<LinePlan>;
}

export function createLinePlanner(options: {
  readonly chain: JournalChain;
  readonly signer: JournalSigner;
  readonly onboarding: Onboarding;
  readonly feeBps: number;
  readonly randomBytes: (size: number) => Uint8Array;
}): LinePlanner {
  return {
    async plan(line, key) {
      switch (line.op) {
        case "authorize":
        case "charge":
          return planOrder(options, line, key);
        case "capture":
        case "void": {
          const amount = line.amount === undefined ? {} : { amount: line.amount.toString() };
          return {
            line: line.line,
            operations: [{ key, kind: line.op, order: referenceOf(line), ...amount }],
          };
        }
        case "refund":
          return {
            line: line.line,
            operations: [{ key, kind: line.op, order: referenceOf(line), amount: line.amount.toString() }],
          };
        case "dispute":
          return planDispute(line, key);
        case "close-cycle":
        case "payout":
          return { line: line.line, operations: [{ key, kind: line.op }] };
      }
    },

    async planRule(line, key, dispute) {
      const order = referenceOf(line);
      const contestHash = digest(["contest", key]);
      const merchant = await options.signer.addressOf("merchant", line.merchant);
      const ballot = await ballotOf(options.signer, merchant, dispute, contestHash);
      const { disputeId, evidence, isContested } = ballot;
      const signatures = await options.signer.signVotes({ disputeId, payerBps: line.payerBps, evidence });
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
    },
  };
}

async function planOrder(
  options: Parameters<typeof createLinePlanner>[0],
  line: Line<"authorize" | "charge">,
  key: string,
): Promise<LinePlan | DomainError> {
  const { chain, signer } = options;
  const token = Object.hasOwn(chain.tokens, line.currency) ? chain.tokens[line.currency] : undefined;
  if (token === undefined) {
    return new DomainError("currency_unknown", "The network has no token of this currency.", {
      line: line.line,
      field: "currency",
      reason: `is none of ${Object.keys(chain.tokens).join(", ")}`,
    });
  }

  const payer = await signer.addressOf("payer", line.payer);
  const merchant = await signer.addressOf("merchant", line.merchant);
  const terms = draftOrderTerms({
    chain,
    payer,
    merchant,
    token,
    amount: line.amount,
    feeBps: options.feeBps,
    reference: [line.merchant, line.order],
    salt: Buffer.from(options.randomBytes(32)).toString("hex"),
  });
  const { orderId, signature } = await signer.signOrder({ payer: line.payer, terms });
  const order: OperationDraft = {
    key,
    kind: line.op,
    reference: line.order,
    merchant: line.merchant,
    payer: line.payer,
    currency: line.currency,
    amount: line.amount.toString(),
    terms: orderTermsToJson(terms),
    signature,
  };
  const preparations = chain.isDevelopment ? await options.onboarding.operationsFor(line) : [];
  return {
    line: line.line,
    operations: [...preparations, order],
    effect: { kind: "opens", orderKey: key, order: { orderId, payer } },
  };
}

function planDispute(line: Line<"dispute">, key: string): LinePlan {
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

type Ballot = { readonly disputeId: Hex; readonly evidence: Hex; readonly isContested: boolean };

/** What the arbiters vote on: the dispute with the evidence it will have once the merchant has contested it. */
async function ballotOf(
  signer: JournalSigner,
  merchant: Hex,
  dispute: TrackedDispute | MirroredDispute | undefined,
  contestHash: Hex,
): Promise<Ballot> {
  if (dispute === undefined) return { disputeId: NO_EVIDENCE, evidence: NO_EVIDENCE, isContested: true };

  const opened = await openedDispute(signer, dispute);
  if (opened.isContested) return opened;
  return { ...opened, evidence: await signer.evidenceAfter(opened.evidence, merchant, contestHash) };
}

async function openedDispute(
  signer: JournalSigner,
  dispute: TrackedDispute | MirroredDispute,
): Promise<Ballot> {
  if ("state" in dispute) {
    const { disputeId, evidence, state } = dispute;
    return { disputeId, evidence, isContested: state !== "open" };
  }

  const disputeId = await signer.disputeId(dispute.orderId, dispute.ordinal);
  if (dispute.evidenceHash === undefined) return { disputeId, evidence: NO_EVIDENCE, isContested: true };
  const evidence = await signer.evidenceAfter(NO_EVIDENCE, dispute.payer, dispute.evidenceHash);
  return { disputeId, evidence, isContested: false };
}

function referenceOf(line: OrderLine): OrderReference {
  return { merchant: line.merchant, reference: line.order };
}
