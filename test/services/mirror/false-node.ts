import type { JsonRpc, RpcCall } from "../../../services/chain/json-rpc.ts";

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

/** The node, with what a view function answers changed, whatever it is asked about. */
export function withAnswers(rpc: JsonRpc, selector: string, change: (answer: string) => string): JsonRpc {
  return {
    ...rpc,
    async batch<Result>(calls: readonly RpcCall[]): Promise<Result[]> {
      const answers = await rpc.batch<Result>(calls);
      return answers.map((answer, index) => {
        const [call] = (calls[index]?.params ?? []) as [{ readonly data?: string }?];
        return call?.data?.startsWith(selector) ? (change(String(answer)) as Result) : answer;
      });
    },
  };
}

/** ABI-encoded words with one more in one of them. */
export function oneMore(data: string, word: number): string {
  const start = 2 + 64 * word;
  const raised = BigInt(`0x${data.slice(start, start + 64)}`) + 1n;
  return data.slice(0, start) + raised.toString(16).padStart(64, "0") + data.slice(start + 64);
}
