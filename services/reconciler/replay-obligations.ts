import type { ParsedLog } from "../chain/log-parser.ts";
import type { Hex } from "../domain/order-terms.ts";
import { bookKeyOf, expectAccountWord, expectColdWord, type ReplayStep } from "./replay-accounts.ts";
import { addHelp, addLine, carry, nameHelp } from "./replay-lines.ts";
import {
  accountName,
  accountOf,
  announcedFor,
  bookName,
  bookOf,
  expectEqual,
  type Replay,
  type ReplayedAccount,
  sharesOf,
} from "./replay-state.ts";
import { classesOf, smaller } from "./replay-words.ts";

/** What accounts owe and what is kept against it: reserve, debt, waiting awards. */
export const OBLIGATION_STEPS: Readonly<Record<string, ReplayStep>> = {
  ReserveWithheld(replay, event) {
    const account = accountIn(replay, event);
    account.reserve += event.integer("amount");
    sharesOf(replay, event.hex("orderId")).withheld += event.integer("amount");
    addLine(replay, account, "holdback", event.hex("orderId"), { gross: -event.integer("amount") });
    expectCold(replay, account, event);
  },

  ReserveReleased(replay, event) {
    const account = accountIn(replay, event);
    account.reserve -= event.integer("amount");
    account.pending += event.integer("amount");
    addLine(replay, account, "release", null, { gross: event.integer("amount") });
    expectCold(replay, account, event);
    expectAccountWord(replay, account, event.integer("accountWord"));
  },

  ReserveDrawn(replay, event) {
    const account = accountIn(replay, event);
    account.reserve -= event.integer("amount");
    announcedFor(replay, account).reserve += event.integer("amount");
    addHelp(replay, account, "release", event.integer("amount"));
    expectCold(replay, account, event);
  },

  DebtIncurred(replay, event) {
    const account = accountIn(replay, event);
    const book = bookOf(replay, account);
    account.debt += event.integer("amount");
    book.guarantee -= event.integer("amount");
    announcedFor(replay, account).debt += event.integer("amount");
    addHelp(replay, account, "debt", event.integer("amount"));
    expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, event.integer("guarantee"));
    expectCold(replay, account, event);
  },

  DebtRepaid(replay, event) {
    const account = accountIn(replay, event);
    const book = bookOf(replay, account);
    account.debt -= event.integer("amount");
    book.guarantee += event.integer("amount");
    announcedFor(replay, account).met += event.integer("amount");
    expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, event.integer("guarantee"));
    expectCold(replay, account, event);
  },

  AwardDeferred(replay, event) {
    const account = accountIn(replay, event);
    account.unpaid += event.integer("amount");
    const announced = announcedFor(replay, account);
    // One that moved here is a line of the account that owed it first.
    if (announced.deferred >= 0n) addHelp(replay, account, "awardPaidLater", event.integer("amount"));
    announced.deferred += event.integer("amount");
    expectUnpaid(replay, account, event);
  },

  AwardMoved(replay, event) {
    const account = accountIn(replay, event);
    account.unpaid -= event.integer("amount");
    expectUnpaid(replay, account, event);
    // The deferral that follows is the same award's, which no outcome announces again.
    const successor = accountOf(replay, bookKeyOf(event), event.hex("successor"));
    announcedFor(replay, successor).deferred -= event.integer("amount");
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

  AwardPaid(replay, event) {
    const account = accountIn(replay, event);
    account.unpaid -= event.integer("amount");
    announcedFor(replay, account).met += event.integer("amount");
    expectUnpaid(replay, account, event);
    const payer = accountOf(replay, bookKeyOf(event), event.hex("payer"));
    payer.available += event.integer("amount");
    if (payer !== account) expectAccountWord(replay, payer, event.integer("payerWord"));
  },

  ObligationsMet(replay, event) {
    const account = accountIn(replay, event);
    const met = takeMet(replay, account);
    account.available -= met;
    expectEqual(replay, "event.met", accountName(account, account.address), met, event.integer("amount"));
    expectAccountWord(replay, account, event.integer("accountWord"));
  },
};

/** What the account has paid of its obligations since this was last asked. */
export function takeMet(replay: Replay, account: ReplayedAccount): bigint {
  const announced = announcedFor(replay, account);
  const { met } = announced;
  announced.met = 0n;
  return met;
}

/**
 * Takes `amount` of an order from an account, with the help that the log announced: reserve, guarantee fund, or a deferred award.
 * Fund and deferral help only an account that has nothing left. Returns what was deferred.
 */
export function draw(replay: Replay, account: ReplayedAccount, orderId: Hex, amount: bigint): bigint {
  const announced = announcedFor(replay, account);
  const { reserve, debt, deferred } = announced;
  Object.assign(announced, { reserve: 0n, debt: 0n, deferred: 0n });
  const own = amount - reserve - debt - deferred;
  const fromPending = smaller(own, account.pending);
  account.pending -= fromPending;
  account.available -= own - fromPending;
  carry(replay, account, orderId, own - fromPending);
  nameHelp(replay, account, orderId);
  if (debt + deferred !== 0n) {
    const name = accountName(account, account.address);
    expectEqual(replay, "event.debt", name, 0n, account.pending + account.available + account.reserve);
  }
  return deferred;
}

/** Notes a break for everything that the log announced and nothing explained. */
export function expectNothingAnnounced(replay: Replay): void {
  for (const [name, { reserve, debt, deferred, met }] of replay.announced) {
    expectEqual(replay, "event.debt", name, 0n, reserve + debt + deferred + met);
  }
  replay.announced.clear();
  for (const [orderId, { shares, withheld, feeElsewhere }] of replay.shares) {
    const sum = shares.reduce((total, { amount }) => total + amount, withheld + feeElsewhere);
    expectEqual(replay, "event.shares", orderId, 0n, sum);
  }
  replay.shares.clear();
}

function accountIn(replay: Replay, event: ParsedLog): ReplayedAccount {
  return accountOf(replay, bookOf(replay, bookKeyOf(event)), event.hex("account"));
}

function expectCold(replay: Replay, account: ReplayedAccount, event: ParsedLog): void {
  account.classes = classesOf(event.integer("coldWord"));
  expectColdWord(replay, account, event.integer("coldWord"));
}

function expectUnpaid(replay: Replay, account: ReplayedAccount, event: ParsedLog): void {
  const name = accountName(account, account.address);
  expectEqual(replay, "event.unpaid", name, account.unpaid, event.integer("totalUnpaid"));
}
