import { expect } from "chai";
import {
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  disputeIdOf,
  disputeWord,
  openedDispute,
  ruledDispute,
} from "../../support/builders/dispute.ts";
import {
  authorizedOrder,
  capturedOrder,
  fundGuarantee,
  paidOutOrder,
  readAccountWord,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, amountsOf, balancesOf, ORDER_STATE } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("DisputeCourt.finalize", () => {
  it("pays a ruling out, whoever calls", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await capturedOrder(network);
    const dispute = await ruledDispute(network, order, 5_000n, 8_000n);

    const finalized = await court.connect(actors.outsider).finalize(order.terms, []);

    const word = disputeWord({ amount: 8_000n, award: 4_000n, state: DISPUTE_STATE.final, round: 2n });
    await expect(finalized).to.emit(court, "DisputeFinalized").withArgs(dispute.id, order.id, 4_000n, word);
    await expect(finalized).to.emit(ledger, "DisputePaid");
    expect((await court.disputeOf(dispute.id)).state).to.equal(DISPUTE_STATE.final);
    expect(amountsOf(await ledger.orderWord(order.id)).refundable).to.equal(6_000n);
    expect(await readAccountWord(network, actors.payer)).to.equal(
      accountWord({ available: PAYER_FUNDS - 6_000n }),
    );
    await expectConservation(network);
  });

  it("pays a ruling of 0 out: the merchant keeps everything", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    await ruledDispute(network, order, 0n);

    await court.finalize(order.terms, []);

    const { available, pending } = balancesOf(await readAccountWord(network, actors.merchant));
    expect([available, pending]).to.deep.equal([0n, 9_500n]);
    await expectConservation(network);
  });

  it("pays a ruling over money that was paid out, out of the guarantee", async () => {
    const network = await load();
    await fundGuarantee(network, 50_000n);
    const order = await paidOutOrder(network);
    await ruledDispute(network, order, 10_000n);

    await network.court.finalize(order.terms, []);

    expect(await readAccountWord(network, network.actors.payer)).to.equal(
      accountWord({ available: PAYER_FUNDS }),
    );
    await expectConservation(network);
  });

  it("owes the payer what the guarantee lacks, and pays it ahead of the merchant's payouts", async () => {
    const network = await load();
    const { court, ledger, token, actors } = network;
    const order = await paidOutOrder(network);
    await ruledDispute(network, order, 10_000n);

    await court.finalize(order.terms, []);

    const operator = actors.operator.address;
    const owed = await ledger.unpaidAwardsOf(operator, token, actors.merchant);
    expect([owed.count, owed.total]).to.deep.equal([1n, 9_500n]);
    await ledger.connect(actors.issuer).deposit(operator, token, actors.merchant, 10_000n);
    await ledger.connect(actors.outsider).meetObligations(operator, token, actors.merchant);
    expect((await ledger.unpaidAwardsOf(operator, token, actors.merchant)).total).to.equal(0n);
    await expectConservation(network);
  });

  context("given a silent merchant", () => {
    it("reverts with CourtTooEarly in its last second and gives the payer everything after it", async () => {
      const network = await load();
      const { court, ledger, actors } = network;
      const order = await capturedOrder(network);
      const dispute = await openedDispute(network, order);
      const respondBy = await deadlineOf(network, dispute);

      await time.setNextBlockTimestamp(respondBy);
      await expect(court.finalize(order.terms, []))
        .to.be.revertedWithCustomError(court, "CourtTooEarly")
        .withArgs(dispute.id, respondBy, respondBy);
      await time.setNextBlockTimestamp(respondBy + 1n);
      const finalized = await court.connect(actors.outsider).finalize(order.terms, []);

      const outcome = { amount: 10_000n, award: 10_000n, round: 2n };
      await expect(finalized)
        .to.emit(court, "DisputeRuled")
        .withArgs(
          dispute.id,
          10_000n,
          BASIS.merchantSilent,
          0n,
          disputeWord({ ...outcome, state: DISPUTE_STATE.ruled }),
        );
      await expect(finalized)
        .to.emit(court, "DisputeFinalized")
        .withArgs(dispute.id, order.id, 10_000n, disputeWord({ ...outcome, state: DISPUTE_STATE.final }));
      expect(amountsOf(await ledger.orderWord(order.id)).state).to.equal(ORDER_STATE.refunded);
      await expectConservation(network);
    });
  });

  context("given a silent panel", () => {
    it("reverts with CourtTooEarly in its last second and pays what the terms say after it", async () => {
      const network = await load();
      const { court, actors } = network;
      const order = await capturedOrder(network, { defaultPayerBps: 2_500 });
      const dispute = await contestedDispute(network, order);
      const ruleBy = await deadlineOf(network, dispute);

      await time.setNextBlockTimestamp(ruleBy);
      await expect(court.finalize(order.terms, []))
        .to.be.revertedWithCustomError(court, "CourtTooEarly")
        .withArgs(dispute.id, ruleBy, ruleBy);
      await time.setNextBlockTimestamp(ruleBy + 1n);
      const finalized = await court.finalize(order.terms, []);

      const word = disputeWord({ amount: 10_000n, award: 2_500n, state: DISPUTE_STATE.ruled, round: 2n });
      await expect(finalized)
        .to.emit(court, "DisputeRuled")
        .withArgs(dispute.id, 2_500n, BASIS.panelSilent, 0n, word);
      expect(balancesOf(await readAccountWord(network, actors.payer)).available).to.equal(
        PAYER_FUNDS - 7_500n,
      );
      await expectConservation(network);
    });

    it("leaves the merchant everything when the terms say 0", async () => {
      const network = await load();
      const { court } = network;
      const order = await authorizedOrder(network, { defaultPayerBps: 0 });
      const dispute = await contestedDispute(network, order);
      await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

      await court.finalize(order.terms, []);

      expect(amountsOf(await network.ledger.orderWord(order.id)).capturable).to.equal(10_000n);
      await expectConservation(network);
    });
  });

  it("reverts with CourtStateWrong given a dispute finalized before", async () => {
    const network = await load();
    const { court } = network;
    const order = await capturedOrder(network);
    const dispute = await ruledDispute(network, order, 100n);
    await court.finalize(order.terms, []);

    await expect(court.finalize(order.terms, []))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(dispute.id, DISPUTE_STATE.final, DISPUTE_STATE.open);
    await expectConservation(network);
  });

  it("reverts with CourtStateWrong when the terms are another order's", async () => {
    const network = await load();
    const { court } = network;
    const order = await capturedOrder(network);
    const other = await capturedOrder(network, { nonce: 1n });
    await ruledDispute(network, order, 100n);

    await expect(court.finalize(other.terms, []))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(disputeIdOf(network, other.id, 0n), DISPUTE_STATE.none, DISPUTE_STATE.open);
  });
});
