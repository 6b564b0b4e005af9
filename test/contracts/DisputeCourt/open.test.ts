import { expect } from "chai";
import {
  addEvidence,
  DISPUTE_STATE,
  disputeIdOf,
  NOT_RECEIVED,
  openedDispute,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { ARBITER_SET, openTestChain, RESPOND_WINDOW } from "../../support/deploy-contracts.ts";
import { STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const HASH = ethers.id("a parcel that never came");

describe("DisputeCourt.open", () => {
  it("opens a dispute on the payer's call and locks the money", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);

    const opened = await court.connect(actors.payer).open(terms, 4_000n, NOT_RECEIVED, HASH);

    const openedAt = BigInt(await time.latest());
    const disputeId = disputeIdOf(network, id, 1n);
    const evidence = addEvidence(network, ethers.ZeroHash, actors.payer.address, HASH);
    const parties = [actors.merchant.address, actors.payer.address];
    await expect(opened)
      .to.emit(court, "DisputeOpened")
      .withArgs(disputeId, id, ...parties, 4_000n, NOT_RECEIVED, evidence, openedAt + RESPOND_WINDOW);
    await expect(opened).to.emit(ledger, "DisputeLocked");
    const dispute = await court.disputeOf(disputeId);
    expect([...dispute]).to.deep.equal([
      id,
      evidence,
      actors.payer.address,
      openedAt + RESPOND_WINDOW,
      0n,
      actors.merchant.address,
      DISPUTE_STATE.open,
      0n,
      2_500n,
      1n,
      actors.operator.address,
      BigInt(ARBITER_SET),
    ]);
    await expectConservation(network);
  });

  it("opens it on the operator's call for the payer", async () => {
    const network = await load();
    const { terms } = await capturedOrder(network);

    await network.court.connect(network.actors.operator).open(terms, 1n, NOT_RECEIVED, HASH);

    await expectConservation(network);
  });

  it("opens it for a frozen payer against a frozen merchant", async () => {
    const network = await load();
    const { registry, actors } = network;
    const order = await capturedOrder(network);
    await registry.connect(actors.compliance).setStatus([actors.payer, actors.merchant], STATUS.frozen);

    await openedDispute(network, order);

    await expectConservation(network);
  });

  it("opens a second one after the first, under another id", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    const first = await openedDispute(network, order, 1_000n);
    await court.connect(actors.payer).withdraw(first.id);
    await court.finalize(order.terms, first.id);

    await court.connect(actors.payer).open(order.terms, 2_000n, NOT_RECEIVED, HASH);

    const second = disputeIdOf(network, order.id, 2n);
    expect((await court.disputeOf(second)).state).to.equal(DISPUTE_STATE.open);
    expect((await court.disputeOf(first.id)).state).to.equal(DISPUTE_STATE.final);
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
  });

  it("reverts with CourtSetUnknown when the terms name no defined arbiter set", async () => {
    const network = await load();
    const { court, actors } = network;
    const { terms } = await capturedOrder(network, { arbiterSetId: 99 });

    await expect(court.connect(actors.payer).open(terms, 1n, NOT_RECEIVED, HASH))
      .to.be.revertedWithCustomError(court, "CourtSetUnknown")
      .withArgs(99n);
    await expectConservation(network);
  });

  it("reverts when the amount is 0 or above what the order has", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);

    await expect(
      court.connect(actors.payer).open(terms, 0n, NOT_RECEIVED, HASH),
    ).to.be.revertedWithCustomError(ledger, "AmountInvalid");
    await expect(court.connect(actors.payer).open(terms, 10_001n, NOT_RECEIVED, HASH))
      .to.be.revertedWithCustomError(ledger, "DisputeExceedsOrder")
      .withArgs(id, 10_001n, 10_000n);
  });
});
