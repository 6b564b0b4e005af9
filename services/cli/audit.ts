import { connectChain } from "../chain/chain.ts";
import { readConfig, requireSetting } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { type AuditReport, audit as auditChain } from "../reconciler/audit.ts";
import { createApiClient } from "./api-client.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { findNetwork } from "./network-file.ts";
import type { Terminal } from "./terminal.ts";

/** What an auditor reads at first; `--json` has all. */
const MOST_BREAKS = 50;

/** Audits the network at `apiUrl` over the chain at `rpcUrl`, and lists every break. */
export async function audit(options: {
  readonly apiUrl?: string | undefined;
  readonly rpcUrl?: string | undefined;
  readonly terminal: Terminal;
}): Promise<ExitCode> {
  const config = readConfig();
  const { terminal } = options;
  const { apiUrl, rpcUrl } = await findNetwork(config, options);
  const { rpc, deployment } = await connectChain({
    rpcUrl: requireSetting(rpcUrl, "RPC_URL"),
    deploymentsDirectory: config.deploymentsDirectory,
  });
  const snapshot = await createApiClient({ baseUrl: apiUrl, apiToken: config.apiToken }).snapshot();
  const progress = terminal.progress("Audit");
  const report = await auditChain({
    ...{ rpc, deployment, snapshot },
    logger: createLogger({ level: "warn", role: "audit" }),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  progress.stop();

  terminal.printJson(report);
  printAudit(terminal, report);
  return report.ok ? EXIT_CODES.ok : EXIT_CODES.problems;
}

/** The verdict in words. */
export function printAudit(terminal: Terminal, report: AuditReport): void {
  const { blocks, logs, orders, breaks } = report;
  for (const { kind, subject, expected, actual } of breaks.slice(0, MOST_BREAKS)) {
    terminal.print(
      `break ${kind} ${subject}: expected ${expected ?? "nothing"}, found ${actual ?? "nothing"}`,
    );
  }
  if (breaks.length > MOST_BREAKS) terminal.print(`... and ${breaks.length - MOST_BREAKS} more`);
  terminal.print(
    `Audit: ${breaks.length === 0 ? "ok" : `${breaks.length} breaks`} over ${blocks} blocks, ${logs} events, ${orders} orders`,
  );
}
