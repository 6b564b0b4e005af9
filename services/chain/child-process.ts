import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Clock } from "../platform/clock.ts";

/** A program that ends when we end, however that happens. */
export type TiedProcess = {
  readonly pid: number | undefined;
  /** The last of what it wrote to standard error. */
  readonly lastWords: () => string;
  readonly hasExited: () => boolean;
  /** Asks it to stop and waits; forces it after a bound. */
  stop(): Promise<void>;
};

const LAST_WORDS_CHARACTERS = 2_000;
const POLL_MS = 20;
const STOP_WITHIN_MS = 15_000;

/**
 * Becomes the program in the arguments, and leaves a watcher behind that stops it when standard input ends without a
 * line: which it does when we die, even by kill -9. Descriptor 3 is there because background commands have no standard
 * input of their own.
 */
const WATCH_SCRIPT = 'exec 3<&0; (read -r line <&3 || kill -TERM $$) & exec "$@" </dev/null 3<&-';

/** Starts a program tied to this process by a pipe to its standard input. */
export function startTiedProcess(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory?: string;
  /** Whether the program ends with its standard input by itself; if not, a shell watches for it. */
  readonly watchesInput: boolean;
  readonly clock: Clock;
}): TiedProcess {
  const { command, args, clock } = options;
  const [file, fileArgs] = options.watchesInput
    ? [command, args]
    : ["/bin/sh", ["-c", WATCH_SCRIPT, "sh", command, ...args]];
  // In a process group of its own: Ctrl-C reaches us alone, and we decide what is stopped when.
  const child = spawn(file, [...fileArgs], {
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  let words = "";
  let hasExited = false;
  const onExit = (): void => {
    hasExited = true;
    child.stdin.end("\n");
  };
  child.once("exit", onExit);
  child.once("error", (error) => {
    words = error.message;
    onExit();
  });
  child.stdin.on("error", () => undefined);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-LAST_WORDS_CHARACTERS);
  });

  return {
    pid: child.pid,
    lastWords: () => words.trim(),
    hasExited: () => hasExited,
    async stop() {
      if (child.pid !== undefined) await stopProcess(child.pid, clock, async () => hasExited);
    },
  };
}

/**
 * Stops what an earlier run left behind.
 *
 * @returns whether `pid` still ran and its command line had `marker`; nothing else is ever stopped.
 */
export async function stopLeftover(pid: number, marker: string, clock: Clock): Promise<boolean> {
  const isGone = async (): Promise<boolean> => !(await commandLineOf(pid)).includes(marker);
  if (!Number.isSafeInteger(pid) || pid <= 1 || (await isGone())) return false;

  await stopProcess(pid, clock, isGone);
  return true;
}

async function stopProcess(pid: number, clock: Clock, isGone: () => Promise<boolean>): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (await isGone()) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waitedMs = 0; waitedMs < STOP_WITHIN_MS; waitedMs += POLL_MS) {
      if (await isGone()) return;
      await clock.sleep(POLL_MS);
    }
  }
}

async function commandLineOf(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
  } catch {
    const { stdout } = await promisify(execFile)("ps", ["-o", "command=", "-p", `${pid}`]).catch(() => ({
      stdout: "",
    }));
    return stdout;
  }
}
