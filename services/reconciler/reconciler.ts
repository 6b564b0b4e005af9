import { contractSetHash, type Deployment } from "../chain/deployment.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import { type Break, compareLedgers, type LedgerEntry } from "../domain/reconciliation.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Clock } from "../platform/clock.ts";
import { RetryableError } from "../platform/errors.ts";
import type { Logger } from "../platform/logger.ts";
import { findCurrentInstance } from "../store/instance-read-model.ts";
import { insertReconRun } from "../store/recon-store.ts";
import { readSnapshot } from "../store/snapshot-read-model.ts";
import type { Store } from "../store/store.ts";
import { accountName, bookName } from "./replay-state.ts";
import { wordText } from "./replay-words.ts";
import { readStorage, type Storage } from "./storage.ts";
import { NO_OBLIGATIONS } from "./storage-obligations.ts";

/** What one run compared and found. */
export type ReconResult = {
  readonly runId: number;
  readonly blockNumber: number;
  readonly breaks: readonly Break[];
};

/** Compares the contracts' storage with the mirror from time to time; it records breaks and never repairs. */
export type Reconciler = {
  /**
   * One comparison at the mirror's present block, recorded; undefined while nothing is mirrored.
   *
   * @throws RetryableError if the node did not answer or has no state of that block any more.
   */
  runOnce(): Promise<ReconResult | undefined>;
  /** Runs once per interval until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
};

export function createReconciler(options: {
  readonly store: Store;
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
}): Reconciler {
  const { store, rpc, deployment, clock, logger, intervalMs } = options;

  async function runOnce(): Promise<ReconResult | undefined> {
    const startedAt = clock.now();
    const snapshot = await store.transaction(
      async (trx) => {
        const instance = await findCurrentInstance(trx, deployment.chainId);
        const isOurs = instance?.contractSetHash === contractSetHash(deployment);
        return instance && isOurs ? readSnapshot(trx, instance.id) : undefined;
      },
      { snapshot: true },
    );
    if (snapshot === undefined) return undefined;

    const { instanceId, blockNumber, blockHash, accounts, orders } = snapshot;
    const storage = await readStorage({
      rpc,
      deployment,
      subjects: {
        orderIds: orders.map((order) => order.orderId),
        accounts,
        books: snapshot.books,
        disputeIds: [],
        cycles: [],
        obligations: NO_OBLIGATIONS,
      },
      block: { number: blockNumber, hash: blockHash },
    });
    const breaks = compareSnapshot(snapshot, storage);
    const run = { instanceId, blockNumber, blockHash, startedAt, finishedAt: clock.now(), breaks };
    const runId = await store.transaction((trx) =>
      insertReconRun(trx, { ...run, accounts: accounts.length, orders: orders.length }),
    );
    if (breaks.length > 0) logger.error({ runId, breaks: breaks.length }, "Found breaks in the mirror");
    else logger.info({ runId, blockNumber }, "Reconciled the mirror");
    return { runId, blockNumber, breaks };
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await runOnce();
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        logger.warn({ err: error }, "Could not reconcile");
      }
      await clock.sleep(intervalMs, signal).catch((error) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  return { runOnce, run };
}

/** Compares what the contracts hold (expected) with the mirror; `storage` was read for the snapshot's lists. */
export function compareSnapshot(snapshot: Snapshot, storage: Storage): Break[] {
  const { orders, accounts, books } = snapshot;
  return [
    ...compareLists(
      "order",
      orders.map(({ orderId }) => orderId),
      (index) => ({ word: wordText(storage.orderWords[index] ?? 0n) }),
      (index) => ({ word: orders[index]?.word ?? null }),
    ),
    ...compareLists(
      "account",
      accounts.map((account) => accountName(account, account.address)),
      (index) => ({
        word: wordText(storage.accountWords[index]?.accountWord ?? 0n),
        coldWord: wordText(storage.accountWords[index]?.coldWord ?? 0n),
      }),
      (index) => ({ word: accounts[index]?.word ?? null, coldWord: accounts[index]?.coldWord ?? null }),
    ),
    ...compareLists(
      "book",
      books.map(bookName),
      (index) => {
        const { vault = null, guarantee = 0n, openCycle = 0 } = storage.books[index] ?? {};
        return { vault, guarantee: guarantee.toString(), openCycle };
      },
      (index) => {
        const { vault = null, guarantee = "0", openCycle = 0 } = books[index] ?? {};
        return { vault, guarantee, openCycle };
      },
    ),
    ...compareLists(
      "vault",
      books.map(bookName),
      (index) => ({ balance: storage.books[index]?.liabilities ?? 0n }),
      (index) => ({ balance: storage.vaultBalances[index] ?? 0n }),
    ),
  ];
}

function compareLists(
  name: string,
  subjects: readonly string[],
  expectedAt: (index: number) => LedgerEntry,
  actualAt: (index: number) => LedgerEntry,
): Break[] {
  return compareLedgers({
    name,
    expected: new Map(subjects.map((subject, index) => [subject, expectedAt(index)])),
    actual: new Map(subjects.map((subject, index) => [subject, actualAt(index)])),
  });
}
