import { readHead } from "../chain/chain.ts";
import { type BlockTag, readContracts } from "../chain/contract-calls.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import {
  type AccountWords,
  readAccountWords,
  readBooks,
  readOrderWords,
  readTokenBalances,
  type StoredBook,
} from "../chain/ledger-reads.ts";
import type { Hex } from "../domain/order-terms.ts";
import { RetryableError } from "../platform/errors.ts";
import { type ObligationSubjects, readObligations, type StoredObligations } from "./storage-obligations.ts";

/** Whom to ask the contracts about. */
export type StorageSubjects = {
  readonly orderIds: readonly Hex[];
  readonly accounts: readonly { readonly operator: Hex; readonly token: Hex; readonly address: Hex }[];
  readonly books: readonly { readonly operator: Hex; readonly token: Hex }[];
  readonly disputeIds: readonly Hex[];
  readonly cycles: readonly { readonly operator: Hex; readonly token: Hex; readonly number: bigint }[];
  readonly obligations: ObligationSubjects;
};

/** What the contracts hold at one block; each list follows the subjects'. */
export type Storage = {
  readonly orderWords: readonly bigint[];
  readonly accountWords: readonly AccountWords[];
  readonly books: readonly StoredBook[];
  readonly vaultBalances: readonly bigint[];
  readonly disputes: readonly StoredDispute[];
  readonly cycles: readonly StoredCycle[];
  readonly obligations: StoredObligations;
};

/** A closed cycle; `root` is zeros until one is published. */
export type StoredCycle = {
  readonly closedAt: bigint;
  readonly statements: bigint;
  readonly net: bigint;
  readonly root: Hex;
};

/** A dispute at the court and what the ledger holds for it. */
export type StoredDispute = {
  readonly state: number;
  readonly award: bigint;
  readonly lockedReserve: bigint;
  readonly bond: bigint;
  readonly lockedPending: bigint;
  readonly lockedAvailable: bigint;
};

/** Blocks came while storage was read at the latest one, and the node no longer has the state of the one asked for. */
export class StateMovedError extends RetryableError {
  constructor(blockNumber: number, options?: ErrorOptions) {
    super(`The state at block ${blockNumber} could not be read as a whole.`, options);
    this.name = "StateMovedError";
  }
}

/**
 * Reads the contracts' storage at `block`. While that is the chain's head it is read as the latest state, which every
 * node has; nodes without an archive may not have older ones.
 *
 * @throws StateMovedError if the chain left the block and its state is not there any more.
 */
export async function readStorage(options: {
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly subjects: StorageSubjects;
  readonly block: { readonly number: number; readonly hash: Hex };
}): Promise<Storage> {
  const { rpc, deployment, subjects, block } = options;
  const read = (blockTag: BlockTag) => readStorageAt({ rpc, deployment, subjects, blockTag });
  if ((await readHead(rpc)).hash === block.hash) {
    const storage = await read("latest");
    if ((await readHead(rpc)).hash === block.hash) return storage;
  }
  try {
    return await read(block.number);
  } catch (error) {
    if (error instanceof RetryableError) throw error;
    throw new StateMovedError(block.number, { cause: error });
  }
}

async function readStorageAt(options: {
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly subjects: StorageSubjects;
  readonly blockTag: BlockTag;
}): Promise<Storage> {
  const { rpc, deployment, subjects, blockTag } = options;
  const ledger = deployment.contracts.settlementLedger.address;
  const orderWords = await readOrderWords(rpc, ledger, subjects.orderIds, blockTag);
  const places = subjects.accounts.map(({ operator, token, address }) => ({
    operator,
    token,
    account: address,
  }));
  const accountWords = await readAccountWords(rpc, ledger, places, blockTag);
  const books = await readBooks(rpc, ledger, subjects.books, blockTag);
  const vaults = subjects.books.map(({ token }, index) => ({ token, holder: books[index]?.vault ?? "0x" }));
  const vaultBalances = await readTokenBalances(rpc, vaults, blockTag);
  const disputes = await readDisputes(rpc, deployment, subjects.disputeIds, blockTag);
  const cycles = await readCycles(rpc, ledger, subjects.cycles, blockTag);
  const obligations = await readObligations(rpc, ledger, subjects.obligations, blockTag);
  return { orderWords, accountWords, books, vaultBalances, disputes, cycles, obligations };
}

async function readCycles(
  rpc: JsonRpc,
  address: Hex,
  cycles: StorageSubjects["cycles"],
  blockTag: BlockTag,
): Promise<StoredCycle[]> {
  const ledger = { contract: "settlementLedger", address, functionName: "cycleOf" } as const;
  const calls = cycles.map(({ operator, token, number }) => ({ ...ledger, args: [operator, token, number] }));
  const results = await readContracts(rpc, calls, blockTag);
  return results.map(([{ closedAt, statements, net, root }]) => ({ closedAt, statements, net, root }));
}

async function readDisputes(
  rpc: JsonRpc,
  { contracts }: Deployment,
  disputeIds: readonly Hex[],
  blockTag: BlockTag,
): Promise<StoredDispute[]> {
  const ledger = { contract: "settlementLedger", address: contracts.settlementLedger.address } as const;
  const court = { contract: "disputeCourt", address: contracts.disputeCourt.address } as const;
  const calls = disputeIds.flatMap((disputeId) => [
    { ...court, functionName: "disputeOf", args: [disputeId] },
    { ...ledger, functionName: "lockOf", args: [disputeId] },
    { ...ledger, functionName: "bondOf", args: [disputeId] },
  ]);
  const results = await readContracts(rpc, calls, blockTag);
  return disputeIds.map((_, index) => {
    const [dispute] = results[3 * index] ?? [];
    const [lock] = results[3 * index + 1] ?? [];
    return {
      state: Number.parseInt(String(dispute.state), 10),
      award: dispute.award,
      lockedPending: lock.lockedPending,
      lockedAvailable: lock.lockedAvailable,
      lockedReserve: lock.lockedReserve,
      bond: results[3 * index + 2]?.[0] ?? 0n,
    };
  });
}
