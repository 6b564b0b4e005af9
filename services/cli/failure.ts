import { DeployerNotAdminError } from "../chain/deployer.ts";
import { DeploymentMismatchError, DeploymentMissingError } from "../chain/deployment.ts";
import { PublicKeyForbiddenError } from "../chain/development-keys.ts";
import { DomainError } from "../domain/errors.ts";
import { ChainReplacedError, FinalityViolationError, MirrorSupersededError } from "../mirror/errors.ts";
import { ConfigError, RetryableError } from "../platform/errors.ts";
import { ForeignTransactionError } from "../relayer/broadcast.ts";
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
  [DeployerNotAdminError, EXIT_CODES.configuration],
  [PublicKeyForbiddenError, EXIT_CODES.configuration],
  [ChainReplacedError, EXIT_CODES.configuration],
  [MirrorSupersededError, EXIT_CODES.locked],
  [FinalityViolationError, EXIT_CODES.problems],
  [ForeignTransactionError, EXIT_CODES.problems],
  [RetryableError, EXIT_CODES.unavailable],
];

/** Codes of the operating system, and of PostgreSQL (its appendix A). */
const SYSTEM_CODES: Readonly<Record<string, ExitCode>> = {
  ENOENT: EXIT_CODES.noInput,
  ENOTDIR: EXIT_CODES.noInput,
  EACCES: EXIT_CODES.noInput,
  EISDIR: EXIT_CODES.noInput,
  // A file stands where the data folder should be.
  EEXIST: EXIT_CODES.configuration,
  ECONNREFUSED: EXIT_CODES.unavailable,
  ECONNRESET: EXIT_CODES.unavailable,
  ETIMEDOUT: EXIT_CODES.unavailable,
  EHOSTUNREACH: EXIT_CODES.unavailable,
  ENOTFOUND: EXIT_CODES.unavailable,
  EAI_AGAIN: EXIT_CODES.unavailable,
  EADDRINUSE: EXIT_CODES.unavailable,
  // Starting up, or no connection left.
  "57P03": EXIT_CODES.unavailable,
  "53300": EXIT_CODES.unavailable,
  // Wrong user or password, or no such database.
  "28000": EXIT_CODES.configuration,
  "28P01": EXIT_CODES.configuration,
  "3D000": EXIT_CODES.configuration,
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

/** Whether standard output was closed by a reader that has seen enough: `rialto ... | head` is no failure. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}

function withContext(error: Error): string {
  // Without a message of its own: a host with several addresses, none of which answered.
  if (error instanceof AggregateError && error.message === "") return error.errors.map(String).join(", ");
  if (!(error instanceof DomainError)) return error.message;
  const context = Object.entries(error.context).map(([key, value]) => `${key}=${value}`);
  return [error.message, ...context].join(" ");
}
