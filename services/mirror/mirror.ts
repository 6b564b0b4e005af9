import { readHeaders } from "../chain/block-reads.ts";
import { readHead } from "../chain/chain.ts";
import { contractSetHash, type Deployment } from "../chain/deployment.ts";
import { isDevelopmentChain } from "../chain/development-keys.ts";
import { createEventDecoder, eventSourcesOf } from "../chain/events.ts";
import { type JsonRpc, RpcError } from "../chain/json-rpc.ts";
import type { Clock } from "../platform/clock.ts";
import { RetryableError } from "../platform/errors.ts";
import type { Logger } from "../platform/logger.ts";
import {
  type Cursor,
  insertBlocks,
  insertLogs,
  moveCursor,
  openInstance,
  readCursor,
  setFold,
  takeCursor,
} from "../store/block-store.ts";
import type { Store } from "../store/store.ts";
import { type ChainRange, FORKED, readRange } from "./chain-range.ts";
import {
  ChainReplacedError,
  FinalityViolationError,
  InconsistentChainError,
  MirrorSupersededError,
} from "./errors.ts";
import { FOLD_VERSION, type FoldRules, foldLogs } from "./fold.ts";
import { findAncestor, rebuildProjections, rewindTo } from "./reorg.ts";

/** What one step did: the blocks taken in, `to` below `from` if none were, and whether the chain has more. */
export type MirrorStep = {
  readonly from: number;
  readonly to: number;
  readonly logs: number;
  readonly isBehind: boolean;
};

/** Follows a chain into the database. */
export type Mirror = {
  readonly instanceId: number;
  /**
   * Takes in the next blocks, or rewinds to where the chain still agrees; either is one transaction.
   *
   * @throws RetryableError if the node did not answer or contradicted itself; nothing was changed.
   * @throws FinalityViolationError, ChainReplacedError, MirrorSupersededError, StatementUnbalancedError: this mirror must
   * stop.
   */
  tick(): Promise<MirrorStep>;
  /** Ticks until `toBlock` is mirrored; without one, the block that is the chain's head now. */
  catchUp(toBlock?: number): Promise<void>;
  /** Ticks until the signal aborts; throws what must stop a mirror. */
  run(signal: AbortSignal): Promise<void>;
};

export type MirrorOptions = {
  readonly store: Store;
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Blocks on top of a block before it counts as final; 0 where nothing is ever reverted. */
  readonly finalityDepthBlocks: number;
  readonly pollIntervalMs: number;
};

/** Bounds on how much is read and written in one step. */
const FIRST_BLOCKS = 32;
const MAX_BLOCKS = 500;
const MANY_LOGS = 5_000;

/**
 * Takes over the mirroring of a chain: any earlier mirror of the same instance stops at its next step. A chain with
 * another genesis or other contracts is another instance, with rows of its own.
 */
