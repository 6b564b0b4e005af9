import type { ParsedLog } from "../chain/log-parser.ts";
import { ACCOUNT_STEPS, type ReplayStep } from "./replay-accounts.ts";
import { AWARD_STEPS } from "./replay-awards.ts";
import { createCycleSteps } from "./replay-cycles.ts";
import { createDisputeSteps } from "./replay-disputes.ts";
import { createHoldbackSteps } from "./replay-holdbacks.ts";
import { UnknownToReplayError } from "./replay-known.ts";
import { addCarries, type LedgerIdentity } from "./replay-lines.ts";
import { expectNothingAnnounced, OBLIGATION_STEPS } from "./replay-obligations.ts";
import { createOrderSteps } from "./replay-orders.ts";
import { createReplay, type Replay } from "./replay-state.ts";

/** Events that say nothing about money or standing. */
export const SILENT_EVENTS: ReadonlySet<string> = new Set([
  "OrderSkipped",
  "AuthoritySynced",
  "CourtSet",
  "LedgerSet",
  "PolicySet",
  "ArbiterSetDefined",
  "Minted",
  "Burned",
  "Transfer",
  "Approval",
  "AuthorizationUsed",
  "AuthorizationCanceled",
  "EIP712DomainChanged",
  "AuthorityUpdated",
  // The court's papers: no money moves by them.
  "EvidenceSubmitted",
  "DisputeOffered",
  "OfferWithdrawn",
  // Consents and proofs: the capture, refund or order beside them moves the money.
  "DeliveryProven",
  "OrderCollected",
  "OrderCanceled",
  // Rules, powers and plans.
  "CollectorSet",
  "RegionsPaused",
  "SeizureProposed",
  "SeizureCanceled",
  "ParticipantRecovered",
  "StatutoryAccountSet",
  "PayoutAddressRequested",
  "PayoutAddressCanceled",
  "TokenAdded",
  "Frozen",
  "ForcedTransfer",
]);

/**
 * Folds the whole log with arithmetic of its own: amounts are added up, and the words in the events are only compared
 * with the result. Events that contradict it become breaks named `event.*`; the replay goes on with its own numbers.
 */
export function replayLog(options: {
  readonly events: Iterable<ParsedLog>;
  readonly timestampOf: (event: ParsedLog) => bigint;
  readonly identity: LedgerIdentity;
}): Replay {
  const { events, timestampOf, identity } = options;
  const replay = createReplay();
  const tables = stepTables(timestampOf, identity);
  for (const event of events) {
    const steps = tables.map((table) => table[event.name]).filter((step) => step !== undefined);
    if (steps.length === 0 && !SILENT_EVENTS.has(event.name)) {
      replay.breaks.push({
        kind: "event.unknown",
        subject: placeOf(event),
        expected: null,
        actual: event.name,
      });
    }
    for (const step of steps) runStep(replay, step, event);
    addCarries(replay);
  }
  expectNothingAnnounced(replay);
  return replay;
}

/** What each event does, by name; an event may have a step in several tables. */
function stepTables(
  timestampOf: (event: ParsedLog) => bigint,
  identity: LedgerIdentity,
): readonly Readonly<Record<string, ReplayStep>>[] {
  return [
    ACCOUNT_STEPS,
    OBLIGATION_STEPS,
    AWARD_STEPS,
    createHoldbackSteps(timestampOf),
    createOrderSteps(timestampOf),
    createDisputeSteps(timestampOf),
    createCycleSteps(timestampOf, identity),
  ];
}

/** Events that the replay adds up. */
export const REPLAYED_EVENTS: ReadonlySet<string> = new Set(
  stepTables(() => 0n, { chainId: 0, ledger: "0x" }).flatMap((table) => Object.keys(table)),
);

function runStep(replay: Replay, step: ReplayStep, event: ParsedLog): void {
  try {
    step(replay, event);
  } catch (error) {
    if (!(error instanceof UnknownToReplayError)) throw error;
    replay.breaks.push({
      kind: `event.unknown_${error.kind}`,
      subject: error.subject,
      expected: null,
      actual: `${event.name} ${placeOf(event)}`,
    });
  }
}

function placeOf(event: ParsedLog): string {
  return `${event.log.txHash} ${event.log.logIndex}`;
}
