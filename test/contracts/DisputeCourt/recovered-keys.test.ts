import { expect } from "chai";
import type { Actor } from "../../support/actors.ts";
import {
  contestedDispute,
  DISPUTE_STATE,
  NOT_RECEIVED,
  openedDispute,
  SIDE,
  signOffer,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

const CASE = ethers.id("case 12");
const FAR = 2n ** 40n - 1n;

/** A dispute is as good as money: whoever has a lost key must not give it away. */
describe("DisputeCourt given a party whose key was lost", () => {
  it("refuses the merchant's old key every answer, and takes its successor's", async () => {
    const network = await load();
    const { court, actors } = network;
    const { merchant, outsider } = actors;
    const { id, order } = await openedDispute(network, await capturedOrder(network));
    await recover(network, merchant, outsider);

    const old = court.connect(merchant);
    for (const call of [
      () => old.contest(order.terms, ethers.ZeroHash),
      () => old.accept(order.terms),
      () => old.submitEvidence(order.terms, SIDE.merchant, CASE),
      () => old.offer(order.terms, 1n, FAR),
      () => old.acceptOffer(order.terms, 1n),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(id, merchant.address);
    }
    await court.connect(outsider).contest(order.terms, ethers.ZeroHash);

    expect((await court.disputeOf(id)).state).to.equal(DISPUTE_STATE.contested);
  });

  it("refuses the payer's old key to open, to withdraw and to settle, and takes its successor's", async () => {
    const network = await load();
    const { court, actors } = network;
    const { payer, outsider } = actors;
    const { id, order } = await contestedDispute(network, await capturedOrder(network));
    const other = await capturedOrder(network, { nonce: 1n });
    await recover(network, payer, outsider);

    const old = court.connect(payer);
    for (const call of [
      () => old.withdraw(order.terms),
      () => old.offer(order.terms, 0n, FAR),
      () => old.acceptOffer(order.terms, 0n),
      () => old.submitEvidence(order.terms, SIDE.payer, CASE),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(court, "CourtForbidden").withArgs(id, payer.address);
    }
    await expect(old.open(other.terms, 1n, NOT_RECEIVED, CASE)).to.be.revertedWithCustomError(
      court,
      "CourtForbidden",
    );
    await court.connect(outsider).open(other.terms, 1n, NOT_RECEIVED, CASE);
    await court.connect(outsider).withdraw(order.terms);

    expect((await court.disputeOf(id)).state).to.equal(DISPUTE_STATE.ruled);
    await court.finalize(order.terms, []);
    await expectConservation(network);
  });

  for (const side of ["payer", "merchant"] as const) {
    it(`takes the signature of the ${side}'s successor to a settlement, not the old key's`, async () => {
      const network = await load();
      const { court, actors } = network;
      const { id, order } = await openedDispute(network, await capturedOrder(network));
      await recover(network, actors[side], actors.outsider);
      const offer = { disputeId: id, amount: 1n, deadline: FAR };
      const [payer, merchant] = [
        await signOffer(network, offer, actors.payer),
        await signOffer(network, offer, actors.merchant),
      ];

      await expect(court.agree(order.terms, 1n, FAR, payer, merchant))
        .to.be.revertedWithCustomError(court, "CourtSignatureInvalid")
        .withArgs(id, actors.outsider.address);
      const successors = await signOffer(network, offer, actors.outsider);
      const signed = side === "payer" ? ([successors, merchant] as const) : ([payer, successors] as const);
      await court.agree(order.terms, 1n, FAR, ...signed);

      expect((await court.disputeOf(id)).award).to.equal(1n);
    });
  }

  it("follows a second recovery to the last key, past the one in between", async () => {
    const network = await load();
    const { court, actors } = network;
    const { merchant, outsider, otherOperator } = actors;
    const { id, order } = await openedDispute(network, await capturedOrder(network));
    await recover(network, merchant, outsider);
    await recover(network, outsider, otherOperator);

    await expect(court.connect(outsider).accept(order.terms))
      .to.be.revertedWithCustomError(court, "CourtForbidden")
      .withArgs(id, outsider.address);
    await court.connect(otherOperator).accept(order.terms);

    expect((await court.disputeOf(id)).state).to.equal(DISPUTE_STATE.ruled);
  });
});

async function recover({ registry }: TestNetwork, lost: Actor, successor: Actor): Promise<void> {
  await registry.recover(lost, successor, CASE);
}
