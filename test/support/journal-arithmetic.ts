/** What a merchant's journal comes to in one currency, by the arithmetic of the journal's format alone. */
export type JournalBalance = {
  captured: bigint;
  refunded: bigint;
  awarded: bigint;
  fees: bigint;
  net: bigint;
};

/** `executed` includes lines that repeat an order with the same terms: they are recognised as done. */
export type JournalArithmetic = {
  readonly balances: Map<string, JournalBalance>;
  readonly executed: number[];
  readonly failed: number[];
};

type Book = {
  birth: string;
  merchant: string;
  currency: string;
  held: bigint;
  captured: bigint;
  refunded: bigint;
  awarded: bigint;
  disputed: bigint | null;
};

type Row = Record<string, unknown>;

const MAX = (1n << 80n) - 1n;
const REASONS = new Set(["not_received", "not_as_described", "fraud", "duplicate", "other"]);

/**
 * An oracle for imports: it shares no code with the services and knows nothing of a chain.
 *
 * Keys of `balances` are `merchant|currency`; only orders that exist count. Line numbers count from 1. Currencies other
 * than those of the network fail.
 */
export function journalBalances(
  lines: readonly string[],
  feeBps: number,
  currencies: readonly string[] = ["BRL", "USD"],
): JournalArithmetic {
  const books = new Map<string, Book>();
  const executed: number[] = [];
  const failed: number[] = [];

  lines.forEach((line, index) => {
    const text = line.replace(/^\uFEFF/, "").replace(/\r$/, "");
    if (text.trim().length === 0) return;
    if (runLine(text, books, currencies)) executed.push(index + 1);
    else failed.push(index + 1);
  });
  return { balances: sumUp(books, BigInt(feeBps)), executed, failed };
}

/** Whether the line could be carried out; if not, no book was touched. */
function runLine(text: string, books: Map<string, Book>, currencies: readonly string[]): boolean {
  let row: Row;
  try {
    row = JSON.parse(text);
  } catch {
    return false;
  }
  if (row === null || typeof row !== "object" || Array.isArray(row)) return false;
  if (row.at !== undefined && !isMoment(row.at)) return false;
  if (row.op === "close-cycle" || row.op === "payout") return true;
  if (!isName(row.order) || !isName(row.merchant)) return false;

  const id = JSON.stringify([row.merchant, row.order]);
  if (row.op === "authorize" || row.op === "charge") return runOpening(row, id, books, currencies);

  const book = books.get(id);
  if (book === undefined) return false;
  if (row.op === "rule") return runRule(book, row.payerBps);

  const amount = row.amount === undefined ? undefined : money(row.amount);
  if (amount === null) return false;
  switch (row.op) {
    case "capture":
    case "void":
      return runHeld(row.op, book, amount ?? book.held);
    case "refund":
      return amount !== undefined && runRefund(book, amount);
    case "dispute":
      return amount !== undefined && REASONS.has(String(row.reason)) && runDispute(book, amount);
    default:
      return false;
  }
}

function runOpening(row: Row, id: string, books: Map<string, Book>, currencies: readonly string[]): boolean {
  const amount = money(row.amount);
  const currency = row.currency;
  if (amount === null || !isName(row.payer)) return false;
  if (typeof currency !== "string" || !currencies.includes(currency)) return false;

  const birth = JSON.stringify([row.op, row.payer, currency, row.amount]);
  const existing = books.get(id);
  if (existing !== undefined) return existing.birth === birth;

  const isCharge = row.op === "charge";
  books.set(id, {
    birth,
    merchant: String(row.merchant),
    currency,
    held: isCharge ? 0n : amount,
    captured: isCharge ? amount : 0n,
    refunded: 0n,
    awarded: 0n,
    disputed: null,
  });
  return true;
}

function runHeld(op: "capture" | "void", book: Book, amount: bigint): boolean {
  if (book.disputed !== null || amount === 0n || amount > book.held) return false;
  book.held -= amount;
  if (op === "capture") book.captured += amount;
  return true;
}

function runRefund(book: Book, amount: bigint): boolean {
  if (amount > remaining(book) - (book.disputed ?? 0n)) return false;
  book.refunded += amount;
  return true;
}

function runDispute(book: Book, amount: bigint): boolean {
  if (book.disputed !== null || amount > remaining(book)) return false;
  book.disputed = amount;
  return true;
}

function runRule(book: Book, payerBps: unknown): boolean {
  if (typeof payerBps !== "number" || !Number.isInteger(payerBps) || payerBps < 0 || payerBps > 10_000)
    return false;
  if (book.disputed === null) return false;
  book.awarded += (book.disputed * BigInt(payerBps)) / 10_000n;
  book.disputed = null;
  return true;
}

function remaining(book: Book): bigint {
  return book.captured - book.refunded - book.awarded;
}

function sumUp(books: Map<string, Book>, feeBps: bigint): Map<string, JournalBalance> {
  const balances = new Map<string, JournalBalance>();
  for (const book of books.values()) {
    const key = `${book.merchant}|${book.currency}`;
    const sum = balances.get(key) ?? { captured: 0n, refunded: 0n, awarded: 0n, fees: 0n, net: 0n };
    const fees = (feeBps * remaining(book)) / 10_000n;
    sum.captured += book.captured;
    sum.refunded += book.refunded;
    sum.awarded += book.awarded;
    sum.fees += fees;
    sum.net += remaining(book) - fees;
    balances.set(key, sum);
  }
  return balances;
}

function money(value: unknown): bigint | null {
  if (typeof value !== "string" || !/^\d+$/.test(value) || value.startsWith("0") || value.length > 25)
    return null;
  return BigInt(value) <= MAX ? BigInt(value) : null;
}

function isName(value: unknown): value is string {
  if (
    typeof value !== "string" ||
    value.includes("\0") ||
    value.includes("\uFFFD") ||
    /\p{Surrogate}/u.test(value)
  )
    return false;
  const { length } = Array.from(value);
  return length >= 1 && length <= 64;
}

function isMoment(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value));
}
