import { expect } from "chai";
import { forEachEngine } from "../../support/database.ts";
import {
  type ApiFixture,
  acceptance,
  addressOf,
  authorize,
  mirrorParticipant,
  onOrder,
  type Result,
  register,
  startApiFixture,
} from "./api-fixture.ts";

const U80_LIMIT = 2n ** 80n;

forEachEngine("POST /v1/operations", (open) => {
  let api: ApiFixture;

  before(async () => {
    api = await startApiFixture(await open());
    await api.operations(register("merchant", "bookshop"), register("payer", "alice"));
  });
  after(() => api.close());

  async function codeOf(operation: object): Promise<string | undefined> {
    const [result] = await api.operations(operation);
    return result?.problem?.code ?? result?.status;
  }

  it("accepts an order and everything on it without waiting for the chain", async () => {
    const { operation } = authorize("whole-life");
    const results = await api.operations(
      operation,
      onOrder("life:capture", "capture", "whole-life", { amount: "700" }),
      onOrder("life:void", "void", "whole-life"),
      onOrder("life:refund", "refund", "whole-life", { amount: "200" }),
      onOrder("life:dispute", "open-dispute", "whole-life", dispute("500")),
      onOrder("life:contest", "contest", "whole-life", { evidenceHash: `0x${"22".repeat(32)}` }),
      onOrder("life:rule", "rule", "whole-life", ruling(5_000)),
      onOrder("life:finalize", "finalize-dispute", "whole-life"),
    );

    expect(statuses(results)).to.deep.equal(Array(8).fill("accepted"));
    const numbers = results.map(({ id = "" }) => Number.parseInt(id.slice(4), 10));
    expect(numbers).to.deep.equal(numbers.toSorted((left, right) => left - right));
  });

  it("queues an omitted amount as what is left to capture", async () => {
    const { orderId, operation } = authorize("omitted-amount");
    await api.operations(
      operation,
      onOrder("omitted:1", "capture", "omitted-amount", { amount: "400" }),
      onOrder("omitted:2", "capture", "omitted-amount"),
    );

    const rows = await api.store.db
      .selectFrom("outbox_entry")
      .select("payload")
      .where("order_id", "=", orderId)
      .where("kind", "=", "capture")
      .orderBy("id")
      .execute();

    expect(rows.map(({ payload }) => (payload as { amount: string }).amount)).to.deep.equal(["400", "600"]);
  });

  for (const amount of ["0", "-1", "1.5", U80_LIMIT.toString(), "1e3", "", "01", 10]) {
    it(`refuses the amount ${JSON.stringify(amount)}`, async () => {
      const capture = onOrder(`amount:${amount}`, "capture", "whole-life", { amount });

      expect(await codeOf(capture)).to.equal("amount_invalid");
    });
  }

  it("refuses a currency that the network has no token of", async () => {
    expect(await codeOf(authorize("wrong-currency", { currency: "USD" }).operation)).to.equal(
      "currency_unknown",
    );
    expect(await codeOf(authorize("inherited-currency", { currency: "toString" }).operation)).to.equal(
      "currency_unknown",
    );
  });

  it("refuses operations on an order that does not exist", async () => {
    for (const kind of ["capture", "void", "reclaim", "accept-dispute", "finalize-dispute"]) {
      expect(await codeOf(onOrder(`unknown:${kind}`, kind, "nowhere"))).to.equal("order_unknown");
    }
    const byId = { key: "unknown:id", kind: "capture", order: { id: `ord_${"0".repeat(64)}` } };
    expect(await codeOf(byId)).to.equal("order_unknown");
  });

  context("given an order of 1000 with 600 captured", () => {
    before(async () => {
      const capture = onOrder("limits:capture", "capture", "limits", { amount: "600" });
      expect(statuses(await api.operations(authorize("limits").operation, capture))).to.deep.equal([
        "accepted",
        "accepted",
      ]);
    });

    for (const [kind, amount, code] of [
      ["capture", "401", "exceeds_capturable"],
      ["void", "401", "exceeds_capturable"],
      ["refund", "601", "exceeds_refundable"],
    ] as const) {
      it(`refuses a ${kind} of ${amount}`, async () => {
        expect(await codeOf(onOrder(`limits:${kind}:${amount}`, kind, "limits", { amount }))).to.equal(code);
      });
    }

    it("refuses a dispute over captured money alone that exceeds it", async () => {
      const operation = onOrder("limits:dispute", "open-dispute", "limits", {
        ...dispute("601"),
        capturedOnly: true,
      });

      expect(await codeOf(operation)).to.equal("exceeds_refundable");
    });

    it("refuses a dispute over more than the order has", async () => {
      const operation = onOrder("limits:dispute:2", "open-dispute", "limits", dispute("1001"));

      expect(await codeOf(operation)).to.equal("exceeds_order");
    });

    it("refuses to answer or rule where no dispute is open", async () => {
      expect(await codeOf(onOrder("limits:rule", "rule", "limits", ruling(1)))).to.equal("dispute_not_open");
    });

    it("refuses to reclaim before the payer's right begins", async () => {
      expect(await codeOf(onOrder("limits:reclaim", "reclaim", "limits"))).to.equal("not_reclaimable");
    });
  });

  it("refuses a signature by another key than the payer's", async () => {
    expect(await codeOf(authorize("forged", { signer: "mallory" }).operation)).to.equal("signature_invalid");
  });

  it("refuses an acceptance that the merchant did not sign", async () => {
    expect(await codeOf(acceptance("bookshop", "mallory"))).to.equal("signature_invalid");
    expect(await codeOf(acceptance("bookshop"))).to.equal("accepted");
  });

  it("refuses terms whose time has passed", async () => {
    const { operation } = authorize("expired", { terms: { authorizeBy: 1_799_999_999 } });

    expect(await codeOf(operation)).to.equal("order_expired");
  });

  for (const [field, value] of [
    ["splitsHash", `0x${"01".repeat(32)}`],
    ["feeBps", 10_001],
    ["operator", `0x${"01".repeat(20)}`],
    ["feeReceiver", `0x${"01".repeat(20)}`],
    ["merchant", `0x${"01".repeat(20)}`],
    ["amount", 999n],
    ["arbiterSetId", 2],
    ["captureBy", 1],
  ] as const) {
    it(`refuses terms with another ${field} than agreed or supported`, async () => {
      const [result] = await api.operations(
        authorize(`terms-${field}`, { terms: { [field]: value } }).operation,
      );

      expect(result?.problem?.code).to.equal("terms_invalid");
    });
  }

  it("refuses parties that are not registered", async () => {
    const { operation } = authorize("stranger", { payer: "stranger" });

    expect(await codeOf(operation)).to.equal("participant_unknown");
    expect(await codeOf(authorize("no-shop", { merchant: "no-shop" }).operation)).to.equal(
      "participant_unknown",
    );
  });

  it("refuses a frozen participant", async () => {
    await api.operations(register("payer", "frozen-payer"));
    await mirrorParticipant(api, "payer", "frozen-payer", "frozen");

    expect(await codeOf(authorize("frozen", { payer: "frozen-payer" }).operation)).to.equal(
      "participant_not_active",
    );
  });

  it("refuses a name or an address that belongs to another participant", async () => {
    const otherAddress = { ...register("payer", "alice"), key: "r:1", address: addressOf("payer", "other") };
    const otherName = { ...register("payer", "alice"), key: "r:2", name: "alicia" };

    expect(await codeOf({ ...register("payer", "alice"), key: "r:0" })).to.equal("replayed");
    expect(await codeOf(otherAddress)).to.equal("participant_exists");
    expect(await codeOf(otherName)).to.equal("participant_exists");
  });

  it("says where an operation is malformed and takes the others", async () => {
    const results = await api.operations(
      { key: "malformed", kind: "capture", order: { merchant: "bookshop" } },
      { key: "nonsense", kind: "nonsense" },
      { key: "extra", kind: "payout", surprise: true },
      { key: "payout:ok", kind: "payout" },
    );

    expect(results.map((result) => result.problem?.code ?? result.status)).to.deep.equal([
      "malformed",
      "malformed",
      "malformed",
      "accepted",
    ]);
    expect(results[0]?.problem?.errors?.[0]?.pointer).to.equal("/order");
  });
});

function dispute(amount: string) {
  return { amount, reason: "fraud", evidenceHash: `0x${"11".repeat(32)}` };
}

function ruling(payerBps: number) {
  return { payerBps, evidence: `0x${"33".repeat(32)}`, signatures: [`0x${"44".repeat(65)}`] };
}

function statuses(results: readonly Result[]): string[] {
  return results.map((result) => result.problem?.code ?? result.status);
}
