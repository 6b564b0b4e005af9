import { readHead } from "../chain/chain.ts";
import { setAnvilClock, setNextBlockTime } from "../chain/engine.ts";
import { toQuantity } from "../chain/json-rpc.ts";
import type { Hex } from "../domain/order-terms.ts";
import {
  findAttemptsFrom,
  findAttemptsIn,
  readAttemptBlocks,
  readAttempts,
  reopenAttempts,
  type StoredAttempt,
} from "../store/attempt-store.ts";
import { broadcast, readReceipts } from "./broadcast.ts";
import { recordReceipts } from "./outcomes.ts";
import type { RelayerContext } from "./relayer-context.ts";
import { readChainNonces } from "./submission.ts";

const BLOCKS_PER_LOOK = 200;

/**
 * Brings database and chain together again after a stop, whichever of the two has lost something.
 *
 * What the chain has lost is sent again: the same bytes, in the order in which they were on it. What stands in another
 * block now is read again. Nothing is signed.
 */
export async function recover(context: RelayerContext): Promise<void> {
  const lost = await findLost(context);
  const { store, instanceId, clock, logger } = context;
  if (lost.length > 0) {
    await store.transaction((trx) => reopenAttempts(trx, { instanceId, attempts: lost, now: clock.now() }));
    logger.warn({ transactions: lost.length }, "The chain lost transactions; sending them again");
  }
  await rereadMoved(context);
  await settleOpen(context);
}

/**
 * Sends every open attempt again and writes what became of it; there are some after a crash or a chain that stalled.
 *
 * @returns how many there were.
 */
export async function settleOpen(context: RelayerContext): Promise<number> {
  const { store, instanceId } = context;
  const open = await readAttempts(store.db, instanceId, { states: ["signed", "broadcast"] });
  const replayed = open.filter((attempt) => attempt.blockNumber !== null);
  for (const attempt of replayed) {
    await restoreTime(context, attempt);
    await recordReceipts(context, [attempt], await broadcast(context, [attempt]));
  }
  if (replayed.length > 0) await returnToPresent(context);

  const fresh = open.filter((attempt) => attempt.blockNumber === null);
  if (fresh.length > 0) await recordReceipts(context, fresh, await broadcast(context, fresh));
  return open.length;
}

/** Attempts that were on the chain, or may have been sent, and whose nonces the chain has still to give. */
async function findLost({ store, chain, signers, instanceId }: RelayerContext): Promise<StoredAttempt[]> {
  const addresses = [...new Set(Object.values(signers).map((signer) => signer.address))];
  const nonces = await readChainNonces({ chain }, addresses);
  const txHashes: Hex[] = [];
  for (const [address, nonce] of nonces) {
    txHashes.push(...(await findAttemptsFrom(store.db, instanceId, address, nonce)));
  }
  const attempts = await readAttempts(store.db, instanceId, { txHashes });
  return attempts.filter((attempt) => attempt.state === "included" || attempt.state === "reverted");
}

/** Goes back over the blocks of our transactions as far as the chain has others now, and reads their receipts again. */
async function rereadMoved(context: RelayerContext): Promise<void> {
  const { store, instanceId } = context;
  let below: number | undefined;
  for (;;) {
    const blocks = await readAttemptBlocks(store.db, instanceId, { below, limit: BLOCKS_PER_LOOK });
    const orphaned = await findOrphaned(context, blocks);
    if (orphaned.length > 0) await rereadReceipts(context, orphaned);
    if (orphaned.length < blocks.length || blocks.length < BLOCKS_PER_LOOK) return;
    below = blocks.at(-1)?.number;
  }
}

async function findOrphaned(
  { chain }: RelayerContext,
  blocks: readonly { readonly number: number; readonly hash: Hex }[],
): Promise<Hex[]> {
  const present = await chain.rpc.batch<{ hash: Hex } | null>(
    blocks.map(({ number }) => ({ method: "eth_getBlockByNumber", params: [toQuantity(number), false] })),
  );
  return blocks.filter(({ hash }, index) => present[index]?.hash !== hash).map(({ hash }) => hash);
}

async function rereadReceipts(context: RelayerContext, blockHashes: readonly Hex[]): Promise<void> {
  const { store, instanceId, logger } = context;
  const txHashes = await findAttemptsIn(store.db, instanceId, blockHashes);
  const attempts = await readAttempts(store.db, instanceId, { txHashes });
  const found = await readReceipts(context, txHashes);
  const receipts = new Map(
    txHashes.flatMap((txHash, index) => {
      const receipt = found[index];
      return receipt ? [[txHash, receipt] as const] : [];
    }),
  );
  const moved = attempts.filter((attempt) => receipts.has(attempt.txHash));
  if (moved.length === 0) return;
  await recordReceipts(context, moved, receipts);
  logger.info({ transactions: moved.length }, "Read receipts again that stand in other blocks now");
}

/** Lets what is sent again meet the time it met before, so that deadlines hold; only a local chain can. */
async function restoreTime({ chain }: RelayerContext, attempt: StoredAttempt): Promise<void> {
  if (!chain.engine.canMoveClock || attempt.blockTimestamp === null) return;
  const head = await readHead(chain.rpc);
  // Hardhat's node wants every block to be later than the one before, anvil no earlier.
  const earliest = head.timestamp + (chain.engine.name === "hardhat" ? 1 : 0);
  const timestamp = Math.max(earliest, attempt.blockTimestamp);
  if (chain.engine.name === "anvil") await setAnvilClock(chain.rpc, timestamp);
  await setNextBlockTime(chain.rpc, timestamp);
}

/** A clock that was set back to the past for a replay would stay behind for ever. */
async function returnToPresent({ chain, clock }: RelayerContext): Promise<void> {
  if (!chain.engine.canMoveClock) return;
  const head = await readHead(chain.rpc);
  const present = Math.floor(clock.now().getTime() / 1_000);
  if (present > head.timestamp) await setNextBlockTime(chain.rpc, present);
}
