import { expect } from "chai";
import { requireSplits } from "../../../services/domain/order-limits.ts";
import type { Hex, Split } from "../../../services/domain/order-terms.ts";
import { ORDER_ID } from "./order-builder.ts";
import { refusalOf } from "./refusal.ts";

const address = (digit: number): Hex => `0x${digit.toString(16).padStart(2, "0").repeat(20)}`;
const order = { orderId: ORDER_ID, merchant: address(0xaa) };
const payees = (count: number, bps: number): Split[] =>
  Array.from({ length: count }, (_, index) => ({ payee: address(index + 1), bps }));

describe("splits of an order", () => {
  it("may have eight payees, and give away everything", () => {
    for (const splits of [payees(1, 1), payees(8, 1_250), payees(1, 10_000)]) {
      expect(() => requireSplits(splits, order)).to.not.throw();
    }
  });

  const wrong: [string, Split[]][] = [
    ["none", []],
    ["nine payees", payees(9, 1)],
    ["a payee twice", [...payees(1, 1), ...payees(1, 1)]],
    ["payees out of order", payees(2, 1).reverse()],
    ["no share", payees(2, 0)],
    ["more than everything", payees(2, 5_001)],
    ["the merchant", [{ payee: order.merchant, bps: 1 }]],
  ];
  for (const [what, splits] of wrong) {
    it(`are refused with ${what}`, () => {
      const { code, context } = refusalOf(() => requireSplits(splits, order));

      expect({ code, field: context.field }).to.deep.equal({ code: "splits_invalid", field: "splits" });
    });
  }
});
