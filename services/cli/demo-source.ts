import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { isCurrency } from "../chain/currency.ts";
import { DomainError } from "../domain/errors.ts";
import { type JournalLine, parseJournalLine } from "../domain/journal.ts";
import { readJournalLines } from "../journal/journal-file.ts";
import { convertOlist } from "../journal/olist.ts";
import { SAMPLE_JOURNAL } from "./sample-journal.ts";

/** The journal that a demonstration settles, and how many orders of its origin had nothing to settle. */
export type DemoSource = { readonly path: string; readonly skipped: number };

/** The journal named, or made of Olist's files in `folder`, or the one that ships with the project. */
export async function prepareSource(
  named: { readonly journal?: string; readonly olist?: string },
  folder: string,
): Promise<DemoSource> {
  if (named.olist === undefined) return { path: named.journal ?? SAMPLE_JOURNAL, skipped: 0 };

  const path = join(folder, "olist.jsonl");
  const file = createWriteStream(path);
  const { skipped } = await convertOlist({
    directory: named.olist,
    write: (line) => void file.write(`${line}\n`),
  });
  file.end();
  await finished(file);
  return { path, skipped };
}

/** The currencies that a journal's orders are in, as far as they exist; a fresh network needs a token of each. */
export async function currenciesOf(path: string): Promise<string[]> {
  const currencies = new Set<string>();
  let lineNumber = 0;
  for await (const text of readJournalLines(path)) {
    lineNumber += 1;
    const line = parsed(text, lineNumber);
    if (line !== undefined && "currency" in line && isCurrency(line.currency)) currencies.add(line.currency);
  }
  return currencies.size === 0 ? ["BRL"] : [...currencies].sort();
}

/** A bad line has no currency here; the import says what is wrong with it. */
function parsed(text: string, lineNumber: number): JournalLine | undefined {
  try {
    return parseJournalLine(text, lineNumber);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
