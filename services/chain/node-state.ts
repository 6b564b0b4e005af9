import { copyFile, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import type { Logger } from "../platform/logger.ts";

/*
 * Anvil writes its state in place: killed in the middle it leaves half a file. So a whole copy is kept beside it. What
 * the copy lacks, the relayer sends again.
 *
 * Every anvil makes a first block of its own, loads the saved blocks beside it and saves all of them. With several
 * first blocks in a file it takes any of them as the genesis, and the chain would be another one.
 */

type SavedBlock = { readonly header: { readonly number: string; readonly timestamp: string } };
type SavedState = { readonly blocks: readonly SavedBlock[] };

const CHECKPOINT_INTERVAL_MS = 10_000;
const FIRST_CHECKPOINT_POLL_MS = 250;

/**
 * Makes a state file fit to be loaded, with a whole copy beside it: puts the last whole copy in the place of a damaged
 * file, and takes out first blocks other than the chain's own.
 */
export async function restoreState(stateFile: string, logger: Logger): Promise<void> {
  const copy = checkpointOf(stateFile);
  const saved = await readState(stateFile);
  const state = saved ?? (await readState(copy));
  if (state === undefined) {
    await rm(stateFile, { force: true });
    return;
  }
  if (saved === undefined) logger.warn({ stateFile }, "Restored the chain's state from its last whole copy");

  const text = JSON.stringify(withOneGenesis(state));
  for (const file of [copy, stateFile]) {
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
  }
}

/** Copies the state file as soon as there is one, then from time to time, whenever it has changed. */
export function keepCheckpoint(stateFile: string, logger: Logger): { stop(): void } {
  let copiedAtMs = 0;
  let isCopying = false;
  let waitedMs = CHECKPOINT_INTERVAL_MS;
  const timer = setInterval(async () => {
    waitedMs += FIRST_CHECKPOINT_POLL_MS;
    if (isCopying || (copiedAtMs > 0 && waitedMs < CHECKPOINT_INTERVAL_MS)) return;
    isCopying = true;
    waitedMs = 0;
    try {
      copiedAtMs = await copyState(stateFile, copiedAtMs);
    } catch (error) {
      logger.warn({ err: error }, "Failed to copy the chain's state");
    } finally {
      isCopying = false;
    }
  }, FIRST_CHECKPOINT_POLL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Copies a state file that stayed as it is meanwhile and looks whole; returns the time of the state copied last. */
export async function copyState(stateFile: string, copiedAtMs: number): Promise<number> {
  const before = await stat(stateFile).catch(() => undefined);
  if (before === undefined || before.mtimeMs === copiedAtMs) return copiedAtMs;

  const part = `${checkpointOf(stateFile)}.part`;
  await copyFile(stateFile, part);
  const after = await stat(stateFile);
  if (after.mtimeMs !== before.mtimeMs || after.size !== before.size || !(await endsWithBrace(part))) {
    await rm(part, { force: true });
    return copiedAtMs;
  }
  await rename(part, checkpointOf(stateFile));
  return after.mtimeMs;
}

/** Where the whole copy of a state file is. */
export function checkpointOf(stateFile: string): string {
  return `${stateFile}.previous`;
}

async function readState(file: string): Promise<SavedState | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as SavedState;
  } catch {
    return undefined;
  }
}

/** The chain's own first block is the oldest: any other was made by a later anvil. */
function withOneGenesis(state: SavedState): SavedState {
  const firsts = state.blocks.filter(({ header }) => BigInt(header.number) === 0n);
  const [genesis, ...others] = firsts.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
  return { ...state, blocks: state.blocks.filter((block) => block === genesis || !others.includes(block)) };
}

function timeOf({ header }: SavedBlock): bigint {
  return BigInt(header.timestamp);
}

async function endsWithBrace(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return buffer.toString() === "}";
  } finally {
    await handle.close();
  }
}
