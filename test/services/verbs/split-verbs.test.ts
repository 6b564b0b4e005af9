import { expect } from "chai";
import { deliveryDigest, refundConsentDigest, signConsent } from "../../../services/chain/consent-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import type { Hex, Split } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import { DAY, DOCUMENT, onboardingOf, startVerbDesk, type VerbDesk } from "./verb-desk.ts";

const LOCATION: Hex = `0x${"1c".repeat(32)}`;

forEachEngine("orders of several payees, through the API to the chain", (openStore) => {
  let desk: VerbDesk;
  let splits: Split[];
  let rider: Hex;

  before(async () => {
    desk = await startVerbDesk(await openStore());
    await desk.ask(...(await onboardingOf(desk, "courier", "rider")));
    rider = desk.network.keyOf("courier", "rider");
    const shares = [
      { payee: desk.addressOf("courier", "rider"), bps: 1_500 },
      { payee: desk.addressOf("merchant", "maker"), bps: 500 },
    ];
    splits = shares.sort((left, right) => (left.payee < right.payee ? -1 : 1));
  });
  after(() => desk?.network.stop());
  afterEach(() => desk.expectSound());

  async function pendingOf(account: Hex): Promise<string | undefined> {
    const row = await desk.store.db
      .selectFrom("account")
      .select("pending")
      .where("address", "=", account)
      .executeTakeFirst();
    return row?.pending;
  }

  it("shares what is captured, takes it back with refund and award, settles and pays it out", async () => {
    const order = await desk.order(10_000n, {}, splits);
    expect(await desk.ask(order.authorize, order.on("capture"))).to.deep.equal(["included", "included"]);
    // Of 10,000 the operator has 5 per cent; the rest is shared.
    expect(await pendingOf(desk.addressOf("courier", "rider"))).to.equal("1425");
    expect(await pendingOf(desk.addressOf("merchant", "maker"))).to.equal("475");

    const dispute = { amount: "4000", reason: "not_as_described", evidenceHash: DOCUMENT };
    const outcomes = await desk.ask(
      order.on("refund", { amount: "2000" }),
      order.on("open-dispute", dispute),
      order.on("refund", { amount: "5000" }),
      order.on("accept-dispute"),
      order.on("finalize-dispute"),
    );
    expect(outcomes).to.deep.equal(["included", "included", "exceeds_refundable", "included", "included"]);
    expect(await desk.wordOf(order)).to.include({ refundable: 4_000n });
    expect(await pendingOf(desk.addressOf("courier", "rider"))).to.equal("570");

    expect(await desk.ask({ kind: "close-cycle" }, { kind: "payout" })).to.deep.equal([
      "included",
      "included",
    ]);
    const paid = await desk.store.db.selectFrom("account").select(["address", "paid"]).execute();
    const paidTo = Object.fromEntries(paid.map((row) => [row.address, row.paid]));
    expect(paidTo[desk.addressOf("courier", "rider")]).to.equal("570");
    expect(paidTo[desk.addressOf("merchant", "maker")]).to.equal("190");
    expect(paidTo[desk.addressOf("merchant", "shop")]).to.equal("3040");
  });

  it("captures on the courier's proof, and refunds with the merchant's consent", async () => {
    const order = await desk.order(10_000n, { deliveryKey: addressOfKey(rider) }, splits);
    const deliveredAt = await desk.now();
    const delivery = { orderId: order.orderId, deliveredAt, location: LOCATION };
    const consent = { capturable: 0n, refundable: 10_000n, deadline: deliveredAt + DAY };
    const consentDigest = refundConsentDigest(
      { orderId: order.orderId, amount: 10_000n, ...consent },
      desk.ledger,
    );

    const outcomes = await desk.ask(
      order.authorize,
      order.on("deliver", {
        ...{ deliveredAt, location: LOCATION },
        signature: signConsent(deliveryDigest(delivery, desk.ledger), rider),
      }),
      order.on("refund-by-consent", {
        ...{ amount: "10000", deadline: consent.deadline },
        signature: signConsent(consentDigest, desk.network.keyOf("merchant", "shop")),
      }),
    );
    expect(outcomes).to.deep.equal(["included", "included", "included"]);
    expect(await desk.wordOf(order)).to.include({ state: "refunded" });
  });

  it("refuses other splits than were signed, and payees that do not accept the operator", async () => {
    const order = await desk.order(1_000n, {}, splits);
    const other = {
      ...order.authorize,
      splits: [{ payee: desk.addressOf("merchant", "maker"), bps: 9_999 }],
    };
    const { splits: _, ...none } = order.authorize as { splits?: unknown } & typeof order.authorize;
    expect(await desk.ask(other, none)).to.deep.equal(["terms_invalid", "terms_invalid"]);

    const [register] = await onboardingOf(desk, "courier", "stranger");
    const [openAccount] = (await onboardingOf(desk, "courier", "stranger")).slice(-1);
    if (register === undefined || openAccount === undefined) throw new Error("Nobody to onboard.");
    const strange = await desk.order(1_000n, {}, [{ payee: desk.addressOf("courier", "stranger"), bps: 1 }]);
    expect(await desk.ask(strange.authorize, register, openAccount, strange.authorize)).to.deep.equal([
      "participant_unknown",
      "included",
      "included",
      "operator_not_accepted",
    ]);
  });

  it("gives held money back whole: a void has no shares", async () => {
    const order = await desk.order(1_000n, {}, splits);

    expect(await desk.ask(order.authorize, order.on("void"))).to.deep.equal(["included", "included"]);
    expect(await desk.wordOf(order)).to.include({ state: "voided" });
  });
});
