import { randomBytes } from "node:crypto";
import { createDevelopmentSigner } from "../chain/development-keys.ts";
import { createHttpJournalApi } from "../journal/http-api.ts";
import type { FailedLine, JournalImportResult } from "../journal/import-record.ts";
import { countJournalLines, readJournalLines } from "../journal/journal-file.ts";
import { importJournal } from "../journal/journal-import.ts";
import { createSystemClock } from "../platform/clock.ts";
import { readConfig } from "../platform/config.ts";
import { type ApiAddress, createApiClient } from "./api-client.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { findNetwork } from "./network-file.ts";
import type { Terminal } from "./terminal.ts";

/** Carries out a journal file against the network at `apiUrl`, and says what became of its lines. */
export async function importFile(options: {
  readonly file: string;
  readonly stopOnError: boolean;
  readonly feeBps: number;
  readonly journalId?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly terminal: Terminal;
}): Promise<ExitCode> {
  const config = readConfig();
  const { terminal, file } = options;
  const { apiUrl } = await findNetwork(config, { apiUrl: options.apiUrl });
  const result = await importLines({
    ...options,
    api: { baseUrl: apiUrl, apiToken: config.apiToken },
    lines: readJournalLines(file === "-" ? process.stdin : file),
    totalLines: file === "-" ? undefined : await countJournalLines(file),
  });

  terminal.printJson(result);
  reportFailedLines(terminal, result.failed);
  terminal.print(
    `${result.lines} lines: ${result.executed} executed, ${result.replayed} done before, ` +
      `${result.failed.length} failed; ${result.orders} orders`,
  );
  return result.failed.length === 0 ? EXIT_CODES.ok : EXIT_CODES.problems;
}

/** Imports journal lines over the API, with progress on the terminal. */
export async function importLines(options: {
  readonly api: ApiAddress;
  readonly lines: AsyncIterable<string>;
  /** For the progress; unknown where the lines come from a pipe. */
  readonly totalLines?: number | undefined;
  readonly stopOnError: boolean;
  readonly feeBps: number;
  readonly journalId?: string | undefined;
  readonly terminal: Terminal;
}): Promise<JournalImportResult> {
  const { api, terminal, totalLines } = options;
  const clock = createSystemClock();
  const network = await createApiClient(api).chain();
  const sending = terminal.progress("Lines sent");
  const settling = terminal.progress("Operations done");
  let mostOpen = 0;

  try {
    return await importJournal({
      ...options,
      api: createHttpJournalApi({ ...api, fetch }),
      signer: createDevelopmentSigner(network),
      randomBytes,
      sleep: (milliseconds) => clock.sleep(milliseconds),
      onProgress({ phase, lines, open }) {
        mostOpen = Math.max(mostOpen, open);
        if (phase === "settling") settling.update(mostOpen - open, mostOpen);
        else if (totalLines !== undefined) sending.update(lines, totalLines);
      },
    });
  } finally {
    sending.stop();
    settling.stop();
  }
}

/** One line on standard error for each journal line that failed. */
export function reportFailedLines(terminal: Terminal, failed: readonly FailedLine[]): void {
  for (const { line, field, code, reason } of failed) {
    terminal.note(`line ${line}: ${field ?? "line"}: ${reason} (${code})`);
  }
}
