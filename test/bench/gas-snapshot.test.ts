import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type GasFigures, run } from "../../bench/gas.ts";
import { changesSince, HOW_TO_UPDATE, readSnapshot, withTable } from "../../bench/gas-snapshot.ts";

describe("the gas snapshot", () => {
  const snapshot = { ...readSnapshot(), authorize: 60_000 };

  it("is what every operation costs, within 1 %", async function measuresEveryOperation() {
    this.timeout(120_000);

    const { figures } = await run();

    expect(changesSince(readSnapshot(), figures), HOW_TO_UPDATE).to.deep.equal([]);
  });

  it("is the table of the README", () => {
    const page = readFileSync("README.md", "utf8");

    expect(page, HOW_TO_UPDATE).to.equal(withTable(page, readSnapshot()));
  });

  it("lets a figure grow or shrink by 1 %, but by no unit more", () => {
    expect(changesSince(snapshot, { ...snapshot, authorize: 60_600 })).to.deep.equal([]);
    expect(changesSince(snapshot, { ...snapshot, authorize: 59_400 })).to.deep.equal([]);
    expect(changesSince(snapshot, { ...snapshot, authorize: 60_601 })).to.deep.equal([
      "authorize costs 60601, more than 1 % above 60000.",
    ]);
    expect(changesSince(snapshot, { ...snapshot, authorize: 59_399 })).to.deep.equal([
      "authorize costs 59399, more than 1 % below 60000.",
    ]);
  });

  it("tells which figures are new or gone", () => {
    const { authorize: _, ...others } = snapshot;

    expect(changesSince(others, snapshot)).to.deep.equal(["authorize is not in the snapshot."]);
    expect(changesSince(snapshot, others as GasFigures)).to.deep.equal([
      "authorize is in the snapshot, but not measured.",
    ]);
  });
});
