import type { JournalLine, OrderLine } from "../domain/journal.ts";
import type { JournalChain, OperationDraft, OrderReference } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import type { Onboarding } from "./onboarding.ts";
import type { OrderEffect } from "./order-tracker.ts";

/** What a line asks of the network, to be accepted as a whole; the last operation is what the line is about. */
export type LinePlan = {
  readonly line: number;
  readonly operations: readonly OperationDraft[];
  readonly effect?: OrderEffect;
};

/** A journal line of one op. */
export type Line<Op extends JournalLine["op"]> = Extract<JournalLine, { op: Op }>;

/** What planning works with. */
export type PlannerOptions = {
  readonly chain: JournalChain;
  readonly signer: JournalSigner;
  readonly onboarding: Onboarding;
  readonly feeBps: number;
  readonly randomBytes: (size: number) => Uint8Array;
};

/** The last moment that contracts can store, in Unix seconds: a journal has no deadlines. */
export const FOREVER = 2 ** 40 - 1;

export function referenceOf(line: OrderLine): OrderReference {
  return { merchant: line.merchant, reference: line.order };
}
