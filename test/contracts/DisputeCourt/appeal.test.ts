import { expect } from "chai";
import {
  APPEAL_ROUND,
  appealedDispute,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  disputeWord,
  ruledDispute,
  SIDE,
  signVotes,
} from "../../support/builders/dispute.ts";
import { capturedOrder, settledOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels, setBonds } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, POLICY } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

describe("DisputeCourt.appeal", () => {
  for (const [name, side, caller] of [
    ["payer", SIDE.payer, "payer"],
    ["payer", SIDE.payer, "operator"],
    ["merchant", SIDE.merchant, "merchant"],
    ["merchant", SIDE.merchant, "operator"],
  ] as const) {
    it(`takes the ${name}'s bond, rounded up, on the ${caller}'s call`, async () => {
      const network = await load();
      const { court, ledger, actors } = network;
      await definePanels(network);
      await setBonds(network, 0n, 333n);
      // The merchant pays its bond from what another order brought in.
      await settledOrder(network, { nonce: 9n });
      const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
      const dispute = await ruledDispute(network, order, 5_000n, 9_999n);

      const appealed = await court.connect(actors[caller]).appeal(order.terms, side);

      const ruleBy = BigInt(await time.latest()) + POLICY.appealRuleWindow;
      const word = disputeWord({
        amount: 9_999n,
        award: 4_999n,
        deadline: ruleBy,
        state: DISPUTE_STATE.appealed,
        round: APPEAL_ROUND,
        policyVersion: 2n,
      });
      await expect(appealed)
        .to.emit(court, "DisputeAppealed")
        .withArgs(dispute.id, side, actors[name].address, 333n, ruleBy, word);
      await expect(appealed).to.emit(ledger, "BondTaken");
      expect(await ledger.bondOf(dispute.id)).to.equal(333n);
      expect((await court.disputeOf(dispute.id)).appellant).to.equal(side);
      await expectConservation(network);
    });
  }

  it("reverts with AccountsInsufficient when the side has less than the bond", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    await definePanels(network);
    await setBonds(network, 0n, 1n);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    await ruledDispute(network, order, 5_000n);

    await expect(court.connect(actors.merchant).appeal(order.terms, SIDE.merchant))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.merchant.address, 1n, 0n);
    await expectConservation(network);
  });

  it("appeals in the last second, and reverts with CourtTooLate one second later", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const given = { arbiterSetId: BACKED_SET };
    const first = await ruledDispute(network, await capturedOrder(network, given), 0n);
    const second = await ruledDispute(network, await capturedOrder(network, { ...given, nonce: 1n }), 0n);
    const [firstBy, secondBy] = [await deadlineOf(network, first), await deadlineOf(network, second)];

    await time.setNextBlockTimestamp(firstBy);
    await court.connect(actors.payer).appeal(first.order.terms, SIDE.payer);
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(court.connect(actors.payer).appeal(second.order.terms, SIDE.payer))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
  });

  it("reverts with CourtTooLate given a panel without an appeal set, and given an outcome of the sides", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const final = await ruledDispute(network, await capturedOrder(network), 0n);
    const accepted = await contestedDispute(
      network,
      await capturedOrder(network, { arbiterSetId: BACKED_SET, nonce: 1n }),
    );
    await court.connect(actors.merchant).accept(accepted.order.terms);

    for (const { id, order } of [final, accepted]) {
      await expect(court.connect(actors.payer).appeal(order.terms, SIDE.payer))
        .to.be.revertedWithCustomError(court, "CourtTooLate")
        .withArgs(id, 0n, (await time.latest()) + 1);
    }
  });

  it("does not hear a second appeal", async () => {
    const network = await load();
    const { court, actors } = network;
    const panels = await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const dispute = await appealedDispute(network, order, 0n, SIDE.payer);

    await expect(court.connect(actors.merchant).appeal(order.terms, SIDE.merchant))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(dispute.id, DISPUTE_STATE.appealed, DISPUTE_STATE.ruled);
    const votes = await signVotes(network, dispute, 10_000n, panels.appeal, APPEAL_ROUND);
    await court.rule(order.terms, 10_000n, dispute.evidence, votes);
    await expect(
      court.connect(actors.merchant).appeal(order.terms, SIDE.merchant),
    ).to.be.revertedWithCustomError(court, "CourtTooLate");
    await expectConservation(network);
  });

  it("reverts with CourtForbidden when the caller does not speak for the side it names", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const { id } = await ruledDispute(network, order, 0n);

    for (const [caller, side] of [
      [actors.payer, SIDE.merchant],
      [actors.merchant, SIDE.payer],
      [actors.otherOperator, SIDE.payer],
      [actors.outsider, SIDE.merchant],
      [actors.payer, SIDE.none],
    ] as const) {
      await expect(court.connect(caller).appeal(order.terms, side))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(id, caller.address);
    }
  });
});
