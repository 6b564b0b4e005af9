import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Clock } from "../platform/clock.ts";
import { RetryableError } from "../platform/errors.ts";
import type { Logger } from "../platform/logger.ts";
import { readHead } from "./chain.ts";
import { startTiedProcess, stopLeftover, type TiedProcess } from "./child-process.ts";
import { createJsonRpc, RpcUnreachableError, toQuantity } from "./json-rpc.ts";
import { keepCheckpoint, restoreState } from "./node-state.ts";

/** A chain on this machine that lives as long as we do. */
export type LocalNode = {
  readonly rpcUrl: string;
  readonly engine: "anvil" | "hardhat";
  /** Whether the chain is still there after a stop and a new start. */
  readonly isPersistent: boolean;
  /** Stops the chain; a persistent one has saved its state when this resolves. */
  stop(): Promise<void>;
};

export type LocalNodeOptions = {
  /** Anvil where it is installed, otherwise Hardhat's node. */
  readonly engine?: "anvil" | "hardhat";
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Where the chain is kept; without it, or with Hardhat's node, it is in memory. */
  readonly stateFile?: string;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** The node did not come up. */
export class LocalNodeError extends RetryableError {
  constructor(engine: string, reason: string) {
    super(`The local chain (${engine}) did not start: ${reason}`);
    this.name = "LocalNodeError";
  }
}

const CHAIN_ID = 31337;
/**
 * Anvil makes a block when a transaction comes in, and forgets those that do not fit until the next one: so blocks are
 * larger than everything that the relayer has under way at a time.
 */
const BLOCK_GAS_LIMIT = 4_000_000_000;
/** Each state is a copy of all accounts: hundreds of megabytes for a thousand blocks. Blocks and logs are all kept. */
const KEPT_STATES = 16;
/** Anvil writes its whole state each time, 100 MB after 30,000 operations. What a kill loses is sent again. */
const SAVED_EVERY_SECONDS = 5;
const READY_WITHIN_MS = 60_000;
const POLL_MS = 25;
const PROJECT_ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Starts a local chain with chain id 31337 and prices of zero, and waits until it answers.
 *
 * A node that an earlier run left on the same state file is stopped first.
 *
 * @throws LocalNodeError if it does not answer in time, or anvil is asked for and not there.
 */
export async function startLocalNode(options: LocalNodeOptions): Promise<LocalNode> {
  const { clock, logger } = options;
  const anvil = options.engine === "hardhat" ? undefined : await findAnvil();
  if (options.engine === "anvil" && anvil === undefined) {
    throw new LocalNodeError("anvil", "the program is not installed");
  }

  const engine = anvil === undefined ? "hardhat" : "anvil";
  const port = options.port || (await findFreePort());
  const rpcUrl = `http://127.0.0.1:${port}`;
  const stateFile = anvil && options.stateFile && resolve(options.stateFile);
  if (stateFile !== undefined) await prepareState(stateFile, clock, logger);

  const node = anvil ? startAnvil(anvil, port, stateFile, clock) : startHardhat(port, clock);
  try {
    if (stateFile !== undefined) await writeFile(pidFileOf(stateFile), `${node.pid}\n`);
    await waitUntilReady({ node, engine, rpcUrl, clock });
    if (stateFile !== undefined) await keepTimeMonotonic(rpcUrl, clock);
  } catch (error) {
    await node.stop();
    throw error;
  }

  const checkpoint = stateFile === undefined ? undefined : keepCheckpoint(stateFile, logger);
  logger.info({ engine, port, isPersistent: stateFile !== undefined }, "Started the local chain");
  return {
    rpcUrl,
    engine,
    isPersistent: stateFile !== undefined,
    async stop() {
      checkpoint?.stop();
      await node.stop();
      if (stateFile !== undefined) await rm(pidFileOf(stateFile), { force: true });
    },
  };
}

/** The anvil of the optional package, or the one on the path. */
export async function findAnvil(): Promise<string | undefined> {
  for (const candidate of [...packagedAnvil(), "anvil"]) {
    const isThere = await promisify(execFile)(candidate, ["--version"]).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return undefined;
}

function startAnvil(anvil: string, port: number, stateFile: string | undefined, clock: Clock): TiedProcess {
  const state =
    stateFile === undefined ? [] : ["--state", stateFile, "--state-interval", `${SAVED_EVERY_SECONDS}`];
  const args = [
    ...["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${CHAIN_ID}`],
    ...["--order", "fifo", "--gas-limit", `${BLOCK_GAS_LIMIT}`, "--no-request-size-limit"],
    ...["--base-fee", "0", "--gas-price", "0", "--disable-min-priority-fee", "--quiet"],
    ...["--prune-history", `${KEPT_STATES}`],
    ...state,
  ];
  return startTiedProcess({ command: anvil, args, watchesInput: false, clock });
}

function startHardhat(port: number, clock: Clock): TiedProcess {
  const args = [
    ...["--import", new URL("end-with-input.ts", import.meta.url).href],
    join(PROJECT_ROOT, "node_modules", "hardhat", "dist", "src", "cli.js"),
    ...["node", "--hostname", "127.0.0.1", "--port", `${port}`, "--network", "node"],
  ];
  return startTiedProcess({
    command: process.execPath,
    args,
    directory: PROJECT_ROOT,
    watchesInput: true,
    clock,
  });
}

async function prepareState(stateFile: string, clock: Clock, logger: Logger): Promise<void> {
  await mkdir(dirname(stateFile), { recursive: true });
  const pid = Number.parseInt(await readFile(pidFileOf(stateFile), "utf8").catch(() => ""), 10);
  if (await stopLeftover(pid, stateFile, clock))
    logger.warn({ pid }, "Stopped a node that an earlier run left");
  await restoreState(stateFile, logger);
}

async function waitUntilReady(options: {
  readonly node: TiedProcess;
  readonly engine: string;
  readonly rpcUrl: string;
  readonly clock: Clock;
}): Promise<void> {
  const { node, engine, clock } = options;
  const rpc = createJsonRpc({ url: options.rpcUrl, timeoutMs: 5_000 });
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += POLL_MS) {
    if (node.hasExited()) throw new LocalNodeError(engine, node.lastWords() || "it ended at once");
    try {
      await rpc.request("eth_chainId");
      return;
    } catch (error) {
      if (!(error instanceof RpcUnreachableError)) throw error;
    }
    await clock.sleep(POLL_MS);
  }
  throw new LocalNodeError(engine, `no answer within ${READY_WITHIN_MS / 1_000} s`);
}

/** Anvil saves its blocks but not by how much its clock was moved: without this, time would go backwards. */
async function keepTimeMonotonic(rpcUrl: string, clock: Clock): Promise<void> {
  const rpc = createJsonRpc({ url: rpcUrl });
  const { timestamp } = await readHead(rpc);
  const ahead = timestamp - Math.floor(clock.now().getTime() / 1_000);
  if (ahead > 0) await rpc.request("evm_increaseTime", [toQuantity(ahead)]);
}

function packagedAnvil(): string[] {
  try {
    const manifest = createRequire(import.meta.url).resolve("@foundry-rs/anvil-linux-amd64/package.json");
    return [join(dirname(manifest), "bin", "anvil")];
  } catch {
    return [];
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new LocalNodeError("any", "no free port");
  return address.port;
}

function pidFileOf(stateFile: string): string {
  return `${stateFile}.pid`;
}
