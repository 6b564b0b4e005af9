import { connectChain } from "../chain/chain.ts";
import { contractSetHash } from "../chain/deployment.ts";
import { createSystemClock } from "../platform/clock.ts";
import { type Config, requireSetting } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { openInstance } from "../store/block-store.ts";
import { openStore } from "../store/store.ts";
import { createRelayer } from "./relayer.ts";
import { relayerSigners } from "./relayer-signers.ts";

/**
 * Runs a relayer as a process of its own until the signal aborts.
 *
 * @throws ConfigError, or what stops a relayer, see `Relayer`.
 */
export async function runRelayer(config: Config, signal: AbortSignal): Promise<void> {
  const logger = createLogger({ level: config.logLevel, role: "relayer" });
  const clock = createSystemClock();
  const chain = await connectChain({
    rpcUrl: requireSetting(config.rpcUrl, "RPC_URL"),
    deploymentsDirectory: config.deploymentsDirectory,
  });
  const { databaseUrl, dataDirectory, pollIntervalMs } = config;
  const signers = relayerSigners(config, chain);
  const store = await openStore({ databaseUrl, dataDirectory, clock, logger });
  try {
    const { chainId, genesisHash } = chain.deployment;
    const instanceId = await store.transaction((trx) =>
      openInstance(trx, {
        chainId,
        genesisHash,
        contractSetHash: contractSetHash(chain.deployment),
        now: clock.now(),
      }),
    );
    const relayer = createRelayer({
      store,
      chain,
      signers,
      clock,
      logger,
      instanceId,
      pollIntervalMs,
    });
    await relayer.run(signal);
  } finally {
    await store.close();
  }
}
