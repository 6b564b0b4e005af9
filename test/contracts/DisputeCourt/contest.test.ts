import { expect } from "chai";
import {
  addEvidence,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  disputeWord,
  openedDispute,
  SIDE,
} from "../../support/builders/dispute.ts";
import { capturedOrder, signedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, POLICY } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

const HASH = ethers.id("a receipt with a signature");

describe("DisputeCourt.contest", () => {
  it("adds the merchant's evidence, gives the panel its time and fixes the hard stop", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));
    const openedAt = BigInt(await time.latest());
    await time.increase(1_000);

    const contested = await court.connect(actors.merchant).contest(dispute.order.terms, HASH);

    const ruleBy = BigInt(await time.latest()) + POLICY.ruleWindow;
    const stopAt = openedAt + POLICY.hardStop;
    const evidence = addEvidence(network, dispute.evidence, actors.merchant.address, HASH);
    const word = disputeWord({ amount: 10_000n, deadline: ruleBy, state: DISPUTE_STATE.contested });
    await expect(contested)
      .to.emit(court, "DisputeContested")
      .withArgs(dispute.id, evidence, ruleBy, stopAt, word);
    const stored = await court.disputeOf(dispute.id);
    expect([stored.state, stored.stopAt]).to.deep.equal([DISPUTE_STATE.contested, stopAt]);
    await expectConservation(network);
  });

  it("adds it under the merchant's name when a mandated operator calls", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    await court.connect(actors.operator).contest(dispute.order.terms, HASH);

    const evidence = addEvidence(network, dispute.evidence, actors.merchant.address, HASH);
    expect((await court.disputeOf(dispute.id)).evidence).to.equal(evidence);
    await expectConservation(network);
  });

  it("contests though the merchant has submitted all that it may", async () => {
    const network = await load();
    const { court, actors } = network;
    const { order } = await openedDispute(network, await capturedOrder(network));
    const merchant = court.connect(actors.merchant);
    for (let count = 0n; count < POLICY.evidenceCap; count++) {
      await merchant.submitEvidence(order.terms, SIDE.merchant, HASH);
    }

    await merchant.contest(order.terms, HASH);

    await expectConservation(network);
  });

  it("reverts with CourtForbidden when the operator has no mandate, or the caller is nobody", async () => {
    const network = await load();
    const { court, registry, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 3n);

    for (const caller of [actors.operator, actors.payer, actors.otherMerchant, actors.otherOperator]) {
      await expect(court.connect(caller).contest(dispute.order.terms, HASH))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(dispute.id, caller.address);
    }
  });

  it("contests in the last second, and reverts with CourtTooLate one second later", async () => {
    const network = await load();
    const { court, actors } = network;
    const first = await openedDispute(network, await capturedOrder(network));
    const second = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const [firstBy, secondBy] = [await deadlineOf(network, first), await deadlineOf(network, second)];

    await time.setNextBlockTimestamp(firstBy);
    await court.connect(actors.merchant).contest(first.order.terms, HASH);
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(court.connect(actors.merchant).contest(second.order.terms, HASH))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
    await expectConservation(network);
  });

  it("reverts with CourtStateWrong given no dispute, no order, or a dispute contested before", async () => {
    const network = await load();
    const { court, actors } = network;
    const contested = await contestedDispute(network, await capturedOrder(network));
    const undisputed = await capturedOrder(network, { nonce: 1n });
    const unknown = await signedOrder(network, { nonce: 2n });

    for (const [{ terms }, state] of [
      [contested.order, DISPUTE_STATE.contested],
      [undisputed, DISPUTE_STATE.none],
      [unknown, DISPUTE_STATE.none],
    ] as const) {
      await expect(court.connect(actors.merchant).contest(terms, HASH))
        .to.be.revertedWithCustomError(court, "CourtStateWrong")
        .withArgs(await court.disputeIdOf(terms), state, DISPUTE_STATE.open);
    }
  });
});
