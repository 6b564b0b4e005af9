import { spawnSync } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { weaveProbes } from "./coverage/branches.ts";
import { judgeCoverage, LEAST_PER_CENT, withBranches } from "./coverage/report.ts";
import { copyProject } from "./project-copy.ts";

const PROJECT = "cache/coverage";
const REPORT = "coverage/lcov.info";

const USAGE = `npm run coverage -- [--no-run]

Runs the contract tests under hardhat test --coverage, and ends with 1 unless they run at least ${LEAST_PER_CENT} % of the lines of
contracts/ without mocks, and take at least ${LEAST_PER_CENT} % of the branches: each condition of an if, a ?: and a requirement, and
each side of && and ||, true and false. Hardhat 3 counts statements and reports lines only, so the branches are counted
by probes that this weaves into a copy of the contracts. --no-run judges ${REPORT} of the last run again.
`;

/**
 * The contracts' own tests alone: what services happen to call is no test of a contract. It works on a copy, where
 * Hardhat's counting bytecode is not taken for the product either.
 */
function measure(): void {
  const { conditions, contents } = weaveProbes();
  rmSync(PROJECT, { recursive: true, force: true });
  copyProject(PROJECT, contents);
  const tests = globSync("test/contracts/**/*{.test.ts,.t.sol}").sort();
  const run = spawnSync("hardhat", ["test", "--coverage", ...tests], { cwd: PROJECT, encoding: "utf8" });
  if (run.status !== 0) {
    const output = `${run.error?.message ?? ""}${run.stdout ?? ""}${run.stderr ?? ""}`;
    throw new Error(`The tests fail under coverage.\n${output.slice(-10_000)}`);
  }
  rmSync("coverage", { recursive: true, force: true });
  cpSync(join(PROJECT, "coverage"), "coverage", { recursive: true });
  writeFileSync(REPORT, withBranches(readFileSync(REPORT, "utf8"), conditions, toldTags()));
}

/** Every tag that any test told the coverage hook. */
function toldTags(): Set<string> {
  const counts = globSync("coverage/data/*/*.json").map((path) => JSON.parse(readFileSync(path, "utf8")));
  return new Set(counts.flatMap((count: Record<string, number>) => Object.keys(count)));
}

function main(): number {
  const { values } = parseArgs({
    options: { "no-run": { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!values["no-run"]) measure();
  const { report, isEnough } = judgeCoverage(readFileSync(REPORT, "utf8"));
  process.stdout.write(`${report}\n`);
  return isEnough ? 0 : 1;
}

process.exitCode = main();
