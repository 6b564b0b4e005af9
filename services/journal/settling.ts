import { RetryableError } from "../platform/errors.ts";
import type { JournalApi } from "./journal-api.ts";

/** Counting takes time in which the network could work: while much is open, it is asked less often. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
const PAUSE_MS_PER_OPEN = 0.1;

/** After so long without any change the network counts as standing still. */
const STALL_MS = 120_000;

/** Operations wait, and for two minutes nothing moved. What was accepted stays accepted. */
export class NetworkStalledError extends RetryableError {
  readonly open: number;

  constructor(open: number) {
    super(`The network stands still with ${open} operations open.`);
    this.name = "NetworkStalledError";
    this.open = open;
  }
}

/**
 * Waits until every operation of the network is decided and the mirror has read what was included.
 *
 * Calls `onWait` with the number of open operations after each look. Throws `NetworkStalledError`.
 */
export async function settleOperations(options: {
  readonly api: Pick<JournalApi, "progress">;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onWait?: ((open: number) => void) | undefined;
}): Promise<void> {
  let last = "";
  let unchangedMs = 0;
  for (;;) {
    const progress = await options.api.progress();
    const open = progress.queued + progress.submitted + progress.unmirrored;
    options.onWait?.(open);
    if (open === 0) return;

    const state = JSON.stringify(progress);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, open * PAUSE_MS_PER_OPEN));
    unchangedMs = state === last ? unchangedMs + pauseMs : 0;
    if (unchangedMs >= STALL_MS) throw new NetworkStalledError(open);
    last = state;
    await options.sleep(pauseMs);
  }
}
