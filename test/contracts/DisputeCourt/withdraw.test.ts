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

describe("DisputeCourt.withdraw", () => {
  for (const given of ["open", "contested"] as const) {
    it(`leaves the merchant everything given a dispute that is ${given}`, async () => {
      const network = await load();
      const { court, actors } = network;
      const order = await capturedOrder(network);
      const dispute =
        given === "open" ? await openedDispute(network, order) : await contestedDispute(network, order);

      const withdrawn = await court.connect(actors.payer).withdraw(dispute.id);

      await expect(withdrawn).to.emit(court, "DisputeRuled").withArgs(dispute.id, 0n, BASIS.payerWithdrew);
    });
  }

  it("reverts with CourtForbidden when the caller is not the payer, its operator included", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    for (const caller of [actors.operator, actors.merchant, actors.otherPayer]) {
      await expect(court.connect(caller).withdraw(dispute.id))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(dispute.id, caller.address);
    }
  });

  it("reverts with CourtStateWrong given a ruling", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await ruledDispute(network, await capturedOrder(network), 10_000n);

    await expect(court.connect(actors.payer).withdraw(dispute.id))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(dispute.id, DISPUTE_STATE.ruled, DISPUTE_STATE.open);
  });
});
