import { createServer } from "node:net";
import { join } from "node:path";
import { type Chain, connectChain } from "../chain/chain.ts";
import { deployNetwork } from "../chain/deploy-network.ts";
import type { DeployStep } from "../chain/deployer.ts";
import { developmentActors } from "../chain/development-actors.ts";
import { isDevelopmentChain } from "../chain/development-keys.ts";
import { detectEngine } from "../chain/engine.ts";
import { createJsonRpc } from "../chain/json-rpc.ts";
import { type LocalNode, startLocalNode } from "../chain/local-node.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";

/** The currencies of a development network, unless others are asked for. */
export const DEVELOPMENT_CURRENCIES = ["BRL", "CNY", "EUR", "GBP", "INR", "JPY", "MXN", "USD"];

/** The court's windows on a development network, in seconds: a stop over night costs nobody a dispute. */
export const DEVELOPMENT_POLICY = {
  respondWindow: 86_400,
  ruleWindow: 86_400,
  // A ruling is final at once, so that an imported journal need not wait for appeals.
  appealWindow: 0,
  appealRuleWindow: 0,
  hardStop: 7 * 86_400,
  openBondBps: 0,
  appealBondBps: 0,
  evidenceCap: 4,
};

/** A chain with the contracts on it; `node` is the process that we started for it, if we did. */
export type OpenedChain = {
  readonly chain: Chain;
  readonly rpcUrl: string;
  readonly node: LocalNode | undefined;
};

export type OpenChainOptions = {
  /** An outside chain; without it a local one is started. */
  readonly rpcUrl: string | undefined;
  readonly engine?: "anvil" | "hardhat" | undefined;
  /** Where a local chain listens if that port is free; any other if it is not, or without this. */
  readonly preferredPort?: number;
  /** Where a local chain keeps its state, where its engine can; without it the chain is gone when it stops. */
  readonly stateDirectory: string | undefined;
  readonly deploymentsDirectory: string;
  readonly currencies: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onStep?: (step: DeployStep) => void;
};

/**
 * Starts or reaches a chain and makes sure that the contracts are on it: on a development chain what is missing is
 * deployed, on any other they must be there.
 *
 * @throws LocalNodeError, RpcUnreachableError, DeploymentMissingError, DeploymentMismatchError.
 */
export async function openChain(options: OpenChainOptions): Promise<OpenedChain> {
  const node = options.rpcUrl === undefined ? await startNode(options) : undefined;
  const rpcUrl = options.rpcUrl ?? node?.rpcUrl ?? "";
  try {
    await deployIfDevelopment(options, rpcUrl);
    const chain = await connectChain({ rpcUrl, deploymentsDirectory: options.deploymentsDirectory });
    return { chain, rpcUrl, node };
  } catch (error) {
    await node?.stop();
    throw error;
  }
}

async function startNode(options: OpenChainOptions): Promise<LocalNode> {
  const { engine, stateDirectory, preferredPort = 0, clock, logger } = options;
  return startLocalNode({
    clock,
    logger,
    port: (await isFree(preferredPort)) ? preferredPort : 0,
    ...(engine === undefined ? {} : { engine }),
    ...(stateDirectory === undefined ? {} : { stateFile: join(stateDirectory, "chain-state.json") }),
  });
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

async function deployIfDevelopment(options: OpenChainOptions, rpcUrl: string): Promise<void> {
  const rpc = createJsonRpc({ url: rpcUrl });
  const { chainId } = await detectEngine(rpc);
  if (!isDevelopmentChain(chainId)) return;

  await deployNetwork({
    rpc,
    clock: options.clock,
    actors: developmentActors(chainId),
    currencies: options.currencies,
    directory: options.deploymentsDirectory,
    policy: DEVELOPMENT_POLICY,
    ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
  });
}
