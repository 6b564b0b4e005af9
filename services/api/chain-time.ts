import type { Clock } from "../platform/clock.ts";
import type { ApiChain } from "./api-chain.ts";

/**
 * The time that the next block will have at least, in Unix seconds: a development chain may be ahead of this machine,
 * and between blocks any chain's head is behind it.
 */
export async function chainTime(chain: ApiChain, clock: Clock): Promise<number> {
  const { timestamp } = await chain.head();
  return Math.max(timestamp, Math.floor(clock.now().getTime() / 1_000));
}
