import type { Hex } from "../domain/order-terms.ts";
import { fromQuantity, type JsonRpc, type RpcCall, toQuantity } from "./json-rpc.ts";

/** A block's header as far as we need it. `timestamp` in Unix seconds. */
export type Header = {
  readonly hash: Hex;
  readonly number: number;
  readonly parentHash: Hex;
  readonly timestamp: number;
};

/** A log as the chain keeps it, hex in lower case. */
export type ChainLog = LogPosition & {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
};

/** Where a log stands; `(blockHash, logIndex)` is its identity. */
export type LogPosition = {
  readonly blockHash: Hex;
  readonly blockNumber: number;
  readonly logIndex: number;
  readonly txHash: Hex;
  readonly txIndex: number;
};

type RpcBlock = {
  readonly hash: Hex;
  readonly number: string;
  readonly parentHash: Hex;
  readonly timestamp: string;
};

type RpcLog = {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: string;
  readonly logIndex: string;
  readonly transactionHash: Hex;
  readonly transactionIndex: string;
};

/** Headers of the blocks with these numbers, undefined where the node has none. */
export async function readHeaders(rpc: JsonRpc, numbers: readonly number[]): Promise<(Header | undefined)[]> {
  const calls = numbers.map(
    (number): RpcCall => ({ method: "eth_getBlockByNumber", params: [toQuantity(number), false] }),
  );
  const blocks = await rpc.batch<RpcBlock | null>(calls);
  return blocks.map((block) => (block === null ? undefined : toHeader(block)));
}

/** Logs of `addresses` in the blocks `from` to `to`, in chain order. */
export async function readLogs(
  rpc: JsonRpc,
  range: { readonly addresses: readonly Hex[]; readonly from: number; readonly to: number },
): Promise<ChainLog[]> {
  const filter = {
    address: range.addresses,
    fromBlock: toQuantity(range.from),
    toBlock: toQuantity(range.to),
  };
  const logs = (await rpc.request<RpcLog[]>("eth_getLogs", [filter])).map(toLog);
  return logs.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
}

function toHeader(block: RpcBlock): Header {
  return {
    hash: lower(block.hash),
    number: fromQuantity(block.number),
    parentHash: lower(block.parentHash),
    timestamp: fromQuantity(block.timestamp),
  };
}

function toLog(log: RpcLog): ChainLog {
  return {
    address: lower(log.address),
    topics: log.topics.map(lower),
    data: lower(log.data),
    blockHash: lower(log.blockHash),
    blockNumber: fromQuantity(log.blockNumber),
    logIndex: fromQuantity(log.logIndex),
    txHash: lower(log.transactionHash),
    txIndex: fromQuantity(log.transactionIndex),
  };
}

function lower(hex: Hex): Hex {
  // Lower-casing keeps the 0x.
  return hex.toLowerCase() as Hex;
}
