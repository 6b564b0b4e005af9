import { copyFile, open, readFile, rename, rm, stat } from "node:fs/promises";
import type { Logger } from "../platform/logger.ts";

/*
 * Anvil writes its state in place: killed in the middle it leaves half a file. So a whole copy is kept beside it. What
 * the copy lacks, the relayer sends again.
 */

const CHECKPOINT_INTERVAL_MS = 10_000;

/** Puts the last whole copy in the place of a damaged state file. */
export async function restoreState(stateFile: string, logger: Logger): Promise<void> {
  if (await isWhole(stateFile)) return;

  const copy = checkpointOf(stateFile);
  if (await isWhole(copy)) {
    await copyFile(copy, stateFile);
    logger.warn({ stateFile }, "Restored the chain's state from its last whole copy");
  } else {
    await rm(stateFile, { force: true });
  }
}

/** Copies the state file from time to time, whenever it has changed. */
export function keepCheckpoint(stateFile: string, logger: Logger): { stop(): void } {
  let copiedAtMs = 0;
  let isCopying = false;
  const timer = setInterval(async () => {
    if (isCopying) return;
    isCopying = true;
    try {
      copiedAtMs = await copyState(stateFile, copiedAtMs);
    } catch (error) {
      logger.warn({ err: error }, "Failed to copy the chain's state");
    } finally {
      isCopying = false;
    }
  }, CHECKPOINT_INTERVAL_MS);
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

async function isWhole(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
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
