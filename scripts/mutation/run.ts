import { globSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";
import { startWorker, type Worker } from "./pool.ts";
import type { Answer, Met } from "./worker.ts";

export type Outcome = "killed" | "survived" | "timeout";

export type Verdict = {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
  /** The test that killed it; of a survivor, how many tests meet it. */
  readonly by: string;
};

export type RunOptions = {
  readonly jobs: number;
  readonly timeoutMs: number;
  /** No mutant is begun any more once this is true. */
  readonly isOver: () => boolean;
  /** Called after each mutant, and with what a worker says on stderr. */
  readonly onVerdict: (verdict: Verdict, done: number) => void;
  readonly onNoise: (text: string) => void;
};

/** Loading and running every contract test once, with mutants asleep. */
const RECORD_MS = 30 * 60_000;

/** Tries mutants in their order on the tests that meet them; several processes share the list. */
export async function tryMutants(
  project: string,
  mutants: readonly Mutant[],
  options: RunOptions,
): Promise<Verdict[]> {
  const first = await startLoaded(project, options);
  const met = await recordMet(first);
  const verdicts: Verdict[] = [];
  const open = [...mutants];
  async function work(worker: Worker): Promise<void> {
    let current = worker;
    for (let mutant = next(); mutant !== undefined; mutant = next()) {
      if (!current.isAlive()) current = await startLoaded(project, options);
      const verdict = await tryMutant(current, met, mutant, options.timeoutMs);
      verdicts.push(verdict);
      options.onVerdict(verdict, verdicts.length);
    }
    current.stop();
  }
  function next(): Mutant | undefined {
    return options.isOver() ? undefined : open.shift();
  }

  const others = Array.from({ length: options.jobs - 1 }, async () =>
    work(await startLoaded(project, options)),
  );
  await Promise.all([work(first), ...others]);
  return verdicts;
}

async function startLoaded(project: string, { onNoise }: RunOptions): Promise<Worker> {
  const worker = startWorker(project, onNoise);
  const files = globSync(`${project}/test/contracts/**/*.test.ts`).sort();
  const loaded = await worker.ask(
    { kind: "load", files: files.map((file) => join(process.cwd(), file)) },
    RECORD_MS,
  );
  if (loaded === undefined) throw new Error("The tests cannot be loaded.");
  return worker;
}

/** Which mutants each test meets; with all asleep every test must pass. */
async function recordMet(worker: Worker): Promise<Met> {
  const recorded = await worker.ask({ kind: "record" }, RECORD_MS);
  const solidity = await worker.ask({ kind: "solidity", id: 0 }, RECORD_MS);
  const failed = [
    ...(recorded?.failed ?? ["the recording"]),
    ...(solidity?.failed ?? ["the Solidity tests"]),
  ];
  if (failed.length === 0) return recorded?.met ?? {};
  worker.stop();
  const some = failed.slice(0, 5).join("; ");
  throw new Error(`Without any mutant on, ${failed.length} tests fail, the first are: ${some}.`);
}

/** First the tests that meet it, then those whose fixture does, then the Solidity tests. */
async function tryMutant(worker: Worker, met: Met, mutant: Mutant, timeoutMs: number): Promise<Verdict> {
  const { id } = mutant;
  const own = Object.keys(met).filter((title) => met[title]?.own.includes(id));
  const later = Object.keys(met).filter(
    (title) => met[title]?.fixture.includes(id) && !met[title]?.own.includes(id),
  );
  for (const titles of [own, later].filter(({ length }) => length > 0)) {
    const answer = await worker.ask({ kind: "mocha", id, titles }, timeoutMs + allowanceFor(titles, met));
    const verdict = judge(mutant, answer);
    if (verdict !== undefined) return verdict;
  }
  const verdict = judge(mutant, await worker.ask({ kind: "solidity", id }, timeoutMs));
  return verdict ?? { mutant, outcome: "survived", by: `${own.length + later.length} tests meet it` };
}

/** Many tests take long without being stuck: ten times what they took before, and a second each to begin. */
function allowanceFor(titles: readonly string[], met: Met): number {
  return titles.reduce((sum, title) => sum + 1_000 + 10 * (met[title]?.took ?? 0), 0);
}

function judge(mutant: Mutant, answer: Answer | undefined): Verdict | undefined {
  if (answer === undefined) return { mutant, outcome: "timeout", by: "no answer in time" };
  const [by] = answer.failed;
  return by === undefined ? undefined : { mutant, outcome: "killed", by };
}
