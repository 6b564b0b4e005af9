import { expect } from "chai";
import {
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  openedDispute,
  ruledDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("DisputeCourt.accept", () => {
  for (const given of ["open", "contested"] as const) {
    it(`gives the payer everything given a dispute that is ${given}`, async () => {
      const network = await load();
      const { court, actors } = network;
      const order = await capturedOrder(network);
      const dispute =
        given === "open" ? await openedDispute(network, order) : await contestedDispute(network, order);

      const accepted = await court.connect(actors.merchant).accept(dispute.id);

      await expect(accepted)
        .to.emit(court, "DisputeRuled")
        .withArgs(dispute.id, 10_000n, BASIS.merchantAccepted);
      expect((await court.disputeOf(dispute.id)).payerBps).to.equal(10_000n);
    });
  }

  it("accepts on a mandated operator's call, and reverts with CourtForbidden for anybody else", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    for (const caller of [actors.payer, actors.otherMerchant, actors.otherOperator, actors.admin]) {
      await expect(court.connect(caller).accept(dispute.id))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(dispute.id, caller.address);
    }
    await court.connect(actors.operator).accept(dispute.id);
  });

  it("reverts with CourtStateWrong given a ruling", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await ruledDispute(network, await capturedOrder(network), 0n);

    await expect(court.connect(actors.merchant).accept(dispute.id))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(dispute.id, DISPUTE_STATE.ruled, DISPUTE_STATE.open);
  });
});
