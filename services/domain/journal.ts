import { DomainError, type DomainErrorCode, type ErrorContext } from "./errors.ts";
import { isShare, ONE_IN_BPS, parseAmount } from "./money.ts";
import { DISPUTE_REASONS, type DisputeReason } from "./operation.ts";
import { parseName } from "./participant.ts";

/** What a line of the order journal can ask for. */
export const JOURNAL_OPS = [
  "authorize",
  "charge",
  "capture",
  "void",
  "refund",
  "dispute",
  "rule",
  "close-cycle",
  "payout",
] as const;
export type JournalOp = (typeof JOURNAL_OPS)[number];

type OrderFields = { readonly order: string; readonly merchant: string };

/**
 * One line of an order journal. Amounts in minor units of the order's currency; no amount means all that is capturable.
 * `at` is informative, as it stands in the line.
 */
export type JournalLine = { readonly line: number; readonly at?: string } & (
  | ({
      readonly op: "authorize" | "charge";
      readonly payer: string;
      readonly currency: string;
      readonly amount: bigint;
    } & OrderFields)
  | ({ readonly op: "capture" | "void"; readonly amount?: bigint } & OrderFields)
  | ({ readonly op: "refund"; readonly amount: bigint } & OrderFields)
  | ({ readonly op: "dispute"; readonly amount: bigint; readonly reason: DisputeReason } & OrderFields)
  | ({ readonly op: "rule"; readonly payerBps: number } & OrderFields)
  | { readonly op: "close-cycle" | "payout" }
);

/** A line that concerns an order. */
export type OrderLine = Extract<JournalLine, OrderFields>;

type Fields = Readonly<Record<string, unknown>>;

const CURRENCY = /^[A-Z]{3}$/;
const TIMESTAMP =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d+)?)?(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?)?$/;

/**
 * Reads one line of an order journal; undefined for a blank one.
 *
 * Unknown fields are ignored. Throws `malformed`, `amount_invalid` or `share_invalid` whose context names `line`,
 * `field` and `reason`.
 */
export function parseJournalLine(text: string, lineNumber: number): JournalLine | undefined {
  // Trimming takes a carriage return and a byte order mark off as well.
  const content = text.trim();
  if (content === "") return undefined;

  try {
    return readLine(parseObject(content), lineNumber);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw atLine(error, lineNumber);
  }
}

function readLine(fields: Fields, line: number): JournalLine {
  const op = oneOf(fields, "op", JOURNAL_OPS);
  const shared = { line, ...(fields.at === undefined ? {} : { at: timestamp(fields) }) };
  switch (op) {
    case "close-cycle":
    case "payout":
      return { ...shared, op };
    case "authorize":
    case "charge":
      return {
        ...shared,
        op,
        ...orderFields(fields),
        payer: parseName(fields.payer, "payer"),
        currency: currency(fields),
        amount: amount(fields),
      };
    case "capture":
    case "void": {
      const order = orderFields(fields);
      return { ...shared, op, ...order, ...(fields.amount === undefined ? {} : { amount: amount(fields) }) };
    }
    case "refund":
      return { ...shared, op, ...orderFields(fields), amount: amount(fields) };
    case "dispute":
      return {
        ...shared,
        op,
        ...orderFields(fields),
        amount: amount(fields),
        reason: oneOf(fields, "reason", DISPUTE_REASONS),
      };
    case "rule":
      return { ...shared, op, ...orderFields(fields), payerBps: share(fields) };
  }
}

function parseObject(content: string): Fields {
  const value = parseJson(content);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fieldError("malformed", "line", "is not a JSON object");
  }
  return value as Fields;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw fieldError("malformed", "line", "is not valid JSON");
  }
}

function orderFields(fields: Fields): OrderFields {
  return { order: parseName(fields.order, "order"), merchant: parseName(fields.merchant, "merchant") };
}

function oneOf<Value extends string>(fields: Fields, field: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === fields[field]);
  if (found === undefined) throw fieldError("malformed", field, `is not one of ${values.join(", ")}`);
  return found;
}

function currency(fields: Fields): string {
  const value = fields.currency;
  if (typeof value !== "string" || !CURRENCY.test(value)) {
    throw fieldError("malformed", "currency", "is not three upper-case letters");
  }
  return value;
}

function timestamp(fields: Fields): string {
  const value = fields.at;
  if (typeof value !== "string" || !TIMESTAMP.test(value)) {
    throw fieldError("malformed", "at", "is not an ISO 8601 date and time");
  }
  return value;
}

function amount(fields: Fields): bigint {
  try {
    return parseAmount(fields.amount);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw fieldError(
      error.code,
      "amount",
      "is not a string of digits, without sign or leading zero, greater than 0 and within the limit",
      error.context,
    );
  }
}

function share(fields: Fields): number {
  const value = fields.payerBps;
  if (isShare(value)) return value;
  throw fieldError("share_invalid", "payerBps", `is not a whole number from 0 to ${ONE_IN_BPS}`);
}

function fieldError(
  code: DomainErrorCode,
  field: string,
  reason: string,
  context: ErrorContext = {},
): DomainError {
  return new DomainError(code, `The ${field} ${reason}.`, { ...context, field, reason });
}

function atLine(error: DomainError, line: number): DomainError {
  return new DomainError(error.code, `Line ${line}: ${error.message}`, { line, ...error.context });
}
