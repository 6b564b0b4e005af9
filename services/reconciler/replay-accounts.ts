import type { ParsedLog } from "../chain/log-parser.ts";
import type { Hex } from "../domain/order-terms.ts";
import { known } from "./replay-known.ts";
import { carry } from "./replay-lines.ts";
import {
  accountName,
  accountOf,
  type BookKey,
  bookName,
  bookOf,
  expectEqual,
  type Replay,
  type ReplayedAccount,
} from "./replay-state.ts";
import { accountWordOf, coldWordOf, exposedDayOf, smaller, wordText } from "./replay-words.ts";

/** What one event of the log does to the replay. */
export type ReplayStep = (replay: Replay, event: ParsedLog) => void;

/** Flag bits of an account word, as in contracts/types/AccountWord.sol. */
const MERCHANT_FLAG = 8n;
const SCOPE_SHIFT = 4n;

/** `IParticipantRegistry.Kind.Merchant` and `IParticipantRegistry.Status.Active`. */
const MERCHANT_KIND = 2n;

/** Merchants, couriers and institutions let operators act for them. */
const PAYEE_KINDS: ReadonlySet<bigint> = new Set([2n, 4n, 7n]);

/** An account's word keeps due diligence in days of 16 bits. */
const DAY = 86_400n;
const LAST_DAY = 65_535n;
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
    // From none: the registration right before this one did not make the participant active.
    const previous = event.integer("previous");
    if (previous !== 0n)
      expectEqual(replay, "event.status", event.hex("account"), participant.status, previous);
    participant.status = event.integer("status");
  },

  ParticipantKycSet(replay, event) {
    known(replay.participants, "participant", event.hex("account")).kycUntil = event.integer("kycUntil");
  },

  PayoutAddressChanged(replay, event) {
    const participant = known(replay.participants, "participant", event.hex("account"));
    participant.payoutAddress = event.hex("current");
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
      advanceLimit: 0n,
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
    if (participant?.kind === MERCHANT_KIND) account.flags |= MERCHANT_FLAG;
    if (PAYEE_KINDS.has(participant?.kind ?? 0n)) account.flags |= scopes << SCOPE_SHIFT;
    account.kycDay = smaller((participant?.kycUntil ?? 0n) / DAY, LAST_DAY);
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

  OrderAuthorized(replay, event) {
    // A payer's word of 0: the money came from outside the book.
    if (event.integer("payerWord") !== 0n) return;
    known(replay.books, "book", bookName(bookKeyOf(event))).deposited += event.integer("amount");
  },

  AccountSeized(replay, event) {
    const book = bookKeyOf(event);
    const account = accountOf(replay, book, event.hex("account"));
    const statutory = accountOf(replay, book, event.hex("statutoryAccount"));
    account.available -= event.integer("amount");
    statutory.available += event.integer("amount");
    expectAccountWord(replay, account, event.integer("accountWord"));
    expectAccountWord(replay, statutory, event.integer("statutoryWord"));
  },

  AccountRebound(replay, event) {
    const book = bookKeyOf(event);
    const account = accountOf(replay, book, event.hex("account"));
    const successor = accountOf(replay, book, event.hex("successor"));
    carry(replay, account, null, -account.pending);
    carry(replay, successor, null, account.pending);
    for (const balance of ["available", "pending", "debt"] as const) {
      successor[balance] += account[balance];
      account[balance] = 0n;
    }
    expectAccountWord(replay, account, event.integer("accountWord"));
    copyExposure(successor, event.integer("successorWord"));
    expectAccountWord(replay, successor, event.integer("successorWord"));
  },
};

/** Takes over what only the words tell: for how long captured orders can be disputed. It never shrinks. */
export function copyExposure(account: ReplayedAccount, word: bigint): void {
  const day = exposedDayOf(word);
  if (day > account.exposedDay) account.exposedDay = day;
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

/** The account that an event names, in a book that was opened. */
export function accountIn(replay: Replay, event: ParsedLog): ReplayedAccount {
  return accountOf(replay, bookOf(replay, bookKeyOf(event)), event.hex("account"));
}

/** Compares the replay's own arithmetic with the cold word in an event. */
export function expectColdWord(replay: Replay, account: ReplayedAccount, word: bigint): void {
  const name = accountName(account, account.address);
  expectEqual(replay, "event.cold_word", name, wordText(coldWordOf(account)), wordText(word));
}

/** Where an account is paid: the registry's word, or the account itself. */
export function payoutAddressOf(replay: Replay, account: Hex): Hex {
  return replay.participants.get(account)?.payoutAddress ?? account;
}
