import type { JournalLine } from "../domain/journal.ts";
import { digest } from "./digest.ts";

/** An idempotency key has at most this many characters before it is replaced by its digest. */
const KEY_LIMIT = 200;

/** The key of the order that a merchant calls `reference`; one order has one key, whatever journal names it. */
export function orderKey(merchant: string, reference: string): string {
  return readableKey("order", [merchant, reference]);
}

/** The key of a participant's registration or of another step that is taken once for the names in it. */
export function readableKey(kind: string, names: readonly string[]): string {
  // Encoded, because names may contain the separator; an encoded name never contains the mark of a digest.
  const key = `${kind}:${names.map(encodeURIComponent).join(":")}`;
  return key.length <= KEY_LIMIT ? key : `${kind}:#${digest(names).slice(2)}`;
}

/**
 * Gives every line of one journal a key that stays the same when the journal is imported again, when bad lines of it
 * are corrected and when lines are appended.
 *
 * Authorize, charge and cancel lines have their order's key. Any other line is known by where it belongs, by what it says
 * without `at`, and by its place among the lines that say the same. It belongs to the order that an earlier line of
 * this journal opens, else to the journal: `journalId`, or the first good line's text. With a `journalId` every line
 * belongs to it.
 *
 * Lines are to be given in order, each once; bad lines are left out.
 */
export function createLineKeys(options: { readonly journalId?: string | undefined }): {
  keyOf(line: JournalLine, text: string): string;
} {
  const opened = new Set<string>();
  const repetitions = new Map<string, number>();
  let firstLine: string | undefined;

  return {
    keyOf(line, text) {
      firstLine ??= text.trim();
      if (line.op === "authorize" || line.op === "charge" || line.op === "cancel") {
        const key = orderKey(line.merchant, line.order);
        opened.add(key);
        return key;
      }

      const journal = options.journalId ?? firstLine;
      const isOpenedHere = "order" in line && opened.has(orderKey(line.merchant, line.order));
      const owner = options.journalId === undefined && isOpenedHere ? ["order"] : ["journal", journal];
      const content = digest([...owner, ...contentOf(line)]);
      const repetition = repetitions.get(content) ?? 0;
      repetitions.set(content, repetition + 1);
      return `line:${digest([content, repetition.toString()]).slice(2)}`;
    },
  };
}

function contentOf(line: JournalLine): string[] {
  switch (line.op) {
    case "authorize":
    case "charge":
    case "cancel":
      return [line.op, line.merchant, line.order];
    case "close-cycle":
    case "payout":
      return [line.op];
    case "capture":
    case "void":
      return [line.op, line.merchant, line.order, line.amount?.toString() ?? "all"];
    case "deliver":
      return [line.op, line.merchant, line.order, line.courier];
    case "extend":
      return [line.op, line.merchant, line.order, line.days.toString()];
    case "refund":
    case "offer":
    case "agree":
      return [line.op, line.merchant, line.order, line.amount.toString()];
    case "dispute":
      return [line.op, line.merchant, line.order, line.amount.toString(), line.reason];
    case "rule":
      return [line.op, line.merchant, line.order, line.payerBps.toString()];
  }
}
