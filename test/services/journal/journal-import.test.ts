import { expect } from "chai";
import { OPERATIONS_LIMIT } from "../../../services/journal/journal-api.ts";
import { importJournal, type JournalImportOptions } from "../../../services/journal/journal-import.ts";
import { NetworkStalledError } from "../../../services/journal/settling.ts";
import { createFakeNetwork } from "./fake-network.ts";
import { createFakeSigner } from "./fake-signer.ts";

const AUTHORIZE =
  '{"op":"authorize","order":"A","merchant":"M","payer":"P","currency":"BRL","amount":"1000"}';
const CHARGE = AUTHORIZE.replace("authorize", "charge");
const CAPTURE = '{"op":"capture","order":"A","merchant":"M"}';
const CAPTURE_100 = '{"op":"capture","order":"A","merchant":"M","amount":"100"}';
const DISPUTE = '{"op":"dispute","order":"A","merchant":"M","amount":"1000","reason":"fraud"}';
const RULE = '{"op":"rule","order":"A","merchant":"M","payerBps":2500}';
const CLOSE = '{"op":"close-cycle"}';

type Network = ReturnType<typeof createFakeNetwork>;

describe("importJournal", () => {
  it("onboards and funds before the first order, in one group with it", async () => {
    const network = createFakeNetwork();
    const result = await run(network, [AUTHORIZE]);

    expect(result).to.deep.equal({ lines: 1, executed: 1, replayed: 0, failed: [], orders: 1 });
    expect(network.kinds()).to.deep.equal([
      "register",
      "accept-operator",
      "open-account",
      "register",
      "open-account",
      "mint",
      "deposit",
      "authorize",
    ]);
    expect(new Set(network.requests[0]?.map(({ group }) => group))).to.deep.equal(new Set([1]));
    expect(network.unusedFunds()).to.equal(0n);
  });

  it("onboards nobody twice, and a second currency with its own account", async () => {
    const network = createFakeNetwork();
    const another = AUTHORIZE.replace('"A"', '"B"').replace("BRL", "USD");
    await run(network, [AUTHORIZE]);
    await run(network, [AUTHORIZE, another]);

    expect(network.kinds().slice(8)).to.deep.equal([
      "open-account",
      "open-account",
      "mint",
      "deposit",
      "authorize",
    ]);
  });

  it("neither onboards nor funds on any other network", async () => {
    const network = createFakeNetwork({ chain: { isDevelopment: false } });
    const { failed } = await run(network, [AUTHORIZE]);

    expect(network.requests[0]?.map(({ kind }) => kind)).to.deep.equal(["authorize"]);
    expect(failed.map(({ code }) => code)).to.deep.equal(["participant_unknown"]);
  });

  it("carries out a dispute and its ruling", async () => {
    const network = createFakeNetwork();
    const result = await run(network, [CHARGE, DISPUTE, RULE, CLOSE]);

    expect(result.failed).to.deep.equal([]);
    expect(network.order("M", "A")).to.include({ awarded: 250n, refundable: 750n, dispute: null });
    expect(network.requests).to.have.lengthOf(1);
  });

  it("votes on the dispute that is open, whatever was disputed before", async () => {
    const network = createFakeNetwork();
    const small = DISPUTE.replace("1000", "400");
    const refused = DISPUTE.replace("1000", "1001");
    const result = await run(network, [CHARGE, refused, small, RULE, small, refused, RULE, small, RULE]);

    expect(result.failed.map(({ line, code }) => [line, code])).to.deep.equal([
      [2, "exceeds_refundable"],
      [6, "order_disputed"],
    ]);
    expect(network.order("M", "A")).to.include({ awarded: 300n, disputeCount: 3 });
  });

  context("given a journal that was imported before", () => {
    const journal = [AUTHORIZE, CAPTURE_100, CAPTURE_100, CAPTURE, DISPUTE, RULE, CLOSE, CLOSE];

    it("changes nothing and recognises every line", async () => {
      const network = createFakeNetwork();
      await run(network, journal);
      const before = [network.accepted.length, network.order("M", "A")];
      const result = await run(network, journal);

      expect(result).to.deep.equal({ lines: 8, executed: 0, replayed: 8, failed: [], orders: 1 });
      expect([network.accepted.length, network.order("M", "A")]).to.deep.equal(before);
    });

    it("executes only what was appended, rulings on earlier disputes included", async () => {
      const network = createFakeNetwork();
      await run(network, journal.slice(0, 5));
      const result = await run(network, journal);

      expect(result).to.include({ executed: 3, replayed: 5 });
      expect(network.order("M", "A")).to.include({ awarded: 250n, dispute: null });
    });

    it("executes only the bad lines that were corrected, the first one included", async () => {
      const network = createFakeNetwork();
      const charge = CHARGE.replace('"A"', '"B"');
      await run(network, [charge.replace('"1000"', "1000"), ...journal.slice(0, 2), "{", CAPTURE_100]);
      const result = await run(network, [charge, ...journal.slice(0, 2), CAPTURE_100, CAPTURE_100]);

      expect(result).to.deep.include({ executed: 2, replayed: 3, failed: [] });
      expect(network.order("M", "A")?.captured).to.equal(300n);
    });

    it("recognises it in another form: spaces, times, line ends, byte order mark", async () => {
      const network = createFakeNetwork();
      await run(network, journal);
      const reformatted = journal.map((line) => `${line.replace("{", '{ "at":"2025-01-01", ')}\r`);
      const result = await run(network, [`\uFEFF${reformatted[0]}`, "", ...reformatted.slice(1, 6)]);

      expect(result).to.include({ lines: 6, executed: 0, replayed: 6 });
    });

    it("goes on where an interrupted import ended", async () => {
      const network = createFakeNetwork();
      await run(network, journal.slice(0, 3));
      const result = await run(network, journal);

      expect(result).to.include({ executed: 5, replayed: 3 });
      expect(network.unusedFunds()).to.equal(0n);
    });
  });

  context("given two journals about one order", () => {
    it("takes equal lines of another journal as further ones", async () => {
      const network = createFakeNetwork();
      await run(network, [AUTHORIZE]);
      await run(network, [CAPTURE_100]);
      await run(network, [CLOSE, CAPTURE_100]);

      expect(network.order("M", "A")?.captured).to.equal(200n);
    });

    it("takes them as the same where both have one name", async () => {
      const network = createFakeNetwork();
      await run(network, [AUTHORIZE]);
      await run(network, [CAPTURE_100], { journalId: "march" });
      const result = await run(network, [CLOSE, CAPTURE_100], { journalId: "march" });

      expect(result).to.include({ executed: 1, replayed: 1 });
    });
  });

  for (const [field, changed] of [
    ["payer", AUTHORIZE.replace('"P"', '"Q"')],
    ["currency", AUTHORIZE.replace("BRL", "USD")],
    ["amount", AUTHORIZE.replace("1000", "1001")],
    ["operation", CHARGE],
  ] as const) {
    it(`refuses a reference repeated with another ${field}, and funds nobody for it`, async () => {
      const network = createFakeNetwork();
      const { failed } = await run(network, [AUTHORIZE, changed]);

      expect(failed).to.have.lengthOf(1);
      expect(failed[0]).to.include({ line: 2, field: "order", code: "reference_reused" });
      expect(network.unusedFunds()).to.equal(0n);
    });
  }

  context("given bad lines", () => {
    const bad = [
      AUTHORIZE,
      '{"op":"capture","order":"A"}',
      '{"op":"capture","order":"?","merchant":"M"}',
      CAPTURE_100.replace("100", "1001"),
      '{"op":"refund","order":"A","merchant":"M","amount":"1"}',
      AUTHORIZE.replace('"A"', '"B"').replace("BRL", "EUR"),
      DISPUTE,
      RULE,
      CAPTURE,
    ];

    it("names line, field and reason of each, and executes the others", async () => {
      const network = createFakeNetwork();
      const { executed, failed } = await run(network, bad);

      expect(executed).to.equal(2);
      expect(failed.map(({ line, field, code }) => [line, field, code])).to.deep.equal([
        [2, "merchant", "malformed"],
        [3, "order", "order_unknown"],
        [4, "amount", "exceeds_capturable"],
        [5, "amount", "exceeds_refundable"],
        [6, "currency", "currency_unknown"],
        [7, "amount", "exceeds_refundable"],
        [8, "order", "dispute_not_open"],
      ]);
      expect(network.order("M", "A")?.captured).to.equal(1_000n);
    });

    it("registers nobody for a line that is refused", async () => {
      const network = createFakeNetwork();
      await run(network, [AUTHORIZE.replace("1000", "0"), AUTHORIZE.replace("BRL", "EUR")]);

      expect(network.accepted).to.deep.equal([]);
    });

    it("ends at the first one that the network refuses, if asked to", async () => {
      const network = createFakeNetwork();
      const { failed, lines } = await run(network, [AUTHORIZE, ...bad.slice(2)], { stopOnError: true });

      expect(failed.map(({ line }) => line)).to.deep.equal([2]);
      expect(lines).to.equal(2);
      expect(network.order("M", "A")?.captured).to.equal(0n);
    });

    it("ends at the first one that cannot be read, if asked to", async () => {
      const network = createFakeNetwork();
      const { failed, lines, executed } = await run(network, [AUTHORIZE, CAPTURE_100, "{", CAPTURE], {
        stopOnError: true,
      });

      expect({ lines, executed }).to.deep.equal({ lines: 3, executed: 2 });
      expect(failed.map(({ line }) => line)).to.deep.equal([3]);
      expect(network.order("M", "A")?.captured).to.equal(100n);
    });
  });

  it("fails a line whose operation the chain refuses later", async () => {
    const network = createFakeNetwork({ failing: ["deposit:M:A:P:BRL:1000"] });
    const result = await run(network, [AUTHORIZE, CLOSE]);

    expect(result).to.include({ executed: 1, orders: 0 });
    expect(result.failed.map(({ line, code }) => [line, code])).to.deep.equal([
      [1, "participant_not_active"],
    ]);
  });

  it("sends no more than a request takes, and no line in two parts", async () => {
    const network = createFakeNetwork();
    const lines = Array.from({ length: 300 }, (_, index) => AUTHORIZE.replace('"A"', `"A${index}"`));
    const { executed } = await run(network, lines);

    expect(executed).to.equal(300);
    for (const request of network.requests) expect(request.length).to.be.at.most(OPERATIONS_LIMIT);
    const groups = network.requests.flatMap((request) => [...new Set(request.map(({ group }) => group))]);
    expect(new Set(groups).size).to.equal(groups.length);
  });

  it("gives up on a network that stands still", async () => {
    const network = createFakeNetwork();
    const progress = async () => ({
      queued: 3,
      submitted: 1,
      included: 0,
      failed: 0,
      unmirrored: 0,
      lastId: null,
    });
    const failure = await run(network, [AUTHORIZE], { api: { ...network.api, progress } }).catch(
      (error) => error,
    );

    expect(failure).to.be.instanceOf(NetworkStalledError);
    expect(failure.open).to.equal(4);
  });
});

async function run(network: Network, lines: readonly string[], options: Partial<JournalImportOptions> = {}) {
  return importJournal({
    lines: feed(lines),
    api: network.api,
    signer: createFakeSigner(),
    stopOnError: false,
    feeBps: 500,
    randomBytes: saltCounter(),
    sleep: async () => {},
    ...options,
  });
}

let salts = 0;

/** Salts that differ between imports, as random ones do. */
function saltCounter() {
  return (size: number) => {
    salts += 1;
    return new Uint8Array(size).fill(salts % 256);
  };
}

async function* feed(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
