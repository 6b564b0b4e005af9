import { expect } from "chai";
import { orderTermsToJson } from "../../services/domain/order-terms.ts";
import { draftOrderTerms } from "../../services/journal/order-terms-draft.ts";
import { startTestNetwork, type TestNetwork } from "../support/network.ts";

const DAY = 86_400;

/** Every outcome that an order can have, over HTTP, on a real chain and a real database; amounts with a fee of 5 %. */
describe("the story of an order", () => {
  let network: TestNetwork;

  before(async function startNetwork() {
    this.timeout(120_000);
    network = await startTestNetwork({ engine: "hardhat" });
  });

  after(() => network.stop());

  afterEach(async () => {
    const { ok, breaks } = await network.audit();
    expect({ ok, breaks }).to.deep.equal({ ok: true, breaks: [] });
  });

  const authorize = (merchant: string, amount = "10000") => ({
    op: "authorize",
    order: "A-1",
    merchant,
    payer: `payer of ${merchant}`,
    currency: "BRL",
    amount,
  });
  const about = (merchant: string, op: string, more: object = {}) => ({
    op,
    order: "A-1",
    merchant,
    ...more,
  });
  const dispute = (merchant: string) =>
    about(merchant, "dispute", { amount: "10000", reason: "not_as_described" });
  const payOut = [{ op: "close-cycle" }, { op: "payout" }];

  async function orderOf(merchant: string): Promise<{ id: string; state: string; capturable: string }> {
    const { body } = await network.send<{ data: { id: string; state: string; capturable: string }[] }>(
      "GET",
      `/v1/orders?merchant=${encodeURIComponent(merchant)}&reference=A-1`,
    );
    const [order] = body.data;
    if (order === undefined) throw new Error("The order is not mirrored.");
    return order;
  }

  async function disputeOf(
    merchant: string,
  ): Promise<{ id: string; state: string; basis: string; awarded: string }> {
    const { body } = await network.send<{
      data: { id: string; state: string; basis: string; awarded: string }[];
    }>("GET", `/v1/disputes?merchant=${encodeURIComponent(merchant)}&reference=A-1`);
    const [found] = body.data;
    if (found === undefined) throw new Error("The dispute is not mirrored.");
    return found;
  }

  async function play(merchant: string, ...lines: readonly object[]): Promise<void> {
    const { failed } = await network.journal(lines);
    expect(failed, merchant).to.deep.equal([]);
  }

  it("delivered: the merchant is paid the amount less the fee", async () => {
    await play("delivered", authorize("delivered"), about("delivered", "capture"), ...payOut);

    expect(await network.balanceOf("delivered")).to.include({
      captured: "10000",
      fees: "500",
      paid: "9500",
      debt: "0",
    });
    expect(await orderOf("delivered")).to.include({ state: "captured", capturable: "0" });
  });

  it("cancelled: the payer has everything back", async () => {
    await play("cancelled", authorize("cancelled"), about("cancelled", "void"), ...payOut);

    expect(await network.balanceOf("cancelled")).to.include({ captured: "0", net: "0", paid: "0" });
    expect(await orderOf("cancelled")).to.include({ state: "voided" });
  });

  it("refunded before payout: the refund comes out of what is pending, with its fee", async () => {
    await play(
      "early refund",
      authorize("early refund"),
      about("early refund", "capture"),
      about("early refund", "refund", { amount: "4000" }),
    );

    expect(await network.balanceOf("early refund")).to.include({
      refunded: "4000",
      fees: "300",
      pending: "5700",
    });
  });

  it("refunded after payout: the merchant owes it, and the next order pays it back", async () => {
    await play("late refund", authorize("late refund"), about("late refund", "capture"), ...payOut);
    await play("late refund", about("late refund", "refund", { amount: "10000" }));
    expect(await network.balanceOf("late refund")).to.include({ net: "0", paid: "9500", debt: "9500" });

    await play(
      "late refund",
      { ...authorize("late refund", "20000"), op: "charge", order: "A-2" },
      ...payOut.map((line) => ({ ...line, at: "2026-01-01T00:00:00Z" })),
    );
    expect(await network.balanceOf("late refund")).to.include({ net: "19000", paid: "19000", debt: "0" });
  });

  for (const { outcome, payerBps, awarded, pending } of [
    { outcome: "won", payerBps: 10_000, awarded: "10000", pending: "0" },
    { outcome: "lost", payerBps: 0, awarded: "0", pending: "9500" },
    { outcome: "split", payerBps: 3_333, awarded: "3333", pending: "6334" },
  ]) {
    it(`dispute ${outcome}: the panel's ruling is paid`, async () => {
      const merchant = `dispute ${outcome}`;
      await play(
        merchant,
        authorize(merchant),
        about(merchant, "capture"),
        dispute(merchant),
        about(merchant, "rule", { payerBps }),
      );

      expect(await disputeOf(merchant)).to.include({ state: "final", basis: "panel", awarded });
      expect(await network.balanceOf(merchant)).to.include({ awarded, pending, debt: "0" });
    });
  }

  it("silent merchant: the payer wins once the time to answer is over", async () => {
    await play(
      "silent merchant",
      authorize("silent merchant"),
      about("silent merchant", "capture"),
      dispute("silent merchant"),
    );
    const { id } = await disputeOf("silent merchant");
    const early = await network.post(`/v1/disputes/${id}/finalizations`);
    expect(early.body.code).to.equal("dispute_deadline_pending");

    await network.advance(DAY + 1);
    const late = await network.post(`/v1/disputes/${id}/finalizations`);

    expect(late.status).to.equal(202);
    expect(await disputeOf("silent merchant")).to.include({
      state: "final",
      basis: "merchant_silent",
      awarded: "10000",
    });
  });

  it("silent panel: the order's own default is paid once the time to rule is over", async () => {
    await play(
      "silent panel",
      authorize("silent panel"),
      about("silent panel", "capture"),
      dispute("silent panel"),
    );
    const { id } = await disputeOf("silent panel");
    await network.post(`/v1/disputes/${id}/contests`, { evidenceHash: `0x${"07".repeat(32)}` });

    await network.advance(DAY + 1);
    await network.post(`/v1/disputes/${id}/finalizations`);

    expect(await disputeOf("silent panel")).to.include({
      state: "final",
      basis: "panel_silent",
      awarded: "5000",
    });
  });

  it("expired: anyone takes the hold back for the payer, not a second too early", async () => {
    const merchant = "expired";
    await play(merchant, authorize(merchant));
    const chain = await network.api.chain();
    const payer = network.signer.addressOf("payer", `payer of ${merchant}`);
    const draft = draftOrderTerms({
      chain,
      payer,
      merchant: network.signer.addressOf("merchant", merchant),
      token: chain.tokens.BRL ?? "0x",
      amount: 700n,
      feeBps: 500,
      reference: [merchant, "short"],
      salt: "seven",
    });
    const terms = {
      ...draft,
      authorizeBy: chain.chainTime + DAY,
      captureBy: chain.chainTime + DAY,
      reclaimFrom: chain.chainTime + DAY + 60,
      refundBy: chain.chainTime + 2 * DAY,
    };
    const { orderId, signature } = network.signer.signOrder({ payer: `payer of ${merchant}`, terms });
    await network.post("/v1/operations", {
      operations: [
        { key: "mint", kind: "mint", currency: "BRL", amount: "700", bankReference: `0x${"71".repeat(32)}` },
        { key: "deposit", kind: "deposit", account: payer, currency: "BRL", amount: "700" },
      ],
    });
    const placed = await network.post("/v1/orders", {
      ...{ kind: "authorize", reference: "short", merchant, payer: `payer of ${merchant}`, currency: "BRL" },
      ...{ amount: "700", terms: orderTermsToJson(terms), signature },
    });
    expect(placed.status).to.equal(202);
    const id = `ord_${orderId.slice(2)}`;
    const early = await network.post(`/v1/orders/${id}/reclaims`);
    expect(early.body.code).to.equal("not_reclaimable");

    await network.advance(DAY + 60);
    const late = await network.post(`/v1/orders/${id}/reclaims`);

    expect(late.status).to.equal(202);
    const { body } = await network.send<{ state: string }>("GET", `/v1/orders/${id}`);
    expect(body.state).to.equal("reclaimed");
  });
}).timeout(60_000);
