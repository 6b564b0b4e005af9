import { EMPTY_TREE } from "../chain/positional-tree.ts";
import { type Break, compareLedgers, type LedgerEntry } from "../domain/reconciliation.ts";
import {
  accountName,
  bookName,
  cycleName,
  type ReplayedAccount,
  type ReplayedBook,
  type ReplayedCycle,
  type ReplayedDispute,
  type ReplayedOrder,
} from "./replay-state.ts";
import { accountWordOf, coldWordOf, orderWordOf, wordText } from "./replay-words.ts";
import type { Storage, StorageSubjects } from "./storage.ts";
import type { ObligationSubjects } from "./storage-obligations.ts";

/** The replayed things that storage was read for, in the order of its lists. */
export type ReplayedSubjects = {
  readonly orders: readonly ReplayedOrder[];
  readonly accounts: readonly ReplayedAccount[];
  readonly books: readonly ReplayedBook[];
  readonly disputes: readonly ReplayedDispute[];
  readonly cycles: readonly ReplayedCycle[];
};

/** Whom to ask the contracts about, from what was replayed. */
export function subjectsOf(
  { orders, accounts, books, disputes, cycles }: ReplayedSubjects,
  obligations: ObligationSubjects,
): StorageSubjects {
  return {
    orderIds: orders.map((order) => order.orderId),
    accounts,
    books,
    disputeIds: disputes.map((dispute) => dispute.disputeId),
    cycles,
    obligations,
  };
}

/** Compares what the log adds up to (expected) with what the contracts hold; breaks are named `storage.*`. */
export function compareWithStorage(subjects: ReplayedSubjects, storage: Storage): Break[] {
  const { orders, accounts, books, disputes, cycles } = subjects;
  return [
    ...compareLedgers({
      name: "storage.order",
      expected: keyed(
        orders,
        (order) => order.orderId,
        (order) => ({ word: wordText(orderWordOf(order)) }),
      ),
      actual: keyed(
        orders,
        (order) => order.orderId,
        (_, index) => ({ word: wordText(storage.orderWords[index] ?? 0n) }),
      ),
    }),
    ...compareLedgers({
      name: "storage.account",
      expected: keyed(accounts, nameOf, (account) => ({
        word: wordText(accountWordOf(account)),
        cold_word: wordText(coldWordOf(account)),
      })),
      actual: keyed(accounts, nameOf, (_, index) => ({
        word: wordText(storage.accountWords[index]?.accountWord ?? 0n),
        cold_word: wordText(storage.accountWords[index]?.coldWord ?? 0n),
      })),
    }),
    ...compareLedgers({
      name: "storage.book",
      expected: keyed(books, bookName, ({ vault, guarantee, advanceLimit, openCycle }) => ({
        vault,
        guarantee,
        advanceLimit,
        openCycle,
      })),
      actual: keyed(books, bookName, (_, index) => {
        const book = storage.books[index];
        return {
          vault: book?.vault ?? null,
          guarantee: book?.guarantee ?? null,
          advanceLimit: book?.advanceLimit ?? null,
          openCycle: BigInt(book?.openCycle ?? 0),
        };
      }),
    }),
    ...compareLedgers({
      name: "storage.dispute",
      expected: keyed(disputes, (dispute) => dispute.disputeId, disputeEntry),
      actual: keyed(
        disputes,
        (dispute) => dispute.disputeId,
        (_, index) => {
          const stored = storage.disputes[index];
          return {
            state: BigInt(stored?.state ?? 0),
            award: stored?.award ?? 0n,
            lockedPending: stored?.lockedPending ?? 0n,
            lockedAvailable: stored?.lockedAvailable ?? 0n,
            lockedReserve: stored?.lockedReserve ?? 0n,
            bond: stored?.bond ?? 0n,
          };
        },
      ),
    }),
    ...compareLedgers({
      name: "storage.cycle",
      expected: keyed(cycles, nameOfCycle, ({ closedAt, net, merchants, root }) => ({
        ...{ closedAt, net, root: root ?? EMPTY_TREE },
        statements: BigInt(merchants),
      })),
      // A closing that settles nobody moves `settledAt` without an event, so that cannot be told from the log.
      actual: keyed(cycles, nameOfCycle, (_, index) => ({ ...storage.cycles[index] })),
    }),
  ];
}

function nameOfCycle(cycle: ReplayedCycle): string {
  return cycleName(cycle, cycle.number);
}

function disputeEntry(dispute: ReplayedDispute): LedgerEntry {
  const { state, award, lockedPending, lockedAvailable, lockedReserve, bond } = dispute;
  return { state, award: award ?? 0n, lockedPending, lockedAvailable, lockedReserve, bond };
}

function nameOf(account: ReplayedAccount): string {
  return accountName(account, account.address);
}

function keyed<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  entryOf: (item: Item, index: number) => LedgerEntry,
): Map<string, LedgerEntry> {
  return new Map(items.map((item, index) => [keyOf(item), entryOf(item, index)]));
}
