import { DomainError } from "../domain/errors.ts";
import { type JournalLine, parseJournalLine } from "../domain/journal.ts";
import { createImportRecord, type ImportRecord, type JournalImportResult } from "./import-record.ts";
import type { JournalApi, KnownOrder, MirroredDispute } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import { createLineKeys, orderKey } from "./line-keys.ts";
import type { LinePlan } from "./line-plan.ts";
import { createLinePlanner, type LinePlanner } from "./line-planner.ts";
import { createLineSender, type LineOutcome, type LineSender } from "./line-sender.ts";
import { createOnboarding, type Onboarding } from "./onboarding.ts";
import { createOrderTracker, type OrderTracker, type TrackedDispute } from "./order-tracker.ts";
import { settleOperations } from "./settling.ts";

/** `open`: operations of the network that are not included and mirrored yet, once the import waits for them. */
export type JournalImportProgress = {
  readonly phase: "sending" | "settling";
  readonly lines: number;
  readonly open: number;
};

export type JournalImportOptions = {
  readonly lines: AsyncIterable<string>;
  readonly api: JournalApi;
  readonly signer: JournalSigner;
  readonly stopOnError: boolean;
  readonly feeBps: number;
  /** Names the journal where its content does not: lines of two files with one name are lines of one journal. */
  readonly journalId?: string | undefined;
  readonly onProgress?: ((progress: JournalImportProgress) => void) | undefined;
  /** Cryptographically strong: it keeps orders' commitments from being guessed. */
  readonly randomBytes: (size: number) => Uint8Array;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

type Import = {
  readonly options: JournalImportOptions;
  readonly planner: LinePlanner;
  readonly sender: LineSender;
  readonly tracker: OrderTracker;
  readonly record: ImportRecord;
};

/**
 * Carries out an order journal over a network's HTTP API and waits until everything of it is included and mirrored.
 *
 * Lines are executed in order, each as a whole or not at all. A line that cannot be is listed as failed; with
 * `stopOnError` the import ends there. Importing the same journal again executes nothing: every line is replayed.
 * Throws where the network cannot be reached or stands still; what was sent until then is kept, and importing the same
 * journal again completes it.
 */
export async function importJournal(options: JournalImportOptions): Promise<JournalImportResult> {
  const { api, signer, stopOnError, onProgress } = options;
  const chain = await api.chain();
  const { lastId } = await api.progress();
  const onboarding = createOnboarding({ chain, signer });
  const tracker = createOrderTracker({ isNewNetwork: lastId === null });
  const record = createImportRecord();
  const planner = createLinePlanner({ ...options, chain, onboarding });
  const sender = createLineSender({
    api,
    stopOnError,
    onOutcome: (outcome) => applyOutcome(outcome, { tracker, record, onboarding }),
  });

  await sendLines({ options, planner, sender, tracker, record });
  await settleOperations({
    ...options,
    onWait: (open) => onProgress?.({ phase: "settling", lines: record.lineCount(), open }),
  });
  for await (const operation of api.failedOperations()) record.failOperation(operation);
  return record.result();
}

async function sendLines(running: Import): Promise<void> {
  const { options, sender, record } = running;
  const keys = createLineKeys({ journalId: options.journalId });
  let lineNumber = 0;

  for await (const text of options.lines) {
    lineNumber += 1;
    const line = refusedAsValue(() => parseJournalLine(text, lineNumber));
    if (line === undefined) continue;
    record.countLine();

    const plan = line instanceof DomainError ? line : await planLine(running, line, keys.keyOf(line, text));
    if (plan instanceof DomainError) await failLine(running, lineNumber, plan);
    else await addLine(running, plan);
    if (sender.isStopped() || (plan instanceof DomainError && options.stopOnError)) return;
    options.onProgress?.({ phase: "sending", lines: record.lineCount(), open: 0 });
  }
  await sender.flush();
}

async function planLine(running: Import, line: JournalLine, key: string): Promise<LinePlan | DomainError> {
  const { planner } = running;
  switch (line.op) {
    case "rule":
      return planner.planRule(line, key, await disputeOf(running, line));
    case "agree":
      return planner.planAgreement(line, key, await disputeOf(running, line), await orderOf(running, line));
    case "deliver":
    case "extend":
      return planner.planConsent(line, key, await orderOf(running, line));
    default:
      return planner.plan(line, key);
  }
}

async function addLine({ sender, tracker }: Import, plan: LinePlan): Promise<void> {
  await sender.add(plan);
  if (plan.effect !== undefined) tracker.stage(plan.effect);
}

/** Lines before the bad one go first where the import may have to end at one of them. */
async function failLine(
  { options, sender, record }: Import,
  line: number,
  error: DomainError,
): Promise<void> {
  if (options.stopOnError) await sender.flush();
  if (!sender.isStopped()) record.fail(line, error);
}

/** The order that something is signed about, from this import or else the network. */
async function orderOf(
  { options, sender, tracker }: Import,
  line: { readonly merchant: string; readonly order: string },
): Promise<KnownOrder | undefined> {
  const key = orderKey(line.merchant, line.order);
  if (tracker.orderOf(key) === "uncertain") await sender.flush();
  const tracked = tracker.orderOf(key);
  if (typeof tracked !== "string") return tracked;
  if (sender.isStopped()) return undefined;
  return options.api.findOrder({ merchant: line.merchant, reference: line.order });
}

/** The dispute that a ruling or settlement is about, from this import or else, once nothing of the order is under way, the mirror. */
async function disputeOf(
  { options, sender, tracker }: Import,
  line: { readonly merchant: string; readonly order: string },
): Promise<TrackedDispute | MirroredDispute | undefined> {
  const key = orderKey(line.merchant, line.order);
  if (tracker.disputeOf(key) === "uncertain") await sender.flush();
  const tracked = tracker.disputeOf(key);
  if (typeof tracked !== "string") return tracked;
  if (sender.isStopped()) return undefined;

  await settleOperations(options);
  return options.api.latestDispute({ merchant: line.merchant, reference: line.order });
}

function applyOutcome(
  outcome: LineOutcome,
  { tracker, record, onboarding }: { tracker: OrderTracker; record: ImportRecord; onboarding: Onboarding },
): void {
  const { effect, operations } = outcome.plan;
  record.apply(outcome);
  if (effect !== undefined) tracker.confirm(effect, outcome.outcome);
  if (outcome.outcome !== "failed") onboarding.confirm(operations);
}

function refusedAsValue<Value>(read: () => Value): Value | DomainError {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
