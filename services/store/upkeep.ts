import { sql } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { Store } from "./store.ts";

/** Removes dead rows and gathers statistics, which PostgreSQL does by itself and the embedded engine never. */
export type Upkeep = {
  /** Returns at once on an engine that does it by itself, otherwise when the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
};

/** A young database grows fast: what is known of its tables is old soon. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** Makes the upkeep of a store; one per database. */
export function createUpkeep({ store, clock }: { readonly store: Store; readonly clock: Clock }): Upkeep {
  return {
    async run(signal) {
      if (store.engine !== "pglite") return;

      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        await clock.sleep(pauseMs, signal).catch(() => undefined);
        if (signal.aborted) return;
        await sql`vacuum (analyze)`.execute(store.db);
      }
    },
  };
}
