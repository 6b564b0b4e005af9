import { expect } from "chai";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import { signDelivery, signExtension } from "../../support/builders/consents.ts";
import { authorizedOrder, readAccountWord, signedOrder } from "../../support/builders/order.ts";
import { registeredSplits, splitsHashOf } from "../../support/builders/splits.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { amountsOf, balancesOf, MAX_U80, ORDER_STATE } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const LOCATION = ethers.id("a salted place");

describe("SettlementLedger.captureDelivered", () => {
  it("captures all that is held on the delivery key's signature, whoever calls", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await deliverableOrder(network);
    await ledger.connect(actors.operator).capture(terms, 1_000n);
    const deliveredAt = network.startedAt;
    const proof = await prove(network, id, deliveredAt);

    const captured = await ledger
      .connect(actors.otherPayer)
      .captureDelivered(terms, [], deliveredAt, LOCATION, proof);

    await expect(captured)
      .to.emit(ledger, "DeliveryProven")
      .withArgs(id, terms.deliveryKey, deliveredAt, LOCATION);
    await expect(captured)
      .to.emit(ledger, "OrderCaptured")
      .withArgs(
        id,
        terms.merchant,
        9_000n,
        450n,
        await ledger.orderWord(id),
        await readAccountWord(network, actors.merchant),
      );
    const { state, capturable, refundable } = amountsOf(await ledger.orderWord(id));
    expect({ state, capturable, refundable }).to.deep.equal({
      state: ORDER_STATE.captured,
      capturable: 0n,
      refundable: 10_000n,
    });
    await expectConservation(network);
  });

  it("reverts with AmountInvalid given a proof that was used: nothing is held any more", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await deliverableOrder(network);
    const proof = await prove(network, id, network.startedAt);
    await ledger.captureDelivered(terms, [], network.startedAt, LOCATION, proof);

    await expect(ledger.captureDelivered(terms, [], network.startedAt, LOCATION, proof))
      .to.be.revertedWithCustomError(ledger, "AmountInvalid")
      .withArgs(0n, MAX_U80);
    await expectConservation(network);
  });

  it("accepts a delivery of this second, and reverts with DeliveryTimeInvalid on one of the next", async () => {
    const network = await load();
    const { ledger } = network;
    const now = network.startedAt + 1_000;
    const { id, terms } = await deliverableOrder(network);
    const early = await prove(network, id, now + 1);
    const good = await prove(network, id, now);

    await time.setNextBlockTimestamp(now);
    await expect(ledger.captureDelivered(terms, [], now + 1, LOCATION, early))
      .to.be.revertedWithCustomError(ledger, "DeliveryTimeInvalid")
      .withArgs(id, now + 1, terms.captureBy, now);
    await time.setNextBlockTimestamp(now + 1);
    await ledger.captureDelivered(terms, [], now, LOCATION, good);
  });

  context("given the last second of captureBy", () => {
    it("captures, and reverts with OrderExpired one second later, however early the delivery", async () => {
      const network = await load();
      const { ledger } = network;
      const first = await deliverableOrder(network);
      const second = await deliverableOrder(network, { nonce: 1n });
      const { captureBy } = first.terms;
      await time.setNextBlockTimestamp(captureBy);
      const last = await prove(network, first.id, captureBy);
      await ledger.captureDelivered(first.terms, [], captureBy, LOCATION, last);

      const early = await prove(network, second.id, network.startedAt);
      await time.setNextBlockTimestamp(captureBy + 1);
      await expect(ledger.captureDelivered(second.terms, [], network.startedAt, LOCATION, early))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(second.id, captureBy, captureBy + 1);
      await expectConservation(network);
    });
  });

  it("captures after the terms' captureBy where both parties extended it", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await deliverableOrder(network);
    const later = terms.captureBy + 1_000;
    const payerSignature = await signExtension(network, id, later, actors.payer);
    const merchantSignature = await signExtension(network, id, later, actors.merchant);
    await ledger.extend(terms, later, payerSignature, merchantSignature);
    await time.setNextBlockTimestamp(later);
    const proof = await prove(network, id, later);

    await ledger.captureDelivered(terms, [], later, LOCATION, proof);

    await expectConservation(network);
  });

  it("reverts with ConsentSignatureInvalid when the delivery key did not sign exactly this", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await deliverableOrder(network);
    const other = await deliverableOrder(network, { nonce: 1n });
    const deliveredAt = network.startedAt;
    const elsewhere = { orderId: id, deliveredAt, location: ethers.id("another place") };

    for (const wrong of [
      "0x",
      await prove(network, id, deliveredAt, actors.merchant),
      await prove(network, id, deliveredAt, actors.operator),
      await prove(network, id, deliveredAt - 1),
      await prove(network, other.id, deliveredAt),
      await signDelivery(network, elsewhere, actors.outsider),
    ]) {
      await expect(ledger.connect(actors.operator).captureDelivered(terms, [], deliveredAt, LOCATION, wrong))
        .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
        .withArgs(id, terms.deliveryKey);
    }
  });

  it("reverts with ConsentSignatureInvalid when the terms name no delivery key", async () => {
    const network = await load();
    const { ledger } = network;
    const { id, terms } = await authorizedOrder(network);

    for (const wrong of ["0x", `0x${"00".repeat(65)}`, await prove(network, id, network.startedAt)]) {
      await expect(ledger.captureDelivered(terms, [], network.startedAt, LOCATION, wrong))
        .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
        .withArgs(id, ethers.ZeroAddress);
    }
  });

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await load();
    const { ledger, court, actors } = network;
    const { id, terms } = await deliverableOrder(network);
    await court.connect(actors.payer).open(terms, 1n, 1, ethers.ZeroHash);
    const proof = await prove(network, id, network.startedAt);

    await expect(ledger.captureDelivered(terms, [], network.startedAt, LOCATION, proof))
      .to.be.revertedWithCustomError(ledger, "OrderDisputed")
      .withArgs(id);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network, { deliveryKey: actors.outsider.address });

    await expect(ledger.captureDelivered(terms, [], 0n, LOCATION, "0x"))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("gives payees their shares, and reverts with OrderSplitsInvalid without them", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const given = { splitsHash: splitsHashOf(splits), deliveryKey: actors.outsider.address };
    const { id, terms, signature } = await signedOrder(network, given);
    await ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature);
    const proof = await prove(network, id, network.startedAt);

    await expect(ledger.captureDelivered(terms, [], network.startedAt, LOCATION, proof))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), ethers.ZeroHash);
    await ledger.captureDelivered(terms, splits, network.startedAt, LOCATION, proof);

    const [payee] = splits;
    expect(balancesOf(await readAccountWord(network, payee?.payee ?? "")).pending).to.equal(950n);
    await expectConservation(network);
  });
});

/** An order whose delivery the outsider can prove. */
function deliverableOrder(network: TestNetwork, given: Partial<OrderTerms> = {}) {
  return authorizedOrder(network, { deliveryKey: network.actors.outsider.address, ...given });
}

function prove(network: TestNetwork, orderId: string, deliveredAt: number, signer = network.actors.outsider) {
  return signDelivery(network, { orderId, deliveredAt, location: LOCATION }, signer);
}
