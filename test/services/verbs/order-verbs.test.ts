import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import {
  cancelDigest,
  deliveryDigest,
  extensionDigest,
  refundConsentDigest,
  signConsent,
} from "../../../services/chain/consent-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import { type Hex, orderTermsToJson } from "../../../services/domain/order-terms.ts";
import { PERMIT_TYPES, RECEIVE_TYPES } from "../../support/builders/token-signatures.ts";
import { forEachEngine } from "../../support/database.ts";
import { DAY, startVerbDesk, type VerbDesk, type VerbOrder } from "./verb-desk.ts";

const COURIER: Hex = `0x${"0c".repeat(32)}`;
const LOCATION: Hex = `0x${"1c".repeat(32)}`;

forEachEngine("the life of an order, through the API to the chain", (openStore) => {
  let desk: VerbDesk;
  let ann: Hex;
  let shop: Hex;

  before(async () => {
    desk = await startVerbDesk(await openStore());
    ann = desk.network.keyOf("payer", "ann");
    shop = desk.network.keyOf("merchant", "shop");
  });
  after(() => desk?.network.stop());
  afterEach(() => desk.expectSound());

  function extension(order: VerbOrder, captureBy: number, merchantKey = shop) {
    const digest = extensionDigest({ orderId: order.orderId, captureBy }, desk.ledger);
    return order.on("extend", {
      captureBy,
      payerSignature: signConsent(digest, ann),
      merchantSignature: signConsent(digest, merchantKey),
    });
  }

  it("extends with both signatures, and captures after the first deadline", async () => {
    const order = await desk.order(1_000n);
    const captureBy = order.terms.captureBy + 20 * DAY;

    const outcomes = await desk.ask(
      order.authorize,
      extension(order, captureBy, ann),
      extension(order, order.terms.captureBy),
      extension(order, captureBy + 365 * DAY),
      extension(order, captureBy),
    );

    expect(outcomes).to.deep.equal([
      "included",
      "signature_invalid",
      "extension_invalid",
      "extension_invalid",
      "included",
    ]);
    expect(await desk.wordOf(order)).to.include({ isShifted: true, state: "authorized" });
    await desk.pass(40 * DAY);
    expect(await desk.ask(order.on("capture"))).to.deep.equal(["included"]);
    expect(await desk.ask(extension(order, captureBy + DAY))).to.deep.equal(["exceeds_capturable"]);
  });

  it("refuses to extend what has expired", async () => {
    const order = await desk.order(1_000n);
    await desk.ask(order.authorize);
    await desk.pass(31 * DAY);

    expect(await desk.ask(extension(order, order.terms.captureBy + 20 * DAY))).to.deep.equal([
      "order_expired",
    ]);
    expect(await desk.ask(order.on("capture"), order.on("reclaim"))).to.deep.equal([
      "order_expired",
      "included",
    ]);
  });

  it("cancels an order that was never used, and no other", async () => {
    const never = await desk.order(1_000n);
    const used = await desk.order(1_000n);
    const cancel = ({ orderId, terms }: VerbOrder, key = ann) => ({
      ...{ kind: "cancel" as const, terms: orderTermsToJson(terms) },
      signature: signConsent(cancelDigest(orderId, desk.ledger), key),
    });

    const outcomes = await desk.ask(cancel(never, shop), cancel(never), used.authorize, cancel(used));
    expect(outcomes).to.deep.equal(["signature_invalid", "included", "included", "order_exists"]);
    expect(await desk.wordOf(never)).to.include({ state: "canceled" });
    expect(await desk.ask(never.authorize)).to.deep.equal(["order_exists"]);
    expect(await desk.ask(used.on("void"))).to.deep.equal(["included"]);
  });

  it("captures on a proof of delivery by the key that the terms name", async () => {
    const order = await desk.order(1_000n, { deliveryKey: addressOfKey(COURIER) });
    const now = await desk.now();
    const deliver = (deliveredAt: number, key = COURIER) => {
      const digest = deliveryDigest({ orderId: order.orderId, deliveredAt, location: LOCATION }, desk.ledger);
      return order.on("deliver", { deliveredAt, location: LOCATION, signature: signConsent(digest, key) });
    };

    const outcomes = await desk.ask(order.authorize, deliver(now + DAY), deliver(now, ann), deliver(now));
    expect(outcomes).to.deep.equal(["included", "delivery_invalid", "signature_invalid", "included"]);
    expect(await desk.wordOf(order)).to.include({ state: "captured", refundable: 1_000n, capturable: 0n });
    expect(await desk.ask(deliver(now))).to.deep.equal(["exceeds_capturable"]);
  });

  it("refunds on the merchant's consent, once", async () => {
    const order = await desk.order(1_000n);
    const deadline = (await desk.now()) + DAY;
    const refund = (refundable: bigint, until = deadline, key = shop) => {
      const consent = { orderId: order.orderId, amount: 400n, capturable: 0n, refundable, deadline: until };
      const signature = signConsent(refundConsentDigest(consent, desk.ledger), key);
      return order.on("refund-by-consent", { amount: "400", deadline: until, signature });
    };

    const outcomes = await desk.ask(
      { ...order.authorize, kind: "charge" },
      refund(1_000n, deadline, ann),
      refund(1_000n, deadline - 2 * DAY),
      refund(1_000n),
      refund(1_000n),
    );
    expect(outcomes).to.deep.equal([
      "included",
      "signature_invalid",
      "order_expired",
      "included",
      "signature_invalid",
    ]);
    expect(await desk.wordOf(order)).to.include({ refundable: 600n });
  });

  describe("with money of the payer's wallet", () => {
    before(async () => {
      const { issuer } = desk.network.signers;
      const reference = `0x${"ba".repeat(32)}`;
      await desk.send(issuer, "token", "mint", [desk.addressOf("payer", "ann"), 10_000n, reference]);
    });

    it("authorizes by a transfer that the payer signed", async () => {
      const order = await desk.order(1_000n);
      const request = { ...order.authorize, kind: "authorize-by-transfer" as const };
      const forged = await desk.order(1_000n);

      const outcomes = await desk.ask(
        { ...request, signature: await signTransfer(desk, order, ann) },
        {
          ...{ ...forged.authorize, kind: "authorize-by-transfer" },
          signature: await signTransfer(desk, forged, shop),
        },
        order.on("capture", { amount: "600" }),
        order.on("void"),
      );
      expect(outcomes).to.deep.equal(["included", "signature_invalid", "included", "included"]);
      expect(await desk.wordOf(order)).to.include({ state: "captured", refundable: 600n });
    });

    it("authorizes through the collector with a permit, once the network allows it", async () => {
      const { permitCollector } = desk.network.chain.deployment.contracts;
      const order = await desk.order(1_000n);
      const through = async () => ({
        ...{ ...order.authorize, kind: "authorize-through" as const },
        permit: await signPermit(desk, 1_000n, order.terms.authorizeBy, ann),
      });
      const allow = (isAllowed: boolean) =>
        desk.send(desk.admin, "settlementLedger", "setCollector", [permitCollector.address, isAllowed]);

      await allow(false);
      expect(await desk.ask(await through())).to.deep.equal(["forbidden"]);
      await allow(true);
      const wrong = { ...(await through()), signature: signConsent(order.orderId, shop) };
      expect(await desk.ask(wrong, await through(), order.on("capture"))).to.deep.equal([
        "signature_invalid",
        "included",
        "included",
      ]);
      expect(await desk.wordOf(order)).to.include({ state: "captured", refundable: 1_000n });
    });
  });
});

