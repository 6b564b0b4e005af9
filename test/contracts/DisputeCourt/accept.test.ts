import { expect } from "chai";
import {
  appealedDispute,
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  openedDispute,
  ruledDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

const STAGES = {
  open: openedDispute,
  contested: contestedDispute,
  ruled: (...[network, order]: Parameters<typeof openedDispute>) => ruledDispute(network, order, 0n),
  appealed: (...[network, order]: Parameters<typeof openedDispute>) => appealedDispute(network, order, 0n),
} as const;

describe("DisputeCourt.accept", () => {
  for (const [given, stage] of Object.entries(STAGES)) {
    it(`gives the payer everything, for good, given a dispute that is ${given}`, async () => {
      const network = await load();
      const { court, actors } = network;
      await definePanels(network);
      const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
      const dispute = await stage(network, order);

      const accepted = await court.connect(actors.merchant).accept(order.terms);

      const { award, deadline, state } = await court.disputeOf(dispute.id);
      expect([award, deadline, state]).to.deep.equal([10_000n, 0n, DISPUTE_STATE.ruled]);
      await expect(accepted).to.emit(court, "DisputeRuled");
      const [ruled] = await court.queryFilter(
        court.filters.DisputeRuled(dispute.id),
        accepted.blockNumber ?? 0,
      );
      expect(ruled?.args.basis).to.equal(BASIS.merchantAccepted);
      await court.finalize(order.terms, []);
      await expectConservation(network);
    });
  }

  it("accepts on a mandated operator's call, and reverts with CourtForbidden for anybody else", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));

    for (const caller of [actors.payer, actors.otherMerchant, actors.otherOperator, actors.admin]) {
      await expect(court.connect(caller).accept(dispute.order.terms))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(dispute.id, caller.address);
    }
    await court.connect(actors.operator).accept(dispute.order.terms);
  });

  it("accepts in the last second, and reverts with CourtTooLate one second later", async () => {
    const network = await load();
    const { court, actors } = network;
    const first = await openedDispute(network, await capturedOrder(network));
    const second = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const [firstBy, secondBy] = [await deadlineOf(network, first), await deadlineOf(network, second)];

    await time.setNextBlockTimestamp(firstBy);
    await court.connect(actors.merchant).accept(first.order.terms);
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(court.connect(actors.merchant).accept(second.order.terms))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
  });

  it("reverts with CourtStateWrong given a dispute that is over", async () => {
    const network = await load();
    const { court, actors } = network;
    const { id, order } = await ruledDispute(network, await capturedOrder(network), 0n);
    await court.finalize(order.terms, []);

    await expect(court.connect(actors.merchant).accept(order.terms))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(id, DISPUTE_STATE.final, DISPUTE_STATE.open);
  });
});
