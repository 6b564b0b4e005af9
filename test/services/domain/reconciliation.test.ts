import { expect } from "chai";
import { compareLedgers, type LedgerEntry } from "../../../services/domain/reconciliation.ts";

describe("compareLedgers", () => {
  const order = { capturable: 5n, state: "authorized", isDisputed: false };

  it("finds nothing where both ledgers say the same, in whatever order", () => {
    const expected = new Map([
      ["a", order],
      ["b", { ...order, capturable: 0n }],
    ]);
    const actual = new Map([...expected].reverse());

    expect(compareLedgers({ name: "order", expected, actual })).to.deep.equal([]);
  });

  it("lists every difference, sorted by subject and field", () => {
    const breaks = compareLedgers({
      name: "order",
      expected: new Map<string, LedgerEntry>([
        ["b", order],
        ["a", order],
        ["c", { paid: 1n }],
      ]),
      actual: new Map<string, LedgerEntry>([
        ["a", { ...order, state: "captured", capturable: 0n }],
        ["b", order],
        ["d", { paid: null }],
      ]),
    });

    expect(breaks).to.deep.equal([
      { kind: "order.capturable", subject: "a", expected: "5", actual: "0" },
      { kind: "order.state", subject: "a", expected: "authorized", actual: "captured" },
      { kind: "order.missing", subject: "c", expected: "paid=1", actual: null },
      { kind: "order.unexpected", subject: "d", expected: null, actual: "paid=null" },
    ]);
  });

  it("does not take a number for the text or the bigint that looks like it", () => {
    const expected = new Map([["a", { net: 1n }]]);

    expect(compareLedgers({ name: "x", expected, actual: new Map([["a", { net: "1" }]]) })).to.have.lengthOf(
      1,
    );
  });

  it("reports a field that one side does not state", () => {
    const breaks = compareLedgers({
      name: "x",
      expected: new Map([["a", { net: 1n }]]),
      actual: new Map<string, LedgerEntry>([["a", {}]]),
    });

    expect(breaks).to.deep.equal([{ kind: "x.net", subject: "a", expected: "1", actual: null }]);
  });
});
