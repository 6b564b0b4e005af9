import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Chain, connectChain, readHead } from "../chain/chain.ts";
import { developmentKeys } from "../chain/development-keys.ts";
import { addressOfKey } from "../chain/typed-data.ts";
import type { Hex } from "../domain/order-terms.ts";
import { type Clock, createSystemClock } from "../platform/clock.ts";
import { type Config, requireSetting } from "../platform/config.ts";
import { createLogger, type Logger } from "../platform/logger.ts";
import { openStore, type Store } from "../store/store.ts";
import type { ApiChain } from "./api-chain.ts";
import { createApp } from "./app.ts";

/** How long requests that are being answered may still take when the API is asked to stop. */
const DRAIN_MS = 5_000;

/** A listening API. */
export type ApiServer = {
  readonly url: string;
  /** Takes no new requests, ends the running ones and resolves. */
  close(): Promise<void>;
};

/** Serves the API on its own database handle and chain until `signal` aborts. Calls `onReady` once it listens. */
export async function runApi(
  config: Config,
  signal: AbortSignal,
  onReady: (url: string) => void = () => undefined,
): Promise<void> {
  const logger = createLogger({ level: config.logLevel, role: "api" });
  const clock = createSystemClock();
  const chain = await connectChain({
    rpcUrl: requireSetting(config.rpcUrl, "RPC_URL"),
    deploymentsDirectory: config.deploymentsDirectory,
  });
  const { databaseUrl, dataDirectory } = config;
  const store = await openStore({ databaseUrl, dataDirectory, clock, logger });
  try {
    const server = await startApi({ config, store, chain: toApiChain(chain, config), clock, logger });
    onReady(server.url);
    await aborted(signal);
    await server.close();
  } finally {
    await store.close();
  }
}

/** Starts to listen on the configured host and port, with everything else given. */
export async function startApi({
  config,
  store,
  chain,
  clock,
  logger,
}: {
  config: Pick<Config, "apiHost" | "apiPort" | "apiToken">;
  store: Store;
  chain: ApiChain;
  clock: Clock;
  logger: Logger;
}): Promise<ApiServer> {
  const server = createServer(createApp({ store, chain, clock, logger, token: config.apiToken }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: config.apiHost, port: config.apiPort }, resolve);
  });

  // Safe: a server that listens on a TCP port has such an address.
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.apiHost.includes(":") ? `[${config.apiHost}]` : config.apiHost}:${port}`;
  logger.info({ url }, "Started to listen");
  return {
    url,
    async close() {
      const drained = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await drained;
      clearTimeout(late);
    },
  };
}

/** What the API needs of a connected chain. */
export function toApiChain(chain: Chain, config: Pick<Config, "keys">): ApiChain {
  const { deployment } = chain;
  const { participantRegistry, settlementLedger, disputeCourt } = deployment.contracts;
  return {
    network: {
      chainId: chain.chainId,
      engine: chain.engine.name,
      isDevelopment: chain.isDevelopment,
      ledger: settlementLedger.address,
      registry: participantRegistry.address,
      court: disputeCourt.address,
      contracts: addressesOf(deployment.contracts),
      operator: deployment.operator,
      feeReceiver: deployment.feeReceiver,
      issuer: issuerOf(chain, config),
      arbiterSetId: deployment.arbiterSetId,
      arbiters: deployment.arbiters,
      tokens: addressesOf(deployment.tokens),
    },
    head: () => readHead(chain.rpc),
  };
}

function issuerOf(chain: Chain, { keys }: Pick<Config, "keys">): Hex | undefined {
  const key = keys.issuer ?? (chain.isDevelopment ? developmentKeys(chain.chainId).issuer : undefined);
  return key && addressOfKey(key);
}

function addressesOf(contracts: Readonly<Record<string, { address: Hex }>>): Record<string, Hex> {
  return Object.fromEntries(Object.entries(contracts).map(([name, { address }]) => [name, address]));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
