import { DomainError, type DomainErrorCode, type ErrorContext } from "./errors.ts";
import { isShare, ONE_IN_BPS, parseAmount } from "./money.ts";
import { DISPUTE_REASONS, type DisputeReason } from "./operation.ts";
import { MAX_PAYEES } from "./order-limits.ts";
import { parseName } from "./participant.ts";

/** What a line of the order journal can ask for. */
export const JOURNAL_OPS = [
  "authorize",
  "charge",
  "cancel",
  "capture",
  "deliver",
  "extend",
  "void",
  "refund",
  "dispute",
  "offer",
  "agree",
  "rule",
  "close-cycle",
  "payout",
] as const;
export type JournalOp = (typeof JOURNAL_OPS)[number];

type OrderFields = { readonly order: string; readonly merchant: string };

/** Who else earns a share of an order, by name; a merchant, unless it is a courier. */
export type JournalSplit = {
  readonly payee: string;
  readonly kind: "merchant" | "courier";
  readonly bps: number;
};

type PaymentFields = OrderFields & {
  readonly payer: string;
  readonly currency: string;
  readonly amount: bigint;
};

/**
 * One line of an order journal. Amounts in minor units of the order's currency; no amount means all that is capturable.
 * `at` is informative, as it stands in the line.
 */
export type JournalLine = { readonly line: number; readonly at?: string } & (
  | ({
      readonly op: "authorize" | "charge";
      readonly splits?: readonly JournalSplit[];
      /** Who will prove that the goods arrived. */
      readonly courier?: string;
    } & PaymentFields)
  | ({ readonly op: "cancel" } & PaymentFields)
  | ({ readonly op: "capture" | "void"; readonly amount?: bigint } & OrderFields)
  | ({ readonly op: "deliver"; readonly courier: string } & OrderFields)
  | ({ readonly op: "extend"; readonly days: number } & OrderFields)
  | ({ readonly op: "refund"; readonly amount: bigint } & OrderFields)
  | ({ readonly op: "dispute"; readonly amount: bigint; readonly reason: DisputeReason } & OrderFields)
  /** What the payer is to get of the disputed amount, which may be nothing. */
  | ({ readonly op: "offer"; readonly amount: bigint } & OrderFields)
  | ({ readonly op: "agree"; readonly amount: bigint } & OrderFields)
  | ({ readonly op: "rule"; readonly payerBps: number } & OrderFields)
  | { readonly op: "close-cycle" | "payout" }
);

/** A line that concerns an order. */
export type OrderLine = Extract<JournalLine, OrderFields>;

type Fields = Readonly<Record<string, unknown>>;

/** The longest that the ledger holds money. */
const LONGEST_DAYS = 180;

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
      return { ...shared, op, ...paymentFields(fields), ...deliveryFields(fields) };
    case "cancel":
      return { ...shared, op, ...paymentFields(fields) };
    case "capture":
    case "void": {
      const order = orderFields(fields);
      return { ...shared, op, ...order, ...(fields.amount === undefined ? {} : { amount: amount(fields) }) };
    }
    case "deliver":
      return { ...shared, op, ...orderFields(fields), courier: parseName(fields.courier, "courier") };
    case "extend":
      return { ...shared, op, ...orderFields(fields), days: wholeFrom1(fields.days, "days", LONGEST_DAYS) };
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
    case "offer":
    case "agree":
      return { ...shared, op, ...orderFields(fields), amount: fields.amount === "0" ? 0n : amount(fields) };
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

function paymentFields(fields: Fields): PaymentFields {
  return {
    ...orderFields(fields),
    payer: parseName(fields.payer, "payer"),
    currency: currency(fields),
    amount: amount(fields),
  };
}

function deliveryFields(fields: Fields): { splits?: JournalSplit[]; courier?: string } {
  return {
    ...(fields.splits === undefined ? {} : { splits: splits(fields.splits) }),
    ...(fields.courier === undefined ? {} : { courier: parseName(fields.courier, "courier") }),
  };
}

function splits(value: unknown): JournalSplit[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_PAYEES) {
    throw fieldError("malformed", "splits", `is not a list of 1 to ${MAX_PAYEES} payees`);
  }
  const shares = value.map((item: unknown): JournalSplit => {
    if (typeof item !== "object" || item === null) {
      throw fieldError("malformed", "splits", "has something that is not an object");
    }
    const { payee, kind = "merchant", bps } = item as Fields;
    return {
      payee: parseName(payee, "splits.payee"),
      kind: oneOf({ "splits.kind": kind }, "splits.kind", ["merchant", "courier"]),
      bps: wholeFrom1(bps, "splits.bps", ONE_IN_BPS),
    };
  });
  if (shares.reduce((sum, { bps }) => sum + bps, 0) <= ONE_IN_BPS) return shares;
  throw fieldError("share_invalid", "splits", `has shares above ${ONE_IN_BPS} together`);
}

function wholeFrom1(value: unknown, field: string, limit: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= limit) return value;
  throw fieldError("malformed", field, `is not a whole number from 1 to ${limit}`);
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