async function signTransfer(desk: VerbDesk, { orderId, terms }: VerbOrder, key: Hex): Promise<Hex> {
  const { deployment } = desk.network.chain;
  const [book] = await desk.read("settlementLedger", "bookOf", [deployment.operator, desk.network.token]);
  return signToken(desk, RECEIVE_TYPES, key, {
    ...{ from: terms.payer, to: (book as { vault: string }).vault, value: terms.amount, validAfter: 0n },
    ...{ validBefore: BigInt(terms.authorizeBy) + 1n, nonce: orderId },
  });
}

async function signPermit(desk: VerbDesk, value: bigint, deadline: number, key: Hex) {
  const owner = addressOfKey(key);
  const spender = desk.network.chain.deployment.contracts.permitCollector.address;
  const [nonce] = await desk.read("token", "nonces", [owner]);
  const signature = await signToken(desk, PERMIT_TYPES, key, { owner, spender, value, nonce, deadline });
  return { value: value.toString(), deadline, signature };
}

async function signToken(
  desk: VerbDesk,
  types: Record<string, { name: string; type: string }[]>,
  key: Hex,
  message: Record<string, unknown>,
): Promise<Hex> {
  const [name] = await desk.read("token", "name", []);
  const domain = { name: String(name), version: "1", chainId: 31337, verifyingContract: desk.network.token };
  return signConsent(TypedDataEncoder.hash(domain, types, message) as Hex, key);
}
