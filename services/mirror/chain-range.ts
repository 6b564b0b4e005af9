import { type ChainLog, type Header, readHeaders, readLogs } from "../chain/block-reads.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import type { Hex } from "../domain/order-terms.ts";
import { InconsistentChainError } from "./errors.ts";

/** Blocks that follow one another and the logs in them. */
export type ChainRange = { readonly headers: readonly Header[]; readonly logs: readonly ChainLog[] };

/** The first block of the range does not follow the block that was asked to be continued. */
export const FORKED = Symbol("forked");

/**
 * Reads the blocks `parent.number + 1` to `to` with the logs of `addresses` in them.
 *
 * What is returned is one chain: every block names the one before it, the first one names `parent`, and every log is
 * in one of the blocks. FORKED if the chain has left `parent`.
 *
 * @throws InconsistentChainError when the node answered from two states of the chain; reading again may help.
 */
export async function readRange(options: {
  readonly rpc: JsonRpc;
  readonly addresses: readonly Hex[];
  readonly parent: { readonly number: number; readonly hash: Hex };
  readonly to: number;
}): Promise<ChainRange | typeof FORKED> {
  const { rpc, addresses, parent, to } = options;
  const from = parent.number + 1;
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const [found, logs] = await Promise.all([
    readHeaders(rpc, numbers),
    readLogs(rpc, { addresses, from, to }),
  ]);

  const headers: Header[] = [];
  for (const header of found) {
    if (header === undefined) throw new InconsistentChainError(`no block ${from + headers.length}`);
    const before = headers.at(-1) ?? parent;
    if (header.parentHash !== before.hash) {
      if (headers.length === 0) return FORKED;
      throw new InconsistentChainError(`block ${header.number} does not follow ${before.hash}`);
    }
    headers.push(header);
  }
  const hashes = new Set(headers.map((header) => header.hash));
  const stray = logs.find((log) => !hashes.has(log.blockHash));
  if (stray) throw new InconsistentChainError(`a log in block ${stray.blockHash}`);
  return { headers, logs };
}
