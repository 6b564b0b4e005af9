import { connectChain } from "../chain/chain.ts";
import { createSystemClock } from "../platform/clock.ts";
import { type Config, requireSetting } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { openStore } from "../store/store.ts";
import { createReconciler } from "./reconciler.ts";

const INTERVAL_MS = 60_000;

/**
 * Runs a reconciler as a process of its own until the signal aborts.
 *
 * @throws ConfigError, or what the chain and the database throw when they cannot be opened.
 */
export async function runReconciler(config: Config, signal: AbortSignal): Promise<void> {
  const logger = createLogger({ level: config.logLevel, role: "reconciler" });
  const clock = createSystemClock();
  const { rpc, deployment } = await connectChain({
    rpcUrl: requireSetting(config.rpcUrl, "RPC_URL"),
    deploymentsDirectory: config.deploymentsDirectory,
  });
  const { databaseUrl, dataDirectory } = config;
  const store = await openStore({ databaseUrl, dataDirectory, clock, logger });
  try {
    await createReconciler({ store, rpc, deployment, clock, logger, intervalMs: INTERVAL_MS }).run(signal);
  } finally {
    await store.close();
  }
}
