import { connectChain } from "../chain/chain.ts";
import { createSystemClock } from "../platform/clock.ts";
import { type Config, requireSetting } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { openStore } from "../store/store.ts";
import { createMirror } from "./mirror.ts";

/**
 * Runs a mirror as a process of its own until the signal aborts.
 *
 * @throws ConfigError, or what stops a mirror, see `Mirror`.
 */
export async function runMirror(config: Config, signal: AbortSignal): Promise<void> {
  const logger = createLogger({ level: config.logLevel, role: "mirror" });
  const clock = createSystemClock();
  const chain = await connectChain({
    rpcUrl: requireSetting(config.rpcUrl, "RPC_URL"),
    deploymentsDirectory: config.deploymentsDirectory,
  });
  const { databaseUrl, dataDirectory, pollIntervalMs } = config;
  const store = await openStore({ databaseUrl, dataDirectory, clock, logger });
  try {
    const mirror = await createMirror({
      store,
      rpc: chain.rpc,
      deployment: chain.deployment,
      clock,
      logger,
      // Nothing is reverted on a local chain unless somebody asks it to.
      finalityDepthBlocks: chain.isDevelopment ? 0 : config.finalityDepthBlocks,
      pollIntervalMs,
    });
    await mirror.run(signal);
  } finally {
    await store.close();
  }
}
