import { expect } from "chai";
import { type Condition, tagsOf, weaveProbes } from "../../scripts/coverage/branches.ts";
import { judgeCoverage, withBranches } from "../../scripts/coverage/report.ts";
import { analyzeBytes, refuseErrors } from "../../scripts/solidity/compiler.ts";

describe("judging coverage", () => {
  it("counts both ways of each condition", () => {
    const [no] = tagsOf(condition(1));

    const lcov = withBranches(lcovOf("contracts/Ledger.sol", 1), [condition(1)], new Set([no]));

    expect(judgeCoverage(lcov)).to.deep.equal({
      report:
        "contracts/Ledger.sol:7 has a condition that was never true\n" +
        "lines 100.00 % (1 of 1) as Hardhat counts them, branches 50.00 % (1 of 2) by probes, " +
        "for Hardhat 3 reports none; at least 98 % of each",
      isEnough: false,
    });
  });

  it("is content with 98 of 100 lines and branches, and with no fewer", () => {
    expect(judgeCoverage(covered({ lines: 98, branches: 98 })).isEnough).to.equal(true);
    expect(judgeCoverage(covered({ lines: 97, branches: 98 })).isEnough).to.equal(false);
    expect(judgeCoverage(covered({ lines: 98, branches: 97 })).isEnough).to.equal(false);
  });

  it("leaves mocks and tests out", () => {
    const others = lcovOf("contracts/mocks/HookToken.sol", 0) + lcovOf("test/contracts/support/Vm.sol", 0);

    expect(judgeCoverage(covered({ lines: 98, branches: 98 }) + others).isEnough).to.equal(true);
  });

  it("is not content with a report that has no branches, or nothing at all", () => {
    expect(judgeCoverage(lcovOf("contracts/Ledger.sol", 1)).isEnough).to.equal(false);
    expect(judgeCoverage("").isEnough).to.equal(false);
  });

  it("weaves a probe around every condition, and moves no line", function compilesThem() {
    this.timeout(60_000);

    const { conditions, contents } = weaveProbes();
    const woven = Object.entries(contents).map(
      ([path, content]) => [path, content.toString("latin1")] as const,
    );

    refuseErrors(analyzeBytes(Object.fromEntries(woven)));

    const probes = woven.flatMap(([, text]) => text.match(/Condition\.is_\(\d+, /g) ?? []);
    expect(new Set(probes).size).to.equal(conditions.length).and.greaterThan(500);
    for (const [path, text] of woven) {
      const lines = text.split("\n");
      for (const { id, line } of conditions.filter((condition) => condition.path === path)) {
        expect(lines[line - 1]).to.include(`Condition.is_(${id}, `);
      }
    }
  });

  function condition(id: number): Condition {
    return { id, path: "contracts/Ledger.sol", line: 7, start: 0, end: 1 };
  }

  function lcovOf(path: string, hits: number): string {
    return `TN:\nSF:${path}\nDA:5,${hits}\nend_of_record\n`;
  }

  /** Of 100 lines and 100 branches, how many ran. */
  function covered({ lines, branches }: { readonly lines: number; readonly branches: number }): string {
    const rows = Array.from({ length: 100 }, (_, index) => [
      `DA:${index + 1},${index < lines ? 3 : 0}`,
      `BRDA:${index + 1},0,0,${index < branches ? 1 : 0}`,
    ]);
    return `SF:contracts/Ledger.sol\n${rows.flat().join("\n")}\nend_of_record\n`;
  }
});
