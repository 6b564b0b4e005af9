import { readConfig } from "../platform/config.ts";
import { createApiClient, type MerchantBalanceRow } from "./api-client.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { findNetwork } from "./network-file.ts";
import type { Terminal } from "./terminal.ts";

/** In the order of printing. */
const AMOUNTS = [
  "captured",
  "refunded",
  "awarded",
  "fees",
  "net",
  "pending",
  "available",
  "paid",
  "debt",
] as const;

/** A merchant's money in one currency, as decimal strings in minor units. */
export type BalanceRow = Pick<MerchantBalanceRow, "merchant" | "currency" | (typeof AMOUNTS)[number]>;

/** Prints what each merchant captured, was paid and is owed. */
export async function balances(options: {
  readonly apiUrl?: string | undefined;
  readonly terminal: Terminal;
}): Promise<ExitCode> {
  const config = readConfig();
  const { apiUrl } = await findNetwork(config, { apiUrl: options.apiUrl });
  const rows = await createApiClient({ baseUrl: apiUrl, apiToken: config.apiToken }).balances();

  options.terminal.printJson(rows.map(toBalanceRow));
  printBalances(options.terminal, rows);
  return EXIT_CODES.ok;
}

/** The members that the command's output has, in their order. */
export function toBalanceRow(row: MerchantBalanceRow): BalanceRow {
  const { merchant, currency, captured, refunded, awarded, fees, net, pending, available, paid, debt } = row;
  return { merchant, currency, captured, refunded, awarded, fees, net, pending, available, paid, debt };
}

/** A table with a line for each merchant, amounts in minor units. */
export function printBalances(terminal: Terminal, rows: readonly BalanceRow[], most = rows.length): void {
  if (rows.length === 0) {
    terminal.print("No merchant has an order yet.");
    return;
  }
  const header = ["merchant", "currency", ...AMOUNTS];
  const lines = rows
    .slice(0, most)
    .map((row) => [row.merchant, row.currency, ...AMOUNTS.map((amount) => row[amount])]);
  const widths = header.map((title, index) =>
    Math.max(title.length, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const format = (line: readonly string[]): string =>
    line
      .map((cell, index) => (index < 2 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join("  ");

  terminal.print([header, ...lines].map(format).join("\n"));
  if (rows.length > most) terminal.print(`... and ${rows.length - most} more; --json prints all of them`);
}
