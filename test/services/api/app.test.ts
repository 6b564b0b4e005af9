import { expect } from "chai";
import { createApp } from "../../../services/api/app.ts";
import type { Problem } from "../../../services/api/problems.ts";
import { createLogger } from "../../../services/platform/logger.ts";
import { forEachEngine } from "../../support/database.ts";
import { listen } from "../../support/http.ts";
import {
  type ApiFixture,
  authorize,
  network,
  register,
  standingClock,
  startApiFixture,
} from "./api-fixture.ts";

const TOKEN = "a-token-of-this-test";

forEachEngine("HTTP API", (open) => {
  let api: ApiFixture;

  before(async () => {
    api = await startApiFixture(await open());
    await api.operations(register("merchant", "bookshop"), register("payer", "alice"));
  });
  after(() => api.close());

  context("when a request cannot be understood", () => {
    for (const [name, path, text, status, code] of [
      ["malformed JSON", "/v1/operations", '{"operations": [', 400, "malformed"],
      ["no body", "/v1/operations", undefined, 400, "malformed"],
      ["a body that is no object", "/v1/operations", "[]", 400, "malformed"],
      ["no operations", "/v1/operations", '{"operations": []}', 400, "malformed"],
      [
        "an operation without a key",
        "/v1/operations",
        '{"operations": [{"kind": "payout"}]}',
        400,
        "malformed",
      ],
      ["an unknown resource", "/v1/nothing", "{}", 404, "not_found"],
      ["a path that cannot be decoded", "/v1/orders/%ff/captures", "{}", 400, "malformed"],
    ] as const) {
      it(`answers ${name} with a problem`, async () => {
        const answer = await api.send<Problem>("POST", path, text === undefined ? {} : { text });

        expect(answer.status).to.equal(status);
        expect(answer.headers.get("content-type")).to.match(/^application\/problem\+json/);
        expect(answer.body).to.include({ code, status, instance: answer.headers.get("x-request-id") });
        expect(answer.body.type).to.equal(`/problems/${code.replaceAll("_", "-")}`);
      });
    }

    it("refuses a body beyond the limit", async () => {
      const text = JSON.stringify({ operations: [{ key: "x".repeat(5_000_000) }] });
      const { status, body } = await api.send<Problem>("POST", "/v1/operations", { text });

      expect([status, body.code]).to.deep.equal([413, "body_too_large"]);
    });

    it("refuses more operations than one request may carry", async () => {
      const operations = Array.from({ length: 1_001 }, (_, index) => ({
        key: `many:${index}`,
        kind: "payout",
      }));
      const { status, body } = await api.send<Problem>("POST", "/v1/operations", { body: { operations } });

      expect([status, body.code]).to.deep.equal([400, "malformed"]);
    });

    it("refuses unknown and wrong query parameters", async () => {
      for (const query of ["?page=2", "?limit=0", "?limit=1001", "?startingAfter=ord_1", "?state=paid"]) {
        const { status, body } = await api.send<Problem>("GET", `/v1/orders${query}`);

        expect([query, status, body.code]).to.deep.equal([query, 400, "malformed"]);
      }
    });
  });

  it("keeps a client's request id and makes one up otherwise", async () => {
    const kept = await api.send("GET", "/livez", { headers: { "x-request-id": "mine-1" } });
    const replaced = await api.send("GET", "/livez", { headers: { "x-request-id": "not mine" } });

    expect(kept.headers.get("x-request-id")).to.equal("mine-1");
    expect(replaced.headers.get("x-request-id")).to.match(/^[0-9a-f-]{36}$/);
  });

  context("given one resource route per operation", () => {
    it("answers with the operation, and with the same one again", async () => {
      const { key, ...body } = register("payer", "carol");
      const headers = { "idempotency-key": key };
      const first = await api.send<{ id: string; kind: string; state: string }>("POST", "/v1/participants", {
        ...{ headers, body: without(body, "kind") },
      });
      const second = await api.send("POST", "/v1/participants", { headers, body: without(body, "kind") });
      const found = await api.send("GET", `/v1/operations/${first.body.id}`);

      expect([first.status, first.body.kind, first.body.state]).to.deep.equal([202, "register", "queued"]);
      expect(first.headers.get("idempotent-replayed")).to.equal(null);
      expect([second.status, second.body]).to.deep.equal([202, first.body]);
      expect(second.headers.get("idempotent-replayed")).to.equal("true");
      expect(found.body).to.deep.equal(first.body);
    });

    it("refuses a request without a key", async () => {
      const { status, body } = await api.send<Problem>("POST", "/v1/payouts");

      expect([status, body.code]).to.deep.equal([400, "key_missing"]);
    });

    it("takes an order from authorization to refund and answers a refusal as a problem", async () => {
      const { orderId, operation } = authorize("by-route");
      const id = `ord_${orderId.slice(2)}`;
      const post = (path: string, body: object = {}) =>
        api.send<Problem & { order: string }>("POST", path, {
          ...{ body, headers: { "idempotency-key": `${path} ${JSON.stringify(body).length}` } },
        });

      const answers = [
        await post("/v1/orders", without(operation, "key", "kind")),
        await post(`/v1/orders/${id}/captures`, { amount: "600" }),
        await post(`/v1/orders/${id}/voids`),
        await post(`/v1/orders/${id}/refunds`, { amount: "100" }),
      ];
      const refused = await post(`/v1/orders/${id}/refunds`, { amount: "9999" });

      expect(answers.map(({ status, body }) => [status, body.order])).to.deep.equal(Array(4).fill([202, id]));
      expect([refused.status, refused.body.code]).to.deep.equal([409, "exceeds_refundable"]);
      expect(refused.body).to.include({ requested: "9999", refundable: "500" });
    });

    it("answers for resources that do not exist", async () => {
      const unknown = "0".repeat(64);
      const headers = { "idempotency-key": "unknown" };
      const answers = [
        await api.send<Problem>("GET", "/v1/operations/out_999999"),
        await api.send<Problem>("GET", "/v1/operations/out_x"),
        await api.send<Problem>("GET", `/v1/orders/ord_${unknown}`),
        await api.send<Problem>("GET", `/v1/disputes/dsp_${unknown}`),
        await api.send<Problem>("POST", `/v1/disputes/dsp_${unknown}/acceptances`, { headers }),
      ];

      expect(answers.map(({ status, body }) => [status, body.code])).to.deep.equal(
        Array(5).fill([404, "not_found"]),
      );
    });
  });

  context("given a bearer token", () => {
    let guarded: ApiFixture;

    before(async () => {
      guarded = await startApiFixture(await open(), { token: TOKEN });
    });
    after(() => guarded.close());

    it("refuses everything but health without it", async () => {
      for (const authorization of [
        undefined,
        "Bearer wrong",
        `Basic ${TOKEN}`,
        "Bearer",
        `Bearer ${TOKEN}x`,
      ]) {
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
        const { status, body } = await guarded.send<Problem>("GET", "/v1/chain", { headers });

        expect([status, body.code]).to.deep.equal([401, "unauthorized"]);
      }
      expect((await guarded.send("GET", "/livez")).status).to.equal(200);
    });
  });

  context("when the node or the mirror is not there", () => {
    after(() => api.setReachable(true));

    it("says so on readyz and answers 503 where it needs them", async () => {
      expect((await api.send("GET", "/readyz")).status).to.equal(200);

      api.setReachable(false);
      const unready = await api.send("GET", "/readyz");
      const refused = await api.send<Problem>("POST", "/v1/operations", {
        body: { operations: [{ key: "down", kind: "payout" }] },
      });
      const read = await api.send("GET", "/v1/orders");

      expect([unready.status, unready.body]).to.deep.equal([
        503,
        { status: "unready", reasons: ["chain_unreachable"] },
      ]);
      expect([refused.status, refused.body.code, refused.body.retryable]).to.deep.equal([
        503,
        "unavailable",
        true,
      ]);
      expect(read.status).to.equal(200);
    });

    it("is unready before the first block and while the mirror lags", async () => {
      const store = await open();
      const chain = { network, head: async () => ({ number: 1_000, timestamp: 1 }) };
      const logger = createLogger({ level: "silent", role: "test" });
      const { send, close } = await listen(createApp({ store, chain, clock: standingClock, logger }));
      const unmirrored = await send("GET", "/readyz");
      const refused = await send<Problem>("GET", "/v1/orders");
      const lagging = await startApiFixture(store);
      const behind = await send<{ reasons: string[] }>("GET", "/readyz");
      await store.close();
      const broken = await send<{ reasons: string[] }>("GET", "/readyz");
      await lagging.close();
      await close();

      expect(unmirrored.body).to.deep.equal({ status: "unready", reasons: ["not_mirrored"] });
      expect([refused.status, refused.body.code]).to.deep.equal([503, "unavailable"]);
      expect(behind.body.reasons).to.deep.equal(["mirror_lags"]);
      expect(broken.body.reasons).to.deep.equal(["store_failed"]);
    });
  });
});

function without(body: object, ...members: string[]): object {
  return Object.fromEntries(Object.entries(body).filter(([member]) => !members.includes(member)));
}
