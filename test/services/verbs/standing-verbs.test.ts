import { expect } from "chai";
import { registryDomain } from "../../../services/chain/acceptance-signing.ts";
import { payoutAddressDigest, signConsent } from "../../../services/chain/consent-signing.ts";
import { addressOfKey, typeHash } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import { DAY, DOCUMENT, onboardingOf, startVerbDesk, type VerbDesk } from "./verb-desk.ts";

const STRANGER = typeHash("the key of a stranger");

forEachEngine("the standing of participants, through the API to the chain", (openStore) => {
  let desk: VerbDesk;
  let ann: Hex;
  let shop: Hex;

  before(async () => {
    desk = await startVerbDesk(await openStore());
    ann = desk.addressOf("payer", "ann");
    shop = desk.addressOf("merchant", "shop");
  });
  after(() => desk?.network.stop());
  afterEach(() => desk.expectSound());

  async function standingOf(address: Hex) {
    return await desk.store.db
      .selectFrom("chain_participant")
      .select(["status", "kind"])
      .where("address", "=", address)
      .executeTakeFirstOrThrow();
  }

  it("restricts, freezes and reactivates, and stops who is frozen", async () => {
    const order = await desk.order(100n);

    expect(
      await desk.ask({ kind: "restrict", account: ann }, { kind: "freeze", account: ann }),
    ).to.deep.equal(["included", "included"]);
    expect((await standingOf(ann)).status).to.equal("frozen");
    expect(await desk.ask(order.authorize, { kind: "restrict", account: ann })).to.deep.equal([
      "participant_not_active",
      "status_forbidden",
    ]);
    expect(await desk.ask({ kind: "reactivate", account: ann })).to.deep.equal(["included"]);
    expect(await desk.ask(order.authorize, order.on("void"))).to.deep.equal(["included", "included"]);
    expect(await desk.ask({ kind: "freeze", account: DOCUMENT.slice(0, 42) })).to.deep.equal([
      "participant_unknown",
    ]);
  });

  it("ends and renews due diligence", async () => {
    const order = await desk.order(100n);
    const set = (kycUntil: number) => ({ kind: "set-kyc" as const, account: ann, kycLevel: 1, kycUntil });

    expect(await desk.ask(set(1))).to.deep.equal(["included"]);
    expect(await desk.ask(order.authorize)).to.deep.equal(["kyc_expired"]);
    expect(await desk.ask(set(2 ** 40 - 1), order.authorize, order.on("void"))).to.deep.equal([
      "included",
      "included",
      "included",
    ]);
  });

  it("closes who has nothing left, and takes no orders of who is closing", async () => {
    const bakery = desk.addressOf("merchant", "bakery");
    await desk.ask(...(await onboardingOf(desk, "merchant", "bakery")));
    const close = { kind: "close-account" as const, account: bakery };

    expect(await desk.ask(close)).to.deep.equal(["status_forbidden"]);
    expect(await desk.ask({ kind: "start-closing", account: bakery })).to.deep.equal(["included"]);
    const order = await desk.order(100n, { merchant: bakery });
    expect(await desk.ask({ ...order.authorize, merchant: "bakery" })).to.deep.equal([
      "participant_not_active",
    ]);
    expect(await desk.ask(close)).to.deep.equal(["account_not_closable"]);
    await desk.pass(400 * DAY);
    expect(await desk.ask(close)).to.deep.equal(["included"]);
    expect((await standingOf(bakery)).status).to.equal("closed");
  });

  describe("a payout address", () => {
    const payoutAddress = addressOfKey(typeHash("another wallet"));

    async function request(deadline: number, key = desk.network.keyOf("merchant", "shop")) {
      const { participantRegistry } = desk.network.chain.deployment.contracts;
      const [nonce] = await desk.read("participantRegistry", "payoutAddressNonce", [shop]);
      const change = { account: shop, payoutAddress, nonce: nonce as bigint, deadline };
      const digest = payoutAddressDigest(change, registryDomain(31337, participantRegistry.address));
      const signature = signConsent(digest, key);
      return { kind: "request-payout-address" as const, account: shop, payoutAddress, deadline, signature };
    }

    it("is asked for by its owner's signature, taken back, and confirmed after its delay", async () => {
      const deadline = (await desk.now()) + DAY;
      const confirm = { kind: "confirm-payout-address" as const, account: shop };
      const cancel = { kind: "cancel-payout-address" as const, account: shop };

      expect(await desk.ask(await request(1))).to.deep.equal(["order_expired"]);
      expect(await desk.ask(await request(deadline, STRANGER))).to.deep.equal(["signature_invalid"]);
      expect(await desk.ask(confirm)).to.deep.equal(["payout_address_unrequested"]);
      expect(await desk.ask(await request(deadline), confirm, cancel)).to.deep.equal([
        "included",
        "payout_address_pending",
        "included",
      ]);
      expect(await desk.ask(await request(deadline))).to.deep.equal(["included"]);
      await desk.pass(30 * DAY);
      expect(await desk.ask(confirm)).to.deep.equal(["included"]);
      const [paidAt] = await desk.read("participantRegistry", "payoutAddressOf", [shop]);
      expect(String(paidAt).toLowerCase()).to.equal(payoutAddress);
    });
  });

  it("stops and starts regions, in the order of what was asked", async () => {
    const [held, charged, late] = [await desk.order(100n), await desk.order(100n), await desk.order(100n)];
    const regions = ["inflow", "capture"];

    expect(await desk.ask(held.authorize, { kind: "pause", regions }, held.on("capture"))).to.deep.equal([
      "included",
      "included",
      "paused",
    ]);
    expect(await desk.ask({ ...charged.authorize, kind: "charge" }, held.on("void"))).to.deep.equal([
      "paused",
      "included",
    ]);
    expect(await desk.ask({ kind: "unpause", regions }, { ...late.authorize, kind: "charge" })).to.deep.equal(
      ["included", "included"],
    );
  });
});
