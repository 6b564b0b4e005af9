import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readLayouts } from "./storage/layouts.ts";
import { readPackedWords } from "./storage/packed-words.ts";
import { formatStoragePage } from "./storage/page.ts";

const PAGE = "docs/storage-layout.md";
const USAGE = `npm run storage-layout

Writes ${PAGE} from what the compiler says of the contracts' storage.
`;

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (!values.help) writeFileSync(PAGE, formatStoragePage(readLayouts(), readPackedWords()));
process.stdout.write(values.help ? USAGE : `Wrote ${PAGE}.\n`);
