import { createMirror, type Mirror, type MirrorOptions } from "../../../services/mirror/mirror.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import type { Store } from "../../../services/store/store.ts";
import { type LiveNetwork, silentLogger } from "./live-network.ts";

/** A mirror of the network in the store. */
export function follow(
  network: LiveNetwork,
  store: Store,
  overrides: Partial<MirrorOptions> = {},
): Promise<Mirror> {
  return createMirror({
    store,
    rpc: network.rpc,
    deployment: network.deployment,
    clock: createSystemClock(),
    logger: silentLogger,
    finalityDepthBlocks: 0,
    pollIntervalMs: 20,
    ...overrides,
  });
}

/** What a promise rejects with; fails if it does not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Resolved with ${JSON.stringify(value)}.`);
}
