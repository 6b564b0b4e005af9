import { expect } from "chai";
import {
  appealedDispute,
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  openedDispute,
  ruledDispute,
  type TestDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

/** What a dispute ends in when everybody falls silent in a state. `until` is the last second of somebody's time. */
const SILENCES = {
  "the merchant": { stage: openedDispute, until: deadlineOf, award: 10_000n, basis: BASIS.merchantSilent },
  "the panel, whose backup nobody calls": {
    stage: contestedDispute,
    until: stopOf,
    award: 2_500n,
    basis: BASIS.panelSilent,
  },
  "both sides after a ruling": {
    stage: (network: TestNetwork, order: TestDispute["order"]) => ruledDispute(network, order, 4_000n),
    until: deadlineOf,
    award: 4_000n,
    basis: BASIS.panel,
  },
  "the appeal panel": {
    stage: (network: TestNetwork, order: TestDispute["order"]) => appealedDispute(network, order, 4_000n),
    until: deadlineOf,
    award: 4_000n,
    basis: BASIS.appealPanelSilent,
  },
} as const;

describe("DisputeCourt.finalize after silence", () => {
  for (const [who, { stage, until, award, basis }] of Object.entries(SILENCES)) {
    it(`ends after the last second of ${who}, and reverts with CourtTooEarly in it`, async () => {
      const network = await load();
      const { court, actors } = network;
      await definePanels(network);
      const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
      const dispute = await stage(network, order);
      const deadline = await until(network, dispute);

      await time.setNextBlockTimestamp(deadline);
      await expect(court.connect(actors.outsider).finalize(order.terms, []))
        .to.be.revertedWithCustomError(court, "CourtTooEarly")
        .withArgs(dispute.id, deadline, deadline);
      await time.setNextBlockTimestamp(deadline + 1n);
      await court.connect(actors.outsider).finalize(order.terms, []);

      const ended = await court.disputeOf(dispute.id);
      expect([ended.award, ended.state]).to.deep.equal([award, DISPUTE_STATE.final]);
      const rulings = await court.queryFilter(court.filters.DisputeRuled(dispute.id));
      expect(rulings.at(-1)?.args.basis).to.equal(basis);
      await expectConservation(network);
    });
  }

  it("pays what the terms say given a set that was never defined", async () => {
    const network = await load();
    const order = await capturedOrder(network, { arbiterSetId: 99, defaultPayerBps: 7_000 });
    const dispute = await contestedDispute(network, order);
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

    await network.court.finalize(order.terms, []);

    expect((await network.court.disputeOf(dispute.id)).award).to.equal(7_000n);
    await expectConservation(network);
  });
});

async function stopOf({ court }: TestNetwork, { id }: TestDispute): Promise<bigint> {
  return (await court.disputeOf(id)).stopAt;
}
