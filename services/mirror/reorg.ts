import type { Kysely } from "kysely";
import { readHeaders } from "../chain/block-reads.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import type { Hex } from "../domain/order-terms.ts";
import {
  clearQuarantine,
  orphanBlocksAbove,
  type RawLog,
  readCanonicalHashes,
  readCanonicalLogs,
} from "../store/block-store.ts";
import { clearProjections } from "../store/projection-store.ts";
import type { Database } from "../store/schema.ts";
import { type FoldRules, foldLogs } from "./fold.ts";

export type Ancestor = { readonly number: number; readonly hash: Hex };

/** Blocks compared in one request while walking back. */
const WALK_BLOCKS = 100;

/** Logs folded at a time while rebuilding. */
const REBUILD_LOGS = 5_000;

/** The highest mirrored block that the chain still has; undefined if it has none. */
export async function findAncestor(options: {
  readonly db: Kysely<Database>;
  readonly rpc: JsonRpc;
  readonly instanceId: number;
  readonly fromNumber: number;
}): Promise<Ancestor | undefined> {
  const { db, rpc, instanceId, fromNumber } = options;
  for (let highest = fromNumber; highest >= 0; highest -= WALK_BLOCKS) {
    const lowest = Math.max(0, highest - WALK_BLOCKS + 1);
    const mirrored = await readCanonicalHashes(db, instanceId, lowest, highest);
    if (mirrored.length === 0) return undefined;

    const present = await readHeaders(
      rpc,
      mirrored.map((block) => block.number),
    );
    const shared = mirrored.find((block, index) => present[index]?.hash === block.hash);
    if (shared) return shared;
  }
  return undefined;
}

/** Leaves the blocks above `ancestor` behind and folds everything up to it again. Returns the blocks orphaned. */
export async function rewindTo(options: {
  readonly db: Kysely<Database>;
  readonly instanceId: number;
  readonly ancestor: Ancestor;
  readonly rules: FoldRules;
}): Promise<number> {
  const { db, instanceId, ancestor, rules } = options;
  const orphaned = await orphanBlocksAbove(db, instanceId, ancestor.number);
  await rebuildProjections({ db, instanceId, rules });
  return orphaned;
}

/** Writes every projection again from the canonical logs that are stored, inside the caller's transaction. */
export async function rebuildProjections(options: {
  readonly db: Kysely<Database>;
  readonly instanceId: number;
  readonly rules: FoldRules;
}): Promise<void> {
  const { db, instanceId, rules } = options;
  await clearProjections(db, instanceId);
  await clearQuarantine(db, instanceId);

  let after = { blockNumber: -1, logIndex: -1 };
  for (let limit = REBUILD_LOGS; ; ) {
    const read = await readCanonicalLogs(db, instanceId, after, limit);
    const isAll = read.length < limit;
    const logs = isAll ? read : wholeBlocksOf(read);
    await foldLogs({ db, instanceId, logs, rules });
    if (isAll) return;
    const last = logs.at(-1);
    // A block with more logs than are read at a time is read again with room for it.
    if (last === undefined) limit *= 2;
    else after = { blockNumber: last.blockNumber, logIndex: last.logIndex };
  }
}

/** Without the last block, whose logs may not all be there: transactions are never torn apart. */
function wholeBlocksOf(logs: readonly RawLog[]): readonly RawLog[] {
  const lastBlock = logs.at(-1)?.blockNumber;
  return logs.filter(({ blockNumber }) => blockNumber !== lastBlock);
}
