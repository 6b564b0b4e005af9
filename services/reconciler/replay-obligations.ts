import type { Hex } from "../domain/order-terms.ts";
import {
  accountIn,
  bookKeyOf,
  expectAccountWord,
  expectColdWord,
  type ReplayStep,
} from "./replay-accounts.ts";
import { addHelp, carry, nameHelp } from "./replay-lines.ts";
import {
  accountName,
  accountOf,
  announcedFor,
  bookName,
  bookOf,
  expectEqual,
  type Replay,
  type ReplayedAccount,
} from "./replay-state.ts";
import { larger, smaller } from "./replay-words.ts";

/** Awards that one settlement pays at most, as in contracts/ledger/Obligations.sol. */
const MAX_AWARDS = 8;

/** What accounts owe to the guarantee fund, and what they pay of all that they owe. */
export const OBLIGATION_STEPS: Readonly<Record<string, ReplayStep>> = {
  AdvanceLimitSet(replay, event) {
    bookOf(replay, bookKeyOf(event)).advanceLimit = event.integer("advanceLimit");
  },

  DebtIncurred(replay, event) {
    const account = accountIn(replay, event);
    const book = bookOf(replay, account);
    account.debt += event.integer("amount");
    book.guarantee -= event.integer("amount");
    announcedFor(replay, account).debt += event.integer("amount");
    addHelp(replay, account, "debt", event.integer("amount"));
    expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, event.integer("guarantee"));
    expectColdWord(replay, account, event.integer("coldWord"));
  },

  DebtRepaid(replay, event) {
    const account = accountIn(replay, event);
    const book = bookOf(replay, account);
    account.debt -= event.integer("amount");
    book.guarantee += event.integer("amount");
    announcedFor(replay, account).debtMet += event.integer("amount");
    expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, event.integer("guarantee"));
    expectColdWord(replay, account, event.integer("coldWord"));
  },

  SuccessorDrawn(replay, event) {
    const account = accountIn(replay, event);
    const successor = accountOf(replay, bookKeyOf(event), event.hex("successor"));
    carry(replay, successor, null, -event.integer("pending"));
    carry(replay, account, null, event.integer("pending"));
    for (const balance of ["pending", "available"] as const) {
      successor[balance] -= event.integer(balance);
      account[balance] += event.integer(balance);
    }
    // The account's own word is in the middle of what draws on it, and told at its end.
    expectAccountWord(replay, successor, event.integer("successorWord"));
  },

  ObligationsMet(replay, event) {
    const account = accountIn(replay, event);
    const { paidToItself } = announcedFor(replay, account);
    const met = takeMet(replay, account, account.available - paidToItself);
    account.available -= met;
    expectEqual(replay, "event.met", accountName(account, account.address), met, event.integer("amount"));
    expectAccountWord(replay, account, event.integer("accountWord"));
  },
};

/**
 * What the account has paid of its obligations out of `money` since this was last asked: awards as far as it went, eight
 * of them at most, then debt once none waits.
 */
export function takeMet(replay: Replay, account: ReplayedAccount, money: bigint): bigint {
  const announced = announcedFor(replay, account);
  const { awardsMet, awardCount, debtMet } = announced;
  Object.assign(announced, { awardsMet: 0n, awardCount: 0, paidToItself: 0n, debtMet: 0n });
  const name = accountName(account, account.address);
  if (awardCount < MAX_AWARDS) {
    expectEqual(replay, "event.awards_met", name, smaller(money, account.unpaid + awardsMet), awardsMet);
  }
  const left = account.unpaid === 0n ? money - awardsMet : 0n;
  expectEqual(replay, "event.debt_met", name, smaller(left, account.debt + debtMet), debtMet);
  return awardsMet + debtMet;
}

/**
 * Takes `amount` of an order from an account, out of pending, available, reserve, and the guarantee fund up to its limit;
 * an award beyond that is deferred. What the log announced of reserve, fund and deferral must be exactly this. Returns what
 * was deferred.
 */
export function draw(
  replay: Replay,
  account: ReplayedAccount,
  orderId: Hex,
  amount: bigint,
  reserveFirst: ReserveFirst = { after: 0n, amount: 0n },
): bigint {
  const announced = announcedFor(replay, account);
  const { reserve, debt, deferred } = announced;
  Object.assign(announced, { reserve: 0n, debt: 0n, deferred: 0n });
  const fromReserve = shareOfReserve(account, account.reserve + reserve, amount, reserveFirst);
  const own = smaller(amount - fromReserve, account.pending + account.available);
  const book = bookOf(replay, account);
  const room = larger(book.advanceLimit - (account.debt - debt), 0n);
  const short = amount - fromReserve - own;
  const advanced = smaller(short, smaller(book.guarantee + debt, room));
  const name = accountName(account, account.address);
  expectEqual(replay, "event.reserve_drawn", name, fromReserve, reserve);
  expectEqual(replay, "event.debt", name, advanced, debt);
  expectEqual(replay, "event.award_deferred", name, short - advanced, deferred);

  const fromPending = smaller(own, account.pending);
  account.pending -= fromPending;
  account.available -= own - fromPending;
  carry(replay, account, orderId, own - fromPending);
  nameHelp(replay, account, orderId);
  return short - advanced;
}

/** What reserve pays of a draw: up to `amount` before other money, but after `after` was drawn as usual. */
export type ReserveFirst = { readonly after: bigint; readonly amount: bigint };

function shareOfReserve(
  account: ReplayedAccount,
  reserved: bigint,
  amount: bigint,
  { after, amount: first }: ReserveFirst,
): bigint {
  const money = account.pending + account.available;
  const usual = smaller(larger(after - money, 0n), reserved);
  const before = smaller(first, reserved - usual);
  const last = smaller(larger(amount - usual - before - money, 0n), reserved - usual - before);
  return usual + before + last;
}

/** Notes a break for everything that the log announced and nothing explained. */
export function expectNothingAnnounced(replay: Replay): void {
  for (const [name, { reserve, debt, deferred, awardsMet, debtMet, moved }] of replay.announced) {
    const unexplained = reserve + debt + deferred + awardsMet + debtMet + (moved?.amount ?? 0n);
    expectEqual(replay, "event.debt", name, 0n, unexplained);
  }
  replay.announced.clear();
  for (const [orderId, { shares, withheld, feeElsewhere }] of replay.shares) {
    const sum = shares.reduce((total, { amount }) => total + amount, withheld + feeElsewhere);
    expectEqual(replay, "event.shares", orderId, 0n, sum);
  }
  replay.shares.clear();
}
