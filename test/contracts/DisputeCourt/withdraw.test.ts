import { expect } from "chai";
import {
  appealedDispute,
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  openedDispute,
  ruledDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

const STAGES = {
  open: openedDispute,
  contested: contestedDispute,
  ruled: (...[network, order]: Parameters<typeof openedDispute>) => ruledDispute(network, order, 10_000n),
  appealed: (...[network, order]: Parameters<typeof openedDispute>) =>
    appealedDispute(network, order, 10_000n),
} as const;

describe("DisputeCourt.withdraw", () => {
  for (const [given, stage] of Object.entries(STAGES)) {
    it(`leaves the merchant everything, for good, given a dispute that is ${given}`, async () => {
      const network = await load();
      const { court, actors } = network;
      await definePanels(network);
      const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
      const dispute = await stage(network, order);

      const withdrawn = await court.connect(actors.payer).withdraw(order.terms);

      const { award, deadline, state } = await court.disputeOf(dispute.id);
      expect([award, deadline, state]).to.deep.equal([0n, 0n, DISPUTE_STATE.ruled]);
      const [ruled] = await court.queryFilter(
        court.filters.DisputeRuled(dispute.id),
        withdrawn.blockNumber ?? 0,
      );
      expect(ruled?.args.basis).to.equal(BASIS.payerWithdrew);
      await court.finalize(order.terms, []);
      await expectConservation(network);
    });
  }

  it("reverts with CourtForbidden when the caller is not the payer, its operator included", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    for (const caller of [actors.operator, actors.merchant, actors.otherPayer]) {
      await expect(court.connect(caller).withdraw(dispute.order.terms))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(dispute.id, caller.address);
    }
  });

  it("reverts with CourtStateWrong given a dispute that is over", async () => {
    const network = await load();
    const { court, actors } = network;
    const { id, order } = await ruledDispute(network, await capturedOrder(network), 0n);
    await court.finalize(order.terms, []);

    await expect(court.connect(actors.payer).withdraw(order.terms))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(id, DISPUTE_STATE.final, DISPUTE_STATE.open);
  });
});
