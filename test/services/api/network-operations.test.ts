import { expect } from "chai";
import { disputeIdOf } from "../../../services/chain/dispute-signing.ts";
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
  });

  const account = "/participants/0x";
  const order = `/orders/ord_${"12".repeat(32)}`;
  for (const [path, pointer] of [
    ["/participants", "/participantKind"],
    ["/acceptances", "/merchant"],
    [`${account}/kyc`, "/account"],
    [`${account}/restrictions`, "/account"],
    [`${account}/reactivations`, "/account"],
    [`${account}/closings`, "/account"],
    [`${account}/closures`, "/account"],
    [`${account}/recoveries`, "/account"],
    [`${account}/payout-address-requests`, "/account"],
    [`${account}/payout-address-confirmations`, "/account"],
    [`${account}/payout-address-cancellations`, "/account"],
    [`${account}/accounts`, "/account"],
    [`${account}/met-obligations`, "/account"],
    [`${account}/rebindings`, "/account"],
    [`${account}/seizures`, "/amount"],
    ["/seizures/12/cancellations", "/seizure"],
    ["/seizures/0x12/executions", "/seizure"],
    ["/mints", "/amount"],
    ["/deposits", "/amount"],
    ["/cancellations", "/terms"],
    [`${order}/deliveries`, "/deliveredAt"],
    [`${order}/extensions`, "/captureBy"],
    [`${order}/refunds`, "/amount"],
    [`${order}/consented-refunds`, "/amount"],
    [`${order}/disputes`, "/amount"],
    ["/pauses", "/regions"],
    ["/unpauses", "/regions"],
  ] as const) {
    it(`tell which field is wrong: ${path}`, async () => {
      const { status, body } = await api.send<{ field?: string; errors?: { pointer: string }[] }>(
        "POST",
        `/v1${path}`,
        { body: {}, headers: { "idempotency-key": `wrong:${path}` } },
      );

      // An amount is read by the domain, which has a code of its own for what is none.
      const pointers = body.errors?.map((error) => error.pointer) ?? [`/${body.field}`];
      expect(status).to.equal(400);
      expect(pointers).to.include(pointer);
    });
  }

  it("tell which field of a dispute's operation is wrong", async () => {
    const { operation, orderId } = authorize("routed", { kind: "charge" });
    const opening = { amount: "500", reason: "fraud", evidenceHash: hexOf("11", 32) };
    await api.operations(operation, onOrder("routed:open", "open-dispute", "routed", opening));
    const dispute = `/v1/disputes/dsp_${disputeIdOf(orderId, 1).slice(2)}`;
    for (const [path, field] of [
      ["contests", "evidenceHash"],
      ["evidence", "side"],
      ["offers", "deadline"],
      ["agreements", "payerSignature"],
      ["rulings", "signatures"],
      ["appeals", "side"],
    ] as const) {
      const { status, body } = await api.send<{ errors?: { pointer: string }[] }>(
        "POST",
        `${dispute}/${path}`,
        {
          body: { amount: "1" },
          headers: { "idempotency-key": `wrong:${path}` },
        },
      );
      expect({ path, status }).to.deep.equal({ path, status: 400 });
      expect(body.errors?.map(({ pointer }) => pointer)).to.include(`/${field}`);
    }
    for (const path of ["acceptances", "withdrawn-offers", "escalations", "finalizations"]) {
      const { status } = await api.send("POST", `${dispute}/${path}`, {
        body: { more: true },
        headers: { "idempotency-key": `more:${path}` },
      });
      expect({ path, status }).to.deep.equal({ path, status: 400 });
    }
    const { status } = await api.send("POST", `${dispute}/accepted-offers`, {
      body: { amount: "100" },
      headers: { "idempotency-key": "accepted" },
    });
    expect(status).to.equal(202);
  });
});
