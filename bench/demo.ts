import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

/** Beside a clone where it is there at all: the data is for tests only and not part of the repository. */
const OLIST = "../shared/data/olist";
const RIALTO = fileURLToPath(new URL("../services/cli/rialto.mjs", import.meta.url));
const LIMITS = { seconds: 90, residentMb: 1_200 };
const SAMPLE_MS = 200;

type DemoFigures = {
  readonly source: string;
  readonly orders: number;
  readonly transactions: number;
  readonly gasUsed: number;
  readonly seconds: number;
  /** Highest sum of resident memory of the process and the chain that it started; null where /proc is missing. */
  readonly residentMb: number | null;
};

/** One whole `rialto demo` as a process of its own: settled, mirrored and audited. */
export async function run(): Promise<{ report: string; figures: DemoFigures }> {
  const source = existsSync(OLIST) ? ["--olist", OLIST] : [];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [RIALTO, "demo", "--json", ...source], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const memory = watchMemory(child.pid ?? 0);
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  const residentMb = memory.stop();
  if (exitCode !== 0) throw new Error(`The demo ended with ${exitCode}.`);

  const { orders, transactions, gasUsed } = JSON.parse(output) as DemoFigures;
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const name = source.length > 0 ? "olist" : "sample";
  const figures = { source: name, orders, transactions, gasUsed, seconds, residentMb };
  return { figures, report: reportOf(figures) };
}

function reportOf({ source, orders, transactions, seconds, residentMb }: DemoFigures): string {
  const memory = residentMb === null ? "memory unknown" : `${residentMb} MB of ${LIMITS.residentMb}`;
  return [
    `demo (${source}): ${orders} orders, ${transactions} transactions, settled, mirrored and audited`,
    `  ${seconds} s of ${LIMITS.seconds}, ${memory} resident with its chain`,
  ].join("\n");
}

/** Looks at a process and its children from time to time; `stop` gives the highest sum in MB. */
function watchMemory(pid: number): { stop(): number | null } {
  let highestKb = 0;
  const timer = setInterval(async () => {
    const own = await residentKb(pid);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    const others = await Promise.all(children.trim().split(" ").filter(Boolean).map(residentKb));
    highestKb = Math.max(highestKb, own + others.reduce((sum, kb) => sum + kb, 0));
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return highestKb === 0 ? null : Math.round(highestKb / 1_024);
    },
  };
}

async function residentKb(pid: number | string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number.parseInt(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? "0", 10);
}
