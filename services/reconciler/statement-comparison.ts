import type { Hex } from "../domain/order-terms.ts";
import { type Break, compareLedgers, type LedgerEntry } from "../domain/reconciliation.ts";
import type { Snapshot, SnapshotLine } from "../domain/snapshot.ts";
import { MOVEMENT_KINDS } from "../domain/statement.ts";
import { type LedgerIdentity, treeOf } from "./replay-lines.ts";
import { accountName, type Replay, type ReplayedLine } from "./replay-state.ts";

/** The lines of one statement, or those of an account that no statement has yet. */
type Lines = { readonly name: string; readonly lines: readonly SnapshotLine[] };

const KIND_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(MOVEMENT_KINDS).map(([name, number]) => [number, name]),
);

/**
 * Compares the statements that the log adds up to (expected), line by line and by their roots, with what the mirror
 * holds; breaks are named `mirror.statement.*` and `mirror.line.*`.
 */
export function compareStatements(options: {
  readonly replay: Replay;
  readonly snapshot: Snapshot;
  readonly identity: LedgerIdentity;
}): Break[] {
  const { replay, snapshot, identity } = options;
  const statements = new Map<string, LedgerEntry>();
  const lines: Lines[] = [];
  for (const cycle of replay.cycles.values()) {
    for (const statement of cycle.statements.values()) {
      const { root, leaves } = treeOf(identity, statement);
      const name = nameOf(statement, statement.merchant, cycle.number.toString());
      const { net, debtRepaid } = statement;
      statements.set(name, { net: net.toString(), debtRepaid: debtRepaid.toString(), root });
      lines.push({
        name,
        lines: leaves.map(({ runningBefore, kind, ...leaf }) =>
          lineOf({ ...leaf, kind: KIND_NAMES.get(kind) ?? "" }, runningBefore),
        ),
      });
    }
  }
  for (const [account, open] of replay.lines) {
    lines.push({ name: `${account} open`, lines: open.map((line) => lineOf(line, null)) });
  }
  const settled = snapshot.statements.filter(({ cycle }) => cycle !== null);
  return [
    ...compareLedgers({
      name: "mirror.statement",
      expected: statements,
      actual: new Map(
        settled.map((statement) => {
          const { net, debtRepaid, root } = statement;
          return [nameOf(statement, statement.merchant, String(statement.cycle)), { net, debtRepaid, root }];
        }),
      ),
    }),
    ...compareLedgers({
      name: "mirror.line",
      expected: entriesOf(lines),
      actual: entriesOf(
        snapshot.statements.map((statement) => ({
          name: nameOf(statement, statement.merchant, statement.cycle?.toString() ?? "open"),
          lines: statement.lines,
        })),
      ),
    }),
  ];
}

function lineOf(
  { orderId, kind, gross, fee }: Omit<ReplayedLine, "kind"> & { readonly kind: string },
  runningBefore: bigint | null,
): SnapshotLine {
  return {
    ...{ orderId, kind, gross: gross.toString(), fee: fee.toString(), net: (gross - fee).toString() },
    runningBefore: runningBefore?.toString() ?? null,
  };
}

/** Lines by their statement, order and kind, numbered where there are several: one that is left out is one break. */
function entriesOf(statements: readonly Lines[]): Map<string, LedgerEntry> {
  const entries = new Map<string, LedgerEntry>();
  for (const { name, lines } of statements) {
    const counts = new Map<string, number>();
    for (const { orderId, kind, ...amounts } of lines) {
      const subject = `${name} ${orderId} ${kind}`;
      const number = (counts.get(subject) ?? 0) + 1;
      counts.set(subject, number);
      entries.set(`${subject} ${number}`, amounts);
    }
  }
  return entries;
}

function nameOf(book: Parameters<typeof accountName>[0], merchant: Hex, cycle: string): string {
  return `${accountName(book, merchant)} ${cycle}`;
}
