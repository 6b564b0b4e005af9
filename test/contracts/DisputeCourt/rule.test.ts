import { expect } from "chai";
import {
  addEvidence,
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  disputeWord,
  openedDispute,
  SIDE,
  signVotes,
  type TestDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { ARBITER_SET, openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

describe("DisputeCourt.rule", () => {
  for (const payerBps of [0n, 2_500n, 10_000n]) {
    it(`records ${payerBps} from the threshold's votes, whoever submits`, async () => {
      const { network, dispute } = await contested();
      const { court, actors } = network;
      const votes = await signVotes(network, dispute, payerBps, actors.arbiters.slice(1));

      const ruled = await court
        .connect(actors.outsider)
        .rule(dispute.order.terms, payerBps, dispute.evidence, votes);

      const word = disputeWord({ amount: 10_000n, award: payerBps, state: DISPUTE_STATE.ruled, round: 2n });
      await expect(ruled)
        .to.emit(court, "DisputeRuled")
        .withArgs(dispute.id, payerBps, BASIS.panel, 0n, word);
      const { state, award, voters } = await court.disputeOf(dispute.id);
      expect([state, award, voters]).to.deep.equal([DISPUTE_STATE.ruled, payerBps, 6n]);
      await expectConservation(network);
    });
  }

  it("takes all votes of the panel", async () => {
    const { network, dispute } = await contested();
    const votes = await signVotes(network, dispute, 1n, network.actors.arbiters);

    await network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes);
  });

  it("has the digest that a wallet signs", async () => {
    const { network, dispute } = await contested();
    const [arbiter] = network.actors.arbiters;
    const [vote = "0x"] = await signVotes(network, dispute, 7n, network.actors.arbiters);

    const digest = await network.court.voteDigest(dispute.id, 1n, 7n, dispute.evidence);

    expect(ethers.recoverAddress(digest, vote)).to.equal(arbiter?.address);
  });

  it("reverts with CourtVotesMissing below the threshold", async () => {
    const { network, dispute } = await contested();
    const votes = await signVotes(network, dispute, 1n, network.actors.arbiters.slice(0, 1));

    await expect(network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes))
      .to.be.revertedWithCustomError(network.court, "CourtVotesMissing")
      .withArgs(dispute.id, 1n, 2n);
  });

  it("reverts with CourtVoteInvalid when one arbiter votes twice or the order is not ascending", async () => {
    const { network, dispute } = await contested();
    const { court, actors } = network;
    const [first, second] = actors.arbiters;
    if (first === undefined || second === undefined) throw new RangeError("The panel is too small.");

    for (const signers of [
      [first, first],
      [second, first],
    ]) {
      const votes = await signVotes(network, dispute, 1n, signers);
      await expect(court.rule(dispute.order.terms, 1n, dispute.evidence, votes))
        .to.be.revertedWithCustomError(court, "CourtVoteInvalid")
        .withArgs(dispute.id, first.address);
    }
  });

  it("reverts with CourtVoteInvalid on a vote of a stranger, or one for another share", async () => {
    const { network, dispute } = await contested();
    const { court, actors } = network;
    const strangers = [actors.outsider, actors.otherPayer].sort((a, b) =>
      a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
    );
    const stranger = await signVotes(network, dispute, 1n, strangers);
    const otherShare = await signVotes(network, dispute, 2n, actors.arbiters.slice(0, 2));

    for (const votes of [stranger, otherShare, ["0x", "0x"]]) {
      await expect(
        court.rule(dispute.order.terms, 1n, dispute.evidence, votes),
      ).to.be.revertedWithCustomError(court, "CourtVoteInvalid");
    }
  });

  for (const role of ["payer", "merchant", "operator"] as const) {
    it(`reverts with CourtVoteInvalid on a vote of the ${role}, whom the panel has as a member`, async () => {
      const network = await load();
      const { court, actors } = network;
      const [arbiter] = actors.arbiters;
      if (arbiter === undefined) throw new RangeError("The panel is too small.");
      const members = [actors[role], arbiter].sort((a, b) =>
        a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
      );
      await court.defineArbiterSet(21, members, 2n, 0, 0);
      const dispute = await contestedDispute(network, await capturedOrder(network, { arbiterSetId: 21 }));
      const votes = await signVotes(network, dispute, 0n, members);

      await expect(court.rule(dispute.order.terms, 0n, dispute.evidence, votes))
        .to.be.revertedWithCustomError(court, "CourtVoteInvalid")
        .withArgs(dispute.id, actors[role].address);
    });
  }

  it("reverts with CourtEvidenceStale on votes over what the payer alone had said", async () => {
    const network = await load();
    const opened = await openedDispute(network, await capturedOrder(network));
    await network.court
      .connect(network.actors.merchant)
      .contest(opened.order.terms, ethers.id("new evidence"));
    const votes = await signVotes(network, opened, 1n, network.actors.arbiters);
    const { evidence } = await network.court.disputeOf(opened.id);

    await expect(network.court.rule(opened.order.terms, 1n, opened.evidence, votes))
      .to.be.revertedWithCustomError(network.court, "CourtEvidenceStale")
      .withArgs(opened.id, opened.evidence, evidence);
  });

  it("reverts with CourtBpsInvalid above 10,000", async () => {
    const { network, dispute } = await contested();
    const votes = await signVotes(network, dispute, 10_001n, network.actors.arbiters);

    await expect(network.court.rule(dispute.order.terms, 10_001n, dispute.evidence, votes))
      .to.be.revertedWithCustomError(network.court, "CourtBpsInvalid")
      .withArgs(10_001n, 10_000n);
  });

  it("rules in the last second, and reverts with CourtTooLate one second later", async () => {
    const network = await load();
    const { court, actors } = network;
    const first = await contestedDispute(network, await capturedOrder(network));
    const second = await contestedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const [firstBy, secondBy] = [await deadlineOf(network, first), await deadlineOf(network, second)];

    await time.setNextBlockTimestamp(firstBy);
    await court.rule(
      first.order.terms,
      1n,
      first.evidence,
      await signVotes(network, first, 1n, actors.arbiters),
    );
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(
      court.rule(
        second.order.terms,
        1n,
        second.evidence,
        await signVotes(network, second, 1n, actors.arbiters),
      ),
    )
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
  });

  it("reverts with CourtStateWrong given no contest, or a ruling", async () => {
    const network = await load();
    const { court, actors } = network;
    const opened = await openedDispute(network, await capturedOrder(network));
    const ruled = await contestedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const votes = await signVotes(network, ruled, 1n, actors.arbiters);
    await court.rule(ruled.order.terms, 1n, ruled.evidence, votes);

    for (const [dispute, state] of [
      [opened, DISPUTE_STATE.open],
      [ruled, DISPUTE_STATE.ruled],
    ] as const) {
      await expect(court.rule(dispute.order.terms, 1n, dispute.evidence, votes))
        .to.be.revertedWithCustomError(court, "CourtStateWrong")
        .withArgs(dispute.id, state, DISPUTE_STATE.contested);
    }
  });

  it("rounds the award down", async () => {
    const network = await load();
    const dispute = await contestedDispute(network, await capturedOrder(network), 3n);
    const votes = await signVotes(network, dispute, 3_334n, network.actors.arbiters);

    await network.court.rule(dispute.order.terms, 3_334n, dispute.evidence, votes);

    expect((await network.court.disputeOf(dispute.id)).award).to.equal(1n);
  });

  it("takes the evidence in the order in which it came, and no vote on less of it", async () => {
    const { network, dispute } = await contested();
    const { court, actors } = network;
    const early = await signVotes(network, dispute, 1n, actors.arbiters);
    const hash = ethers.id("one more thing");
    await court.connect(actors.merchant).submitEvidence(dispute.order.terms, SIDE.merchant, hash);
    const evidence = addEvidence(network, dispute.evidence, actors.merchant.address, hash);

    await expect(court.rule(dispute.order.terms, 1n, dispute.evidence, early))
      .to.be.revertedWithCustomError(court, "CourtEvidenceStale")
      .withArgs(dispute.id, dispute.evidence, evidence);
    const votes = await signVotes(network, { ...dispute, evidence }, 1n, actors.arbiters);
    await court.rule(dispute.order.terms, 1n, evidence, votes);
  });

  it("reverts with CourtSetUnknown given a set that was never defined", async () => {
    const network = await load();
    const order = await capturedOrder(network, { arbiterSetId: 99 });
    const dispute = await contestedDispute(network, order);
    await network.court.defineArbiterSet(99, [network.actors.outsider.address], 1n, 0, 0);
    const votes = await signVotes(network, dispute, 1n, [network.actors.outsider]);

    await expect(network.court.rule(order.terms, 1n, dispute.evidence, votes))
      .to.be.revertedWithCustomError(network.court, "CourtSetUnknown")
      .withArgs(99n);
  });

  it("does not take votes on one dispute for another", async () => {
    const { network, dispute } = await contested();
    const other = await contestedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const votes = await signVotes(network, other, 1n, network.actors.arbiters);

    await expect(
      network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes),
    ).to.be.revertedWithCustomError(network.court, "CourtVoteInvalid");
  });

  it("keeps the panel that stood when the dispute was opened", async () => {
    const { network, dispute } = await contested();
    const { court, actors } = network;
    await court.defineArbiterSet(ARBITER_SET, [actors.outsider.address], 1n, 0, 0);
    const newcomer = await signVotes(network, dispute, 1n, [actors.outsider, actors.outsider]);
    const panel = await signVotes(network, dispute, 1n, actors.arbiters);

    await expect(
      court.rule(dispute.order.terms, 1n, dispute.evidence, newcomer),
    ).to.be.revertedWithCustomError(court, "CourtVoteInvalid");
    await court.rule(dispute.order.terms, 1n, dispute.evidence, panel);
  });
});

async function contested(): Promise<{ network: TestNetwork; dispute: TestDispute }> {
  const network = await load();
  return { network, dispute: await contestedDispute(network, await capturedOrder(network)) };
}
