import hre from "hardhat";
import type { Result } from "hardhat/types/utils";
import Mocha from "mocha";
import { beneficiaryOf, idOfTag } from "./weave.ts";

/** What a worker is asked: to load all tests, to run them while mutants that are met are noted, to try one mutant. */
export type Job =
  | { readonly kind: "load"; readonly files: readonly string[] }
  | { readonly kind: "record" }
  | { readonly kind: "mocha"; readonly id: number; readonly titles: readonly string[] }
  | { readonly kind: "solidity"; readonly id: number };

export type Answer = {
  /** Titles of tests that failed; of a mutant no more than the first. */
  readonly failed: readonly string[];
  readonly passed: number;
  /** Of a recording: by title of a test, the mutants that it meets itself, and those that its fixture meets. */
  readonly met?: Met;
};

export type Met = Readonly<Record<string, MetByTest>>;

export type MetByTest = {
  readonly own: readonly number[];
  readonly fixture: readonly number[];
  /** What the test took, in ms. */
  readonly took: number;
};

type Connection = Awaited<ReturnType<typeof hre.network.create>>;

/** A chain of a test file, with the state to go back to before another mutant is switched on. */
type Chain = { readonly connection: Connection; readonly file: string; snapshot: string; epoch: number };

const chains: Chain[] = [];
const met: Record<string, MetByTest> = {};
const fixtureMet = new Map<string, Set<number>>();
let loadingFile = "";
let runningFile = "";
let hits = new Set<number>();
let active = 0;
let epoch = 0;
let mocha: Mocha | undefined;

hre.hooks.registerHandlers("network", {
  async newConnection(context, next) {
    const connection = await next(context);
    chains.push({ connection: connection as Connection, file: loadingFile, snapshot: "", epoch });
    noteFixtures(connection as Connection, loadingFile);
    return connection;
  },
  async onCoverageData(_context, tags) {
    for (const tag of tags) hits.add(idOfTag(tag));
  },
});

process.on("message", async (job: Job) => {
  try {
    process.send?.(await answer(job));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  }
});

async function answer(job: Job): Promise<Answer> {
  if (job.kind === "solidity") return runSolidity(job.id);
  if (job.kind === "load") return load(job.files);
  if (mocha === undefined) throw new RangeError("No tests are loaded yet.");
  if (job.kind === "record") return { ...(await runMocha(mocha, undefined, false)), met };
  active = job.id;
  return runMocha(mocha, new Set(job.titles), true);
}

async function load(files: readonly string[]): Promise<Answer> {
  mocha = new Mocha({ reporter: class {} as never, timeout: 300_000 });
  mocha.cleanReferencesAfterRun(false);
  // Loading a file runs what is at its top, chains among it.
  mocha.suite.on("pre-require", (_globals, file) => {
    loadingFile = file;
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  for (const chain of chains) chain.snapshot = await takeSnapshot(chain);
  mocha.suite.beforeEach("switches the mutant", async function switchMutant() {
    runningFile = this.currentTest?.file ?? "";
    await switchChains(runningFile);
    hits = new Set();
  });
  mocha.suite.afterEach("notes the mutants met", function noteMet() {
    const title = this.currentTest?.fullTitle() ?? "";
    const fixture = [...(fixtureMet.get(runningFile) ?? [])];
    const own = [...new Set([...(met[title]?.own ?? []), ...hits])];
    met[title] = { own, fixture, took: this.currentTest?.duration ?? 0 };
  });
  return { failed: [], passed: 0 };
}

/** What a fixture meets is noted for its file: it runs before the first test only, and counts for all. */
function noteFixtures(connection: Connection, file: string): void {
  const helpers = (connection as { networkHelpers?: Connection["networkHelpers"] }).networkHelpers;
  if (helpers === undefined) return;
  const load = helpers.loadFixture;
  helpers.loadFixture = async (fixture) => {
    const before = hits;
    hits = new Set();
    const loaded = await load(fixture);
    const met = fixtureMet.get(file) ?? new Set();
    for (const id of hits) met.add(id);
    fixtureMet.set(file, met);
    hits = before;
    return loaded;
  };
}

/** Back to the chain as it was when its file had been loaded, so that fixtures run under the mutant too. */
async function switchChains(file: string): Promise<void> {
  for (const chain of chains.filter((candidate) => candidate.file === file && candidate.epoch !== epoch)) {
    const { provider, networkHelpers } = chain.connection;
    await provider.request({ method: "evm_revert", params: [chain.snapshot] });
    chain.snapshot = await takeSnapshot(chain);
    networkHelpers.clearSnapshots();
    await provider.request({ method: "hardhat_setCoinbase", params: [beneficiaryOf(active)] });
    chain.epoch = epoch;
  }
}

async function takeSnapshot({ connection }: Chain): Promise<string> {
  return (await connection.provider.request({ method: "evm_snapshot" })) as string;
}

function runMocha(
  tests: Mocha,
  titles: ReadonlySet<string> | undefined,
  stopsAtFirst: boolean,
): Promise<Answer> {
  epoch++;
  const failed: string[] = [];
  let passed = 0;
  // Mocha asks no more of a pattern than `test`.
  const chosen = { test: (title: string) => titles === undefined || titles.has(title) };
  tests.grep(chosen as unknown as RegExp);
  return new Promise((resolve) => {
    const runner = tests.run(() => resolve({ failed, passed }));
    runner.on("fail", (test) => {
      failed.push(test.fullTitle());
      if (stopsAtFirst) runner.abort();
    });
    runner.on("pass", () => passed++);
  });
}

type SolidityRun = {
  readonly suiteResults: readonly {
    readonly testResults: readonly { readonly name: string; readonly status: string }[];
  }[];
};

/** Fuzz tests alone: an invariant test takes longer than all others together. */
async function runSolidity(id: number): Promise<Answer> {
  const profile = hre.config.test.solidity.profiles.default as { coinbase?: string } | undefined;
  if (profile !== undefined) profile.coinbase = beneficiaryOf(id);
  const tests = hre.tasks.getTask(["test", "solidity"]);
  const run: Result<SolidityRun, SolidityRun> = await tests.run({
    noCompile: true,
    grepExclude: "invariant",
  });
  const results = (run.success ? run.value : run.error).suiteResults.flatMap((suite) => suite.testResults);
  const failed = results.filter(({ status }) => status === "Failure").map(({ name }) => name);
  return { failed, passed: results.length - failed.length };
}
