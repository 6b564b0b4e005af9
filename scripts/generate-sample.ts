import { writeFile } from "node:fs/promises";
import { SAMPLE_JOURNAL, SAMPLE_OPTIONS } from "../services/cli/sample-journal.ts";
import { sampleJournal } from "../services/journal/sample.ts";

await writeFile(
  SAMPLE_JOURNAL,
  sampleJournal(SAMPLE_OPTIONS)
    .map((line) => `${line}\n`)
    .join(""),
);
