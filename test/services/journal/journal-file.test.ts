import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readJournalLines } from "../../../services/journal/journal-file.ts";

describe("readJournalLines", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rialto-journal-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [text, expected] of [
    ["", []],
    ["a\nb\n", ["a", "b"]],
    ["a\r\n\nb", ["a\r", "", "b"]],
    ["one\u2028line\u0085\n", ["one\u2028line\u0085"]],
  ] as const) {
    it(`splits ${JSON.stringify(text)} at line feeds alone`, async () => {
      expect(await linesOf(text)).to.deep.equal(expected);
    });
  }

  it("reads characters whole across the pieces in which a file is read", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `${"é🛒".repeat(index % 40)}${index}`);

    expect(await linesOf(lines.join("\n"))).to.deep.equal(lines);
  });

  it("fails where there is no such file", async () => {
    const failure = await collect(join(folder, "none")).catch((error: NodeJS.ErrnoException) => error);

    expect(failure).to.include({ code: "ENOENT" });
  });

  function linesOf(text: string): Promise<string[]> {
    const path = join(folder, "journal.jsonl");
    writeFileSync(path, text);
    return collect(path);
  }
});

async function collect(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readJournalLines(path)) lines.push(line);
  return lines;
}
