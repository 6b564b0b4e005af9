import { expect } from "chai";
import fc from "fast-check";
import {
  compareKeys,
  doEntriesContradict,
  doLeavesContradict,
  isLeafWrong,
  isPlacedWrong,
  listMovements,
  listStatements,
  NO_ORDER,
  type StatementLeaf,
} from "../../../services/domain/statement.ts";
import { addressOf, anyMovements, movement, OWNER, orderIdOf } from "../../support/builders/statement.ts";

const { merchant: _, ...BOOK_CYCLE } = OWNER;
const ROOT = NO_ORDER;

describe("listMovements", () => {
  it("sorts by order and kind, keeps chain order, and counts the total before each", () => {
    const { leaves, total } = listMovements(OWNER, [
      movement({ orderId: orderIdOf(2), gross: 10n, fee: 1n }),
      movement({ orderId: orderIdOf(1), kind: "refund", gross: -30n, fee: -2n }),
      movement({ orderId: orderIdOf(1), gross: 60n, fee: 3n }),
      movement({ orderId: orderIdOf(1), gross: 40n, fee: 2n }),
      movement({ orderId: NO_ORDER, kind: "carry", gross: 7n, fee: 0n }),
    ]);

    const summary = leaves.map(({ index, kind, net, runningBefore }) => [index, kind, net, runningBefore]);
    expect(summary).to.deep.equal([
      [0, 9, 7n, 0n],
      [1, 1, 57n, 7n],
      [2, 1, 38n, 64n],
      [3, 2, -28n, 102n],
      [4, 1, 9n, 74n],
    ]);
    expect(total).to.equal(83n);
    expect(leaves[0]).to.include(OWNER);
  });

  it("totals what the movements net, whatever their order", () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const { leaves, total } = listMovements(OWNER, movements);
        expect(total).to.equal(movements.reduce((sum, { gross, fee }) => sum + gross - fee, 0n));
        expect(listMovements(OWNER, movements.toReversed()).total).to.equal(total);
        const extent = { count: leaves.length, total };
        for (const [position, leaf] of leaves.entries()) {
          expect(isLeafWrong(leaf, position, extent)).to.equal(false);
          const next = leaves[position + 1];
          if (next === undefined) continue;
          expect(compareKeys(leaf, next)).to.be.at.most(0);
          expect(doLeavesContradict(leaf, next)).to.equal(false);
        }
      }),
    );
  });

  it("lists nothing for nothing", () => {
    expect(listMovements(OWNER, [])).to.deep.equal({ leaves: [], total: 0n });
  });

  it("does not mind the case of hex digits", () => {
    const upper = `0x${"A".repeat(64)}` as const;
    const { leaves } = listMovements(OWNER, [
      movement({ orderId: `0x${"b".repeat(64)}` }),
      movement({ orderId: upper }),
    ]);
    expect(leaves[0]?.orderId).to.equal(upper);
    expect(doLeavesContradict(...(leaves as [StatementLeaf, StatementLeaf]))).to.equal(false);
  });
});

describe("listStatements", () => {
  it("sorts by merchant and counts the total before each", () => {
    const { leaves, total } = listStatements(BOOK_CYCLE, [
      { merchant: addressOf(9), statementRoot: ROOT, net: 5n },
      { merchant: addressOf(3), statementRoot: ROOT, net: -2n },
    ]);
    expect(leaves.map(({ merchant, runningBefore }) => [merchant, runningBefore])).to.deep.equal([
      [addressOf(3), 0n],
      [addressOf(9), -2n],
    ]);
    expect(total).to.equal(3n);
    expect(leaves.some((entry, place) => isPlacedWrong(entry, place, { count: 2, total }))).to.equal(false);
    const [low, high] = leaves;
    if (low === undefined || high === undefined) throw new Error("Two entries were listed.");
    expect(doEntriesContradict(low, high)).to.equal(false);
    expect(doEntriesContradict(high, low)).to.equal(true);
  });

  it("refuses a merchant with two statements", () => {
    const statement = { merchant: addressOf(1), statementRoot: ROOT, net: 1n };
    expect(() => listStatements(BOOK_CYCLE, [statement, statement])).to.throw(RangeError);
  });
});
