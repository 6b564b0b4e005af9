/**
 * A ledger of one book in plain bigints, written from the design and sharing no code with the contracts or the
 * services. It keeps amounts in objects instead of words, awards in an array instead of a queue, and reserve as a list
 * of parcels instead of a ring. Amounts in token base units, times in Unix seconds.
 */
export type Parcel = { readonly holdbackClass: number; readonly period: bigint; amount: bigint };
export type Award = { readonly payer: string; readonly orderId: string; amount: bigint };

export type Account = {
  available: bigint;
  pending: bigint;
  /** The operator's fees on this merchant's captures since its last settlement. */
  fees: bigint;
  debt: bigint;
  openCycle: bigint;
  exposedDay: bigint;
  readonly parcels: Parcel[];
  readonly awards: Award[];
};

export type PlainBook = {
  readonly operator: string;
  readonly accounts: Map<string, Account>;
  readonly classes: Map<number, { readonly bps: bigint; readonly delay: bigint }>;
  liabilities: bigint;
  guarantee: bigint;
  readonly advanceLimit: bigint;
  openCycle: bigint;
  now: bigint;
};

const DAY = 86_400n;

/** What the ledger refuses; the chain must refuse it as well. */
export class PlainRefusal extends Error {}

export function refuseUnless(holds: boolean, rule: string): void {
  if (!holds) throw new PlainRefusal(rule);
}

export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function accountOf(book: PlainBook, name: string): Account {
  const known = book.accounts.get(name);
  if (known !== undefined) return known;
  const account: Account = {
    available: 0n,
    pending: 0n,
    fees: 0n,
    debt: 0n,
    openCycle: book.openCycle,
    exposedDay: 0n,
    parcels: [],
    awards: [],
  };
  book.accounts.set(name, account);
  return account;
}

export function reserveOf(account: Account): bigint {
  return account.parcels.reduce((sum, parcel) => sum + parcel.amount, 0n);
}

export function unpaidOf(account: Account): bigint {
  return account.awards.reduce((sum, award) => sum + award.amount, 0n);
}

export function expose(account: Account, second: bigint): void {
  const day = second / DAY + 1n;
  if (day > account.exposedDay) account.exposedDay = day;
}

export function deposit(book: PlainBook, name: string, amount: bigint): void {
  refuseUnless(amount > 0n, "an amount is positive");
  accountOf(book, name).available += amount;
  book.liabilities += amount;
}

export function fundGuarantee(book: PlainBook, amount: bigint): void {
  refuseUnless(amount > 0n, "an amount is positive");
  book.guarantee += amount;
  book.liabilities += amount;
}

/** What an account owes comes before what it takes out. */
export function withdraw(book: PlainBook, name: string, amount: bigint): void {
  const account = accountOf(book, name);
  meetFromAvailable(book, name);
  refuseUnless(amount > 0n && amount <= account.available && account.awards.length === 0, "own money only");
  account.available -= amount;
  book.liabilities -= amount;
}

export function payOut(book: PlainBook, name: string): void {
  const account = accountOf(book, name);
  meetFromAvailable(book, name);
  if (account.awards.length > 0) return;
  book.liabilities -= account.available;
  account.available = 0n;
}

export function meetFromAvailable(book: PlainBook, name: string): void {
  const account = accountOf(book, name);
  const money = account.available;
  account.available = 0n;
  account.available += meet(book, name, money);
}

/** Awards first, oldest first, at most eight at a time; debt only once no award waits. */
function meet(book: PlainBook, name: string, money: bigint): bigint {
  const account = accountOf(book, name);
  let left = money;
  for (let paid = 0; paid < 8 && left > 0n && account.awards.length > 0; paid++) {
    const award = account.awards[0] as Award;
    const amount = min(left, award.amount);
    award.amount -= amount;
    left -= amount;
    accountOf(book, award.payer).available += amount;
    if (award.amount === 0n) account.awards.shift();
  }
  if (account.awards.length > 0) return left;
  const repaid = min(left, account.debt);
  account.debt -= repaid;
  book.guarantee += repaid;
  return left - repaid;
}

/** Pending, available, reserve, then the guarantee as a debt; what is still short is returned. */
export function draw(book: PlainBook, name: string, amount: bigint, reserveFirst = 0n): bigint {
  const account = accountOf(book, name);
  let short = amount - drawReserve(account, min(reserveFirst, amount));
  const fromPending = min(short, account.pending);
  account.pending -= fromPending;
  short -= fromPending;
  const fromAvailable = min(short, account.available);
  account.available -= fromAvailable;
  short -= fromAvailable;
  if (short === 0n) return 0n;

  short -= drawReserve(account, short);
  const room = book.advanceLimit > account.debt ? book.advanceLimit - account.debt : 0n;
  const advanced = min(short, min(book.guarantee, room));
  account.debt += advanced;
  book.guarantee -= advanced;
  return short - advanced;
}

/** By class, the oldest first. */
export function drawReserve(account: Account, amount: bigint): bigint {
  let drawn = 0n;
  const order = [...account.parcels].sort((a, b) =>
    a.holdbackClass === b.holdbackClass ? Number(a.period - b.period) : a.holdbackClass - b.holdbackClass,
  );
  for (const parcel of order) {
    const taken = min(amount - drawn, parcel.amount);
    parcel.amount -= taken;
    drawn += taken;
  }
  dropEmpty(account);
  return drawn;
}

export function withhold(book: PlainBook, name: string, holdbackClass: number, amount: bigint): bigint {
  const rules = book.classes.get(holdbackClass);
  if (rules === undefined) throw new PlainRefusal("the class exists");
  const withheld = (amount * rules.bps) / 10_000n;
  if (withheld === 0n) return 0n;
  const account = accountOf(book, name);
  release(book, name, holdbackClass);
  const period = (book.now * 4n) / rules.delay;
  const present = account.parcels.find(
    (parcel) => parcel.holdbackClass === holdbackClass && parcel.period === period,
  );
  if (present === undefined) account.parcels.push({ holdbackClass, period, amount: withheld });
  else present.amount += withheld;
  return withheld;
}

/** A parcel is due once the four periods after its own are over. */
export function release(book: PlainBook, name: string, only?: number): void {
  const account = accountOf(book, name);
  for (const parcel of account.parcels) {
    if (only !== undefined && parcel.holdbackClass !== only) continue;
    const delay = book.classes.get(parcel.holdbackClass)?.delay ?? 1n;
    if (parcel.period + 4n >= (book.now * 4n) / delay) continue;
    account.pending += parcel.amount;
    parcel.amount = 0n;
  }
  dropEmpty(account);
}

export function closeCycle(book: PlainBook, cycle: bigint, names: readonly string[]): void {
  refuseUnless(cycle > 0n && cycle <= book.openCycle, "a cycle that was opened");
  if (cycle === book.openCycle) book.openCycle += 1n;
  let fees = 0n;
  for (const name of names) {
    const account = accountOf(book, name);
    if (account.openCycle > cycle) continue;
    release(book, name);
    const net = account.pending;
    fees += account.fees;
    account.pending = 0n;
    account.fees = 0n;
    account.available += meet(book, name, net);
    account.openCycle = cycle + 1n;
  }
  accountOf(book, book.operator).available += fees;
}

function dropEmpty(account: Account): void {
  const kept = account.parcels.filter((parcel) => parcel.amount > 0n);
  account.parcels.splice(0, account.parcels.length, ...kept);
}
