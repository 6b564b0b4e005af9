import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

/** A journal line has a few hundred characters; a file with longer ones is no journal. */
const LINE_LIMIT = 64 * 1024;

/**
 * Reads a journal line by line, whatever its size, from a file or a stream.
 *
 * Only a line feed ends a line, unlike in `node:readline`, which also splits at U+2028 and U+2029 inside of names.
 * What is not UTF-8 comes as U+FFFD; a line that is too long is cut, so that it fails to parse. Throws the system's
 * error if the file cannot be read.
 */
export async function* readJournalLines(source: string | Readable): AsyncGenerator<string> {
  const stream = typeof source === "string" ? createReadStream(source) : source;
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + (chunk as string)).split("\n");
    rest = (lines.pop() ?? "").slice(0, LINE_LIMIT);
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** How many lines a journal file has, blank ones left out. Throws the system's error if the file cannot be read. */
export async function countJournalLines(path: string): Promise<number> {
  let count = 0;
  for await (const line of readJournalLines(path)) count += line.trim() === "" ? 0 : 1;
  return count;
}
