import { isDevelopmentChain } from "./development-keys.ts";
import { fromQuantity, type JsonRpc, toQuantity } from "./json-rpc.ts";

export type EngineName = "anvil" | "hardhat" | "other";

/** What a node is and lets us do. */
export type Engine = {
  readonly name: EngineName;
  readonly clientVersion: string;
  readonly chainId: number;
  /** Whether the chain's clock may be moved: a local node with a development chain id. */
  readonly canMoveClock: boolean;
};

/** Asks a node what it is. */
export async function detectEngine(rpc: JsonRpc): Promise<Engine> {
  const [clientVersion = "", chainIdQuantity = "0x0"] = await rpc.batch<string>([
    { method: "web3_clientVersion", params: [] },
    { method: "eth_chainId", params: [] },
  ]);
  const name = engineName(clientVersion);
  const chainId = fromQuantity(chainIdQuantity);
  return { name, clientVersion, chainId, canMoveClock: name !== "other" && isDevelopmentChain(chainId) };
}

/** Gives the next block this time in Unix seconds; the node refuses a time that is not after its latest block's. */
export async function setNextBlockTime(rpc: JsonRpc, timestamp: number): Promise<void> {
  await rpc.request("evm_setNextBlockTimestamp", [toQuantity(timestamp)]);
}

/**
 * Sets anvil's clock, also to the past. Without that it gives no block a time before its own start, or before that of
 * the last block it made itself; the time of the latest block stays the limit.
 */
export async function setAnvilClock(rpc: JsonRpc, timestamp: number): Promise<void> {
  await rpc.request("evm_setTime", [toQuantity(timestamp)]);
}

/** Moves the clock of a development chain forward and makes a block there. */
export async function moveChainClock(rpc: JsonRpc, seconds: number): Promise<void> {
  if (seconds <= 0) return;
  await rpc.request("evm_increaseTime", [toQuantity(seconds)]);
  await rpc.request("evm_mine");
}

function engineName(clientVersion: string): EngineName {
  if (/^anvil\//i.test(clientVersion)) return "anvil";
  return /^hardhat/i.test(clientVersion) ? "hardhat" : "other";
}
