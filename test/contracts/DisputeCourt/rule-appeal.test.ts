import { expect } from "chai";
import {
  APPEAL_ROUND,
  appealedDispute,
  BASIS,
  DISPUTE_STATE,
  deadlineOf,
  disputeWord,
  ruledDispute,
  signVotes,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, POLICY } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

describe("DisputeCourt.rule with an appeal", () => {
  it("leaves both sides time to appeal", async () => {
    const network = await load();
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });

    const dispute = await ruledDispute(network, order, 2_500n);

    const appealBy = BigInt(await time.latest()) + POLICY.appealWindow;
    expect(await deadlineOf(network, dispute)).to.equal(appealBy);
    await expectConservation(network);
  });

  it("leaves none under a policy without appeals", async () => {
    const network = await load();
    await definePanels(network);
    await network.court.setPolicy({ ...POLICY, appealWindow: 0n, appealRuleWindow: 0n });
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });

    const dispute = await ruledDispute(network, order, 2_500n);

    expect(await deadlineOf(network, dispute)).to.equal(0n);
    await network.court.finalize(order.terms, []);
    await expectConservation(network);
  });

  it("replaces the award, for good, by the appeal panel's", async () => {
    const { network, panels, dispute } = await appealed();
    const { court, actors } = network;
    const votes = await signVotes(network, dispute, 9_000n, panels.appeal.slice(2), APPEAL_ROUND);

    const ruled = await court
      .connect(actors.outsider)
      .rule(dispute.order.terms, 9_000n, dispute.evidence, votes);

    const word = disputeWord({ amount: 10_000n, award: 9_000n, state: DISPUTE_STATE.ruled, round: 4n });
    await expect(ruled)
      .to.emit(court, "DisputeRuled")
      .withArgs(dispute.id, 9_000n, BASIS.appealPanel, 0n, word);
    const { voters, appealVoters } = await court.disputeOf(dispute.id);
    expect([voters, appealVoters]).to.deep.equal([3n, 28n]);
    await court.finalize(dispute.order.terms, []);
    await expectConservation(network);
  });

  it("reverts with CourtVoteInvalid when the first panel votes again", async () => {
    const { network, panels, dispute } = await appealed();
    const votes = await signVotes(network, dispute, 1n, panels.first, APPEAL_ROUND);

    await expect(
      network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes),
    ).to.be.revertedWithCustomError(network.court, "CourtVoteInvalid");
  });

  it("reverts with CourtVoteInvalid on votes of an earlier round", async () => {
    const { network, panels, dispute } = await appealed();

    for (const round of [1n, 2n]) {
      const votes = await signVotes(network, dispute, 1n, panels.appeal, round);
      await expect(
        network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes),
      ).to.be.revertedWithCustomError(network.court, "CourtVoteInvalid");
    }
  });

  it("reverts with CourtVotesMissing below the appeal panel's own threshold", async () => {
    const { network, panels, dispute } = await appealed();
    const votes = await signVotes(network, dispute, 1n, panels.appeal.slice(0, 2), APPEAL_ROUND);

    await expect(network.court.rule(dispute.order.terms, 1n, dispute.evidence, votes))
      .to.be.revertedWithCustomError(network.court, "CourtVotesMissing")
      .withArgs(dispute.id, 2n, 3n);
  });

  it("rules in the last second, and reverts with CourtTooLate one second later", async () => {
    const { network, panels, dispute } = await appealed();
    const other = await appealedDispute(
      network,
      await capturedOrder(network, { arbiterSetId: BACKED_SET, nonce: 1n }),
      0n,
    );
    const [firstBy, secondBy] = [await deadlineOf(network, dispute), await deadlineOf(network, other)];

    await time.setNextBlockTimestamp(firstBy);
    const first = await signVotes(network, dispute, 1n, panels.appeal, APPEAL_ROUND);
    await network.court.rule(dispute.order.terms, 1n, dispute.evidence, first);
    await time.setNextBlockTimestamp(secondBy + 1n);
    const second = await signVotes(network, other, 1n, panels.appeal, APPEAL_ROUND);
    await expect(network.court.rule(other.order.terms, 1n, other.evidence, second))
      .to.be.revertedWithCustomError(network.court, "CourtTooLate")
      .withArgs(other.id, secondBy, secondBy + 1n);
    await expectConservation(network);
  });
});

async function appealed() {
  const network = await load();
  const panels = await definePanels(network);
  const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
  return { network, panels, dispute: await appealedDispute(network, order, 2_500n) };
}
