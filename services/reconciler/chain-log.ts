import { type ChainLog, readHeaders, readLogs } from "../chain/block-reads.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Break } from "../domain/reconciliation.ts";

/** The whole log of our contracts, with the times of its blocks in Unix seconds. */
export type AuditedLog = {
  readonly logs: readonly ChainLog[];
  readonly timestamps: ReadonlyMap<number, number>;
  /** Logs that are not in the chain's block of their number. */
  readonly breaks: readonly Break[];
};

/** Told how far a long reading is. */
export type ProgressListener = (progress: {
  readonly stage: "log" | "replay" | "storage" | "mirror";
  readonly done: number;
  readonly total: number;
}) => void;

const BLOCKS_PER_REQUEST = 1_000;

/** Reads the log of `addresses` from block to block, and the header of every block that has a part of it. */
export async function readAuditedLog(options: {
  readonly rpc: JsonRpc;
  readonly addresses: readonly Hex[];
  readonly from: number;
  readonly to: number;
  readonly onProgress: ProgressListener;
}): Promise<AuditedLog> {
  const { rpc, addresses, from, to, onProgress } = options;
  const logs: ChainLog[] = [];
  const timestamps = new Map<number, number>();
  const breaks: Break[] = [];
  for (let start = from; start <= to; start += BLOCKS_PER_REQUEST) {
    const end = Math.min(to, start + BLOCKS_PER_REQUEST - 1);
    const part = await readLogs(rpc, { addresses, from: start, to: end });
    const numbers = [...new Set(part.map((log) => log.blockNumber))];
    const headers = await readHeaders(rpc, numbers);
    const hashes = new Map<number, Hex>();
    for (const header of headers) {
      if (header === undefined) continue;
      hashes.set(header.number, header.hash);
      timestamps.set(header.number, header.timestamp);
    }
    for (const log of part) {
      const hash = hashes.get(log.blockNumber) ?? null;
      if (hash === log.blockHash) logs.push(log);
      else {
        const subject = `${log.blockNumber} ${log.logIndex}`;
        breaks.push({ kind: "log.block_hash", subject, expected: hash, actual: log.blockHash });
      }
    }
    onProgress({ stage: "log", done: end - from + 1, total: to - from + 1 });
  }
  return { logs, timestamps, breaks };
}
