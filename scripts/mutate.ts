import { createHash, randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { findMutants, type Mutant, weaveAll } from "./mutation/mutants.ts";
import { prepareProject } from "./mutation/project.ts";
import { formatSummary, formatSurvivor, isGood, readExplained, rowOf, summarize } from "./mutation/report.ts";
import { tryMutants, type Verdict } from "./mutation/run.ts";

const USAGE = `npm run mutate -- [--contracts PATH,PATH] [--sample N] [--minutes M] [--seed S] [--jobs N] [--timeout SECONDS] [--json]

Changes one thing in the contracts at a time and asks whether a contract test fails. Without --contracts: ledger and
dispute court. The order of the mutants follows from --seed, which is printed; --sample tries only the first N of them,
and --minutes begins no other one after that time, compiling included. --timeout is what a mutant may take beyond ten
times what its tests took (120). Each job takes some 4 GB of memory. Ends with 1 below a score of 95 per cent, or if a
survivor is not explained in docs/mutation-survivors.json.
`;

const { values } = parseArgs({
  options: {
    contracts: { type: "string", default: "contracts/ledger,contracts/dispute" },
    sample: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    jobs: { type: "string", default: "1" },
    timeout: { type: "string", default: "120" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  const minutes = () => performance.now() / 60_000;
  const note = (text: string) => process.stderr.write(`[${minutes().toFixed(1)} min] ${text}\n`);
  const limit = values.minutes === undefined ? Number.POSITIVE_INFINITY : numberOf(values.minutes);
  const seed = values.seed ?? `${randomInt(1, 1_000_000)}`;

  const { all, sources } = findMutants(values.contracts.split(","));
  const chosen = shuffle(all, seed).slice(
    0,
    values.sample === undefined ? all.length : numberOf(values.sample),
  );
  const woven = weaveAll(sources, chosen);
  note(
    `Seed ${seed}: ${all.length} mutants, ${chosen.length} chosen, ${woven.invalid.length} do not compile.`,
  );
  const project = prepareProject(woven);
  note(`Compiled with all of them in ${project}.`);
  const tried = await tryMutants(project, woven.mutants, {
    jobs: numberOf(values.jobs),
    timeoutMs: numberOf(values.timeout) * 1_000,
    isOver: () => minutes() > limit,
    onVerdict: (verdict, done) => {
      if (verdict.outcome === "survived") note(`Survived: ${formatSurvivor(verdict)}`);
      if (verdict.outcome === "timeout") note(`Timed out: ${formatSurvivor(verdict)}`);
      if (done % 25 === 0) note(`${done} of ${woven.mutants.length} tried.`);
    },
    onNoise: (text) => process.stderr.write(text),
  });
  const summary = summarize(tried, readExplained());
  const what = `seed ${seed}, ${tried.length} of ${all.length} mutants`;
  process.stdout.write(values.json ? `${jsonOf(summary)}\n` : `${what}; ${formatSummary(summary)}\n`);
  return isGood(summary) ? 0 : 1;
}

/** The same order for the same seed, even when other mutants come and go. */
function shuffle(all: readonly Mutant[], seed: string): Mutant[] {
  const rank = (mutant: Mutant) =>
    createHash("sha256")
      .update(`${seed} ${JSON.stringify(rowOf(mutant))}`)
      .digest("hex");
  return all
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ mutant }) => mutant);
}

function numberOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new RangeError(`${text} is not a positive number.`);
  return Number.parseInt(text, 10);
}

function jsonOf({ counts, score, explained, unexplained }: ReturnType<typeof summarize>): string {
  const survivors = (list: readonly Verdict[]) =>
    list.map(({ mutant, by }) => ({ ...rowOf(mutant), line: mutant.line, by }));
  return JSON.stringify({
    ...counts,
    score: Math.round(score * 10) / 10,
    explained: survivors(explained),
    unexplained: survivors(unexplained),
  });
}

function help(): number {
  process.stdout.write(USAGE);
  return 0;
}

process.exitCode = values.help ? help() : await main();
