import { runApi } from "../api/main.ts";
import { runMirror } from "../mirror/main.ts";
import { type Config, readConfig } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { createShutdown } from "../platform/shutdown.ts";
import { runReconciler } from "../reconciler/main.ts";
import { runRelayer } from "../relayer/main.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { createTerminal } from "./terminal.ts";

const ROLES = {
  api: (config: Config, signal: AbortSignal) =>
    runApi(config, signal, (url) => createTerminal({ isJson: false }).print(`Listening on ${url}`)),
  mirror: runMirror,
  relayer: runRelayer,
  reconciler: runReconciler,
} as const;

/** Runs one role until the process is asked to stop. */
export async function runRole(role: keyof typeof ROLES): Promise<ExitCode> {
  const config = readConfig();
  const shutdown = createShutdown({ logger: createLogger({ level: config.logLevel, role }) });
  try {
    await ROLES[role](config, shutdown.signal);
  } catch (error) {
    if (!shutdown.signal.aborted) throw error;
  } finally {
    await shutdown.close();
  }
  return EXIT_CODES.ok;
}
