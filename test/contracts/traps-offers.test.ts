import { expect } from "chai";
import {
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  openedDispute,
  ruledDispute,
  SIDE,
  signVotes,
} from "../support/builders/dispute.ts";
import { capturedOrder, readAccountWord, settledOrder } from "../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../support/builders/panels.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain, POLICY } from "../support/deploy-contracts.ts";
import { balancesOf } from "../support/words.ts";

const { load, time, ethers } = await openTestChain();

const FAR = 2n ** 40n - 1n;

/** That no side gains by an offer or by acting late. The number is that of the trap. */
describe("traps: offers and late acts", () => {
  it("30: must not let an offer in the last second delay or stop the outcome of silence", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    const dispute = await openedDispute(network, order);
    const deadline = await deadlineOf(network, dispute);
    await time.setNextBlockTimestamp(deadline);
    await court.connect(actors.merchant).offer(order.terms, 1n, FAR);

    await time.setNextBlockTimestamp(deadline + 1n);
    await court.connect(actors.outsider).finalize(order.terms, []);

    expect((await court.disputeOf(dispute.id)).award).to.equal(10_000n);
    await expectConservation(network);
  });

  it("31: must not let the counterparty change an offer under the hand that accepts it", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    const { id } = await openedDispute(network, order);
    await court.connect(actors.merchant).offer(order.terms, 9_000n, FAR);
    await court.connect(actors.merchant).offer(order.terms, 1n, FAR);

    await expect(court.connect(actors.payer).acceptOffer(order.terms, 9_000n))
      .to.be.revertedWithCustomError(court, "CourtOfferChanged")
      .withArgs(id, 9_000n, 1n);
    await expectConservation(network);
  });

  it("31: must not leave the odd unit of an award or of a bond with nobody", async () => {
    const network = await load();
    const { court, ledger } = network;
    await court.setPolicy({ ...POLICY, openBondBps: 7n });
    const order = await capturedOrder(network, { amount: 10_001n, feeBps: 333 });
    const { id } = await ruledDispute(network, order, 3_333n, 10_001n);

    await court.finalize(order.terms, []);

    expect(await ledger.bondOf(id)).to.equal(0n);
    await expectConservation(network);
  });

  it("32: must not accept an old offer late: not after its deadline, nor in a later round", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    await openedDispute(network, order);
    await court.connect(actors.merchant).offer(order.terms, 9_000n, FAR);
    await court.connect(actors.merchant).contest(order.terms, ethers.ZeroHash);
    const id = await court.disputeIdOf(order.terms);
    const { evidence, deadline } = await court.disputeOf(id);
    const votes = await signVotes(network, { id, order, evidence }, 0n, actors.arbiters);
    await time.setNextBlockTimestamp(deadline);
    await court.rule(order.terms, 0n, evidence, votes);

    await expect(court.connect(actors.payer).acceptOffer(order.terms, 9_000n))
      .to.be.revertedWithCustomError(court, "CourtOfferMissing")
      .withArgs(id, SIDE.merchant);
    await expectConservation(network);
  });

  it("32: must not let a silent merchant accept an offer once its silence has decided", async () => {
    const network = await load();
    const { court, actors } = network;
    const first = await openedDispute(network, await capturedOrder(network));
    const second = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    await court.connect(actors.payer).offer(first.order.terms, 1n, FAR);
    await court.connect(actors.payer).offer(second.order.terms, 1n, FAR);
    const [firstBy, secondBy] = [await deadlineOf(network, first), await deadlineOf(network, second)];

    await time.setNextBlockTimestamp(firstBy);
    await court.connect(actors.merchant).acceptOffer(first.order.terms, 1n);
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(court.connect(actors.merchant).acceptOffer(second.order.terms, 1n))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
    await court.finalize(second.order.terms, []);
    await expectConservation(network);
  });

  it("32: must not leave a disputed payment without recourse after payout", async () => {
    const network = await load();
    const { actors } = network;
    const order = await settledOrder(network);

    await openedDispute(network, order);

    expect(balancesOf(await readAccountWord(network, actors.merchant)).available).to.equal(0n);
    await expectConservation(network);
  });

  it("33: must not decide for whoever spoke last, nor take a second appeal or a second backup", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const dispute = await ruledDispute(network, order, 1_000n);
    await court.connect(actors.payer).appeal(order.terms, SIDE.payer);
    await court.connect(actors.merchant).submitEvidence(order.terms, SIDE.merchant, ethers.id("last word"));

    for (const side of [SIDE.payer, SIDE.merchant]) {
      const caller = side === SIDE.payer ? actors.payer : actors.merchant;
      await expect(court.connect(caller).appeal(order.terms, side))
        .to.be.revertedWithCustomError(court, "CourtStateWrong")
        .withArgs(dispute.id, DISPUTE_STATE.appealed, DISPUTE_STATE.ruled);
    }
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);
    await court.finalize(order.terms, []);
    expect((await court.disputeOf(dispute.id)).award).to.equal(1_000n);
    await expectConservation(network);
  });

  it("44: must not overflow, nor lock money without end, with windows as long as a policy allows", async () => {
    const network = await load();
    const { court, actors } = network;
    // Respond, twice rule, appeal and its ruling share the 180 days of the hard stop.
    const longest = (180n * 86_400n) / 5n;
    await court.setPolicy({
      ...POLICY,
      respondWindow: longest,
      ruleWindow: longest,
      appealWindow: longest,
      appealRuleWindow: longest,
      hardStop: 180n * 86_400n,
    });
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const dispute = await contestedDispute(network, order);
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);
    await court.escalate(order.terms);
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

    await court.connect(actors.outsider).finalize(order.terms, []);

    expect((await court.disputeOf(dispute.id)).state).to.equal(DISPUTE_STATE.final);
    await expectConservation(network);
  });
});
