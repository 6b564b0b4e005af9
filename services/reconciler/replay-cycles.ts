import type { ParsedLog } from "../chain/log-parser.ts";
import { bookKeyOf, expectAccountWord, payoutAddressOf, type ReplayStep } from "./replay-accounts.ts";
import { known } from "./replay-known.ts";
import { type LedgerIdentity, rootOf, sumOf, takeLines } from "./replay-lines.ts";
import { takeMet } from "./replay-obligations.ts";
import {
  accountName,
  accountOf,
  bookName,
  cycleName,
  expectEqual,
  type Replay,
  type ReplayedAccount,
  type ReplayedCycle,
} from "./replay-state.ts";

/**
 * Steps of cycles and payouts; `timestampOf` knows the time of a log's block in Unix seconds, `identity` is part of the
 * statements' leaves.
 */
export function createCycleSteps(
  timestampOf: (event: ParsedLog) => bigint,
  identity: LedgerIdentity,
): Readonly<Record<string, ReplayStep>> {
  /** Debt that the step before repaid: it stands right before the settlement whose money it took. */
  let repaid: { readonly event: ParsedLog; readonly amount: bigint } | undefined;

  return {
    CycleClosed(replay, event) {
      const book = known(replay.books, "book", bookName(bookKeyOf(event)));
      const number = event.integer("cycle");
      const name = cycleName(book, number);
      expectEqual(replay, "event.cycle", name, book.openCycle, number);
      expectEqual(replay, "event.closed_at", name, timestampOf(event), event.integer("closedAt"));
      replay.cycles.set(name, {
        ...bookKeyOf(event),
        number,
        closedAt: timestampOf(event),
        net: 0n,
        fees: 0n,
        debtRepaid: 0n,
        merchants: 0,
        statements: new Map(),
        root: null,
      });
      book.openCycle = number + 1n;
    },

    DebtRepaid(_replay, event) {
      repaid = { event, amount: event.integer("amount") };
    },

    NetSettled(replay, event) {
      const account = accountOf(replay, bookKeyOf(event), event.hex("merchant"));
      const cycle = known(replay.cycles, "cycle", cycleName(account, event.integer("cycle")));
      const debtRepaid = repaid && isRightBefore(repaid.event, event) ? repaid.amount : 0n;
      const net = account.pending;
      const { fees } = account;
      account.available += net - takeMet(replay, account, net);
      account.pending = 0n;
      account.fees = 0n;
      cycle.fees += fees;
      replay.settledFees.set(bookName(account), (replay.settledFees.get(bookName(account)) ?? 0n) + fees);
      expectEqual(replay, "event.fees", accountName(account, account.address), fees, event.integer("fees"));
      account.openCycle = cycle.number + 1n;
      cycle.net += net;
      cycle.debtRepaid += debtRepaid;
      cycle.merchants += 1;
      settleLines(replay, account, cycle, { net, debtRepaid });
      expectEqual(replay, "event.net", accountName(account, account.address), net, event.integer("net"));
      expectAccountWord(replay, account, event.integer("accountWord"));
    },

    FeesSettled(replay, event) {
      const operator = accountOf(replay, bookKeyOf(event), event.hex("operator"));
      const fees = replay.settledFees.get(bookName(operator)) ?? 0n;
      replay.settledFees.delete(bookName(operator));
      operator.available += fees;
      expectEqual(replay, "event.fees", bookName(operator), fees, event.integer("fees"));
      expectAccountWord(replay, operator, event.integer("operatorWord"));
    },

    StatementsPublished(replay, event) {
      const name = cycleName(bookKeyOf(event), event.integer("cycle"));
      const cycle = known(replay.cycles, "cycle", name);
      expectEqual(replay, "event.net", name, cycle.net, event.integer("net"));
      expectEqual(replay, "event.statements", name, BigInt(cycle.merchants), event.integer("statements"));
      cycle.root = event.hex("root");
      expectEqual(replay, "event.root", name, rootOf(identity, cycle), cycle.root);
    },

    PayoutPaid(replay, event) {
      const amount = recordPayout(replay, event, "paid");
      const account = accountOf(replay, bookKeyOf(event), event.hex("merchant"));
      account.available -= amount;
      account.paid += amount;
      known(replay.books, "book", bookName(account)).paid += amount;
      expectAccountWord(replay, account, event.integer("accountWord"));
    },

    PayoutHeld(replay, event) {
      recordPayout(replay, event, "held");
    },
  };
}

/** An account's lines must come to what it was settled for. */
function settleLines(
  replay: Replay,
  account: ReplayedAccount,
  cycle: ReplayedCycle,
  settled: { readonly net: bigint; readonly debtRepaid: bigint },
): void {
  const { operator, token, address } = account;
  const lines = takeLines(replay, account);
  const name = `${cycleName(cycle, cycle.number)} ${address}`;
  expectEqual(replay, "event.statement", name, sumOf(lines), settled.net);
  cycle.statements.set(address, {
    operator,
    token,
    merchant: address,
    cycle: cycle.number,
    ...settled,
    lines,
  });
}

/** A payout is always everything that is available. */
function recordPayout(replay: Replay, event: ParsedLog, state: "paid" | "held"): bigint {
  const account = accountOf(replay, bookKeyOf(event), event.hex("merchant"));
  const name = accountName(account, account.address);
  const recipient = payoutAddressOf(replay, account.address);
  expectEqual(replay, "event.payout", name, account.available, event.integer("amount"));
  expectEqual(replay, "event.payout_address", name, recipient, event.hex("to"));
  replay.payouts.push({
    ...bookKeyOf(event),
    txHash: event.log.txHash,
    logIndex: event.log.logIndex,
    merchant: account.address,
    recipient,
    amount: account.available,
    state,
  });
  return account.available;
}

function isRightBefore(repaid: ParsedLog, settled: ParsedLog): boolean {
  return (
    repaid.log.txHash === settled.log.txHash &&
    repaid.log.logIndex === settled.log.logIndex - 1 &&
    repaid.hex("account") === settled.hex("merchant")
  );
}
