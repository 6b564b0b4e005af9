import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpJournalApi } from "../journal/http-api.ts";
import type { JournalImportResult } from "../journal/import-record.ts";
import { countJournalLines, readJournalLines } from "../journal/journal-file.ts";
import { settleOperations } from "../journal/settling.ts";
import { type Clock, createSystemClock } from "../platform/clock.ts";
import { type Config, readConfig } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { createShutdown } from "../platform/shutdown.ts";
import { type AuditReport, audit } from "../reconciler/audit.ts";
import { openStore, type Store } from "../store/store.ts";
import { readTotals } from "../store/totals-read-model.ts";
import { type ApiAddress, createApiClient } from "./api-client.ts";
import { printAudit } from "./audit.ts";
import { type BalanceRow, printBalances, toBalanceRow } from "./balances.ts";
import { currenciesOf, type DemoSource, prepareSource } from "./demo-source.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { importLines, reportFailedLines } from "./import.ts";
import { type OpenedChain, openChain } from "./local-chain.ts";
import { type Services, startServices } from "./network.ts";
import type { Terminal } from "./terminal.ts";

export type DemoOptions = {
  readonly journal?: string;
  readonly olist?: string;
  readonly feeBps: number;
  readonly engine?: "anvil" | "hardhat";
  readonly terminal: Terminal;
};

/** What a demonstration reports; money as decimal strings in minor units, time of the whole run in seconds. */
type DemoResult = {
  readonly orders: number;
  readonly skipped: number;
  readonly participants: number;
  readonly transactions: number;
  readonly gasUsed: number;
  readonly seconds: number;
  readonly balances: readonly BalanceRow[];
  readonly audit: AuditReport;
};

type Running = {
  readonly options: DemoOptions;
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly source: DemoSource;
  readonly store: Store;
  readonly opened: OpenedChain;
  readonly services: Services;
};

/** In the table for people; `--json` has all. */
const MOST_BALANCES = 20;

/**
 * Settles a journal on a fresh network in a temporary folder: imports it, closes the cycle, pays out, audits.
 *
 * Succeeds only if every line was executed and the audit holds. The folder is removed whatever happens.
 */
export async function demo(options: DemoOptions): Promise<ExitCode> {
  const clock = createSystemClock();
  const startedAtMs = clock.now().getTime();
  const folder = await mkdtemp(join(tmpdir(), "rialto-demo-"));
  const config = demoConfig(folder);
  const logger = createLogger({ level: config.logLevel, role: "demo" });
  const shutdown = createShutdown({ logger });
  shutdown.onClose("folder", () => rm(folder, { recursive: true, force: true }));
  try {
    const source = await prepareSource(options, folder);
    const currencies = await currenciesOf(source.path);
    const store = await openStore({ dataDirectory: config.dataDirectory, clock, logger });
    shutdown.onClose("database", () => store.close());
    const opened = await openChain({
      ...{ rpcUrl: undefined, stateDirectory: undefined, engine: options.engine },
      ...{ deploymentsDirectory: config.deploymentsDirectory, currencies, clock, logger },
    });
    shutdown.onClose("chain", () => opened.node?.stop());
    const services = await startServices({ config, chain: opened.chain, store, clock });
    shutdown.onClose("services", () => services.stop());
    return await Promise.race([
      settleAndAudit({ options, clock, startedAtMs, source, store, opened, services }),
      services.ended.then(() => EXIT_CODES.interrupted),
    ]);
  } catch (error) {
    if (shutdown.signal.aborted) return EXIT_CODES.interrupted;
    throw error;
  } finally {
    await shutdown.close();
  }
}

/** The settings of this environment, but everything in `folder`, on a free port, and quiet. */
function demoConfig(folder: string): Config {
  return {
    ...readConfig(),
    ...{ databaseUrl: undefined, rpcUrl: undefined, apiHost: "127.0.0.1", apiPort: 0, apiToken: undefined },
    ...{ dataDirectory: join(folder, "data"), deploymentsDirectory: join(folder, "deployments") },
    ...{ logLevel: "warn", pollIntervalMs: 20 },
  };
}

async function settleAndAudit(running: Running): Promise<ExitCode> {
  const { options, clock, startedAtMs, source, store, services } = running;
  const { terminal, feeBps } = options;
  const api: ApiAddress = { baseUrl: services.apiUrl, apiToken: undefined };
  const imported = await importLines({
    ...{ api, feeBps, terminal, stopOnError: false },
    lines: readJournalLines(source.path),
    totalLines: await countJournalLines(source.path),
  });
  await closeAndPayOut(api, clock);
  const report = await auditNetwork(running, api);
  const balances = (await createApiClient(api).balances()).map(toBalanceRow);
  const { participants, transactions, gasUsed } = await readTotals(store.db, services.mirror.instanceId);

  const seconds = (clock.now().getTime() - startedAtMs) / 1_000;
  const counts = { orders: imported.orders, skipped: source.skipped, participants, transactions };
  const result: DemoResult = { ...counts, gasUsed: toJsonInteger(gasUsed), seconds, balances, audit: report };
  printResult(terminal, result, imported);
  return report.ok && imported.failed.length === 0 ? EXIT_CODES.ok : EXIT_CODES.problems;
}

/** What the journal has left open: one more cycle, one more payout. */
async function closeAndPayOut({ baseUrl }: ApiAddress, clock: Clock): Promise<void> {
  const api = createHttpJournalApi({ baseUrl, fetch });
  await api.sendOperations({
    operations: [
      { key: "demo:close-cycle", kind: "close-cycle", group: 1 },
      { key: "demo:payout", kind: "payout", group: 2 },
    ],
    stopOnError: true,
  });
  await settleOperations({ api, sleep: (milliseconds) => clock.sleep(milliseconds) });
}

async function auditNetwork({ opened, options }: Running, api: ApiAddress): Promise<AuditReport> {
  const { rpc, deployment } = opened.chain;
  const progress = options.terminal.progress("Audit");
  const report = await audit({
    ...{ rpc, deployment, snapshot: await createApiClient(api).snapshot() },
    logger: createLogger({ level: "warn", role: "audit" }),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  progress.stop();
  return report;
}

function printResult(terminal: Terminal, result: DemoResult, imported: JournalImportResult): void {
  const { orders, skipped, participants, transactions, gasUsed, seconds, balances } = result;
  terminal.printJson(result);
  reportFailedLines(terminal, imported.failed);
  printBalances(terminal, balances, MOST_BALANCES);
  terminal.print(
    `${orders} orders (${skipped} skipped) of ${participants} participants settled in ${seconds.toFixed(1)} s: ` +
      `${transactions} transactions, ${gasUsed} gas`,
  );
  printAudit(terminal, result.audit);
}

/** Gas of a demonstration stays far below 2^53. */
function toJsonInteger(value: bigint): number {
  return Number.parseInt(value.toString(), 10);
}
