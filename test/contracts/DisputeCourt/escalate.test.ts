import { expect } from "chai";
import {
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  disputeWord,
  openedDispute,
  SIDE,
  signVotes,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { APPEAL_SET, BACKED_SET, BACKUP_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, POLICY } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

describe("DisputeCourt.escalate", () => {
  it("gives the backup its time on anybody's call, and reverts with CourtTooEarly one second before", async () => {
    const { network, dispute } = await contested();
    const { court, actors } = network;
    const deadline = await deadlineOf(network, dispute);

    await time.setNextBlockTimestamp(deadline);
    await expect(court.escalate(dispute.order.terms))
      .to.be.revertedWithCustomError(court, "CourtTooEarly")
      .withArgs(dispute.id, deadline, deadline);
    await time.setNextBlockTimestamp(deadline + 1n);
    const escalated = await court.connect(actors.outsider).escalate(dispute.order.terms);

    const ruleBy = deadline + 1n + POLICY.ruleWindow;
    const word = disputeWord({
      amount: 10_000n,
      deadline: ruleBy,
      state: DISPUTE_STATE.contested,
      round: 2n,
    });
    await expect(escalated)
      .to.emit(court, "DisputeEscalated")
      .withArgs(dispute.id, BACKUP_SET, 1n, ruleBy, word);
    expect((await court.disputeOf(dispute.id)).isEscalated).to.equal(true);
    await expectConservation(network);
  });

  it("lets the backup rule, and its ruling be appealed to the backup's own appeal set", async () => {
    const { network, panels, dispute } = await escalated();
    const { court, actors } = network;
    const { terms } = dispute.order;
    const votes = await signVotes(network, dispute, 4_000n, panels.backup, 2n);
    await court.rule(terms, 4_000n, dispute.evidence, votes);
    await court.connect(actors.payer).appeal(terms, SIDE.payer);
    const reviewed = await signVotes(network, dispute, 6_000n, panels.appeal, 4n);
    await court.rule(terms, 6_000n, dispute.evidence, reviewed);

    const finalized = await court.finalize(terms, []);

    await expect(finalized).to.emit(court, "DisputeFinalized");
    expect((await court.disputeOf(dispute.id)).award).to.equal(6_000n);
    await expectConservation(network);
  });

  it("does not let the first panel rule any more, nor its old votes count", async () => {
    const { network, panels, dispute } = await escalated();

    for (const [signers, round] of [
      [panels.first, 1n],
      [panels.first, 2n],
      [panels.backup, 1n],
    ] as const) {
      const votes = await signVotes(network, dispute, 1n, signers, round);
      await expect(
        network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes),
      ).to.be.revertedWithCustomError(network.court, "CourtVoteInvalid");
    }
  });

  it("leaves what the terms say when the backup is silent as well", async () => {
    const { network, dispute } = await escalated();
    const { court } = network;
    const deadline = await deadlineOf(network, dispute);

    await time.setNextBlockTimestamp(deadline);
    await expect(court.finalize(dispute.order.terms, []))
      .to.be.revertedWithCustomError(court, "CourtTooEarly")
      .withArgs(dispute.id, deadline, deadline);
    await time.setNextBlockTimestamp(deadline + 1n);
    await court.finalize(dispute.order.terms, []);

    const [ruled] = await court.queryFilter(court.filters.DisputeRuled(dispute.id));
    expect([ruled?.args.award, ruled?.args.basis]).to.deep.equal([2_500n, BASIS.panelSilent]);
    await expectConservation(network);
  });

  it("calls the backup once: reverts with CourtBackupMissing the second time", async () => {
    const { network, dispute } = await escalated();
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

    await expect(network.court.escalate(dispute.order.terms))
      .to.be.revertedWithCustomError(network.court, "CourtBackupMissing")
      .withArgs(dispute.id);
  });

  it("reverts with CourtBackupMissing given a set without one, or never defined", async () => {
    const network = await load();
    await definePanels(network);

    const withoutBackup = await capturedOrder(network, { arbiterSetId: APPEAL_SET });
    const withoutSet = await capturedOrder(network, { arbiterSetId: 99, nonce: 1n });

    for (const order of [withoutBackup, withoutSet]) {
      const dispute = await contestedDispute(network, order);
      await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);
      await expect(network.court.escalate(order.terms))
        .to.be.revertedWithCustomError(network.court, "CourtBackupMissing")
        .withArgs(dispute.id);
    }
  });

  it("escalates up to the hard stop, within it, and reverts with CourtTooLate one second later", async () => {
    const { network, dispute } = await contested();
    const { court } = network;
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET, nonce: 1n });
    const other = await contestedDispute(network, order);
    const { stopAt } = await court.disputeOf(dispute.id);
    const { stopAt: otherStopAt } = await court.disputeOf(other.id);

    await time.setNextBlockTimestamp(stopAt);
    await court.escalate(dispute.order.terms);
    expect(await deadlineOf(network, dispute)).to.equal(stopAt);
    await time.setNextBlockTimestamp(otherStopAt + 1n);
    await expect(court.escalate(order.terms))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(other.id, otherStopAt, otherStopAt + 1n);
  });

  it("reverts with CourtStateWrong given a dispute that is not contested", async () => {
    const network = await load();
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const { id } = await openedDispute(network, order);

    await expect(network.court.escalate(order.terms))
      .to.be.revertedWithCustomError(network.court, "CourtStateWrong")
      .withArgs(id, DISPUTE_STATE.open, DISPUTE_STATE.contested);
  });
});

async function contested() {
  const network = await load();
  const panels = await definePanels(network);
  const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
  return { network, panels, dispute: await contestedDispute(network, order) };
}

async function escalated() {
  const given = await contested();
  await time.setNextBlockTimestamp((await deadlineOf(given.network, given.dispute)) + 1n);
  await given.network.court.escalate(given.dispute.order.terms);
  return given;
}
