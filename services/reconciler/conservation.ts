import type { Break } from "../domain/reconciliation.ts";
import { linesOf, sumOf } from "./replay-lines.ts";
import {
  accountName,
  bookName,
  type Replay,
  type ReplayedAccount,
  type ReplayedBook,
} from "./replay-state.ts";
import { capturableOf, feeOn, refundableOf, smaller } from "./replay-words.ts";
import type { Storage } from "./storage.ts";

/**
 * Checks that no money appeared or vanished: book by book against the vault, and order by order against its limits.
 * `books` are the books that `storage` was read for, in its order.
 */
export function checkConservation(replay: Replay, books: readonly ReplayedBook[], storage: Storage): Break[] {
  return [
    ...books.flatMap((book, index) => checkBook(replay, book, storage, index)),
    ...[...replay.orders.values()].flatMap(checkOrder),
    ...[...replay.accounts.values()].map(checkAccount),
    ...[...replay.accounts.values()].map((account) => checkLines(replay, account)),
  ].filter((found) => found !== undefined);
}

function checkBook(
  replay: Replay,
  book: ReplayedBook,
  storage: Storage,
  index: number,
): (Break | undefined)[] {
  const name = bookName(book);
  const liabilities = liabilitiesOf(book);
  const held = heldIn(replay, name);
  return [
    broken("conservation.flows", name, liabilities, storage.books[index]?.liabilities ?? 0n),
    broken("conservation.balances", name, liabilities, held + book.guarantee),
    broken("conservation.vault", name, liabilities, storage.vaultBalances[index] ?? 0n),
  ];
}

/** What a book owes: everything that came in and did not go out. */
function liabilitiesOf(book: ReplayedBook): bigint {
  return book.deposited + book.funded - book.withdrawn - book.paid;
}

/** What accounts, orders and open disputes of a book hold together. */
function heldIn(replay: Replay, name: string): bigint {
  let held = 0n;
  for (const account of replay.accounts.values()) {
    if (bookName(account) === name)
      held += account.available + account.pending + account.fees + account.reserve;
  }
  for (const order of replay.orders.values()) {
    if (bookName(order) === name) held += capturableOf(order);
  }
  for (const dispute of replay.disputes.values()) {
    const order = replay.orders.get(dispute.orderId);
    if (!order || bookName(order) !== name) continue;
    held += dispute.lockedPending + dispute.lockedAvailable + dispute.lockedReserve + dispute.bond;
  }
  return held;
}

function checkAccount(account: ReplayedAccount): Break | undefined {
  const { available, pending, fees, debt, reserve, unpaid } = account;
  const amounts = [available, pending, fees, debt, reserve, unpaid];
  const least = amounts.reduce(smaller);
  if (least >= 0n) return undefined;
  return broken("conservation.account_limits", accountName(account, account.address), 0n, least);
}

/** What an account has pending is what its next statement lists. */
function checkLines(replay: Replay, account: ReplayedAccount): Break | undefined {
  const name = accountName(account, account.address);
  return broken("conservation.statements", name, account.pending, sumOf(linesOf(replay, account)));
}

function checkOrder(order: Parameters<typeof feeOn>[0]): (Break | undefined)[] {
  const net = refundableOf(order);
  const spent = order.captured + order.voided + order.reclaimed;
  return [
    spent > order.amount
      ? broken("conservation.order_limits", order.orderId, order.amount, spent)
      : undefined,
    net < 0n
      ? broken("conservation.order_limits", order.orderId, order.captured, order.captured - net)
      : undefined,
    broken("conservation.fees", order.orderId, feeOn(order, net), order.fees),
  ];
}

function broken(kind: string, subject: string, expected: bigint, actual: bigint): Break | undefined {
  if (expected === actual) return undefined;
  return { kind, subject, expected: expected.toString(), actual: actual.toString() };
}
