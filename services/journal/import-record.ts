import type { DomainError, DomainErrorCode } from "../domain/errors.ts";
import type { FailedOperation } from "./journal-api.ts";
import type { LineOutcome } from "./line-sender.ts";

/** A line that was not executed, with the field that is wrong and why. */
export type FailedLine = {
  readonly line: number;
  readonly field?: string;
  readonly code: DomainErrorCode;
  readonly reason: string;
};

/**
 * What an import did. `lines` are those it decided on, blank ones left out: `executed`, `replayed` and `failed` add up
 * to it. `orders` counts the orders they open.
 */
export type JournalImportResult = {
  readonly lines: number;
  readonly executed: number;
  readonly replayed: number;
  readonly failed: readonly FailedLine[];
  readonly orders: number;
};

/** Counts an import's lines and remembers which operation belongs to which line. */
export interface ImportRecord {
  countLine(): void;
  lineCount(): number;
  apply(outcome: LineOutcome): void;

  /** A line that could not be read or planned. */
  fail(line: number, error: DomainError): void;

  /** An operation that the chain refused; of no consequence here unless it belongs to this journal. */
  failOperation(operation: FailedOperation): void;

  result(): JournalImportResult;
}

export function createImportRecord(): ImportRecord {
  const outcomes = new Map<number, "executed" | "replayed">();
  const openedBy = new Map<number, string>();
  const lineOfOperation = new Map<string, number>();
  const failed = new Map<number, FailedLine>();
  let lines = 0;

  function fail(failure: FailedLine): void {
    outcomes.delete(failure.line);
    openedBy.delete(failure.line);
    // The first cause counts: an operation that built on a failed one fails as well.
    if (!failed.has(failure.line)) failed.set(failure.line, failure);
  }

  return {
    countLine() {
      lines += 1;
    },
    lineCount: () => lines,

    apply(outcome) {
      const { line, effect } = outcome.plan;
      if (outcome.outcome === "failed") {
        const { code, detail, field = fieldOf(code) } = outcome.problem;
        fail({ line, field, code, reason: detail });
        return;
      }
      outcomes.set(line, outcome.outcome);
      if (effect?.kind === "opens") openedBy.set(line, effect.orderKey);
      for (const id of outcome.operationIds) {
        if (!lineOfOperation.has(id)) lineOfOperation.set(id, line);
      }
    },

    fail(line, error) {
      const { field, reason } = error.context;
      fail({
        line,
        ...(typeof field === "string" ? { field } : {}),
        code: error.code,
        reason: typeof reason === "string" ? reason : error.message,
      });
    },

    failOperation({ id, code, detail }) {
      const line = lineOfOperation.get(id);
      if (line !== undefined) fail({ line, field: fieldOf(code), code, reason: detail });
    },

    result() {
      const counts = [...outcomes.values()];
      return {
        lines: outcomes.size + failed.size,
        executed: counts.filter((outcome) => outcome === "executed").length,
        replayed: counts.filter((outcome) => outcome === "replayed").length,
        failed: [...failed.values()].sort((a, b) => a.line - b.line),
        orders: new Set(openedBy.values()).size,
      };
    },
  };
}

const FIELD_OF_CODE: Partial<Record<DomainErrorCode, string>> = {
  amount_invalid: "amount",
  exceeds_capturable: "amount",
  exceeds_refundable: "amount",
  exceeds_order: "amount",
  insufficient_funds: "amount",
  currency_unknown: "currency",
  share_invalid: "payerBps",
  order_unknown: "order",
  order_exists: "order",
  order_expired: "order",
  order_disputed: "order",
  reference_reused: "order",
  dispute_not_open: "order",
  dispute_state_wrong: "order",
  dispute_too_many: "order",
  dispute_window_closed: "order",
  extension_invalid: "days",
  delivery_invalid: "courier",
  splits_invalid: "splits",
};

/** The journal's field that a refusal is about; `op` where it is about none in particular. */
function fieldOf(code: DomainErrorCode): string {
  return FIELD_OF_CODE[code] ?? "op";
}
