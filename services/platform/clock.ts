import { setTimeout as delay } from "node:timers/promises";

/** The host's time. Passed in wherever time matters, so that tests and the simulator decide what time it is. */
export interface Clock {
  /** The present moment. */
  now(): Date;
  /** Resolves after `milliseconds`, or rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    async sleep(milliseconds, signal) {
      try {
        await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        throw signal?.aborted ? signal.reason : error;
      }
    },
  };
}
