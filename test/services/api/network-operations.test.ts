import { expect } from "chai";
import { forEachEngine } from "../../support/database.ts";
import {
  type ApiFixture,
  addressOf,
  authorize,
  hexOf,
  NOW,
  onOrder,
  register,
  startApiFixture,
} from "./api-fixture.ts";

const DAY = 86_400;
const SIGNATURE = hexOf("44", 65);

forEachEngine("operations beside an order's money", (open) => {
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

  it("take what is asked of a dispute in its order", async () => {
    const { operation } = authorize("disputed", { kind: "charge" });
    const evidence = { side: "payer", evidenceHash: hexOf("22", 32) };
    const results = await api.operations(
      operation,
      onOrder("dis:open", "open-dispute", "disputed", {
        ...{ amount: "500", reason: "fraud", evidenceHash: hexOf("11", 32) },
      }),
      onOrder("dis:evidence", "submit-evidence", "disputed", evidence),
      onOrder("dis:early", "escalate", "disputed"),
      onOrder("dis:contest", "contest", "disputed", { evidenceHash: hexOf("33", 32) }),
      onOrder("dis:offer", "offer", "disputed", { amount: "0", deadline: NOW + DAY }),
      onOrder("dis:high", "offer", "disputed", { amount: "501", deadline: NOW + DAY }),
      onOrder("dis:rule", "rule", "disputed", {
        ...{ payerBps: 5_000, evidence: hexOf("55", 32), signatures: [SIGNATURE] },
      }),
      onOrder("dis:appeal", "appeal", "disputed", { side: "merchant" }),
      onOrder("dis:accept", "accept-offer", "disputed", { amount: "200" }),
      onOrder("dis:final", "finalize-dispute", "disputed"),
    );

    expect(results.map((result) => result.problem?.code ?? result.status)).to.deep.equal([
      "accepted",
      "accepted",
      "accepted",
      "dispute_state_wrong",
      "accepted",
      "accepted",
      "exceeds_order",
      "accepted",
      "accepted",
      "accepted",
      "accepted",
    ]);
  });

  for (const kind of ["freeze", "restrict", "reactivate", "confirm-payout-address"]) {
    it(`take ${kind} for who is registered`, async () => {
      const account = addressOf("merchant", "bookshop");

      expect(await codeOf({ key: `${kind}:1`, kind, account })).to.equal("accepted");
      expect(await codeOf({ key: `${kind}:2`, kind, account: hexOf("99", 20) })).to.equal(
        "participant_unknown",
      );
    });
  }

  for (const kind of ["release-reserve", "meet-obligations"]) {
    it(`take ${kind} for an account in a currency of the network`, async () => {
      const account = addressOf("merchant", "bookshop");

      expect(await codeOf({ key: `${kind}:1`, kind, account, currency: "BRL" })).to.equal("accepted");
      expect(await codeOf({ key: `${kind}:2`, kind, account, currency: "XXX" })).to.equal("currency_unknown");
    });
  }

  it("take a request for a new payout address until its deadline", async () => {
    const request = {
      ...{ kind: "request-payout-address", account: addressOf("merchant", "bookshop") },
      ...{ payoutAddress: hexOf("77", 20), signature: SIGNATURE },
    };

    expect(await codeOf({ ...request, key: "payout-address:1", deadline: NOW })).to.equal("accepted");
    expect(await codeOf({ ...request, key: "payout-address:2", deadline: NOW - 1 })).to.equal(
      "order_expired",
    );
  });

  it("take stops of known regions", async () => {
    expect(await codeOf({ key: "pause:1", kind: "pause", regions: ["capture"] })).to.equal("accepted");
    expect(await codeOf({ key: "pause:2", kind: "unpause", regions: ["capture"] })).to.equal("accepted");
    expect(await codeOf({ key: "pause:3", kind: "pause", regions: ["withdrawals"] })).to.equal("malformed");
  });

  it("have a route each", async () => {
    const { operation, orderId } = authorize("routed");
    await api.operations(operation);
    const account = addressOf("merchant", "bookshop");
    const routes = [
      [`/v1/participants/${account}/freezes`, {}],
      [`/v1/participants/${account}/reserve-releases`, { currency: "BRL" }],
      ["/v1/pauses", { regions: ["inflow"] }],
    ] as const;
    for (const [index, [path, body]] of routes.entries()) {
      const headers = { "idempotency-key": `route:${index}` };
      const { status } = await api.send("POST", path, { body, headers });
      expect({ path, status }).to.deep.equal({ path, status: 202 });
    }
    const malformed = await api.send("POST", `/v1/orders/ord_${orderId.slice(2)}/extensions`, {
      ...{ body: {}, headers: { "idempotency-key": "route:extend" } },
    });
    expect(malformed.status).to.equal(400);
  });
});
