/**
 * One difference between two ledgers.
 *
 * `kind` is the ledger's name and `missing` (not in the second ledger), `unexpected` (only there) or the field that
 * differs: `order.missing`, `account.pending`. Values are in decimal or as stored, null where there is none.
 */
export type Break = {
  readonly kind: string;
  readonly subject: string;
  readonly expected: string | null;
  readonly actual: string | null;
};

/** What a ledger says of one subject, field by field. */
export type LedgerEntry = Readonly<Record<string, bigint | number | string | boolean | null>>;

/** Compares one field of a subject; undefined if both sides agree. */
export function compareValue(
  kind: string,
  subject: string,
  expected: LedgerEntry[string],
  actual: LedgerEntry[string],
): Break | undefined {
  if (expected === actual) return undefined;
  return { kind, subject, expected: text(expected), actual: text(actual) };
}

/**
 * Compares two ledgers keyed by subject, in both directions, and lists every break sorted by subject and field.
 *
 * A field that a side does not state counts as null there.
 */
export function compareLedgers(options: {
  readonly name: string;
  readonly expected: ReadonlyMap<string, LedgerEntry>;
  readonly actual: ReadonlyMap<string, LedgerEntry>;
}): Break[] {
  const { name, expected, actual } = options;
  const subjects = [...new Set([...expected.keys(), ...actual.keys()])].sort();

  return subjects.flatMap((subject): Break[] => {
    const left = expected.get(subject);
    const right = actual.get(subject);
    if (left === undefined) {
      return [{ kind: `${name}.unexpected`, subject, expected: null, actual: describe(right) }];
    }
    if (right === undefined) {
      return [{ kind: `${name}.missing`, subject, expected: describe(left), actual: null }];
    }
    return compareFields(name, subject, left, right);
  });
}

function compareFields(name: string, subject: string, left: LedgerEntry, right: LedgerEntry): Break[] {
  const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return fields.flatMap((field) => {
    const difference = compareValue(`${name}.${field}`, subject, left[field] ?? null, right[field] ?? null);
    return difference === undefined ? [] : [difference];
  });
}

function describe(entry: LedgerEntry | undefined): string {
  return Object.entries(entry ?? {})
    .map(([field, value]) => `${field}=${text(value) ?? "null"}`)
    .join(" ");
}

function text(value: LedgerEntry[string]): string | null {
  return value === null ? null : String(value);
}
