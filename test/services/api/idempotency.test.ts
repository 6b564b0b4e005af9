import { expect } from "chai";
import { forEachEngine } from "../../support/database.ts";
import {
  type ApiFixture,
  authorize,
  onOrder,
  type Result,
  register,
  startApiFixture,
} from "./api-fixture.ts";

const MINT = { kind: "mint", currency: "BRL", amount: "1000", bankReference: `0x${"55".repeat(32)}` };

forEachEngine("operations under a key", (open) => {
  let api: ApiFixture;

  before(async () => {
    api = await startApiFixture(await open());
    await api.operations(
      register("merchant", "bookshop"),
      register("payer", "alice"),
      register("payer", "bob"),
    );
  });
  after(() => api.close());

  async function fail(id: string | undefined): Promise<void> {
    await api.store.db
      .updateTable("outbox_entry")
      .set({ state: "failed", error_code: "insufficient_funds", error_context: '{"available": "0"}' })
      .where("id", "=", Number.parseInt(id?.slice(4) ?? "", 10))
      .execute();
  }

  async function countEntries(): Promise<number> {
    const { body } = await api.send<Record<string, number>>("GET", "/v1/operations/progress");
    return (body.queued ?? 0) + (body.submitted ?? 0) + (body.included ?? 0) + (body.failed ?? 0);
  }

  it("are queued once, however often they are asked for", async () => {
    const operation = { key: "mint:once", ...MINT };
    const [first] = await api.operations(operation);
    const before = await countEntries();
    const [second, third] = await api.operations(operation, operation);

    expect(first?.status).to.equal("accepted");
    expect(second).to.deep.equal({ key: "mint:once", status: "replayed", id: first?.id });
    expect(third).to.deep.equal(second);
    expect(await countEntries()).to.equal(before);
  });

  it("are queued once when twenty requests ask at the same time", async () => {
    const operation = { key: "mint:parallel", ...MINT };
    const results = (await Promise.all(Array.from({ length: 20 }, () => api.operations(operation)))).flat();

    expect(results.filter(({ status }) => status === "accepted")).to.have.length(1);
    expect(results.filter(({ status }) => status === "replayed")).to.have.length(19);
    expect(new Set(results.map(({ id }) => id)).size).to.equal(1);
  });

  it("are refused if the key was used for something else", async () => {
    await api.operations({ key: "mint:reused", ...MINT });
    const results = await api.operations(
      { key: "mint:reused", ...MINT, amount: "1001" },
      { key: "mint:reused", kind: "payout" },
    );

    expect(results.map(({ problem }) => problem?.code)).to.deep.equal(["key_reused", "key_reused"]);
  });

  it("are queued again if they failed", async () => {
    const operation = { key: "mint:failed", ...MINT };
    const [first] = await api.operations(operation);
    await fail(first?.id);
    const [second] = await api.operations(operation);
    await fail(second?.id);
    const [third, fourth] = await api.operations(operation, operation);

    expect([first, second, third, fourth].map((result) => result?.status)).to.deep.equal([
      "accepted",
      "accepted",
      "accepted",
      "replayed",
    ]);
    expect(new Set([first?.id, second?.id, third?.id]).size).to.equal(3);
    expect(fourth?.id).to.equal(third?.id);
  });

  it("queue what publishes the roots right behind the closing of a cycle, as often as that itself", async () => {
    const operation = { key: "cycle:closed", kind: "close-cycle" };
    const after = { key: "cycle:paid", kind: "payout" };
    const [closed, paid] = await api.operations(operation, after);
    await api.operations(operation, after);
    const [own] = await api.operations({ key: "cycle:published", kind: "publish-statements" });
    const { body } = await api.send<{ data: { id: string; kind: string }[] }>(
      "GET",
      "/v1/operations?limit=100",
    );
    const first = body.data.findIndex(({ id }) => id === closed?.id);

    expect(body.data.slice(first).map(({ kind }) => kind)).to.deep.equal([
      "close-cycle",
      "publish-statements",
      "payout",
      "publish-statements",
    ]);
    expect(body.data.slice(first).map(({ id }) => id)).to.include.members([paid?.id, own?.id]);
  });

  context("given an order under a reference", () => {
    it("replays it for other moments and another key", async () => {
      const [first] = await api.operations(authorize("same").operation);
      const later = authorize("same", { terms: { captureBy: 1_800_100_000 } }).operation;
      const results = await api.operations(later, { ...later, key: "another key" });

      expect(results.map(({ status }) => status)).to.deep.equal(["replayed", "replayed"]);
      expect(results.map(({ id }) => id)).to.deep.equal([first?.id, first?.id]);
    });

    for (const [field, change] of [
      ["amount", { amount: "1001" }],
      ["currency", { currency: "EUR" }],
      ["payer", { payer: "bob" }],
      ["kind", { kind: "charge" }],
    ] as const) {
      it(`refuses it with another ${field}`, async () => {
        await api.operations(authorize(`other-${field}`).operation);
        const { operation } = authorize(`other-${field}`, { ...change, key: `other:${field}` });
        const [result] = await api.operations(operation);

        expect(result?.problem?.code).to.equal("reference_reused");
        expect(result?.problem?.field).to.equal(field);
      });
    }

    it("names the reference even where funding in the same group collides first", async () => {
      const funded = (amount: string): object[] => [
        { key: "funded:mint", group: 1, ...MINT, amount },
        { ...authorize("funded", { amount }).operation, group: 1 },
      ];
      await api.operations(...funded("1000"));
      const results = await api.operations(...funded("2000"));

      expect(results.map(({ problem }) => problem?.code)).to.deep.equal([
        "reference_reused",
        "reference_reused",
      ]);
    });

    it("lets it be asked for anew if it failed", async () => {
      const [first] = await api.operations(authorize("anew").operation);
      await fail(first?.id);
      const [refused] = await api.operations(onOrder("anew:capture", "capture", "anew"));
      const changed = authorize("anew", { terms: { nonce: 1n }, amount: "2000" });
      const [second, capture] = await api.operations(
        changed.operation,
        onOrder("anew:capture", "capture", "anew", { amount: "1500" }),
      );
      const { body } = await api.send<{ amount: string }>(
        "GET",
        `/v1/orders/ord_${changed.orderId.slice(2)}`,
      );

      expect(refused?.problem?.code).to.equal("order_unknown");
      expect([second?.status, capture?.status]).to.deep.equal(["accepted", "accepted"]);
      expect(body.amount).to.equal("2000");
    });
  });

  it("refuses an order whose terms stand under another reference already", async () => {
    const { operation } = authorize("original");
    const [, copy] = await api.operations(operation, { ...operation, key: "copy", reference: "copy" });

    expect(copy?.problem?.code).to.equal("order_exists");
  });

  context("when one of a group is refused", () => {
    it("takes none of the group and all of the others", async () => {
      const results = await api.operations(
        { key: "group:before", ...MINT },
        { ...register("payer", "grouped"), group: 7 },
        { ...authorize("grouped", { payer: "grouped" }).operation, group: 7 },
        { ...onOrder("group:capture", "capture", "grouped", { amount: "1001" }), group: 7 },
        { ...authorize("grouped-later", { payer: "grouped" }).operation, group: 8 },
        { key: "group:after", ...MINT },
      );

      expect(outcomes(results)).to.deep.equal([
        "accepted",
        "exceeds_capturable",
        "exceeds_capturable",
        "exceeds_capturable",
        "participant_unknown",
        "accepted",
      ]);
    });

    it("ends there if it is told to", async () => {
      const { body } = await api.send<{ results: Result[] }>("POST", "/v1/operations", {
        body: {
          stopOnError: true,
          operations: [
            { key: "stop:1", ...MINT },
            { ...onOrder("stop:2", "capture", "nowhere"), group: 1 },
            { key: "stop:3", group: 1, ...MINT },
            { key: "stop:4", ...MINT },
          ],
        },
      });

      expect(outcomes(body.results)).to.deep.equal(["accepted", "order_unknown", "order_unknown"]);
    });
  });

  it("cannot spend the same money in requests at the same time", async () => {
    await api.operations(authorize("race").operation, onOrder("race:capture", "capture", "race"));
    const refunds = Array.from({ length: 8 }, (_, index) =>
      api.operations(onOrder(`race:refund:${index}`, "refund", "race", { amount: "300" })),
    );
    const results = (await Promise.all(refunds)).flat();

    expect(results.filter(({ status }) => status === "accepted")).to.have.length(3);
    expect(results.filter(({ problem }) => problem?.code === "exceeds_refundable")).to.have.length(5);
  });
});

function outcomes(results: readonly Result[]): string[] {
  return results.map((result) => result.problem?.code ?? result.status);
}
