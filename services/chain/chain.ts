import type { Hex } from "../domain/order-terms.ts";
import {
  type Deployment,
  DeploymentMissingError,
  deploymentPath,
  readDeployment,
  verifyDeployment,
} from "./deployment.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import { detectEngine, type Engine } from "./engine.ts";
import { createJsonRpc, fromQuantity, type JsonRpc } from "./json-rpc.ts";

/** A chain with our contracts on it, checked against their deployment record. */
export type Chain = {
  readonly rpc: JsonRpc;
  readonly engine: Engine;
  readonly chainId: number;
  readonly isDevelopment: boolean;
  readonly deployment: Deployment;
};

/** The latest block. `timestamp` in Unix seconds: it is the chain's present. */
export type ChainHead = {
  readonly number: number;
  readonly hash: Hex;
  readonly timestamp: number;
  readonly baseFee: bigint;
};

/**
 * Connects to the chain at `rpcUrl` and checks that its contracts are the deployed ones.
 *
 * @throws RpcUnreachableError, DeploymentMissingError, DeploymentMismatchError.
 */
export async function connectChain(options: {
  readonly rpcUrl: string;
  readonly deploymentsDirectory: string;
}): Promise<Chain> {
  const rpc = createJsonRpc({ url: options.rpcUrl });
  const engine = await detectEngine(rpc);
  const { chainId } = engine;
  const deployment = await readDeployment(options.deploymentsDirectory, chainId);
  if (deployment === undefined) {
    throw new DeploymentMissingError(
      deploymentPath(options.deploymentsDirectory, chainId),
      "nothing was deployed",
    );
  }

  await verifyDeployment(rpc, deployment);
  return { rpc, engine, chainId, isDevelopment: isDevelopmentChain(chainId), deployment };
}

/** The latest block of a chain. */
export async function readHead(rpc: JsonRpc): Promise<ChainHead> {
  const block = await rpc.request<{ number: string; hash: Hex; timestamp: string; baseFeePerGas?: string }>(
    "eth_getBlockByNumber",
    ["latest", false],
  );
  return {
    number: fromQuantity(block.number),
    hash: block.hash,
    timestamp: fromQuantity(block.timestamp),
    baseFee: BigInt(block.baseFeePerGas ?? "0x0"),
  };
}
