import { readHeaders } from "../chain/block-reads.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import { createLogParser, type ParsedLog } from "../chain/log-parser.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Break } from "../domain/reconciliation.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Logger } from "../platform/logger.ts";
import { type AuditedLog, type ProgressListener, readAuditedLog } from "./chain-log.ts";
import { checkConservation } from "./conservation.ts";
import { compareWithMirror } from "./mirror-comparison.ts";
import { replayLog } from "./replay.ts";
import { compareStatements } from "./statement-comparison.ts";
import { readStorage } from "./storage.ts";
import { compareWithStorage, subjectsOf } from "./storage-comparison.ts";
import { compareObligations, obligationSubjectsOf } from "./storage-obligations.ts";

/** What an audit found. `blocks`, `logs` and `orders` say how much it looked at; `ok` is the absence of breaks. */
export type AuditReport = {
  readonly ok: boolean;
  readonly blocks: number;
  readonly logs: number;
  readonly orders: number;
  readonly breaks: readonly Break[];
};

/**
 * Adds the whole log up again, from the chain alone and with arithmetic of its own, and compares the result with the
 * words in the events, with the contracts' storage, and with what the mirror holds, all at the snapshot's block; then
 * checks that no money appeared or vanished.
 *
 * Kinds of breaks: `snapshot.*` the mirror is of another chain, `log.*` the log itself does not fit together, `event.*`
 * an event contradicts the arithmetic, `storage.*` the contracts do, `mirror.*` the mirror does, `conservation.*`.
 *
 * @throws RpcUnreachableError, RpcError, StateMovedError (the chain moved on and has no state of that block).
 */
export async function audit(options: {
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly snapshot: Snapshot;
  readonly logger: Logger;
  readonly onProgress?: ProgressListener;
}): Promise<AuditReport> {
  const { rpc, deployment, snapshot, logger, onProgress = () => undefined } = options;
  const block = { number: snapshot.blockNumber, hash: snapshot.blockHash };
  const blocks = block.number - deployment.block + 1;
  const [header] = await readHeaders(rpc, [block.number]);
  if (header?.hash !== block.hash) {
    const found = { kind: "snapshot.block_hash", subject: block.number.toString() };
    return {
      ok: false,
      blocks: 0,
      logs: 0,
      orders: 0,
      breaks: [{ ...found, expected: header?.hash ?? null, actual: block.hash }],
    };
  }

  const log = await readAuditedLog({
    rpc,
    addresses: addressesOf(deployment),
    from: deployment.block,
    to: block.number,
    onProgress,
  });
  const unparsed: Break[] = [];
  const identity = {
    chainId: deployment.chainId,
    ledger: deployment.contracts.settlementLedger.address,
  };
  const replay = replayLog({
    events: parseAll(log, deployment, unparsed),
    timestampOf: (event) => BigInt(log.timestamps.get(event.log.blockNumber) ?? 0),
    identity,
  });
  onProgress({ stage: "replay", done: log.logs.length, total: log.logs.length });

  const subjects = {
    orders: [...replay.orders.values()],
    accounts: [...replay.accounts.values()],
    books: [...replay.books.values()],
    disputes: [...replay.disputes.values()],
    cycles: [...replay.cycles.values()],
  };
  const obligations = obligationSubjectsOf(replay);
  const storage = await readStorage({ rpc, deployment, subjects: subjectsOf(subjects, obligations), block });
  onProgress({ stage: "storage", done: subjects.orders.length, total: subjects.orders.length });

  const breaks = [
    ...log.breaks,
    ...unparsed,
    ...replay.breaks,
    ...compareWithStorage(subjects, storage),
    ...compareObligations(replay, obligations, storage.obligations),
    ...compareWithMirror(replay, snapshot),
    ...compareStatements({ replay, snapshot, identity }),
    ...checkConservation(replay, subjects.books, storage),
  ];
  onProgress({ stage: "mirror", done: snapshot.orders.length, total: snapshot.orders.length });
  logger.info(
    { blockNumber: block.number, logs: log.logs.length, breaks: breaks.length },
    "Audited the chain",
  );
  return { ok: breaks.length === 0, blocks, logs: log.logs.length, orders: subjects.orders.length, breaks };
}

/** Parses one log after the other; what cannot be parsed goes to `breaks`. */
function* parseAll(log: AuditedLog, deployment: Deployment, breaks: Break[]): Generator<ParsedLog> {
  const parse = createLogParser(deployment);
  for (const entry of log.logs) {
    const event = parse(entry);
    if (event) yield event;
    else {
      const subject = `${entry.txHash} ${entry.logIndex}`;
      breaks.push({ kind: "log.unknown_event", subject, expected: null, actual: entry.topics[0] ?? null });
    }
  }
}

/** Whose log counts: roles are no money, so the access manager's does not. */
function addressesOf({ contracts, tokens }: Deployment): Hex[] {
  const { settlementLedger, disputeCourt, participantRegistry } = contracts;
  const counted = [settlementLedger, disputeCourt, participantRegistry, ...Object.values(tokens)];
  return counted.map((contract) => contract.address);
}
