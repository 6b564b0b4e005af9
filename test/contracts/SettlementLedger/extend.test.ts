import { expect } from "chai";
import { signExtension } from "../../support/builders/consents.ts";
import { authorizedOrder, capturedOrder, signedOrder, type TestOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { MAX_U40, ORDER_STATE, orderWord, STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

const DAY = 86_400;
const MAX_HOLD = 180 * DAY;

describe("SettlementLedger.extend", () => {
  it("raises captureBy on both signatures, whoever calls", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    const captureBy = terms.captureBy + 5 * DAY;
    const signatures = await bothSign(network, id, captureBy);

    const extended = await ledger.connect(actors.outsider).extend(terms, captureBy, ...signatures);

    const word = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized, isShifted: true });
    await expect(extended)
      .to.emit(ledger, "OrderExtended")
      .withArgs(id, terms.merchant, terms.payer, captureBy, 5 * DAY, word);
    expect(await ledger.orderWord(id)).to.equal(word);
    expect(await ledger.shiftOf(id)).to.equal(5 * DAY);
    await expectConservation(network);
  });

  it("gives the operator until the new captureBy, and not a second more", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await extendedOrder(network, DAY);
    await time.setNextBlockTimestamp(terms.captureBy + DAY);
    await ledger.connect(actors.operator).capture(terms, 1n);

    await time.setNextBlockTimestamp(terms.captureBy + DAY + 1);
    await expect(ledger.connect(actors.operator).capture(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(id, terms.captureBy + DAY, terms.captureBy + DAY + 1);
  });

  it("makes the payer wait as much longer, and gives refunds as much longer", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await extendedOrder(network, DAY);
    await ledger.connect(actors.operator).capture(terms, 4_000n);

    await time.setNextBlockTimestamp(terms.reclaimFrom + DAY - 1);
    await expect(ledger.connect(actors.payer).reclaim(terms))
      .to.be.revertedWithCustomError(ledger, "OrderNotReclaimable")
      .withArgs(id, terms.reclaimFrom + DAY, terms.reclaimFrom + DAY - 1);
    await time.setNextBlockTimestamp(terms.reclaimFrom + DAY);
    await ledger.connect(actors.payer).reclaim(terms);
    await time.setNextBlockTimestamp(terms.refundBy + DAY);
    await ledger.connect(actors.merchant).refund(terms, 1n);
    await time.setNextBlockTimestamp(terms.refundBy + DAY + 1);
    await expect(ledger.connect(actors.merchant).refund(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(id, terms.refundBy + DAY, terms.refundBy + DAY + 1);
    await expectConservation(network);
  });

  it("takes the signature of a recovered payer's successor, not the lost key's", async () => {
    const network = await load();
    const { ledger, registry, ethers, actors } = network;
    const { payer, merchant, outsider } = actors;
    const { id, terms } = await authorizedOrder(network);
    const captureBy = terms.captureBy + DAY;
    const [lost, merchants] = await bothSign(network, id, captureBy);
    await registry.recover(payer, outsider, ethers.id("case 12"));

    await expect(ledger.extend(terms, captureBy, lost, merchants))
      .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
      .withArgs(id, outsider.address);
    await ledger
      .connect(merchant)
      .extend(terms, captureBy, await signExtension(network, id, captureBy, outsider), merchants);

    expect(await ledger.shiftOf(id)).to.equal(DAY);
  });

  it("extends again from where it was extended to", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await extendedOrder(network, DAY);
    const captureBy = terms.captureBy + DAY + 1;

    await ledger.extend(terms, captureBy, ...(await bothSign(network, id, captureBy)));

    expect(await ledger.shiftOf(id)).to.equal(DAY + 1);
  });

  context("given the last second of captureBy", () => {
    it("extends, and reverts with OrderExpired one second later", async () => {
      const network = await load();
      const { ledger } = network;
      const first = await authorizedOrder(network);
      const second = await authorizedOrder(network, { nonce: 1n });
      const { captureBy } = first.terms;
      const later = captureBy + DAY;
      await time.setNextBlockTimestamp(captureBy);
      await ledger.extend(first.terms, later, ...(await bothSign(network, first.id, later)));

      await time.setNextBlockTimestamp(captureBy + 1);
      await expect(ledger.extend(second.terms, later, ...(await bothSign(network, second.id, later))))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(second.id, captureBy, captureBy + 1);
    });
  });

  it("holds money for 180 days from now at most", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await authorizedOrder(network);
    const now = network.startedAt + 1_000;
    const limit = now + MAX_HOLD;
    const longest = await bothSign(network, id, limit);

    await time.setNextBlockTimestamp(now - 1);
    await expect(ledger.extend(terms, limit, ...longest))
      .to.be.revertedWithCustomError(ledger, "OrderExtensionInvalid")
      .withArgs(id, limit, terms.captureBy, limit - 1);
    await time.setNextBlockTimestamp(now);
    await ledger.extend(terms, limit, ...longest);
    await expectConservation(network);
  });

  for (const [name, move] of Object.entries({
    "the same as what holds": (captureBy: number) => captureBy,
    "earlier than what holds": (captureBy: number) => captureBy - 1,
    "as late as its type allows": () => 2 ** 40 - 1,
  })) {
    it(`reverts with OrderExtensionInvalid when captureBy is ${name}`, async () => {
      const network = await load();
      const { ledger } = network;
      const { id, terms } = await authorizedOrder(network);
      const captureBy = move(terms.captureBy);
      const now = network.startedAt + 1_000;
      const signatures = await bothSign(network, id, captureBy);
      await time.setNextBlockTimestamp(now);

      await expect(ledger.extend(terms, captureBy, ...signatures))
        .to.be.revertedWithCustomError(ledger, "OrderExtensionInvalid")
        .withArgs(id, captureBy, terms.captureBy, now + MAX_HOLD);
      expect(BigInt(captureBy)).to.be.at.most(MAX_U40);
    });
  }

  it("reverts with OrderExtensionInvalid given signatures that were used, or that a later extension overtook", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await authorizedOrder(network);
    const overtaken = await bothSign(network, id, terms.captureBy + DAY);
    const used = await bothSign(network, id, terms.captureBy + 2 * DAY);
    await ledger.extend(terms, terms.captureBy + 2 * DAY, ...used);

    for (const [days, signatures] of [[1, overtaken] as const, [2, used] as const]) {
      await expect(
        ledger.extend(terms, terms.captureBy + days * DAY, ...signatures),
      ).to.be.revertedWithCustomError(ledger, "OrderExtensionInvalid");
    }
  });

  it("reverts with ConsentSignatureInvalid when a party did not sign exactly this", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { payer, merchant, operator } = actors;
    const { id, terms } = await authorizedOrder(network);
    const other = await authorizedOrder(network, { nonce: 1n });
    const captureBy = terms.captureBy + DAY;
    const [good, agreed] = await bothSign(network, id, captureBy);
    const [otherMoment] = await bothSign(network, id, captureBy + 1);
    const [otherOrder] = await bothSign(network, other.id, captureBy);
    const refused = [
      [agreed, good, payer],
      ["0x", agreed, payer],
      [otherMoment, agreed, payer],
      [otherOrder, agreed, payer],
      [await signExtension(network, id, captureBy, operator), agreed, payer],
      [good, good, merchant],
      [good, "0x", merchant],
      [good, await signExtension(network, id, captureBy, operator), merchant],
    ] as const;

    for (const [payerSignature, merchantSignature, culprit] of refused) {
      await expect(ledger.extend(terms, captureBy, payerSignature, merchantSignature))
        .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
        .withArgs(id, culprit.address);
    }
  });

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await load();
    const { ledger, court, ethers, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await court.connect(actors.payer).open(terms, 1n, 1, ethers.ZeroHash);
    const captureBy = terms.captureBy + DAY;

    await expect(ledger.extend(terms, captureBy, ...(await bothSign(network, id, captureBy))))
      .to.be.revertedWithCustomError(ledger, "OrderDisputed")
      .withArgs(id);
  });

  it("reverts with OrderExceedsCapturable when nothing is held any more", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await capturedOrder(network);
    const captureBy = terms.captureBy + DAY;

    await expect(ledger.extend(terms, captureBy, ...(await bothSign(network, id, captureBy))))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 1n, 0n);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await signedOrder(network);
    const captureBy = terms.captureBy + DAY;

    await expect(ledger.extend(terms, captureBy, ...(await bothSign(network, id, captureBy))))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("reverts with AccountsNotActive given a restricted merchant", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await registry.connect(actors.compliance).restrict([actors.merchant]);
    const captureBy = terms.captureBy + DAY;

    await expect(ledger.extend(terms, captureBy, ...(await bothSign(network, id, captureBy))))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.merchant.address, STATUS.restricted);
  });
});

async function bothSign(network: TestNetwork, id: string, captureBy: number): Promise<[string, string]> {
  const { payer, merchant } = network.actors;
  return [
    await signExtension(network, id, captureBy, payer),
    await signExtension(network, id, captureBy, merchant),
  ];
}

async function extendedOrder(network: TestNetwork, by: number): Promise<TestOrder> {
  const order = await authorizedOrder(network);
  const captureBy = order.terms.captureBy + by;
  await network.ledger.extend(order.terms, captureBy, ...(await bothSign(network, order.id, captureBy)));
  return order;
}