export async function createMirror(options: MirrorOptions): Promise<Mirror> {
  const { store, rpc, deployment, clock, logger, finalityDepthBlocks, pollIntervalMs } = options;
  const sources = eventSourcesOf(deployment);
  const addresses = [sources.ledger, sources.court, sources.registry, ...sources.tokens];
  const identity = { chainId: deployment.chainId, ledger: sources.ledger };
  const rules: FoldRules = { decode: createEventDecoder(sources), identity };
  const { instanceId, epoch } = await takeOver(options, rules);
  let blocksPerStep = FIRST_BLOCKS;
  let refusedBlocks = MAX_BLOCKS + 1;
  let running: Promise<unknown> = Promise.resolve();

  async function step(): Promise<MirrorStep> {
    const cursor = await readCursor(store.db, instanceId);
    if (cursor?.epoch !== epoch) throw new MirrorSupersededError(instanceId);

    const head = await readHead(rpc);
    if (
      head.number < cursor.headNumber ||
      (head.number === cursor.headNumber && head.hash !== cursor.headHash)
    ) {
      return rewind(cursor, head.number);
    }
    if (head.number === cursor.headNumber) return standing(cursor, false);

    const parent = { number: cursor.headNumber, hash: cursor.headHash };
    const to = Math.min(head.number, cursor.headNumber + blocksPerStep);
    const range = await readAdaptively({ parent, to });
    if (range === FORKED) return rewind(cursor, cursor.headNumber);

    return append(cursor, range, head.number);
  }

  async function readAdaptively(range: { parent: { number: number; hash: Cursor["headHash"] }; to: number }) {
    try {
      return await readRange({ rpc, addresses, ...range });
    } catch (error) {
      if (!(error instanceof RpcError) || blocksPerStep === 1) throw error;
      // Nodes refuse answers that are too large with errors of their own making: never ask for as much again.
      refusedBlocks = blocksPerStep;
      blocksPerStep = Math.ceil(blocksPerStep / 2);
      throw new InconsistentChainError(error.message);
    }
  }

  async function append(
    cursor: Cursor,
    { headers, logs }: ChainRange,
    chainHead: number,
  ): Promise<MirrorStep> {
    const last = headers.at(-1);
    if (last === undefined) return standing(cursor, false);

    const finalNumber = Math.max(cursor.finalNumber, Math.min(last.number, chainHead - finalityDepthBlocks));
    await store.transaction(async (trx) => {
      const to = { headNumber: last.number, headHash: last.hash, finalNumber };
      if (!(await moveCursor(trx, instanceId, cursor, to))) throw new MirrorSupersededError(instanceId);
      await insertBlocks(trx, instanceId, headers);
      await insertLogs(trx, instanceId, logs);
      await foldLogs({ db: trx, instanceId, logs, rules });
    });
    blocksPerStep =
      logs.length > MANY_LOGS
        ? Math.ceil(blocksPerStep / 2)
        : Math.max(1, Math.min(refusedBlocks - 1, blocksPerStep * 2));
    logger.debug({ blockNumber: last.number, logs: logs.length }, "Mirrored blocks");
    return {
      from: cursor.headNumber + 1,
      to: last.number,
      logs: logs.length,
      isBehind: last.number < chainHead,
    };
  }

  async function rewind(cursor: Cursor, fromNumber: number): Promise<MirrorStep> {
    const ancestor = await findAncestor({ db: store.db, rpc, instanceId, fromNumber });
    if (ancestor === undefined) throw new ChainReplacedError(cursor.headHash);

    const isDevelopment = isDevelopmentChain(deployment.chainId);
    if (ancestor.number === fromNumber && fromNumber < cursor.headNumber && !isDevelopment) {
      // A chain only grows on engines that are not for development: this node is behind, not forked.
      logger.warn({ head: fromNumber, cursor: cursor.headNumber }, "The node is behind the mirror");
      return standing(cursor, false);
    }
    if (ancestor.number < cursor.finalNumber && !isDevelopment) {
      throw new FinalityViolationError(ancestor.number, cursor.finalNumber);
    }

    const finalNumber = Math.min(cursor.finalNumber, ancestor.number);
    const orphaned = await store.transaction(async (trx) => {
      const to = { headNumber: ancestor.number, headHash: ancestor.hash, finalNumber };
      if (!(await moveCursor(trx, instanceId, cursor, to))) throw new MirrorSupersededError(instanceId);
      return rewindTo({ db: trx, instanceId, ancestor, rules });
    });
    logger.warn(
      { ancestor: ancestor.number, orphaned, wasFinal: cursor.finalNumber },
      "Rewound reorged blocks",
    );
    return { from: ancestor.number + 1, to: ancestor.number, logs: 0, isBehind: true };
  }

  /** Steps wait for one another, whoever asks for them. */
  function tick(): Promise<MirrorStep> {
    const next = running.then(step);
    running = next.catch(() => undefined);
    return next;
  }

  async function catchUp(toBlock?: number): Promise<void> {
    const target = toBlock ?? (await readHead(rpc)).number;
    for (;;) {
      const { to, isBehind } = await tick();
      if (to >= target) return;
      if (!isBehind) await clock.sleep(pollIntervalMs);
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isBehind = await tickOrReport();
      if (!isBehind) await clock.sleep(pollIntervalMs, signal).catch(unlessAborted(signal));
    }
  }

  async function tickOrReport(): Promise<boolean> {
    try {
      return (await tick()).isBehind;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      logger.warn({ err: error }, "Could not read the chain");
      return false;
    }
  }

  return { instanceId, tick, catchUp, run };
}

function standing({ headNumber }: Cursor, isBehind: boolean): MirrorStep {
  return { from: headNumber + 1, to: headNumber, logs: 0, isBehind };
}

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

/**
 * Opens the instance and its cursor, at the block before the first one that can hold anything of ours. What older rules
 * made of its log is made again.
 */
async function takeOver(
  options: MirrorOptions,
  rules: FoldRules,
): Promise<{ instanceId: number; epoch: number }> {
  const { store, rpc, deployment, clock, logger } = options;
  const anchorNumber = Math.max(0, deployment.block - 1);
  const [anchor] = await readHeaders(rpc, [anchorNumber]);
  if (anchor === undefined) throw new ChainReplacedError(deployment.genesisHash);

  const { instanceId, cursor } = await store.transaction(async (trx) => {
    const id = await openInstance(trx, {
      chainId: deployment.chainId,
      genesisHash: deployment.genesisHash,
      contractSetHash: contractSetHash(deployment),
      now: clock.now(),
    });
    const taken = await takeCursor(trx, id, anchor, FOLD_VERSION);
    if (taken.epoch === 1) await insertBlocks(trx, id, [anchor]);
    if (taken.fold < FOLD_VERSION) {
      await rebuildProjections({ db: trx, instanceId: id, rules });
      await setFold(trx, id, FOLD_VERSION);
      logger.info({ instanceId: id, fold: FOLD_VERSION }, "Wrote the projections again by newer rules");
    }
    return { instanceId: id, cursor: taken };
  });
  logger.info({ instanceId, epoch: cursor.epoch, head: cursor.headNumber }, "Took the mirror over");
  return { instanceId, epoch: cursor.epoch };
}
