import { randomInt } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { parseJournalLine } from "../../../services/domain/journal.ts";
import { createLineKeys, orderKey } from "../../../services/journal/line-keys.ts";

const seed = randomInt(2 ** 31);
const name = fc
  .string({ minLength: 1, maxLength: 64, unit: "grapheme-composite" })
  .filter((text) => text.isWellFormed());

describe(`line keys (seed ${seed})`, () => {
  it("gives different orders different keys, whatever their names contain", () => {
    fc.assert(
      fc.property(name, name, name, name, (merchant, order, merchant2, order2) => {
        const isSame = merchant === merchant2 && order === order2;
        expect(orderKey(merchant, order) === orderKey(merchant2, order2)).to.equal(isSame);
      }),
      { seed },
    );
    expect(orderKey("a:b", "c")).to.not.equal(orderKey("a", "b:c"));
  });

  it("keeps keys readable, and short whatever the names", () => {
    expect(orderKey("M", "A-1")).to.equal("order:M:A-1");
    expect(orderKey("🛒".repeat(64), "🛒".repeat(64)).length).to.be.at.most(200);
  });

  it("tells lines that say the same apart by their place among them", () => {
    const line = '{"op":"refund","order":"A","merchant":"M","amount":"5"}';

    expect(new Set(keysOf([line, line, line])).size).to.equal(3);
  });

  it("does not depend on times, form or field order", () => {
    const one = keysOf(['{"op":"payout"}', '{"op":"refund","order":"A","merchant":"M","amount":"5"}']);
    const other = keysOf([
      '{"op":"payout"}',
      '{"amount":"5","merchant":"M", "order":"A","op":"refund","at":"2025-01-01"}',
    ]);

    expect(other).to.deep.equal(one);
  });

  it("keeps every key when lines are appended", () => {
    const lines = ['{"op":"close-cycle"}', '{"op":"payout"}', '{"op":"close-cycle"}'];

    expect(keysOf([...lines, ...lines]).slice(0, 3)).to.deep.equal(keysOf(lines));
  });

  it("separates journals by their first line, unless they have one name", () => {
    const january = ['{"op":"payout"}', '{"op":"close-cycle"}'];
    const february = ['{"op":"close-cycle","at":"2025-02-28"}', '{"op":"close-cycle"}'];

    expect(keysOf(january)[1]).to.not.equal(keysOf(february)[0]);
    expect(keysOf(january, "books")[1]).to.equal(keysOf(february, "books")[0]);
  });
});

function keysOf(lines: readonly string[], journalId?: string): string[] {
  const keys = createLineKeys({ journalId });
  return lines.flatMap((text, index) => {
    const line = parseJournalLine(text, index + 1);
    return line === undefined ? [] : [keys.keyOf(line, text)];
  });
}
