import type { ParsedLog } from "../chain/log-parser.ts";
import { accountIn, bookKeyOf, expectAccountWord, type ReplayStep } from "./replay-accounts.ts";
import { addHelp } from "./replay-lines.ts";
import {
  accountName,
  accountOf,
  announcedFor,
  expectEqual,
  type Replay,
  type ReplayedAccount,
  type UnpaidAward,
} from "./replay-state.ts";
import { smaller } from "./replay-words.ts";

/** Awards that wait in line, the oldest first. */
export const AWARD_STEPS: Readonly<Record<string, ReplayStep>> = {
  AwardDeferred(replay, event) {
    const account = accountIn(replay, event);
    const announced = announcedFor(replay, account);
    const { moved } = announced;
    const told = toldBy(event);
    // One that moved here is a line of the account that owed it first, and no outcome announces it again.
    if (moved) expectAward(replay, account, moved, told);
    else {
      announced.deferred += told.amount;
      addHelp(replay, account, "awardPaidLater", told.amount);
    }
    announced.moved = undefined;
    const award = moved ?? told;
    account.awards.push(award);
    account.unpaid += award.amount;
    expectUnpaid(replay, account, event);
  },

  AwardMoved(replay, event) {
    const account = accountIn(replay, event);
    const told = toldBy(event);
    const award = account.awards.shift();
    expectAward(replay, account, award, told);
    account.unpaid -= award?.amount ?? 0n;
    expectUnpaid(replay, account, event);
    const successor = accountOf(replay, bookKeyOf(event), event.hex("successor"));
    announcedFor(replay, successor).moved = award;
  },

  AwardPaid(replay, event) {
    const account = accountIn(replay, event);
    const told = toldBy(event);
    const [award] = account.awards;
    const paid = smaller(told.amount, award?.amount ?? 0n);
    expectAward(replay, account, award && { ...award, amount: paid }, told);
    if (award) award.amount -= paid;
    if (award?.amount === 0n) account.awards.shift();
    account.unpaid -= paid;
    const announced = announcedFor(replay, account);
    announced.awardsMet += paid;
    announced.awardCount += 1;
    expectUnpaid(replay, account, event);
    const payer = accountOf(replay, bookKeyOf(event), award?.payer ?? told.payer);
    payer.available += paid;
    if (payer === account) announced.paidToItself += paid;
    else expectAccountWord(replay, payer, event.integer("payerWord"));
  },
};

function toldBy(event: ParsedLog): UnpaidAward {
  return { payer: event.hex("payer"), orderId: event.hex("orderId"), amount: event.integer("amount") };
}

/** The award that an event names must be the first in line. */
function expectAward(
  replay: Replay,
  account: ReplayedAccount,
  award: UnpaidAward | undefined,
  told: UnpaidAward,
): void {
  const name = accountName(account, account.address);
  expectEqual(replay, "event.award_order", name, award?.orderId ?? "none", told.orderId);
  expectEqual(replay, "event.award_payer", name, award?.payer ?? "none", told.payer);
  expectEqual(replay, "event.award_amount", name, award?.amount ?? 0n, told.amount);
}

function expectUnpaid(replay: Replay, account: ReplayedAccount, event: ParsedLog): void {
  const name = accountName(account, account.address);
  expectEqual(replay, "event.unpaid", name, account.unpaid, event.integer("totalUnpaid"));
}
