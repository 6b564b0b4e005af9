import type { JsonRpc } from "../../../services/chain/json-rpc.ts";

/** A log as the node sends it. */
export type RpcLog = Readonly<Record<string, unknown>>;

/** The node, with the logs that it sends changed. */
export function withLogs(rpc: JsonRpc, change: (logs: readonly RpcLog[]) => readonly RpcLog[]): JsonRpc {
  return {
    ...rpc,
    async request<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
      const result = await rpc.request<Result>(method, params);
      return method === "eth_getLogs" ? (change(result as readonly RpcLog[]) as Result) : result;
    },
  };
}
