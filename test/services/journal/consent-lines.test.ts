import { expect } from "chai";
import { importJournal } from "../../../services/journal/journal-import.ts";
import { createFakeNetwork } from "./fake-network.ts";
import { createFakeSigner } from "./fake-signer.ts";

const ABOUT = { order: "A", merchant: "M" };
const SPLITS = [
  { payee: "C", kind: "courier", bps: 1_500 },
  { payee: "App", bps: 1_000 },
];
const AUTHORIZE = { op: "authorize", ...ABOUT, payer: "P", currency: "BRL", amount: "1000" };
const CHARGE = { ...AUTHORIZE, op: "charge" };
const CANCEL = { ...AUTHORIZE, op: "cancel" };
const DISPUTE = { op: "dispute", ...ABOUT, amount: "1000", reason: "fraud" };

type Network = ReturnType<typeof createFakeNetwork>;

describe("lines that others sign", () => {
  it("capture on the proof of the courier that the order names, and of no other", async () => {
    const network = createFakeNetwork();
    const deliver = (courier: string) => ({ op: "deliver", ...ABOUT, courier });
    const result = await run(network, [
      { ...AUTHORIZE, courier: "C" },
      deliver("D"),
      deliver("C"),
      deliver("C"),
    ]);

    expect(result.failed.map(({ line, code }) => [line, code])).to.deep.equal([
      [2, "signature_invalid"],
      [4, "exceeds_capturable"],
    ]);
    expect(network.order("M", "A")).to.include({ captured: 1_000n });
  });

  it("extend from what the payer signed, each time by more", async () => {
    const network = createFakeNetwork();
    const extend = (days: number) => ({ op: "extend", ...ABOUT, days });
    const result = await run(network, [AUTHORIZE, extend(10), extend(10), extend(60), extend(62)]);

    expect(result.failed.map(({ line, field, code }) => [line, field, code])).to.deep.equal([
      [3, "days", "extension_invalid"],
      [5, "days", "extension_invalid"],
    ]);
    expect(network.order("M", "A")?.clockShift).to.equal(60 * 86_400);
  });

  it("settle a dispute after offers, for what both sides agree to", async () => {
    const network = createFakeNetwork();
    const settle = (op: string, amount: string) => ({ op, ...ABOUT, amount });
    const result = await run(network, [
      ...[CHARGE, settle("agree", "1"), DISPUTE, settle("offer", "100"), settle("offer", "1001")],
      ...[settle("agree", "300"), settle("agree", "300"), DISPUTE],
    ]);

    expect(result.failed.map(({ line, code }) => [line, code])).to.deep.equal([
      [2, "dispute_not_open"],
      [5, "exceeds_order"],
      [7, "dispute_not_open"],
      [8, "exceeds_refundable"],
    ]);
    expect(network.order("M", "A")).to.include({ awarded: 300n, dispute: null });
  });

  it("cancel what was never held: the reference is used then", async () => {
    const network = createFakeNetwork();
    const other = { ...AUTHORIZE, order: "B" };
    const result = await run(network, [CANCEL, AUTHORIZE, other, { ...CANCEL, order: "B" }, CANCEL]);

    expect(result.failed.map(({ line, field, code }) => [line, field, code])).to.deep.equal([
      [2, "order", "reference_reused"],
      [4, "order", "reference_reused"],
    ]);
    expect(result).to.include({ orders: 1, replayed: 1 });
    expect(network.kinds().filter((kind) => kind === "mint")).to.have.lengthOf(1);
  });

  it("onboard every payee, and charge in two steps", async () => {
    const network = createFakeNetwork();
    const result = await run(network, [{ ...CHARGE, splits: SPLITS }]);

    expect(result).to.deep.equal({ lines: 1, executed: 1, replayed: 0, failed: [], orders: 1 });
    expect(network.kinds()).to.deep.equal([
      ...["register", "accept-operator", "open-account", "register", "accept-operator", "open-account"],
      ...["register", "accept-operator", "open-account", "register", "open-account"],
      ...["mint", "deposit", "authorize", "capture"],
    ]);
    const order = network.accepted.find(({ kind }) => kind === "authorize");
    const payees = order?.kind === "authorize" ? (order.splits ?? []) : [];
    expect(payees.map(({ bps }) => bps)).to.have.members([1_500, 1_000]);
    expect(payees).to.deep.equal([...payees].sort((left, right) => (left.payee < right.payee ? -1 : 1)));
  });

  it("change nothing when they are imported again, in one journal or in parts", async () => {
    const lines = [
      ...[
        { ...AUTHORIZE, courier: "C", splits: SPLITS },
        { op: "extend", ...ABOUT, days: 5 },
      ],
      ...[{ op: "deliver", ...ABOUT, courier: "C" }, DISPUTE, { op: "offer", ...ABOUT, amount: "0" }],
      ...[
        { op: "agree", ...ABOUT, amount: "0" },
        { ...CANCEL, order: "C" },
      ],
      { ...CHARGE, order: "D", splits: SPLITS },
    ];
    const network = createFakeNetwork();
    for (let end = 1; end <= lines.length; end++) {
      const { failed, executed, replayed } = await run(network, lines.slice(0, end));
      expect({ end, failed, executed, replayed }).to.deep.equal({
        ...{ end, failed: [], executed: 1 },
        replayed: end - 1,
      });
    }
    const accepted = network.accepted.length;
    expect(await run(network, lines)).to.include({ executed: 0, replayed: lines.length });
    expect(network.accepted).to.have.lengthOf(accepted);
  });

  it("are refused for an order that nobody knows", async () => {
    const network = createFakeNetwork();
    const { failed } = await run(network, [
      { op: "deliver", ...ABOUT, courier: "C" },
      { op: "extend", ...ABOUT, days: 5 },
      { op: "agree", ...ABOUT, amount: "5" },
    ]);

    expect(failed.map(({ field, code }) => [field, code])).to.deep.equal(
      Array.from({ length: 3 }, () => ["order", "order_unknown"]),
    );
  });
});

let salts = 0;

async function run(network: Network, lines: readonly object[]) {
  return importJournal({
    lines: (async function* () {
      for (const line of lines) yield JSON.stringify(line);
    })(),
    ...{ api: network.api, signer: createFakeSigner(), stopOnError: false, feeBps: 500 },
    randomBytes: (size) => new Uint8Array(size).fill(++salts % 256),
    sleep: async () => {},
  });
}
