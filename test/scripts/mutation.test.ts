import { readFileSync } from "node:fs";
import { expect } from "chai";
import { findMutants, type Mutant, weaveAll } from "../../scripts/mutation/mutants.ts";
import { isGood, readExplained, rowOf, summarize } from "../../scripts/mutation/report.ts";
import type { Outcome, Verdict } from "../../scripts/mutation/run.ts";

const CONTRACT = "contracts/types/Splits.sol";

describe("mutants", () => {
  const { all, sources } = findMutants([CONTRACT]);

  it("are found in the contracts that are named, each known by more than its line", () => {
    expect(new Set(all.map(({ file }) => file))).to.deep.equal(new Set([CONTRACT]));
    expect(all).to.not.be.empty;
    expect(new Set(all.map((mutant) => JSON.stringify(rowOf(mutant)))).size).to.equal(all.length);
  });

  it("are woven in so that the compiler takes nearly all of them", function compilesThem() {
    this.timeout(60_000);

    const { mutants, invalid, sources: woven } = weaveAll(sources, all);

    expect(mutants.length + invalid.length).to.equal(all.length);
    expect(invalid.length).to.be.lessThan(all.length / 10);
    for (const { id } of mutants) expect(woven[CONTRACT]).to.include(`Mutant.on(${id})`);
    expect(woven[CONTRACT]?.split("\n").length).to.equal(readFileSync(CONTRACT, "latin1").split("\n").length);
  });

  it("may survive if they are explained, and then do not count", () => {
    const [first] = all;
    if (first === undefined) throw new RangeError("There is a mutant.");
    const reason = { ...rowOf(first), reason: "equivalent" };
    const verdicts = [verdict(first, "killed"), verdict(first, "timeout"), verdict(first, "survived")];

    const explained = summarize(verdicts, [reason]);

    expect(explained.score).to.equal(100);
    expect(isGood(explained)).to.equal(true);
    for (const rows of [[], [{ ...reason, reason: " " }], [{ ...reason, operator: "another" }]]) {
      expect(isGood(summarize(verdicts, rows))).to.equal(false);
    }
    expect(Math.round(summarize(verdicts, []).score)).to.equal(67);
  });

  it("prove nothing if none was tried", () => {
    expect(isGood(summarize([], []))).to.equal(false);
  });

  it("that survive are listed once each, with a reason", () => {
    const rows = readExplained();

    expect(rows.filter(({ reason }) => reason.trim() === "")).to.deep.equal([]);
    const keys = rows.map(({ reason: _, ...key }) => JSON.stringify(key));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).to.deep.equal([]);
  });

  function verdict(mutant: Mutant, outcome: Outcome): Verdict {
    return { mutant, outcome, by: "a test" };
  }
});
