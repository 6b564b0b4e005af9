import type { ParsedLog } from "../chain/log-parser.ts";
import type { Hex } from "../domain/order-terms.ts";
import {
  accountName,
  accountOf,
  type BookKey,
  bookName,
  expectEqual,
  known,
  type Replay,
  type ReplayedAccount,
} from "./replay-state.ts";
import { accountWordOf, coldWordOf, smaller, wordText } from "./replay-words.ts";

/** What one event of the log does to the replay. `next` is the event after it, if it is in the same transaction. */
export type ReplayStep = (replay: Replay, event: ParsedLog, next: ParsedLog | undefined) => void;

/** Flag bits of an account word, as in contracts/types/AccountWord.sol. */
const MERCHANT_FLAG = 8n;
const SCOPE_SHIFT = 4n;

/** `IParticipantRegistry.Kind.Merchant` and `IParticipantRegistry.Status.Active`. */
const MERCHANT_KIND = 2n;
const ACTIVE = 2n;

export const ACCOUNT_STEPS: Readonly<Record<string, ReplayStep>> = {
  ParticipantRegistered(replay, event) {
    const account = event.hex("account");
    const payoutAddress = event.hex("payoutAddress");
    replay.participants.set(account, {
      kind: event.integer("kind"),
      kycUntil: event.integer("kycUntil"),
      payoutAddress: BigInt(payoutAddress) === 0n ? account : payoutAddress,
      status: ACTIVE,
    });
  },

  ParticipantStatusChanged(replay, event) {
    const participant = known(replay.participants, "participant", event.hex("account"));
    expectEqual(replay, "event.status", event.hex("account"), participant.status, event.integer("previous"));
    participant.status = event.integer("status");
  },

  OperatorAccepted(replay, event) {
    replay.consents.set(`${event.hex("merchant")} ${event.hex("operator")}`, event.integer("scopes"));
  },

  BookOpened(replay, event) {
    const book = bookKeyOf(event);
    replay.books.set(bookName(book), {
      ...book,
      vault: event.hex("vault"),
      openCycle: 1n,
      guarantee: 0n,
      deposited: 0n,
      withdrawn: 0n,
      paid: 0n,
      funded: 0n,
    });
  },

  AccountSynced(replay, event) {
    const book = known(replay.books, "book", bookName(bookKeyOf(event)));
    const account = accountOf(replay, book, event.hex("account"));
    const participant = replay.participants.get(account.address);
    const scopes = replay.consents.get(`${account.address} ${account.operator}`) ?? 0n;
    account.flags = participant?.status ?? 0n;
    if (participant?.kind === MERCHANT_KIND) account.flags |= MERCHANT_FLAG | (scopes << SCOPE_SHIFT);
    account.kycUntil = participant?.kycUntil ?? 0n;
    if (account.openCycle === 0n) account.openCycle = book.openCycle;
    expectAccountWord(replay, account, event.integer("accountWord"));
  },

  Deposited(replay, event) {
    const book = known(replay.books, "book", bookName(bookKeyOf(event)));
    const account = accountOf(replay, book, event.hex("account"));
    account.available += event.integer("amount");
    book.deposited += event.integer("amount");
    expectAccountWord(replay, account, event.integer("accountWord"));
  },

  Withdrawn(replay, event) {
    const book = known(replay.books, "book", bookName(bookKeyOf(event)));
    const account = accountOf(replay, book, event.hex("account"));
    account.available -= event.integer("amount");
    book.withdrawn += event.integer("amount");
    expectAccountWord(replay, account, event.integer("accountWord"));
  },

  GuaranteeFunded(replay, event) {
    const book = known(replay.books, "book", bookName(bookKeyOf(event)));
    book.guarantee += event.integer("amount");
    book.funded += event.integer("amount");
    expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, event.integer("guarantee"));
  },

  // Logged before the refund or ruling that causes it: `draw` finds the debt and looks for it here.
  DebtIncurred(replay, event) {
    replay.announcedDebts.push({
      ...bookKeyOf(event),
      address: event.hex("account"),
      amount: event.integer("amount"),
      guarantee: event.integer("guarantee"),
      coldWord: event.integer("coldWord"),
    });
  },

  DebtRepaid(replay, event, next) {
    const book = known(replay.books, "book", bookName(bookKeyOf(event)));
    const account = accountOf(replay, book, event.hex("account"));
    const isSettling = next?.name === "NetSettled" && next.hex("merchant") === account.address;
    const repaid = smaller(isSettling ? account.pending : account.available, account.debt);
    if (isSettling) account.pending -= repaid;
    else account.available -= repaid;
    account.debt -= repaid;
    book.guarantee += repaid;

    const name = accountName(account, account.address);
    expectEqual(replay, "event.debt_repaid", name, repaid, event.integer("amount"));
    expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, event.integer("guarantee"));
    expectColdWord(replay, account, event.integer("coldWord"));
    expectAccountWord(replay, account, event.integer("accountWord"));
  },
};

/**
 * Takes `amount` from what an account has pending, then available; the guarantee fund pays the rest. A debt must have
 * been announced in the log, to the cent.
 */
export function draw(replay: Replay, account: ReplayedAccount, amount: bigint): void {
  const fromPending = smaller(amount, account.pending);
  const fromAvailable = smaller(amount - fromPending, account.available);
  const shortfall = amount - fromPending - fromAvailable;
  account.pending -= fromPending;
  account.available -= fromAvailable;
  if (shortfall === 0n) return;

  const book = known(replay.books, "book", bookName(account));
  account.debt += shortfall;
  book.guarantee -= shortfall;
  const announced = replay.announcedDebts.shift();
  const name = accountName(account, account.address);
  expectEqual(replay, "event.debt", name, shortfall, announced?.amount ?? 0n);
  if (announced === undefined) return;

  expectEqual(replay, "event.debt", name, name, accountName(announced, announced.address));
  expectEqual(replay, "event.guarantee", bookName(book), book.guarantee, announced.guarantee);
  expectColdWord(replay, account, announced.coldWord);
}

/** Notes a break for every debt that the log announced and nothing explains. */
export function expectNoAnnouncedDebt(replay: Replay): void {
  for (const debt of replay.announcedDebts.splice(0)) {
    expectEqual(replay, "event.debt", accountName(debt, debt.address), 0n, debt.amount);
  }
}

/** Compares the replay's own arithmetic with the word in an event. */
export function expectAccountWord(replay: Replay, account: ReplayedAccount, word: bigint): void {
  const name = accountName(account, account.address);
  expectEqual(replay, "event.account_word", name, wordText(accountWordOf(account)), wordText(word));
}

/** The book that an event names. */
export function bookKeyOf(event: ParsedLog): BookKey {
  return { operator: event.hex("operator"), token: event.hex("token") };
}

function expectColdWord(replay: Replay, account: ReplayedAccount, word: bigint): void {
  const name = accountName(account, account.address);
  expectEqual(replay, "event.cold_word", name, wordText(coldWordOf(account)), wordText(word));
}

/** Where an account is paid: the registry's word, or the account itself. */
export function payoutAddressOf(replay: Replay, account: Hex): Hex {
  return replay.participants.get(account)?.payoutAddress ?? account;
}
