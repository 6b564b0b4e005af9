import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeBuildInfo } from "./slither/build-info.ts";
import { type Finding, judgeFindings, reasonsIn } from "./slither/findings.ts";

const VERSION = "0.11.6";
const PAGE = "docs/security.md";
/** What .ci/run counts as not run, as `automake` and others do. */
const NOT_RUN = 77;
const INSTALL_MS = 5 * 60_000;
const ANALYSIS_MS = 10 * 60_000;

const USAGE = `npm run analyze -- [--slither PATH]

Runs Slither over contracts/ without mocks. Every finding of high or medium impact must stand in the table of ${PAGE}
with a reason, or this ends with 1. Without --slither, version ${VERSION} is installed from PyPI into a temporary folder;
where that cannot be done nothing is analysed, and this ends with ${NOT_RUN}.
`;

const { values } = parseArgs({
  options: { slither: { type: "string" }, help: { type: "boolean", default: false } },
});

function help(): number {
  process.stdout.write(USAGE);
  return 0;
}

function main(): number {
  const folder = mkdtempSync(join(tmpdir(), "rialto-slither-"));
  try {
    const slither = values.slither ?? installSlither(folder);
    const { report, isGood } = judgeFindings(
      runSlither(slither, folder),
      reasonsIn(readFileSync(PAGE, "utf8")),
    );
    process.stdout.write(`${report}\n`);
    return isGood ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotInstalledError)) throw error;
    process.stdout.write(`not run: ${error.message}\n`);
    return NOT_RUN;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function installSlither(folder: string): string {
  const environment = join(folder, "venv");
  install("python3", ["-m", "venv", environment]);
  install(join(environment, "bin/pip"), [
    ...["install", "--quiet", "--disable-pip-version-check"],
    `slither-analyzer==${VERSION}`,
  ]);
  return join(environment, "bin/slither");
}

function install(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { timeout: INSTALL_MS, encoding: "utf8" });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split("\n").at(-1);
  throw new NotInstalledError(`slither-analyzer cannot be installed here (${reason}).`);
}

function runSlither(slither: string, folder: string): Finding[] {
  const artifacts = join(folder, "artifacts");
  writeBuildInfo(join(artifacts, "build-info"));
  const path = join(folder, "report.json");
  const { stderr, error } = spawnSync(
    slither,
    [
      ...[".", "--compile-force-framework", "hardhat", "--hardhat-ignore-compile", "--npx-disable"],
      ...["--hardhat-artifacts-directory", artifacts],
      ...["--exclude-informational", "--exclude-optimization", "--exclude-low"],
      ...["--filter-paths", "node_modules|@openzeppelin", "--json", path],
    ],
    { encoding: "utf8", timeout: ANALYSIS_MS },
  );
  const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  if (report?.success !== true) throw new Error(`Slither did not finish. ${error?.message ?? stderr}`);
  return report.results.detectors ?? [];
}

/** There is no Python, or no package index, on this machine. */
class NotInstalledError extends Error {}

process.exitCode = values.help ? help() : main();
