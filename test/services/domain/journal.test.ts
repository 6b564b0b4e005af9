import { expect } from "chai";
import { parseJournalLine } from "../../../services/domain/journal.ts";
import { AMOUNT_LIMIT } from "../../../services/domain/money.ts";
import { refusalOf } from "./refusal.ts";

const AUTHORIZE = {
  op: "authorize",
  order: "A-1",
  merchant: "M",
  payer: "P",
  currency: "BRL",
  amount: "14190",
};
const CAPTURE = { op: "capture", order: "A-1", merchant: "M" };
const DISPUTE = { op: "dispute", order: "A-1", merchant: "M", amount: "5", reason: "fraud" };
const RULE = { op: "rule", order: "A-1", merchant: "M", payerBps: 5_000 };

describe("parseJournalLine", () => {
  const lines: readonly (readonly [string, object, object])[] = [
    ["an authorization", AUTHORIZE, { ...AUTHORIZE, amount: 14190n }],
    ["a charge", { ...AUTHORIZE, op: "charge" }, { ...AUTHORIZE, op: "charge", amount: 14190n }],
    ["a capture of all", CAPTURE, CAPTURE],
    ["a capture", { ...CAPTURE, amount: "1" }, { ...CAPTURE, amount: 1n }],
    ["a void", { ...CAPTURE, op: "void", amount: "1" }, { ...CAPTURE, op: "void", amount: 1n }],
    ["a refund", { ...CAPTURE, op: "refund", amount: "1" }, { ...CAPTURE, op: "refund", amount: 1n }],
    ["a dispute", DISPUTE, { ...DISPUTE, amount: 5n }],
    ["a ruling", RULE, RULE],
    ["a cancellation", { ...AUTHORIZE, op: "cancel" }, { ...AUTHORIZE, op: "cancel", amount: 14190n }],
    ["a delivery", { ...CAPTURE, op: "deliver", courier: "C" }, { ...CAPTURE, op: "deliver", courier: "C" }],
    ["an extension", { ...CAPTURE, op: "extend", days: 30 }, { ...CAPTURE, op: "extend", days: 30 }],
    ["an offer", { ...CAPTURE, op: "offer", amount: "7" }, { ...CAPTURE, op: "offer", amount: 7n }],
    [
      "an offer of nothing",
      { ...CAPTURE, op: "offer", amount: "0" },
      { ...CAPTURE, op: "offer", amount: 0n },
    ],
    ["an agreement", { ...CAPTURE, op: "agree", amount: "7" }, { ...CAPTURE, op: "agree", amount: 7n }],
    [
      "payees and who delivers",
      {
        ...AUTHORIZE,
        courier: "C",
        splits: [
          { payee: "C", kind: "courier", bps: 1 },
          { payee: "A", bps: 9_999 },
        ],
      },
      {
        ...{ ...AUTHORIZE, amount: 14190n, courier: "C" },
        splits: [
          { payee: "C", kind: "courier", bps: 1 },
          { payee: "A", kind: "merchant", bps: 9_999 },
        ],
      },
    ],
    ["a cycle's close", { op: "close-cycle" }, { op: "close-cycle" }],
    ["a payout", { op: "payout", at: "2018-09-03" }, { op: "payout", at: "2018-09-03" }],
    [
      "the largest amount",
      { ...AUTHORIZE, amount: `${AMOUNT_LIMIT}` },
      { ...AUTHORIZE, amount: AMOUNT_LIMIT },
    ],
    [
      "names of 64 characters",
      { ...CAPTURE, merchant: "🛒".repeat(64) },
      { ...CAPTURE, merchant: "🛒".repeat(64) },
    ],
    ["unknown fields, ignored", { ...CAPTURE, note: 1, payerBps: "x" }, CAPTURE],
  ];
  for (const [name, fields, expected] of lines) {
    it(`reads ${name}`, () => {
      expect(parseJournalLine(JSON.stringify(fields), 7)).to.deep.equal({ line: 7, ...expected });
    });
  }

  for (const at of [
    "2017-04-11T12:22:08Z",
    "2017-04-11T12:22:08.123+02:00",
    "2017-04-11T12:22",
    "2017-04-11",
  ]) {
    it(`keeps the time ${at}`, () => {
      expect(parseJournalLine(JSON.stringify({ ...CAPTURE, at }), 1)).to.include({ at });
    });
  }

  for (const text of ["", "   ", "\r", "\uFEFF"]) {
    it(`passes over the blank line ${JSON.stringify(text)}`, () => {
      expect(parseJournalLine(text, 1)).to.equal(undefined);
    });
  }

  it("takes a byte order mark and a carriage return off", () => {
    expect(parseJournalLine(`\uFEFF${JSON.stringify(CAPTURE)}\r`, 1)).to.include(CAPTURE);
  });

  const malformed: readonly (readonly [string, string])[] = [
    ["line", "{"],
    ["line", "not json"],
    ["line", '{"op":"payout"} {"op":"payout"}'],
    ["line", "[]"],
    ["line", "null"],
    ["line", '"payout"'],
    ["op", "{}"],
    ["op", JSON.stringify({ op: "Payout" })],
    ["op", JSON.stringify({ op: "constructor" })],
    ["order", JSON.stringify({ ...CAPTURE, order: undefined })],
    ["order", JSON.stringify({ ...CAPTURE, order: "" })],
    ["order", JSON.stringify({ ...CAPTURE, order: 17 })],
    ["order", JSON.stringify({ ...CAPTURE, order: "x".repeat(65) })],
    ["order", JSON.stringify({ ...CAPTURE, order: "a\u0000b" })],
    ["merchant", JSON.stringify({ ...CAPTURE, merchant: "x".repeat(65) })],
    ["merchant", '{"op":"capture","order":"A-1","merchant":"\\ud800"}'],
    ["payer", JSON.stringify({ ...AUTHORIZE, payer: null })],
    ["currency", JSON.stringify({ ...AUTHORIZE, currency: "brl" })],
    ["currency", JSON.stringify({ ...AUTHORIZE, currency: "BRLX" })],
    ["reason", JSON.stringify({ ...DISPUTE, reason: "unhappy" })],
    ["at", JSON.stringify({ ...CAPTURE, at: "yesterday" })],
    ["at", JSON.stringify({ ...CAPTURE, at: "2017-13-01" })],
    ["at", JSON.stringify({ ...CAPTURE, at: 1_491_913_328 })],
  ];
  for (const [field, text] of malformed) {
    it(`refuses the ${field} of ${text.slice(0, 70)}`, () => {
      const { code, context } = refusalOf(() => parseJournalLine(text, 12));

      expect(code).to.equal("malformed");
      expect(context).to.include({ line: 12, field });
      expect(context.reason).to.be.a("string");
    });
  }

  for (const amount of [
    14190,
    1.5,
    "0",
    "-5",
    "1.50",
    "01",
    "1e3",
    "",
    null,
    (AMOUNT_LIMIT + 1n).toString(),
  ]) {
    it(`refuses the amount ${JSON.stringify(amount)}`, () => {
      for (const fields of [AUTHORIZE, CAPTURE, DISPUTE]) {
        const { code, context } = refusalOf(() => parseJournalLine(JSON.stringify({ ...fields, amount }), 3));

        expect(code).to.equal("amount_invalid");
        expect(context).to.include({ line: 3, field: "amount", limit: AMOUNT_LIMIT.toString() });
      }
    });
  }

  for (const [field, code, fields] of [
    ["splits", "malformed", { splits: [] }],
    ["splits", "malformed", { splits: "A" }],
    ["splits", "malformed", { splits: [null] }],
    ["splits", "malformed", { splits: Array.from({ length: 9 }, () => ({ payee: "A", bps: 1 })) }],
    ["splits", "share_invalid", { splits: [1, 2].map(() => ({ payee: "A", bps: 5_001 })) }],
    ["splits.payee", "malformed", { splits: [{ bps: 1 }] }],
    ["splits.kind", "malformed", { splits: [{ payee: "A", kind: "payer", bps: 1 }] }],
    ["splits.bps", "malformed", { splits: [{ payee: "A", bps: 0 }] }],
    ["splits.bps", "malformed", { splits: [{ payee: "A", bps: 1.5 }] }],
    ["courier", "malformed", { courier: "" }],
    ["courier", "malformed", { op: "deliver" }],
    ["days", "malformed", { op: "extend", days: 0 }],
    ["days", "malformed", { op: "extend", days: 181 }],
    ["days", "malformed", { op: "extend", days: "3" }],
    ["amount", "amount_invalid", { op: "offer", amount: "-1" }],
    ["amount", "amount_invalid", { op: "agree", amount: undefined }],
  ] as const) {
    it(`refuses ${JSON.stringify(fields).slice(0, 70)}`, () => {
      const refusal = refusalOf(() => parseJournalLine(JSON.stringify({ ...AUTHORIZE, ...fields }), 4));

      expect({ code: refusal.code, field: refusal.context.field }).to.deep.equal({ code, field });
    });
  }

  it("refuses a missing amount where one is needed", () => {
    for (const fields of [AUTHORIZE, DISPUTE, { ...CAPTURE, op: "refund", amount: undefined }]) {
      const text = JSON.stringify({ ...fields, amount: undefined });
      expect(refusalOf(() => parseJournalLine(text, 3)).code).to.equal("amount_invalid");
    }
  });

  for (const payerBps of [-1, 10_001, 0.5, "5000", null, undefined]) {
    it(`refuses the share ${JSON.stringify(payerBps)}`, () => {
      const { code, context } = refusalOf(() => parseJournalLine(JSON.stringify({ ...RULE, payerBps }), 4));

      expect(code).to.equal("share_invalid");
      expect(context).to.include({ line: 4, field: "payerBps" });
    });
  }
});
