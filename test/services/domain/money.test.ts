import { randomInt } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import {
  AMOUNT_LIMIT,
  feeDown,
  formatAmount,
  parseAmount,
  shareDown,
} from "../../../services/domain/money.ts";
import { refusalOf } from "./refusal.ts";

const seed = randomInt(2 ** 31);

describe("parseAmount", () => {
  for (const text of ["1", "14190", "9007199254740993", AMOUNT_LIMIT.toString()]) {
    it(`reads ${text}`, () => {
      expect(formatAmount(parseAmount(text))).to.equal(text);
    });
  }

  for (const value of [
    "0",
    "-1",
    "+1",
    "007",
    "1.5",
    "1.0",
    "1e3",
    "0x10",
    " 1",
    "1 ",
    "",
    "1_000",
    "١",
    (AMOUNT_LIMIT + 1n).toString(),
    "9".repeat(26),
    14190,
    0.1,
    null,
    undefined,
    true,
    ["1"],
    { amount: "1" },
  ]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      const refusal = refusalOf(() => parseAmount(value));

      expect(refusal.code).to.equal("amount_invalid");
      expect(refusal.context.limit).to.equal(AMOUNT_LIMIT.toString());
    });
  }

  it("names at most 80 characters of what was given", () => {
    const { context } = refusalOf(() => parseAmount("9".repeat(5_000)));

    expect(String(context.amount)).to.have.lengthOf(81);
  });
});

describe(`fees (seed ${seed})`, () => {
  it("rounds shares down", () => {
    expect(shareDown(199n, 50)).to.equal(0n);
    expect(shareDown(200n, 50)).to.equal(1n);
    expect(shareDown(AMOUNT_LIMIT, 10_000)).to.equal(AMOUNT_LIMIT);
  });

  it("takes nothing of nothing, and never more than the amount", () => {
    expect(feeDown(0n, 10_000, 5n)).to.equal(0n);
    expect(feeDown(3n, 100, 5n)).to.equal(3n);
    expect(feeDown(1_000n, 500, 5n)).to.equal(55n);
  });

  it("charges many small captures what one large capture is charged", () => {
    const slices = fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(slices, fc.integer({ min: 0, max: 10_000 }), fc.bigInt(0n, 100n), (amounts, bps, fixed) => {
        let total = 0n;
        let fees = 0n;
        for (const amount of amounts) {
          fees += feeDown(total + amount, bps, fixed) - feeDown(total, bps, fixed);
          total += amount;
        }

        expect(fees).to.equal(feeDown(total, bps, fixed));
        expect(fees <= total).to.equal(true);
      }),
      { seed },
    );
  });
});
