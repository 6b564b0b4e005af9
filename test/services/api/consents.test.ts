import { expect } from "chai";
import {
  cancelDigest,
  deliveryDigest,
  extensionDigest,
  refundConsentDigest,
  signConsent,
  splitsHashOf,
} from "../../../services/chain/consent-signing.ts";
import { developmentParticipantKey } from "../../../services/chain/development-keys.ts";
import { ledgerDomain } from "../../../services/chain/order-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import { type Hex, orderTermsToJson, type Split } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import {
  type ApiFixture,
  addressOf,
  authorize,
  CHAIN_ID,
  hexOf,
  NOW,
  network,
  onOrder,
  register,
  startApiFixture,
} from "./api-fixture.ts";

const DAY = 86_400;
const domain = ledgerDomain(CHAIN_ID, network.ledger);
const PAYER = developmentParticipantKey(CHAIN_ID, "payer", "alice");
const MERCHANT = developmentParticipantKey(CHAIN_ID, "merchant", "bookshop");
const COURIER: Hex = hexOf("0c", 32);

forEachEngine("operations on consents", (open) => {
  let api: ApiFixture;

  before(async () => {
    api = await startApiFixture(await open());
    await api.operations(
      ...["bookshop", "maker", "rider"].map((name) => register("merchant", name)),
      register("payer", "alice"),
    );
  });
  after(() => api.close());

  async function codeOf(operation: object): Promise<string | undefined> {
    const [result] = await api.operations(operation);
    return result?.problem?.code ?? result?.status;
  }

  async function payloadOf(key: string): Promise<object> {
    const { payload } = await api.store.db
      .selectFrom("outbox_entry")
      .select("payload")
      .where("op_key", "=", key)
      .executeTakeFirstOrThrow();
    return payload;
  }

  describe("extend", () => {
    const captureBy = NOW + 20 * DAY;

    function extension(key: string, reference: string, orderId: Hex, merchantKey = MERCHANT) {
      const digest = extensionDigest({ orderId, captureBy }, domain);
      return onOrder(key, "extend", reference, {
        captureBy,
        payerSignature: signConsent(digest, PAYER),
        merchantSignature: signConsent(digest, merchantKey),
      });
    }

    it("is accepted with both signatures, and moves what may follow", async () => {
      const { operation, orderId } = authorize("extended");
      await api.operations(operation);

      expect(await codeOf(extension("extended:1", "extended", orderId))).to.equal("accepted");
      expect(await codeOf(extension("extended:2", "extended", orderId))).to.equal("extension_invalid");
    });

    it("is refused without the merchant's", async () => {
      const { operation, orderId } = authorize("one-sided");
      await api.operations(operation);

      expect(await codeOf(extension("one-sided:1", "one-sided", orderId, PAYER))).to.equal(
        "signature_invalid",
      );
    });
  });

  describe("cancel", () => {
    it("makes an order that was never used unusable", async () => {
      const { operation, orderId, terms } = authorize("canceled");
      const cancel = { key: "cancel:1", kind: "cancel", terms: orderTermsToJson(terms) };
      const signature = signConsent(cancelDigest(orderId, domain), PAYER);
      const forged = signConsent(cancelDigest(orderId, domain), MERCHANT);

      expect(await codeOf({ ...cancel, key: "cancel:forged", signature: forged })).to.equal(
        "signature_invalid",
      );
      expect(await codeOf({ ...cancel, signature })).to.equal("accepted");
      expect(await codeOf(operation)).to.equal("order_exists");
      expect(await codeOf({ ...cancel, signature })).to.equal("replayed");
    });

    it("is another operation for another order", async () => {
      const [one, other] = [authorize("cancel-one"), authorize("cancel-other")];
      const cancel = ({ orderId, terms }: typeof one) => ({
        ...{ key: "cancel:same-key", kind: "cancel", terms: orderTermsToJson(terms) },
        signature: signConsent(cancelDigest(orderId, domain), PAYER),
      });

      expect(await codeOf(cancel(one))).to.equal("accepted");
      expect(await codeOf(cancel(other))).to.equal("key_reused");
    });
  });

  describe("refund-by-consent", () => {
    it("is accepted on the amounts that the order has then, once", async () => {
      const { operation, orderId } = authorize("consented", { kind: "charge" });
      await api.operations(operation);
      const consent = { orderId, amount: 300n, capturable: 0n, refundable: 1_000n, deadline: NOW + DAY };
      const signature = signConsent(refundConsentDigest(consent, domain), MERCHANT);
      const body = { amount: "300", deadline: NOW + DAY, signature };

      expect(await codeOf(onOrder("consented:1", "refund-by-consent", "consented", body))).to.equal(
        "accepted",
      );
      expect(await codeOf(onOrder("consented:2", "refund-by-consent", "consented", body))).to.equal(
        "signature_invalid",
      );
    });
  });

  describe("deliver", () => {
    it("captures what is held on the word of the key in the terms", async () => {
      const { operation, orderId } = authorize("delivered", {
        terms: { deliveryKey: addressOfKey(COURIER) },
      });
      await api.operations(operation);
      const delivery = { orderId, deliveredAt: NOW, location: hexOf("1c", 32) };
      const body = (key: Hex) => ({
        ...{ deliveredAt: NOW, location: delivery.location },
        signature: signConsent(deliveryDigest(delivery, domain), key),
      });

      expect(await codeOf(onOrder("delivered:1", "deliver", "delivered", body(MERCHANT)))).to.equal(
        "signature_invalid",
      );
      expect(await codeOf(onOrder("delivered:2", "deliver", "delivered", body(COURIER)))).to.equal(
        "accepted",
      );
      expect(await codeOf(onOrder("delivered:3", "capture", "delivered"))).to.equal("exceeds_capturable");
    });
  });

  describe("an order of several payees", () => {
    const [first, second] = ["maker", "rider"].map((name) => addressOf("merchant", name)).sort() as [
      Hex,
      Hex,
    ];
    const splits = [
      { payee: first, bps: 1_000 },
      { payee: second, bps: 2_000 },
    ];
    const split = (reference: string, given: Split[]) => ({
      ...authorize(reference, { terms: { splitsHash: splitsHashOf(given) } }).operation,
      splits: given,
    });

    it("keeps its payees for every later operation", async () => {
      expect(await codeOf(split("split", splits))).to.equal("accepted");
      const dispute = { amount: "900", reason: "other", evidenceHash: hexOf("11", 32) };
      for (const [kind, body, hasSplits] of [
        ["capture", {}, true],
        ["refund", { amount: "100" }, true],
        ["open-dispute", dispute, false],
        ["accept-dispute", {}, false],
        ["finalize-dispute", {}, true],
      ] as const) {
        expect(await codeOf(onOrder(`split:${kind}`, kind, "split", body))).to.equal("accepted");
        const payload = await payloadOf(`split:${kind}`);
        if (hasSplits) expect(payload).to.deep.include({ splits });
        else expect(payload).to.not.have.property("splits");
      }
    });

    it("is refused with other payees than the payer signed, or none", async () => {
      const { operation } = authorize("other-split", { terms: { splitsHash: splitsHashOf(splits) } });
      const others = [{ payee: first, bps: 1_001 }];

      expect(await codeOf({ ...operation, splits: others })).to.equal("terms_invalid");
      expect(await codeOf(operation)).to.equal("terms_invalid");
    });

    it("is refused as a charge, which the ledger has not for several payees", async () => {
      const { operation } = authorize("split-charge", { kind: "charge" });

      expect(await codeOf({ ...operation, splits })).to.equal("malformed");
    });

    for (const [fault, given] of [
      ["out of order", [...splits].reverse()],
      ["twice the same", [splits[0], splits[0]]],
      ["without a share", [{ payee: first, bps: 0 }]],
      ["above the whole", splits.map(({ payee }) => ({ payee, bps: 5_001 }))],
      ["the merchant", [{ payee: addressOf("merchant", "bookshop"), bps: 1 }]],
    ] as [string, Split[]][]) {
      it(`is refused with payees that are ${fault}`, async () => {
        const [result] = await api.operations(split(`fault ${fault}`, given));

        expect(result?.problem).to.include({ code: "splits_invalid", field: "splits" });
      });
    }

    it("is refused with a payee that nobody registered", async () => {
      expect(await codeOf(split("stranger", [{ payee: hexOf("0e", 20), bps: 1 }]))).to.equal(
        "participant_unknown",
      );
    });
  });
});
