import { RetryableError } from "../platform/errors.ts";
import type { JournalApi } from "./journal-api.ts";

const POLL_INTERVAL_MS = 100;

/** After this many polls without any change (two minutes) the network counts as standing still. */
const STALL_POLLS = 1_200;

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
  let unchanged = 0;
  for (;;) {
    const progress = await options.api.progress();
    const open = progress.queued + progress.submitted + progress.unmirrored;
    options.onWait?.(open);
    if (open === 0) return;

    const state = JSON.stringify(progress);
    unchanged = state === last ? unchanged + 1 : 0;
    if (unchanged >= STALL_POLLS) throw new NetworkStalledError(open);
    last = state;
    await options.sleep(POLL_INTERVAL_MS);
  }
}
