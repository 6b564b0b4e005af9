import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Finding, judgeFindings, reasonsIn } from "../../scripts/slither/findings.ts";

const PAGE = `# Keys

| \`unused-return\` | \`Keys.list\` | before the section nothing counts |

## What Slither says

| check | where | why it stays |
|---|---|---|
| \`unused-return\` | \`Court.rule\`, \`Court.count\` ×2 | it explains an error |
| \`uninitialized-state\` | \`Books.*\` | written elsewhere |
| \`unused-return\` | \`Court.finalize\` |  |
`;

describe("judging Slither's findings", () => {
  const reasons = reasonsIn(PAGE);

  it("accepts as many findings of a check in a place as have a reason", () => {
    const { isGood } = judge(finding("Court", "rule"), finding("Court", "count"), finding("Court", "count"));

    expect(isGood).to.equal(true);
  });

  it("accepts any number where a place ends with a star", () => {
    expect(judge(state("_orders"), state("_orders"), state("_books")).isGood).to.equal(true);
  });

  it("refuses a finding more than has a reason", () => {
    const { report, isGood } = judge(finding("Court", "rule"), finding("Court", "rule"));

    expect(isGood).to.equal(false);
    expect(report).to.include("unused-return in Court.rule: 2 found, 1 with a reason");
  });

  it("refuses a place that has no reason, or an empty one", () => {
    expect(judge(finding("Court", "open")).isGood).to.equal(false);
    expect(judge(finding("Court", "finalize")).isGood).to.equal(false);
    expect(judge(finding("Keys", "list")).isGood).to.equal(false);
  });

  it("tells of reasons that nothing needs any more", () => {
    const { report, isGood } = judge();

    expect(isGood).to.equal(true);
    expect(report).to.include("A reason is given for unused-return in Court.rule, where none is found.");
  });

  it("finds every row of docs/security.md", () => {
    const page = readFileSync("docs/security.md", "utf8");
    const [, section = ""] = page.split("## What Slither says");
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));

    expect(rows.filter((row) => reasonsIn(`## What Slither says\n${row}`).length === 0)).to.deep.equal([]);
  });

  function judge(...findings: Finding[]) {
    return judgeFindings(findings, reasons);
  }

  function finding(contract: string, name: string): Finding {
    const parent = { type: "contract", name: contract };
    const element = { type: "function", name, type_specific_fields: { parent } };
    return { check: "unused-return", impact: "Medium", description: "ignores", elements: [element] };
  }

  function state(name: string): Finding {
    const [element] = finding("Books", name).elements;
    if (element === undefined) throw new RangeError("A finding has an element.");
    return {
      check: "uninitialized-state",
      impact: "High",
      description: "never initialized",
      elements: [{ ...element, type: "variable" }],
    };
  }
});
