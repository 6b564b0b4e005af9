import { expect } from "chai";
import {
  addEvidence,
  DISPUTE_STATE,
  disputeIdOf,
  disputeWord,
  NOT_RECEIVED,
  openedDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder, readAccountWord } from "../../support/builders/order.ts";
import { setBonds } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, POLICY } from "../../support/deploy-contracts.ts";
import { balancesOf } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const HASH = ethers.id("a parcel that never came");

describe("DisputeCourt.open", () => {
  it("opens a dispute on the payer's call and locks the money", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);

    const opened = await court.connect(actors.payer).open(terms, 4_000n, NOT_RECEIVED, HASH);

    const respondBy = BigInt(await time.latest()) + POLICY.respondWindow;
    const disputeId = disputeIdOf(network, id, 1n);
    const evidence = addEvidence(network, ethers.ZeroHash, actors.payer.address, HASH);
    const parties = [actors.merchant.address, actors.payer.address];
    const word = disputeWord({ amount: 4_000n, deadline: respondBy, state: DISPUTE_STATE.open });
    await expect(opened)
      .to.emit(court, "DisputeOpened")
      .withArgs(disputeId, id, ...parties, 4_000n, NOT_RECEIVED, evidence, respondBy, word);
    await expect(opened).to.emit(ledger, "DisputeLocked");
    const dispute = await court.disputeOf(disputeId);
    expect([dispute.amount, dispute.deadline, dispute.state]).to.deep.equal([4_000n, respondBy, 1n]);
    expect([dispute.setVersion, dispute.policyVersion, dispute.round]).to.deep.equal([1n, 1n, 1n]);
    expect(dispute.evidence).to.equal(evidence);
    expect(await court.disputeIdOf(terms)).to.equal(disputeId);
    await expectConservation(network);
  });

  it("opens it on the operator's call for the payer", async () => {
    const network = await load();
    const { terms } = await capturedOrder(network);

    await network.court.connect(network.actors.operator).open(terms, 1n, NOT_RECEIVED, HASH);

    await expectConservation(network);
  });

  it("takes the bond from the payer, rounded up", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    await setBonds(network, 1n, 0n);
    const { id, terms } = await capturedOrder(network);

    await court.connect(actors.payer).open(terms, 10_000n - 1n, NOT_RECEIVED, HASH);

    expect(await ledger.bondOf(disputeIdOf(network, id, 1n))).to.equal(1n);
    const { available } = balancesOf(await readAccountWord(network, actors.payer));
    expect(available).to.equal(PAYER_FUNDS - 10_000n - 1n);
    await expectConservation(network);
  });

  it("reverts with AccountsInsufficient when the payer has less than the bond", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    await setBonds(network, 10_000n, 0n);
    const { terms } = await capturedOrder(network, { amount: PAYER_FUNDS });

    await expect(court.connect(actors.payer).open(terms, 10n, NOT_RECEIVED, HASH))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.payer.address, 10n, 0n);
    await expectConservation(network);
  });

  it("opens it for a frozen payer against a frozen merchant", async () => {
    const network = await load();
    const { registry, actors } = network;
    const order = await capturedOrder(network);
    await registry.connect(actors.compliance).freeze([actors.payer, actors.merchant]);

    await openedDispute(network, order);

    await expectConservation(network);
  });

  it("opens a second one after the first, under another id", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    const first = await openedDispute(network, order, 1_000n);
    await court.connect(actors.payer).withdraw(order.terms);
    await court.finalize(order.terms, []);

    await court.connect(actors.payer).open(order.terms, 2_000n, NOT_RECEIVED, HASH);

    const second = disputeIdOf(network, order.id, 2n);
    expect((await court.disputeOf(second)).state).to.equal(DISPUTE_STATE.open);
    expect((await court.disputeOf(first.id)).state).to.equal(DISPUTE_STATE.final);
    expect(await court.disputeIdOf(order.terms)).to.equal(second);
    await expectConservation(network);
  });

  it("opens with set version 0 when the terms name a set that was never defined", async () => {
    const network = await load();
    const dispute = await openedDispute(network, await capturedOrder(network, { arbiterSetId: 99 }));

    expect((await network.court.disputeOf(dispute.id)).setVersion).to.equal(0n);
    await expectConservation(network);
  });

  it("reverts with CourtForbidden when the caller is neither, and locks nothing", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);
    const word = await ledger.orderWord(id);

    for (const caller of [actors.merchant, actors.otherPayer, actors.otherOperator, actors.arbiters[0]]) {
      if (caller === undefined) throw new RangeError("The panel is empty.");
      await expect(court.connect(caller).open(terms, 1n, NOT_RECEIVED, HASH))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(disputeIdOf(network, id, 1n), caller.address);
    }
    expect(await ledger.orderWord(id)).to.equal(word);
    await expectConservation(network);
  });

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await capturedOrder(network);
    await openedDispute(network, order, 1n);

    await expect(court.connect(actors.payer).open(order.terms, 1n, NOT_RECEIVED, HASH))
      .to.be.revertedWithCustomError(ledger, "OrderDisputed")
      .withArgs(order.id);
    await expectConservation(network);
  });

  it("reverts when the amount is 0, above what the order has, or above what a word holds", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    await setBonds(network, 10_000n, 0n);
    const { id, terms } = await capturedOrder(network);

    for (const amount of [0n, 2n ** 80n, 2n ** 256n - 1n]) {
      await expect(
        court.connect(actors.payer).open(terms, amount, NOT_RECEIVED, HASH),
      ).to.be.revertedWithCustomError(ledger, "AmountInvalid");
    }
    await expect(court.connect(actors.payer).open(terms, 10_001n, NOT_RECEIVED, HASH))
      .to.be.revertedWithCustomError(ledger, "DisputeExceedsOrder")
      .withArgs(id, 10_001n, 10_000n);
    await expectConservation(network);
  });
});
