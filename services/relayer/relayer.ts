import { RpcError } from "../chain/json-rpc.ts";
import { BARRIER_KINDS } from "../chain/operation-call.ts";
import { RetryableError } from "../platform/errors.ts";
import { type QueuedEntry, readHighestBlock, readQueuedEntries } from "../store/attempt-store.ts";
import { readCursor } from "../store/block-store.ts";
import { type EntryOutcome, recordOutcomes } from "../store/outcome-store.ts";
import { readPayoutWork, readPendingWork } from "../store/settlement-work-read-model.ts";
import { broadcast } from "./broadcast.ts";
import { type PlannedCall, planCalls, planCloseCycle, planPayout, planPublication } from "./calls.ts";
import { planLayers } from "./layers.ts";
import { recordReceipts } from "./outcomes.ts";
import { recover, settleOpen } from "./recovery.ts";
import type { RelayerContext } from "./relayer-context.ts";
import { type Senders, simulate } from "./simulation.ts";
import { readStatementRoots } from "./statement-roots.ts";
import { signCalls } from "./submission.ts";

/** Carries what the outbox holds to the chain, in order, exactly once. One per instance. */
export type Relayer = {
  /**
   * Carries out what is queued now, up to a bound; returns how many entries came to an end.
   *
   * @throws RetryableError if node or mirror did not keep up; nothing is lost, the next tick goes on.
   * @throws ForeignTransactionError if somebody else has one of the keys, CycleUnbalancedError if statements are not what
   * was settled: the relayer must stop.
   */
  tick(): Promise<number>;
  /** Ticks until the signal aborts; throws what must stop a relayer. */
  run(signal: AbortSignal): Promise<void>;
};

export type RelayerOptions = Omit<RelayerContext, "signal"> & { readonly pollIntervalMs: number };

/** The mirror did not catch up in time with what a cycle or payout has to cover. */
export class MirrorBehindError extends RetryableError {
  readonly blockNumber: number;

  constructor(blockNumber: number) {
    super(`The mirror has not reached block ${blockNumber} in time.`);
    this.name = "MirrorBehindError";
    this.blockNumber = blockNumber;
  }
}

const ENTRIES_PER_TICK = 5_000;
const MIRRORED_WITHIN_MS = 60_000;
const MIRROR_POLL_MS = 20;

/** Makes a relayer; its first tick first recovers from whatever the last one was in the middle of. */
export function createRelayer(options: RelayerOptions): Relayer {
  const { clock, logger, pollIntervalMs } = options;
  let hasRecovered = false;

  async function tick(signal?: AbortSignal): Promise<number> {
    const context: RelayerContext = signal === undefined ? options : { ...options, signal };
    if (!hasRecovered) await recover(context);
    hasRecovered = true;
    await settleOpen(context);
    return carryOut(context);
  }

  return {
    tick: () => tick(),
    async run(signal) {
      while (!signal.aborted) {
        let ended = 0;
        try {
          ended = await tick(signal);
        } catch (error) {
          if (signal.aborted) return;
          if (!isPassing(error)) throw error;
          // The chain may have lost something while it was away.
          hasRecovered = false;
          logger.warn({ err: error }, "Failed to carry out operations; trying again");
        }
        if (ended === 0) await clock.sleep(pollIntervalMs, signal).catch(() => undefined);
      }
    },
  };
}

async function carryOut(context: RelayerContext): Promise<number> {
  const queued = await readQueuedEntries(context.store.db, context.instanceId, ENTRIES_PER_TICK);
  const barrier = queued.findIndex(isBarrier);
  const [first] = queued;
  if (first === undefined) return 0;
  if (barrier === 0) {
    await carryOutBarrier(context, first);
    return 1;
  }

  const entries = barrier === -1 ? queued : queued.slice(0, barrier);
  for (const layer of planLayers(entries)) await carryOutLayer(context, layer);
  context.logger.info({ entries: entries.length }, "Carried out operations");
  return entries.length;
}

