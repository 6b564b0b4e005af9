import { DeploymentMismatchError, DeploymentMissingError } from "../chain/deployment.ts";
import { PublicKeyForbiddenError } from "../chain/development-keys.ts";
import { DomainError } from "../domain/errors.ts";
import { ConfigError, RetryableError } from "../platform/errors.ts";
import { FolderLockedError } from "../store/data-folder-lock.ts";
import { MigrationChangedError, StoreNewerError } from "../store/migrate.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";

/** A command line that names something impossible. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

const EXIT_CODE_OF: readonly (readonly [new (...args: never[]) => Error, ExitCode])[] = [
  [UsageError, EXIT_CODES.usage],
  [ConfigError, EXIT_CODES.configuration],
  [DomainError, EXIT_CODES.dataError],
  [FolderLockedError, EXIT_CODES.locked],
  [StoreNewerError, EXIT_CODES.configuration],
  [MigrationChangedError, EXIT_CODES.configuration],
  [DeploymentMismatchError, EXIT_CODES.configuration],
  [DeploymentMissingError, EXIT_CODES.configuration],
  [PublicKeyForbiddenError, EXIT_CODES.configuration],
  [RetryableError, EXIT_CODES.unavailable],
];

const SYSTEM_CODES: Readonly<Record<string, ExitCode>> = {
  ENOENT: EXIT_CODES.noInput,
  EACCES: EXIT_CODES.noInput,
  EISDIR: EXIT_CODES.noInput,
  ECONNREFUSED: EXIT_CODES.unavailable,
  EADDRINUSE: EXIT_CODES.unavailable,
};

/** What a command that failed says: one line, and an exit status. A bug keeps its stack. */
export function describeFailure(error: unknown): { readonly text: string; readonly exitCode: ExitCode } {
  if (!(error instanceof Error)) return { text: String(error), exitCode: EXIT_CODES.bug };

  const exitCode = exitCodeOf(error);
  if (exitCode === EXIT_CODES.bug) return { text: error.stack ?? error.message, exitCode };
  return { text: `rialto: ${withContext(error)}`.replaceAll("\n", " "), exitCode };
}

function exitCodeOf(error: Error): ExitCode {
  const known = EXIT_CODE_OF.find(([type]) => error instanceof type);
  if (known !== undefined) return known[1];
  const code = "code" in error ? String(error.code) : "";
  return SYSTEM_CODES[code] ?? EXIT_CODES.bug;
}

function withContext(error: Error): string {
  if (!(error instanceof DomainError)) return error.message;
  const context = Object.entries(error.context).map(([key, value]) => `${key}=${value}`);
  return [error.message, ...context].join(" ");
}
