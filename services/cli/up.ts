import { countJournalLines, readJournalLines } from "../journal/journal-file.ts";
import { createSystemClock } from "../platform/clock.ts";
import { type Config, readConfig } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { createShutdown, type Shutdown } from "../platform/shutdown.ts";
import { openStore, type Store } from "../store/store.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { importLines, reportFailedLines } from "./import.ts";
import { DEVELOPMENT_CURRENCIES, type OpenedChain, openChain } from "./local-chain.ts";
import { startServices } from "./network.ts";
import { forgetNetwork, rememberNetwork } from "./network-file.ts";
import { SAMPLE_JOURNAL } from "./sample-journal.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

const DEFAULT_FEE_BPS = 500;
const DEVELOPMENT_CHAIN_PORT = 8545;

/**
 * Runs a whole network in this process until it is asked to stop.
 *
 * The database opens first, so that a second network on the same folder is refused before anything is started.
 */
export async function up(options: {
  readonly sample: boolean;
  readonly engine?: "anvil" | "hardhat";
}): Promise<ExitCode> {
  // A terminal is for people: what the services do in passing is left out unless it is asked for.
  const config = readConfig(undefined, { logLevel: "warn" });
  const terminal = createTerminal({ isJson: false });
  const logger = createLogger({ level: config.logLevel, role: "up" });
  const clock = createSystemClock();
  const shutdown = createShutdown({ logger });
  try {
    const store = await openStore({
      ...{ databaseUrl: config.databaseUrl, dataDirectory: config.dataDirectory },
      ...{ clock, logger },
    });
    shutdown.onClose("database", () => store.close());
    const opened = await openChain({
      ...{ rpcUrl: config.rpcUrl, deploymentsDirectory: config.deploymentsDirectory, clock, logger },
      engine: options.engine,
      preferredPort: DEVELOPMENT_CHAIN_PORT,
      stateDirectory: config.dataDirectory,
      currencies: DEVELOPMENT_CURRENCIES,
      onStep: ({ action, subject }) => {
        if (action === "deploy") terminal.note(`deploy ${subject}`);
      },
    });
    shutdown.onClose("chain", () => opened.node?.stop());
    return await serve({ ...options, config, terminal, shutdown, store, opened });
  } catch (error) {
    if (shutdown.signal.aborted) return EXIT_CODES.ok;
    throw error;
  } finally {
    await shutdown.close();
  }
}

async function serve(network: {
  readonly sample: boolean;
  readonly config: Config;
  readonly terminal: Terminal;
  readonly shutdown: Shutdown;
  readonly store: Store;
  readonly opened: OpenedChain;
}): Promise<ExitCode> {
  const { config, terminal, shutdown, store, opened } = network;
  const clock = createSystemClock();
  const services = await startServices({ config, chain: opened.chain, store, clock });
  shutdown.onClose("services", () => services.stop());
  const addresses = { apiUrl: services.apiUrl, rpcUrl: opened.rpcUrl };
  await rememberNetwork(config.dataDirectory, addresses);
  shutdown.onClose("network file", () => forgetNetwork(config.dataDirectory));

  if (network.sample && opened.chain.isDevelopment) await importSample(config, services.apiUrl, terminal);
  announce(terminal, opened, store, addresses);
  await Promise.race([services.ended, aborted(shutdown.signal)]);
  return EXIT_CODES.ok;
}

async function importSample(config: Config, apiUrl: string, terminal: Terminal): Promise<void> {
  const result = await importLines({
    api: { baseUrl: apiUrl, apiToken: config.apiToken },
    lines: readJournalLines(SAMPLE_JOURNAL),
    totalLines: await countJournalLines(SAMPLE_JOURNAL),
    ...{ stopOnError: false, feeBps: DEFAULT_FEE_BPS, terminal },
  });
  reportFailedLines(terminal, result.failed);
  terminal.note(
    `Sample: ${result.orders} orders, ${result.executed} lines executed, ${result.replayed} done before`,
  );
}

function announce(
  terminal: Terminal,
  { chain, node }: OpenedChain,
  store: Store,
  { apiUrl, rpcUrl }: { readonly apiUrl: string; readonly rpcUrl: string },
): void {
  if (node !== undefined && !node.isPersistent) {
    terminal.note(
      "The local chain is Hardhat's node, which lives in memory: when it stops, its orders are gone. " +
        "With anvil on the PATH the chain is kept.",
    );
  }
  terminal.print(
    [
      "Rialto is ready",
      `  API       ${apiUrl}/v1/chain   (health: ${apiUrl}/readyz)`,
      `  chain     ${rpcUrl}   (${chain.engine.name}, chain id ${chain.chainId})`,
      `  database  ${store.engine === "pglite" ? "PGlite" : "PostgreSQL"}`,
      "Ctrl-C stops it.",
    ].join("\n"),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