async function carryOutLayer(context: RelayerContext, layer: readonly QueuedEntry[]): Promise<void> {
  const { deployment } = context.chain;
  await submit(context, planCalls(layer, deployment));
}

/** Barriers cover everything before them, so they wait until the mirror shows all of it. */
async function carryOutBarrier(context: RelayerContext, entry: QueuedEntry): Promise<void> {
  const mirrored = await waitForMirror(context);
  const calls = await planBarrier(context, entry);
  if (calls.length > 0) await submit(context, calls);
  else await record(context, [{ id: entry.id, blockNumber: mirrored }]);
}

async function planBarrier(context: RelayerContext, entry: QueuedEntry): Promise<PlannedCall[]> {
  const { store, chain, instanceId } = context;
  const { deployment } = chain;
  switch (entry.operation.kind) {
    case "close-cycle":
      return planCloseCycle(entry, await readPendingWork(store.db, instanceId), deployment);
    case "publish-statements":
      return planPublication(entry, await readStatementRoots(context), deployment);
    case "payout":
      return planPayout(entry, await readPayoutWork(store.db, instanceId), deployment);
    default:
      throw new RangeError(`Nothing waits for everything before: ${entry.operation.kind}`);
  }
}

async function submit(context: RelayerContext, planned: readonly PlannedCall[]): Promise<void> {
  const { chain, signers } = context;
  const senders: Senders = Object.fromEntries(
    Object.entries(signers).map(([lane, { address }]) => [lane, address]),
  );
  const unsigned = planned.filter((call) => senders[call.lane] === undefined);
  const { accepted, refused } = await simulate({
    rpc: chain.rpc,
    deployment: chain.deployment,
    senders,
    calls: planned.filter((call) => !unsigned.includes(call)),
  });
  await record(context, [
    ...refused.map(({ entry, refusal }) => ({ id: entry.id, blockNumber: null, error: refusal })),
    ...unsigned.flatMap(({ lane, entries }) => entries.map(({ id }) => withoutSigner(id, lane))),
  ]);
  // A cycle, payout or publication of several calls is carried out whole or not at all.
  const refusedIds = new Set(refused.map(({ entry }) => entry.id));
  const calls = accepted.filter((call) => !call.entries.some((entry) => refusedIds.has(entry.id)));
  if (calls.length === 0) return;

  const attempts = await signCalls(context, calls);
  await recordReceipts(context, attempts, await broadcast(context, attempts));
}

function withoutSigner(id: number, lane: string): EntryOutcome {
  return { id, blockNumber: null, error: { code: "forbidden", context: { error: "no key here", lane } } };
}

async function record(context: RelayerContext, entries: readonly EntryOutcome[]): Promise<void> {
  const { store, instanceId, clock } = context;
  if (entries.length === 0) return;
  await store.transaction((trx) =>
    recordOutcomes(trx, { instanceId, attempts: [], entries, now: clock.now() }),
  );
}

/** The block up to which the mirror is, once that covers everything of ours. */
async function waitForMirror(context: RelayerContext): Promise<number> {
  const { store, instanceId, clock, signal } = context;
  const wanted = await readHighestBlock(store.db, instanceId);
  for (let waitedMs = 0; waitedMs < MIRRORED_WITHIN_MS; waitedMs += MIRROR_POLL_MS) {
    const cursor = await readCursor(store.db, instanceId);
    if (cursor !== undefined && cursor.headNumber >= wanted) return cursor.headNumber;
    await clock.sleep(MIRROR_POLL_MS, signal);
  }
  throw new MirrorBehindError(wanted);
}

/** A node's refusal of a request, as when it limits rates, passes as well. */
function isPassing(error: unknown): boolean {
  return error instanceof RetryableError || error instanceof RpcError;
}

function isBarrier(entry: QueuedEntry): boolean {
  return (BARRIER_KINDS as readonly string[]).includes(entry.operation.kind);
}
