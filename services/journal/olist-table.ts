import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import { DomainError } from "../domain/errors.ts";

/**
 * Reads the given columns of one Olist table, row by row.
 *
 * The file is `<name>.csv` or `<name>.csv.gz`; columns may come in any order. Throws `malformed` with `file`, and
 * `column` if one is missing.
 */
export async function* readOlistTable<Column extends string>(options: {
  readonly directory: string;
  readonly name: string;
  readonly columns: readonly Column[];
}): AsyncGenerator<Readonly<Record<Column, string>>> {
  const { name, columns } = options;
  const parser = parse({ bom: true, columns: (header: string[]) => requireColumns(name, header, columns) });
  // An error of the file or of decompression destroys the parser, and reading its rows throws it.
  pipeline(openTable(options.directory, name), parser, () => {});

  try {
    for await (const row of parser) yield row as Record<Column, string>;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (!(error instanceof CsvError) && !isDecompressionError(error)) throw error;
    throw new DomainError("malformed", `${name} is no proper CSV file: ${(error as Error).message}`, {
      file: name,
    });
  }
}

function openTable(directory: string, name: string): Readable {
  const plain = join(directory, `${name}.csv`);
  if (existsSync(plain)) return createReadStream(plain);

  const compressed = `${plain}.gz`;
  if (existsSync(compressed)) return pipeline(createReadStream(compressed), createGunzip(), () => {});
  throw new DomainError("malformed", `${plain} does not exist, and neither does ${compressed}.`, {
    file: name,
  });
}

function requireColumns(name: string, header: readonly string[], columns: readonly string[]): string[] {
  const missing = columns.find((column) => !header.includes(column));
  if (missing === undefined) return [...header];
  throw new DomainError("malformed", `${name} has no column ${missing}.`, { file: name, column: missing });
}

function isDecompressionError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
