import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDevelopmentSigner } from "../../services/chain/development-keys.ts";
import { moveChainClock } from "../../services/chain/engine.ts";
import { createApiClient, type MerchantBalanceRow } from "../../services/cli/api-client.ts";
import { importLines } from "../../services/cli/import.ts";
import { type OpenedChain, openChain } from "../../services/cli/local-chain.ts";
import { startServices } from "../../services/cli/network.ts";
import { createTerminal } from "../../services/cli/terminal.ts";
import { createHttpJournalApi } from "../../services/journal/http-api.ts";
import type { JournalImportResult } from "../../services/journal/import-record.ts";
import type { JournalApi } from "../../services/journal/journal-api.ts";
import { settleOperations } from "../../services/journal/settling.ts";
import { createSystemClock } from "../../services/platform/clock.ts";
import { readConfig } from "../../services/platform/config.ts";
import { createLogger } from "../../services/platform/logger.ts";
import { type AuditReport, audit } from "../../services/reconciler/audit.ts";
import { openStore } from "../../services/store/store.ts";
import { type Send, sendTo } from "./http.ts";

/** A whole network in this process: real chain, real database, every service, in two currencies. */
export type TestNetwork = {
  readonly opened: OpenedChain;
  readonly api: JournalApi;
  readonly send: Send;
  readonly signer: ReturnType<typeof createDevelopmentSigner>;
  /** Imports lines and waits until they are included and mirrored. */
  journal(lines: readonly object[]): Promise<JournalImportResult>;
  /** Imports lines as they stand in a file, sound or not. */
  text(lines: readonly string[]): Promise<JournalImportResult>;
  /** Posts one operation, and waits until it is included and mirrored or has failed. */
  post(path: string, body?: object): Promise<{ status: number; body: { id: string; code?: string } }>;
  balances(): Promise<MerchantBalanceRow[]>;
  balanceOf(merchant: string, currency?: string): Promise<MerchantBalanceRow | undefined>;
  /** Moves the chain's clock. */
  advance(seconds: number): Promise<void>;
  audit(): Promise<AuditReport>;
  stop(): Promise<void>;
};

/** Without an engine: anvil where it is, else Hardhat's node. Without a database: PGlite in memory. */
export async function startTestNetwork(
  options: { readonly engine?: "anvil" | "hardhat"; readonly databaseUrl?: string } = {},
): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "rialto-test-"));
  const clock = createSystemClock();
  const logger = createLogger({ level: "error", role: "test" });
  const config = { ...readConfig({}, { logLevel: "error" }), apiPort: 0, pollIntervalMs: 20 };
  const store = await openStore({ databaseUrl: options.databaseUrl, clock, logger });
  const opened = await openChain({
    ...{ rpcUrl: undefined, stateDirectory: undefined, engine: options.engine, clock, logger },
    ...{ deploymentsDirectory: folder, currencies: ["BRL", "USD"] },
  });
  const services = await startServices({ config, chain: opened.chain, store, clock });

  const { rpc, deployment } = opened.chain;
  const address = { baseUrl: services.apiUrl, apiToken: undefined };
  const client = createApiClient(address);
  const api = createHttpJournalApi({ ...address, fetch });
  const send = sendTo(services.apiUrl);
  const sleep = (milliseconds: number) => clock.sleep(milliseconds);
  let posts = 0;

  function importText(lines: readonly string[]): Promise<JournalImportResult> {
    return importLines({
      ...{ api: address, lines: asLines(lines), stopOnError: false, feeBps: 500 },
      terminal: createTerminal({ isJson: false, stderr: SILENT }),
    });
  }

  return {
    opened,
    api,
    send,
    signer: createDevelopmentSigner(await client.chain()),
    text: importText,
    journal: (lines) => importText(lines.map((line) => JSON.stringify(line))),
    balances: client.balances,
    async post(path, body = {}) {
      posts += 1;
      const answer = await send<{ id: string; code?: string }>("POST", path, {
        body,
        headers: { "idempotency-key": `test-${posts}` },
      });
      await settleOperations({ api, sleep });
      return answer;
    },
    async balanceOf(merchant, currency = "BRL") {
      return (await client.balances()).find((row) => row.merchant === merchant && row.currency === currency);
    },
    advance: (seconds) => moveChainClock(rpc, seconds),
    async audit() {
      await settleOperations({ api, sleep });
      await services.mirror.catchUp();
      return audit({ rpc, deployment, snapshot: await client.snapshot(), logger });
    },
    async stop() {
      await services.stop();
      await opened.node?.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const SILENT = { write: () => true, isTTY: false } as unknown as NodeJS.WriteStream;

async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
