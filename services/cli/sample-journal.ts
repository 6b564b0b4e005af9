import { fileURLToPath } from "node:url";

/** The journal that ships with the project; `npm run sample` writes it. */
export const SAMPLE_JOURNAL = fileURLToPath(new URL("../../examples/journal.jsonl", import.meta.url));
