import { destination, type Logger as PinoLogger, pino } from "pino";

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Writes past-tense facts with fields: `logger.info({ blockNumber }, "Mirrored block")`. `error` only if a human must
 * act now. Never a key, a token, a signature or a name of a person.
 */
export type Logger = PinoLogger;

/** A logger of JSON lines on standard error; standard output belongs to the results of commands. */
export function createLogger({ level, role }: { level: LogLevel; role: string }): Logger {
  return pino({ level, base: { role } }, destination({ fd: 2, sync: true }));
}
