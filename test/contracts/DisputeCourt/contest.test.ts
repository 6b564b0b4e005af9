import { expect } from "chai";
import {
  addEvidence,
  contestedDispute,
  DISPUTE_STATE,
  openedDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, RULE_WINDOW } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

const HASH = ethers.id("a receipt with a signature");

describe("DisputeCourt.contest", () => {
  it("adds the merchant's evidence and gives the panel its time", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    const contested = await court.connect(actors.merchant).contest(dispute.id, HASH);

    const ruleBy = BigInt(await time.latest()) + RULE_WINDOW;
    const evidence = addEvidence(network, dispute.evidence, actors.merchant.address, HASH);
    await expect(contested).to.emit(court, "DisputeContested").withArgs(dispute.id, evidence, ruleBy);
    expect((await court.disputeOf(dispute.id)).state).to.equal(DISPUTE_STATE.contested);
    await expectConservation(network);
  });

  it("adds it under the merchant's name when a mandated operator calls", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    await court.connect(actors.operator).contest(dispute.id, HASH);

    const evidence = addEvidence(network, dispute.evidence, actors.merchant.address, HASH);
    expect((await court.disputeOf(dispute.id)).evidence).to.equal(evidence);
  });

  it("reverts with CourtForbidden when the operator has no mandate, or the caller is nobody", async () => {
    const network = await load();
    const { court, registry, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 3n);

    for (const caller of [actors.operator, actors.payer, actors.otherMerchant, actors.otherOperator]) {
      await expect(court.connect(caller).contest(dispute.id, HASH))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(dispute.id, caller.address);
    }
  });

  it("contests in the last second, and reverts with CourtTooLate one second later", async () => {
    const network = await load();
    const { court, actors } = network;
    const first = await openedDispute(network, await capturedOrder(network));
    const second = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const firstBy = (await court.disputeOf(first.id)).respondBy;
    const secondBy = (await court.disputeOf(second.id)).respondBy;

    await time.setNextBlockTimestamp(firstBy);
    await court.connect(actors.merchant).contest(first.id, HASH);
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(court.connect(actors.merchant).contest(second.id, HASH))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
  });

  it("reverts with CourtStateWrong given no dispute, or one contested before", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await contestedDispute(network, await capturedOrder(network));

    await expect(court.connect(actors.merchant).contest(dispute.id, HASH))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(dispute.id, DISPUTE_STATE.contested, DISPUTE_STATE.open);
    await expect(court.connect(actors.merchant).contest(ethers.ZeroHash, HASH))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(ethers.ZeroHash, DISPUTE_STATE.none, DISPUTE_STATE.open);
  });
});
