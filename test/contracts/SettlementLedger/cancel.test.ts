import { expect } from "chai";
import { signCancel, signExtension } from "../../support/builders/consents.ts";
import { authorizedOrder, capturedOrder, signedOrder } from "../../support/builders/order.ts";
import { buildOrderTerms } from "../../support/builders/order-terms.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { ORDER_STATE, orderWord } from "../../support/words.ts";

const { load, ethers } = await openTestChain();

describe("SettlementLedger.cancel", () => {
  it("makes the id unusable on the payer's call", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms, signature } = await signedOrder(network);

    const canceled = await ledger.connect(actors.payer).cancel(terms, "0x");

    const word = orderWord({ state: ORDER_STATE.canceled });
    await expect(canceled).to.emit(ledger, "OrderCanceled").withArgs(id, terms.merchant, terms.payer, word);
    expect(await ledger.orderWord(id)).to.equal(word);
    for (const verb of ["authorize", "charge"] as const) {
      await expect(ledger.connect(actors.operator)[verb](terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
        .withArgs(id);
    }
    await expectConservation(network);
  });

  it("makes the id unusable on the payer's signature, whoever calls", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network);

    await ledger.connect(actors.outsider).cancel(terms, await signCancel(network, id, actors.payer));

    expect(await ledger.orderWord(id)).to.equal(orderWord({ state: ORDER_STATE.canceled }));
  });

  it("takes the call and the signature of a recovered payer's successor, not the lost key's", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { payer, outsider, operator } = actors;
    const orders = [await signedOrder(network), await signedOrder(network, { nonce: 1n })] as const;
    await registry.recover(payer, outsider, ethers.id("case 12"));

    for (const [key, signature] of [
      [payer, "0x"],
      [operator, await signCancel(network, orders[0].id, payer)],
    ] as const) {
      await expect(ledger.connect(key).cancel(orders[0].terms, signature))
        .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
        .withArgs(orders[0].id, outsider.address);
    }
    await ledger.connect(outsider).cancel(orders[0].terms, "0x");
    await ledger.connect(operator).cancel(orders[1].terms, await signCancel(network, orders[1].id, outsider));

    for (const { id } of orders) {
      expect(await ledger.orderWord(id)).to.equal(orderWord({ state: ORDER_STATE.canceled }));
    }
  });

  it("leaves an order that nothing can be done with", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { payer, merchant } = actors;
    const { id, terms } = await signedOrder(network);
    await ledger.connect(payer).cancel(terms, "0x");
    const captureBy = terms.captureBy + 1;
    const extension = await Promise.all([
      signExtension(network, id, captureBy, payer),
      signExtension(network, id, captureBy, merchant),
    ]);

    for (const call of [
      () => ledger.connect(actors.operator).capture(terms, 1n),
      () => ledger.connect(actors.operator).captureWithSplits(terms, [], 1n),
      () => ledger.connect(merchant).void(terms, 1n),
      () => ledger.connect(payer).reclaim(terms),
      () => ledger.connect(merchant).refund(terms, 1n),
      () => ledger.connect(merchant).refundWithSplits(terms, [], 1n),
      () => ledger.refundWithConsent(terms, [], 1n, terms.refundBy, "0x"),
      () => ledger.captureDelivered(terms, [], 1n, ethers.ZeroHash, "0x"),
      () => ledger.extend(terms, captureBy, ...(extension as [string, string])),
      () => network.court.connect(payer).open(terms, 1n, 1, ethers.ZeroHash),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(ledger, "OrderUnknown").withArgs(id);
    }
  });

  it("reverts with ConsentSignatureInvalid when another calls without the payer's signature of this", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { payer, merchant, operator } = actors;
    const { id, terms, signature } = await signedOrder(network);
    const other = await signedOrder(network, { nonce: 1n });

    for (const wrong of [
      "0x",
      signature,
      await signCancel(network, other.id, payer),
      await signCancel(network, id, merchant),
    ]) {
      for (const caller of [merchant, operator, actors.outsider]) {
        await expect(ledger.connect(caller).cancel(terms, wrong))
          .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
          .withArgs(id, payer.address);
      }
    }
  });

  it("reverts with ConsentSignatureInvalid when the terms have no payer", async () => {
    const network = await load();
    const { ledger } = network;
    const terms = buildOrderTerms(network, { payer: ethers.ZeroAddress as `0x${string}` });

    await expect(ledger.cancel(terms, `0x${"00".repeat(65)}`))
      .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
      .withArgs(await ledger.orderIdOf(terms), ethers.ZeroAddress);
  });

  for (const [name, given] of [
    ["held", authorizedOrder],
    ["captured", capturedOrder],
    ["canceled before", canceledOrder],
  ] as const) {
    it(`reverts with OrderAlreadyExists given an order that is ${name}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms } = await given(network);

      await expect(ledger.connect(actors.payer).cancel(terms, "0x"))
        .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
        .withArgs(id);
      await expectConservation(network);
    });
  }
});

async function canceledOrder(network: Awaited<ReturnType<typeof load>>) {
  const order = await signedOrder(network);
  await network.ledger.connect(network.actors.payer).cancel(order.terms, "0x");
  return order;
}
