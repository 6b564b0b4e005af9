import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";

const TRAPS = 44;

/** Where a test begins, and the number of the trap that its name begins with: "(7) must not ..." or "7: must not ...". */
const NUMBERED = /\bit\(\s*(["'`])(?:\((\d+)\)|(\d+):) /g;

describe("traps", () => {
  it("has a test for each that is named by its number", () => {
    const tested = new Set(globSync("test/**/*.test.ts").flatMap(numbersIn));

    const missing = Array.from({ length: TRAPS }, (_, index) => index + 1).filter(
      (trap) => !tested.has(trap),
    );
    expect(missing).to.deep.equal([]);
  });
});

function numbersIn(file: string): number[] {
  return [...readFileSync(file, "utf8").matchAll(NUMBERED)].map(([, , bracketed, plain]) =>
    Number(bracketed ?? plain),
  );
}
