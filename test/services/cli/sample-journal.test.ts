import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { SAMPLE_JOURNAL, SAMPLE_OPTIONS } from "../../../services/cli/sample-journal.ts";
import { sampleJournal } from "../../../services/journal/sample.ts";

describe("the journal that ships with the project", () => {
  it("is what `npm run sample` writes", async () => {
    const lines = (await readFile(SAMPLE_JOURNAL, "utf8")).split("\n");

    expect(lines.pop()).to.equal("");
    expect(lines).to.deep.equal(sampleJournal(SAMPLE_OPTIONS));
  });
});
