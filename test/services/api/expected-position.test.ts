import { expect } from "chai";
import { disputeIdOf } from "../../../services/chain/dispute-signing.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import {
  type ApiFixture,
  authorize,
  hexOf,
  mirrorOrder,
  onOrder,
  register,
  standingClock,
  startApiFixture,
} from "./api-fixture.ts";

const CURSOR = 10;

forEachEngine("decisions on mirrored orders", (open) => {
  let api: ApiFixture;

  before(async () => {
    api = await startApiFixture(await open());
    await api.operations(register("merchant", "bookshop"), register("payer", "alice"));
  });
  after(() => api.close());

  /** An entry goes through the relayer: one attempt, and the block that it is in once the relayer knows. */
  async function send(id: string | undefined, txHash: Hex, blockNumber?: number): Promise<void> {
    const entryId = Number.parseInt(id?.slice(4) ?? "", 10);
    const slot = { instance_id: api.instanceId, signer: hexOf("b1", 20), nonce: entryId };
    const created_at = standingClock.now();
    await api.store.db
      .insertInto("nonce_slot")
      .values({ ...slot, created_at })
      .execute();
    await api.store.db
      .insertInto("attempt")
      .values({ ...slot, tx_hash: txHash, raw_signed: "0x", state: "broadcast", created_at })
      .execute();
    await api.store.db
      .insertInto("attempt_entry")
      .values({ instance_id: api.instanceId, tx_hash: txHash, entry_id: entryId })
      .execute();
    const state = blockNumber === undefined ? "submitted" : "included";
    await api.store.db
      .updateTable("outbox_entry")
      .set({ state, block_number: blockNumber ?? null })
      .where("id", "=", entryId)
      .execute();
  }

  async function codeOf(operation: object): Promise<string | undefined> {
    const [result] = await api.operations(operation);
    return result?.problem?.code ?? result?.status;
  }

  it("count an operation once it is mirrored, and only once", async () => {
    const order = authorize("counted");
    const [authorized, capture] = await api.operations(
      order.operation,
      onOrder("counted:capture", "capture", "counted", { amount: "600" }),
    );
    await send(authorized?.id, hexOf("71", 32), CURSOR - 1);
    await send(capture?.id, hexOf("72", 32), CURSOR);
    await mirrorOrder(api, order, {
      ...{ captured: "600", capturable: "400", refundable: "600", captured_at: 1_800_000_000 },
      tx_hash: hexOf("72", 32),
    });

    expect(await codeOf(onOrder("counted:void", "void", "counted", { amount: "401" }))).to.equal(
      "exceeds_capturable",
    );
    expect(await codeOf(onOrder("counted:void", "void", "counted", { amount: "400" }))).to.equal("accepted");
  });

  it("count an operation that is included above the cursor as pending", async () => {
    const order = authorize("ahead");
    const [authorized, capture] = await api.operations(
      order.operation,
      onOrder("ahead:capture", "capture", "ahead", { amount: "600" }),
    );
    await send(authorized?.id, hexOf("73", 32), CURSOR);
    await send(capture?.id, hexOf("74", 32), CURSOR + 1);
    await mirrorOrder(api, order, { tx_hash: hexOf("73", 32) });

    expect(await codeOf(onOrder("ahead:refund", "refund", "ahead", { amount: "601" }))).to.equal(
      "exceeds_refundable",
    );
    expect(await codeOf(onOrder("ahead:refund", "refund", "ahead", { amount: "600" }))).to.equal("accepted");
  });

  it("do not count twice what the mirror shows before the relayer has noticed", async () => {
    const order = authorize("unnoticed");
    const [authorized, capture, first] = await api.operations(
      order.operation,
      onOrder("unnoticed:capture", "capture", "unnoticed"),
      onOrder("unnoticed:refund:1", "refund", "unnoticed", { amount: "500" }),
    );
    await send(authorized?.id, hexOf("75", 32));
    await send(capture?.id, hexOf("76", 32));
    await send(first?.id, hexOf("77", 32));
    await mirrorOrder(api, order, {
      ...{ captured: "1000", capturable: "0", refunded: "500", refundable: "500", state: "captured" },
      ...{ captured_at: 1_800_000_000, tx_hash: hexOf("77", 32) },
    });
    const second = onOrder("unnoticed:refund:2", "refund", "unnoticed", { amount: "500" });

    expect(await codeOf(second)).to.equal("accepted");
    expect(await codeOf({ ...second, key: "unnoticed:refund:3", amount: "1" })).to.equal(
      "exceeds_refundable",
    );
  });

  it("leave what failed out", async () => {
    const [, capture] = await api.operations(
      authorize("left-out").operation,
      onOrder("left-out:capture", "capture", "left-out"),
    );
    await api.store.db
      .updateTable("outbox_entry")
      .set({ state: "failed", error_code: "operator_not_accepted" })
      .where("id", "=", Number.parseInt(capture?.id?.slice(4) ?? "", 10))
      .execute();

    expect(await codeOf(onOrder("left-out:void", "void", "left-out", { amount: "1000" }))).to.equal(
      "accepted",
    );
  });

  it("see the dispute that stands open", async () => {
    const order = authorize("disputed");
    const [authorized] = await api.operations(order.operation);
    await send(authorized?.id, hexOf("78", 32), 1);
    await mirrorOrder(api, order, {
      ...{
        captured: "1000",
        capturable: "0",
        refundable: "1000",
        state: "captured",
        captured_at: 1_799_999_000,
      },
      ...{ is_disputed: true, dispute_count: 1, tx_hash: hexOf("78", 32) },
    });
    await mirrorDispute(order.orderId);

    expect(await codeOf(onOrder("disputed:again", "open-dispute", "disputed", dispute))).to.equal(
      "order_disputed",
    );
    expect(await codeOf(onOrder("disputed:refund", "refund", "disputed", { amount: "401" }))).to.equal(
      "exceeds_refundable",
    );
    expect(await codeOf(onOrder("disputed:late", "finalize-dispute", "disputed"))).to.equal(
      "dispute_deadline_pending",
    );
    const id = disputeIdOf(order.orderId, 1).slice(2);
    const accepted = await api.send<{ dispute: string }>("POST", `/v1/disputes/dsp_${id}/acceptances`, {
      headers: { "idempotency-key": "disputed:accept" },
    });
    expect(accepted.status).to.equal(202);
    expect(accepted.body.dispute).to.equal(`dsp_${id}`);
    expect(await codeOf(onOrder("disputed:final", "finalize-dispute", "disputed"))).to.equal("accepted");
  });

  async function mirrorDispute(orderId: Hex): Promise<void> {
    await api.store.db
      .insertInto("dispute")
      .values({
        ...{ instance_id: api.instanceId, dispute_id: disputeIdOf(orderId, 1), order_id: orderId },
        ...{
          merchant: hexOf("01", 20),
          payer: hexOf("02", 20),
          amount: "600",
          reason: "fraud",
          state: "contested",
        },
        ...{ basis: null, payer_bps: null, evidence: hexOf("05", 32), respond_by: 1_800_000_100 },
        ...{
          rule_by: 1_800_000_200,
          captured: "600",
          held: "0",
          locked_pending: "600",
          locked_available: "0",
          locked_cycle: 1,
          ...{ award: null, locked_reserve: "0", bond: "0", deferred: "0" },
          ...{ payer_offer: null, merchant_offer: null },
        },
        ...{ awarded: "0", voided: "0", block_hash: hexOf("06", 32), block_number: 2, log_index: 1 },
        tx_hash: hexOf("79", 32),
      })
      .execute();
  }
});

const dispute = { amount: "10", reason: "fraud", evidenceHash: hexOf("11", 32) };
