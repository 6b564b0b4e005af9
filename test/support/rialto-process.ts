import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSystemClock } from "../../services/platform/clock.ts";
import { CONFIG_VARIABLES } from "../../services/platform/config.ts";

/** How a `rialto` process ended and all that it said. */
export type Ended = {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A running `rialto` process. */
export type RialtoProcess = {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves to the first match in what it says on both streams; throws with its words if it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
};

/** A running `rialto up` and where it can be reached. */
export type RialtoNetwork = RialtoProcess & { readonly apiUrl: string; readonly rpcUrl: string };

type Environment = Readonly<Record<string, string>>;

/** A temporary folder with settings of its own, and the `rialto` processes that run in it. */
export type Sandbox = {
  readonly folder: string;
  readonly dataDirectory: string;
  readonly deploymentsDirectory: string;
  /** Runs a command to its end. */
  run(args: readonly string[], environment?: Environment): Promise<Ended>;
  start(args: readonly string[], environment?: Environment): RialtoProcess;
  /** `rialto up` until it is ready. */
  up(args?: readonly string[]): Promise<RialtoNetwork>;
  /** Writes a file of lines into the folder and gives its path. */
  write(name: string, lines: readonly string[]): Promise<string>;
  /** Kills what still runs and removes the folder. */
  close(): Promise<void>;
};

const PROGRAM = fileURLToPath(new URL("../../services/cli/rialto.mjs", import.meta.url));
const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const PATIENCE_MS = 90_000;
const POLL_MS = 10;

/** Nothing of the caller's settings reaches the processes; `environment` is for all of them. */
export async function createSandbox(environment: Environment = {}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), "rialto-sandbox-"));
  const dataDirectory = join(folder, "data");
  const deploymentsDirectory = join(folder, "deployments");
  const running = new Set<RialtoProcess>();
  const settings = {
    RIALTO_DATA_DIR: dataDirectory,
    RIALTO_DEPLOYMENTS_DIR: deploymentsDirectory,
    RIALTO_API_PORT: "0",
    RIALTO_POLL_INTERVAL_MS: "50",
    RIALTO_LOG_LEVEL: "warn",
    TMPDIR: folder,
    ...environment,
  };

  function start(args: readonly string[], more: Environment = {}): RialtoProcess {
    const started = startRialto(args, { ...outsideSettings(), ...settings, ...more });
    running.add(started);
    started.ended.then(() => running.delete(started)).catch(() => undefined);
    return started;
  }

  return {
    folder,
    dataDirectory,
    deploymentsDirectory,
    start,
    run: (args, more) => start(args, more).ended,
    async up(args = ["--no-sample"]) {
      const network = start(["up", ...args]);
      await network.says(/^Rialto is ready/m);
      const addresses = JSON.parse(await readFile(join(dataDirectory, "network.json"), "utf8"));
      return { ...network, ...(addresses as { apiUrl: string; rpcUrl: string }) };
    },
    async write(name, lines) {
      const path = join(folder, name);
      await writeFile(path, lines.join("\n"));
      return path;
    },
    async close() {
      await Promise.allSettled([...running].map((process) => process.end("SIGKILL")));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** Waits until `isTrue`, for a bounded time. */
export async function until(isTrue: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const clock = createSystemClock();
  const giveUpAtMs = clock.now().getTime() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (clock.now().getTime() > giveUpAtMs) throw new Error(`Waited in vain until ${what}.`);
    await clock.sleep(POLL_MS);
  }
}

/** Whether something answers HTTP requests at `url`. */
export function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function startRialto(args: readonly string[], environment: NodeJS.ProcessEnv): RialtoProcess {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: PROJECT,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const words = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      words[stream] += text;
    });
  }
  const ended = endOf(child, words, args);
  let hasEnded = false;
  ended
    .catch(() => undefined)
    .finally(() => {
      hasEnded = true;
    });

  return {
    pid: child.pid ?? 0,
    ended,
    async says(pattern) {
      const find = () => pattern.exec(words.stdout) ?? pattern.exec(words.stderr);
      await until(() => find() !== null || hasEnded, `${args.join(" ")} says ${pattern}`);
      const found = find();
      if (found === null) throw new Error(`${args.join(" ")} ended:\n${words.stdout}${words.stderr}`);
      return found;
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function endOf(
  child: ChildProcess,
  words: { readonly stdout: string; readonly stderr: string },
  args: readonly string[],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${args.join(" ")} did not end:\n${words.stdout}${words.stderr}`));
    }, 2 * PATIENCE_MS);
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal, ...words });
    });
  });
}

function outsideSettings(): NodeJS.ProcessEnv {
  const own = new Set([...CONFIG_VARIABLES, "NODE_OPTIONS"]);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
}
