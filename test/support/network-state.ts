import { expect } from "chai";
import { journalBalances } from "./journal-arithmetic.ts";
import type { Sandbox } from "./rialto-process.ts";

/** How many operations of a network are in which state. */
export type OperationCounts = {
  readonly queued: number;
  readonly submitted: number;
  readonly included: number;
  readonly failed: number;
};

/** The counts as the API gives them. */
export async function progressOf(apiUrl: string): Promise<OperationCounts> {
  return (await (await fetch(`${apiUrl}/v1/operations/progress`)).json()) as OperationCounts;
}

/**
 * Expects `rialto balances` to come to what the journal's format says, to the cent, and each merchant's net to stand
 * somewhere: pending, available, paid, less what is owed.
 */
export async function expectBalances(
  sandbox: Sandbox,
  lines: readonly string[],
  feeBps: number,
  environment?: Readonly<Record<string, string>>,
): Promise<void> {
  const { exitCode, stdout, stderr } = await sandbox.run(["balances", "--json"], environment);
  expect(exitCode, stderr).to.equal(0);
  const rows: Record<string, string>[] = JSON.parse(stdout);
  const amount = (row: Record<string, string>, name: string): bigint => BigInt(row[name] ?? "");
  const found = new Map(
    rows.map((row) => [
      `${row.merchant}|${row.currency}`,
      Object.fromEntries(
        ["captured", "refunded", "awarded", "fees", "net"].map((name) => [name, amount(row, name)]),
      ),
    ]),
  );

  expect(found).to.deep.equal(journalBalances(lines, feeBps).balances);
  for (const row of rows) {
    const [pending, available, paid, debt] = ["pending", "available", "paid", "debt"].map((name) =>
      amount(row, name),
    ) as [bigint, bigint, bigint, bigint];
    expect(pending + available + paid - debt, `${row.merchant} ${row.currency}`).to.equal(amount(row, "net"));
  }
}
