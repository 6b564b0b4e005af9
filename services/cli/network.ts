import { startApi, toApiChain } from "../api/main.ts";
import type { Chain } from "../chain/chain.ts";
import { createMirror, type Mirror } from "../mirror/mirror.ts";
import type { Clock } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { createReconciler } from "../reconciler/reconciler.ts";
import { createRelayer } from "../relayer/relayer.ts";
import { relayerSigners } from "../relayer/relayer-signers.ts";
import type { Store } from "../store/store.ts";
import { createUpkeep } from "../store/upkeep.ts";

/** Every service of a network in one process. */
export type Services = {
  readonly apiUrl: string;
  readonly mirror: Mirror;
  /** Rejects as soon as a service has failed for good; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** Ends every service; what is under way is finished or left for the next start. */
  stop(): Promise<void>;
};

const RECONCILE_INTERVAL_MS = 60_000;

/** Starts mirror, relayer, reconciler and API over one store and one chain; they meet in the database only. */
export async function startServices(options: {
  readonly config: Config;
  readonly chain: Chain;
  readonly store: Store;
  readonly clock: Clock;
}): Promise<Services> {
  const { config, chain, store, clock } = options;
  const { rpc, deployment } = chain;
  const { pollIntervalMs } = config;
  // Nothing is reverted on a local chain unless somebody asks it to.
  const finalityDepthBlocks = chain.isDevelopment ? 0 : config.finalityDepthBlocks;
  const stopping = new AbortController();
  const { signal } = stopping;
  const shared = (role: string) => ({
    ...{ store, clock },
    logger: createLogger({ level: config.logLevel, role }),
  });

  const mirror = await createMirror({
    ...shared("mirror"),
    ...{ rpc, deployment, finalityDepthBlocks, pollIntervalMs },
  });
  await mirror.catchUp();
  const signers = relayerSigners(config, chain);
  const relayer = createRelayer({
    ...shared("relayer"),
    ...{ chain, signers, instanceId: mirror.instanceId, pollIntervalMs },
  });
  const intervalMs = RECONCILE_INTERVAL_MS;
  const reconciler = createReconciler({ ...shared("reconciler"), rpc, deployment, intervalMs });
  const server = await startApi({ ...shared("api"), config, chain: toApiChain(chain, config) });

  const roles = [mirror, relayer, reconciler, createUpkeep({ store, clock })].map((role) => role.run(signal));
  const ended = Promise.all(roles).then(() => undefined);
  // Whoever starts the services decides when to look; until then a failure is not an unhandled one.
  ended.catch(() => undefined);
  return {
    apiUrl: server.url,
    mirror,
    ended,
    async stop() {
      stopping.abort(new Error("The services are stopping."));
      await server.close();
      await Promise.allSettled(roles);
    },
  };
}
