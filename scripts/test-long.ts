import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { Result } from "hardhat/types/utils";
import base from "../hardhat.config.ts";

const USAGE = `npm run test:long -- [--seed N] [--runs N] [--depth N] [--fuzz N] [--histories N] [--journals N]

Runs what npm test runs for a moment for minutes: the invariants of docs/invariants.md in --runs runs of --depth calls each
(1000 of 100), every fuzz test with --fuzz inputs (10000), --histories random histories beside the plain ledger (100), and
--journals random journals through all services (10). Everything follows from one seed, which is printed: the same seed
makes the same calls again. Without --seed it is another one each time.
`;

const RANDOM_TESTS = [
  "test/contracts/SettlementLedger/differential.test.ts",
  "test/e2e/random-journal.test.ts",
];

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    runs: { type: "string", default: "1000" },
    depth: { type: "string", default: "100" },
    fuzz: { type: "string", default: "10000" },
    histories: { type: "string", default: "100" },
    journals: { type: "string", default: "10" },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  const seed = values.seed === undefined ? randomInt(1, 1_000_000) : numberOf(values.seed);
  process.stdout.write(`Seed ${seed}.\n`);
  const hold = await invariantsHold(seed);
  const agree = historiesAgree(seed);

  const { runs, depth, fuzz, histories, journals } = values;
  const what = `${runs} runs of ${depth} calls per invariant, ${fuzz} inputs per fuzz test, ${histories} histories, ${journals} journals`;
  process.stdout.write(`${what}; to repeat: npm run test:long -- --seed ${seed}\n`);
  return hold && agree ? 0 : 1;
}

async function invariantsHold(seed: number): Promise<boolean> {
  // Hardhat's own seed is always the same, and it is never shown.
  const fuzz = { runs: numberOf(values.fuzz), seed: `0x${seed.toString(16)}` };
  const invariant = { runs: numberOf(values.runs), depth: numberOf(values.depth), failOnRevert: false };
  const config = { ...base, test: { ...base.test, solidity: { fuzz, invariant } } };
  const hre = await createHardhatRuntimeEnvironment(config);
  const run: Result<unknown, unknown> = await hre.tasks.getTask(["test", "solidity"]).run({});
  return run.success;
}

function historiesAgree(seed: number): boolean {
  const env = {
    ...process.env,
    RIALTO_TEST_SEED: `${seed}`,
    RIALTO_TEST_HISTORIES: `${numberOf(values.histories)}`,
    RIALTO_TEST_JOURNALS: `${numberOf(values.journals)}`,
  };
  return spawnSync("hardhat", ["test", "mocha", ...RANDOM_TESTS], { env, stdio: "inherit" }).status === 0;
}

function numberOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new RangeError(`${text} is not a positive number.`);
  return Number.parseInt(text, 10);
}

function help(): number {
  process.stdout.write(USAGE);
  return 0;
}

process.exitCode = values.help ? help() : await main();
