import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { convertOlist } from "../journal/olist.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Writes the Olist files in `directory` as a journal to `out`, or to standard output.
 *
 * With `--json` the counts are the document on standard output, so the journal needs a file then.
 */
export async function convert(options: {
  readonly directory: string;
  readonly out: string | undefined;
  readonly terminal: Terminal;
}): Promise<ExitCode> {
  const { directory, out, terminal } = options;
  const stream = out === undefined ? process.stdout : createWriteStream(out);
  const failed = once(stream, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);

  const counts = await Promise.race([
    failed,
    convertOlist({
      directory,
      write: async (line) => {
        if (!stream.write(`${line}\n`)) await Promise.race([once(stream, "drain"), failed]);
      },
    }),
  ]);
  if (stream !== process.stdout) {
    stream.end();
    await Promise.race([once(stream, "finish"), failed]);
  }

  terminal.printJson(counts);
  terminal.note(
    `${counts.orders} orders: ${counts.escrowOrders} escrow orders of ${counts.merchants} merchants, ` +
      `${counts.skipped} without items skipped, ${counts.lines} lines`,
  );
  return EXIT_CODES.ok;
}
