import { writeFile } from "node:fs/promises";
import { sampleJournal } from "../services/journal/sample.ts";

/** Another seed or count is another sample: test/services/cli/sample-journal.test.ts compares the file with these. */
const SEED = 1_591;
const ORDERS = 300;

const lines = sampleJournal({ seed: SEED, orders: ORDERS });
await writeFile("examples/journal.jsonl", lines.map((line) => `${line}\n`).join(""));
