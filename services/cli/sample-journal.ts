import { fileURLToPath } from "node:url";

/** The journal that ships with the project; `npm run sample` writes it. */
export const SAMPLE_JOURNAL = fileURLToPath(new URL("../../examples/journal.jsonl", import.meta.url));

/** What the sample is made of; with another seed or number of orders it is another one. */
export const SAMPLE_OPTIONS = { seed: 1_591, orders: 300 };
