import { expect } from "chai";
import {
  addEvidence,
  appealedDispute,
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  disputeWord,
  openedDispute,
  ruledDispute,
  SIDE,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, POLICY } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

const HASH = ethers.id("a photograph");

describe("DisputeCourt.submitEvidence", () => {
  it("adds a document of either side under its name, whoever speaks for it", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await contestedDispute(network, await capturedOrder(network));
    const deadline = await deadlineOf(network, dispute);
    const { payer, merchant, operator } = actors;
    let evidence = dispute.evidence;
    let word = 0n;
    const counts = [0n, 0n];

    for (const [caller, side, party] of [
      [payer, SIDE.payer, payer],
      [operator, SIDE.payer, payer],
      [merchant, SIDE.merchant, merchant],
      [operator, SIDE.merchant, merchant],
    ] as const) {
      const submitted = await court.connect(caller).submitEvidence(dispute.order.terms, side, HASH);
      evidence = addEvidence(network, evidence, party.address, HASH);
      if (side === SIDE.payer) counts[0] = (counts[0] ?? 0n) + 1n;
      else counts[1] = (counts[1] ?? 0n) + 1n;
      word = disputeWord({
        amount: 10_000n,
        deadline,
        state: DISPUTE_STATE.contested,
        payerEvidence: counts[0] ?? 0n,
        merchantEvidence: counts[1] ?? 0n,
      });
      await expect(submitted)
        .to.emit(court, "EvidenceSubmitted")
        .withArgs(dispute.id, party.address, HASH, evidence, word);
    }
    const stored = await court.disputeOf(dispute.id);
    expect([stored.payerEvidence, stored.merchantEvidence]).to.deep.equal([2n, 2n]);
    expect(stored.evidence).to.equal(evidence);
    await expectConservation(network);
  });

  it("adds it given an open and given an appealed dispute", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const open = await openedDispute(network, await capturedOrder(network));
    const appealed = await appealedDispute(
      network,
      await capturedOrder(network, { arbiterSetId: BACKED_SET, nonce: 1n }),
      0n,
    );

    for (const { order } of [open, appealed]) {
      await court.connect(actors.payer).submitEvidence(order.terms, SIDE.payer, HASH);
    }
  });

  it("reverts with CourtEvidenceTooMuch above the cap of one side, and still takes the other's", async () => {
    const network = await load();
    const { court, actors } = network;
    const { id, order } = await openedDispute(network, await capturedOrder(network));
    const payer = court.connect(actors.payer);
    for (let count = 0n; count < POLICY.evidenceCap; count++) {
      await payer.submitEvidence(order.terms, SIDE.payer, HASH);
    }

    await expect(payer.submitEvidence(order.terms, SIDE.payer, HASH))
      .to.be.revertedWithCustomError(court, "CourtEvidenceTooMuch")
      .withArgs(id, 3n, 3n);
    await court.connect(actors.merchant).submitEvidence(order.terms, SIDE.merchant, HASH);
  });

  it("counts to fifteen and no further", async () => {
    const network = await load();
    const { court, actors } = network;
    await court.setPolicy({ ...POLICY, evidenceCap: 15n });
    const { id, order } = await openedDispute(network, await capturedOrder(network));
    for (let count = 0; count < 15; count++) {
      await court.connect(actors.payer).submitEvidence(order.terms, SIDE.payer, HASH);
      await court.connect(actors.merchant).submitEvidence(order.terms, SIDE.merchant, HASH);
    }

    for (const [caller, side] of [
      [actors.payer, SIDE.payer],
      [actors.merchant, SIDE.merchant],
    ] as const) {
      await expect(court.connect(caller).submitEvidence(order.terms, side, HASH))
        .to.be.revertedWithCustomError(court, "CourtEvidenceTooMuch")
        .withArgs(id, 15n, 15n);
    }
    const { payerEvidence, merchantEvidence, policyVersion } = await court.disputeOf(id);
    expect([payerEvidence, merchantEvidence, policyVersion]).to.deep.equal([15n, 15n, 2n]);
  });

  it("reverts with CourtForbidden when the caller does not speak for the side it names", async () => {
    const network = await load();
    const { court, registry, actors } = network;
    const { id, order } = await openedDispute(network, await capturedOrder(network));
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 3n);

    for (const [caller, side] of [
      [actors.payer, SIDE.merchant],
      [actors.merchant, SIDE.payer],
      [actors.operator, SIDE.merchant],
      [actors.otherOperator, SIDE.payer],
      [actors.payer, SIDE.none],
    ] as const) {
      await expect(court.connect(caller).submitEvidence(order.terms, side, HASH))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(id, caller.address);
    }
  });

  it("adds in the last second, and reverts with CourtTooLate one second later", async () => {
    const network = await load();
    const { court, actors } = network;
    const first = await openedDispute(network, await capturedOrder(network));
    const second = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const [firstBy, secondBy] = [await deadlineOf(network, first), await deadlineOf(network, second)];
    const payer = court.connect(actors.payer);

    await time.setNextBlockTimestamp(firstBy);
    await payer.submitEvidence(first.order.terms, SIDE.payer, HASH);
    await time.setNextBlockTimestamp(secondBy + 1n);
    await expect(payer.submitEvidence(second.order.terms, SIDE.payer, HASH))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(second.id, secondBy, secondBy + 1n);
  });

  for (const [given, stage, quietTime] of [
    ["contested", contestedDispute, POLICY.ruleWindow / 2n],
    [
      "appealed",
      (...[network, order]: Parameters<typeof contestedDispute>) => appealedDispute(network, order, 0n),
      POLICY.appealRuleWindow / 2n,
    ],
  ] as const) {
    it(`leaves the panel the second half of its time given a dispute that is ${given}`, async () => {
      const network = await load();
      const { court, actors } = network;
      await definePanels(network);
      const terms = { arbiterSetId: BACKED_SET };
      const first = await stage(network, await capturedOrder(network, terms));
      const second = await stage(network, await capturedOrder(network, { ...terms, nonce: 1n }));
      const firstBy = (await deadlineOf(network, first)) - quietTime;
      const secondBy = (await deadlineOf(network, second)) - quietTime;
      const payer = court.connect(actors.payer);

      await time.setNextBlockTimestamp(firstBy);
      await payer.submitEvidence(first.order.terms, SIDE.payer, HASH);
      await time.setNextBlockTimestamp(secondBy + 1n);
      await expect(payer.submitEvidence(second.order.terms, SIDE.payer, HASH))
        .to.be.revertedWithCustomError(court, "CourtTooLate")
        .withArgs(second.id, secondBy, secondBy + 1n);
    });
  }

  it("reverts with CourtStateWrong given a ruling, and given a dispute that is over", async () => {
    const network = await load();
    const { court, actors } = network;
    const { id, order } = await ruledDispute(network, await capturedOrder(network), 0n);
    const payer = court.connect(actors.payer);

    await expect(payer.submitEvidence(order.terms, SIDE.payer, HASH))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(id, DISPUTE_STATE.ruled, DISPUTE_STATE.open);
    await court.finalize(order.terms, []);
    await expect(payer.submitEvidence(order.terms, SIDE.payer, HASH))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(id, DISPUTE_STATE.final, DISPUTE_STATE.open);
    await expectConservation(network);
  });
});
