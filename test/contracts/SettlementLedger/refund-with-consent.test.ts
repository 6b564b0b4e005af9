import { expect } from "chai";
import { signRefundConsent } from "../../support/builders/consents.ts";
import { authorizedOrder, capturedOrder, signedOrder, type TestOrder } from "../../support/builders/order.ts";
import { registeredSplits, splitsHashOf } from "../../support/builders/splits.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { amountsOf, MAX_U40, MAX_U80, SCOPE } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.refundWithConsent", () => {
  it("refunds on the merchant's signature without a mandate, whoever calls", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const order = await capturedOrder(network);
    await registry.connect(actors.merchant).acceptOperator(actors.operator, SCOPE.accepts);
    const signature = await consentTo(network, order, 4_000n);

    const refunded = await ledger
      .connect(actors.outsider)
      .refundWithConsent(order.terms, [], 4_000n, order.terms.refundBy, signature);

    await expect(refunded).to.emit(ledger, "OrderRefunded");
    expect(amountsOf(await ledger.orderWord(order.id)).refundable).to.equal(6_000n);
    await expectConservation(network);
  });

  it("reverts with ConsentSignatureInvalid given a consent that was used", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await capturedOrder(network);
    const { terms } = order;
    const signature = await consentTo(network, order, 1_000n);
    await ledger.refundWithConsent(terms, [], 1_000n, terms.refundBy, signature);

    await expect(ledger.refundWithConsent(terms, [], 1_000n, terms.refundBy, signature))
      .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
      .withArgs(order.id, actors.merchant.address);
    await expectConservation(network);
  });

  it("reverts with ConsentSignatureInvalid given a used consent, even when a capture restored what was refundable", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    const { terms } = order;
    await ledger.connect(actors.operator).capture(terms, 4_000n);
    const signature = await consentTo(network, order, 1_000n);
    await ledger.refundWithConsent(terms, [], 1_000n, terms.refundBy, signature);
    await ledger.connect(actors.operator).capture(terms, 1_000n);

    expect(amountsOf(await ledger.orderWord(order.id)).refundable).to.equal(4_000n);
    await expect(
      ledger.refundWithConsent(terms, [], 1_000n, terms.refundBy, signature),
    ).to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid");
  });

  it("reverts with ConsentSignatureInvalid when the order no longer stands as it did", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    const { terms } = order;
    await ledger.connect(actors.operator).capture(terms, 4_000n);
    const signature = await consentTo(network, order, 1_000n);
    await ledger.connect(actors.merchant).void(terms, 1n);

    await expect(
      ledger.refundWithConsent(terms, [], 1_000n, terms.refundBy, signature),
    ).to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid");
  });

  it("reverts with ConsentSignatureInvalid when the merchant did not sign exactly this", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { payer, operator, merchant, otherMerchant } = actors;
    const order = await capturedOrder(network);
    const other = await capturedOrder(network, { nonce: 1n });
    const { terms } = order;

    for (const wrong of [
      "0x",
      order.signature,
      await consentTo(network, order, 1_000n, payer),
      await consentTo(network, order, 1_000n, operator),
      await consentTo(network, order, 1_000n, otherMerchant),
      await consentTo(network, order, 1_001n),
      await consentTo(network, other, 1_000n),
      await consentTo(network, order, 1_000n, merchant, terms.refundBy - 1),
    ]) {
      await expect(ledger.connect(operator).refundWithConsent(terms, [], 1_000n, terms.refundBy, wrong))
        .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
        .withArgs(order.id, merchant.address);
    }
    await expectConservation(network);
  });

  context("given the last second of the consent", () => {
    it("refunds, and reverts with OrderExpired one second later", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const order = await capturedOrder(network);
      const { terms } = order;
      const deadline = network.startedAt + 1_000;
      const first = await consentTo(network, order, 1n, actors.merchant, deadline);
      await time.setNextBlockTimestamp(deadline);
      await ledger.refundWithConsent(terms, [], 1n, deadline, first);
      const second = await consentTo(network, order, 1n, actors.merchant, deadline);

      await time.setNextBlockTimestamp(deadline + 1);
      await expect(ledger.refundWithConsent(terms, [], 1n, deadline, second))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(order.id, deadline, deadline + 1);
      await expectConservation(network);
    });
  });

  it("reverts with OrderExpired after refundBy, whatever the consent says", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await capturedOrder(network);
    const { terms } = order;
    const signature = await consentTo(network, order, 1n, actors.merchant, MAX_U40);
    await time.setNextBlockTimestamp(terms.refundBy + 1);

    await expect(ledger.refundWithConsent(terms, [], 1n, MAX_U40, signature))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(order.id, terms.refundBy, terms.refundBy + 1);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();
      const { ledger } = network;
      const order = await capturedOrder(network);
      const signature = await consentTo(network, order, amount);

      await expect(ledger.refundWithConsent(order.terms, [], amount, order.terms.refundBy, signature))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with OrderExceedsRefundable when more is consented to than was captured", async () => {
    const network = await load();
    const { ledger } = network;
    const order = await capturedOrder(network);
    const signature = await consentTo(network, order, 10_001n);

    await expect(ledger.refundWithConsent(order.terms, [], 10_001n, order.terms.refundBy, signature))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsRefundable")
      .withArgs(order.id, 10_001n, 10_000n);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await signedOrder(network);

    await expect(ledger.refundWithConsent(terms, [], 1n, terms.refundBy, "0x"))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("reverts with OrderSplitsInvalid given payees that the terms do not name", async () => {
    const network = await load();
    const { ledger, ethers } = network;
    const order = await capturedOrder(network);
    const splits = await registeredSplits(network, [1_000]);
    const signature = await consentTo(network, order, 1n);

    await expect(ledger.refundWithConsent(order.terms, splits, 1n, order.terms.refundBy, signature))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(order.id, ethers.ZeroHash, splitsHashOf(splits));
  });
});

/** The merchant's consent to a refund of an order as it stands now. */
async function consentTo(
  network: TestNetwork,
  { id, terms }: TestOrder,
  amount: bigint,
  signer = network.actors.merchant,
  deadline: number | bigint = terms.refundBy,
): Promise<string> {
  const { capturable, refundable } = amountsOf(await network.ledger.orderWord(id));
  const consent = { orderId: id, amount, capturable, refundable, deadline: Number(deadline) };
  return signRefundConsent(network, consent, signer);
}
