import { DISPUTE_STATES } from "../domain/operation.ts";
import { type Break, compareLedgers, type LedgerEntry } from "../domain/reconciliation.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { accountName, bookName, cycleName, type Replay } from "./replay-state.ts";
import { accountWordOf, coldWordOf, orderWordOf, wordText } from "./replay-words.ts";

/** Compares what the log adds up to (expected) with what the mirror holds; breaks are named `mirror.*`. */
export function compareWithMirror(replay: Replay, snapshot: Snapshot): Break[] {
  return [
    ...compare("mirror.order", replayedOrders(replay), snapshot.orders, "orderId", (order) => order.orderId),
    ...compareLedgers({
      name: "mirror.account",
      expected: replayedAccounts(replay),
      actual: new Map(
        snapshot.accounts.map(({ word, coldWord, paid, ...account }) => [
          accountName(account, account.address),
          { word, coldWord, paid },
        ]),
      ),
    }),
    ...compareLedgers({
      name: "mirror.book",
      expected: replayedBooks(replay),
      actual: new Map(
        snapshot.books.map(({ operator, token, openCycle, ...book }) => [
          bookName({ operator, token }),
          { ...book, openCycle: openCycle.toString() },
        ]),
      ),
    }),
    ...compareLedgers({
      name: "mirror.cycle",
      expected: replayedCycles(replay),
      actual: new Map(
        snapshot.cycles.map(({ operator, token, number, closedAt, ...cycle }) => [
          cycleName({ operator, token }, BigInt(number)),
          { ...cycle, closedAt: closedAt.toString() },
        ]),
      ),
    }),
    ...compareLedgers({
      name: "mirror.payout",
      expected: replayedPayouts(replay),
      actual: new Map(
        snapshot.payouts.map(({ txHash, logIndex, ...payout }) => [`${txHash} ${logIndex}`, payout]),
      ),
    }),
    ...compare(
      "mirror.dispute",
      replayedDisputes(replay),
      snapshot.disputes,
      "disputeId",
      (dispute) => dispute.disputeId,
    ),
  ];
}

function compare<Item extends LedgerEntry, Key extends keyof Item>(
  name: string,
  expected: ReadonlyMap<string, LedgerEntry>,
  items: readonly Item[],
  keyField: Key,
  keyOf: (item: Item) => string,
): Break[] {
  const actual = new Map(
    items.map((item) => {
      const { [keyField]: _, ...entry } = item;
      return [keyOf(item), entry] as const;
    }),
  );
  return compareLedgers({ name, expected, actual });
}

function replayedOrders(replay: Replay): Map<string, LedgerEntry> {
  return keyed([...replay.orders.values()], (order) => [
    order.orderId,
    {
      word: wordText(orderWordOf(order)),
      captured: order.captured.toString(),
      voided: order.voided.toString(),
      reclaimed: order.reclaimed.toString(),
      refunded: order.refunded.toString(),
      awarded: order.awarded.toString(),
      fees: order.fees.toString(),
    },
  ]);
}

function replayedAccounts(replay: Replay): Map<string, LedgerEntry> {
  return keyed([...replay.accounts.values()], (account) => [
    accountName(account, account.address),
    {
      word: wordText(accountWordOf(account)),
      coldWord: wordText(coldWordOf(account)),
      paid: account.paid.toString(),
    },
  ]);
}

function replayedBooks(replay: Replay): Map<string, LedgerEntry> {
  return keyed([...replay.books.values()], (book) => [
    bookName(book),
    {
      vault: book.vault,
      openCycle: book.openCycle.toString(),
      guarantee: book.guarantee.toString(),
      deposited: book.deposited.toString(),
      withdrawn: book.withdrawn.toString(),
      paid: book.paid.toString(),
    },
  ]);
}

function replayedCycles(replay: Replay): Map<string, LedgerEntry> {
  return keyed([...replay.cycles.values()], (cycle) => [
    cycleName(cycle, cycle.number),
    {
      closedAt: cycle.closedAt.toString(),
      net: cycle.net.toString(),
      debtRepaid: cycle.debtRepaid.toString(),
      merchants: cycle.merchants,
      root: cycle.root,
    },
  ]);
}

function replayedPayouts(replay: Replay): Map<string, LedgerEntry> {
  return keyed(replay.payouts, ({ txHash, logIndex, amount, ...payout }) => [
    `${txHash} ${logIndex}`,
    { ...payout, amount: amount.toString() },
  ]);
}

function replayedDisputes(replay: Replay): Map<string, LedgerEntry> {
  return keyed([...replay.disputes.values()], (dispute) => [
    dispute.disputeId,
    {
      orderId: dispute.orderId,
      state: DISPUTE_STATES[Number.parseInt(dispute.state.toString(), 10)] ?? null,
      award: dispute.award?.toString() ?? null,
      awarded: dispute.awarded.toString(),
      voided: dispute.voided.toString(),
    },
  ]);
}

function keyed<Item>(
  items: readonly Item[],
  entryOf: (item: Item) => [string, LedgerEntry],
): Map<string, LedgerEntry> {
  return new Map(items.map(entryOf));
}
