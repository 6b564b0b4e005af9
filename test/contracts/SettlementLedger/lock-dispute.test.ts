import { expect } from "chai";
import { disputeIdOf } from "../../support/builders/dispute.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  paidOutOrder,
  readAccountWord,
  settledOrder,
  signedOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { balancesOf, MAX_U80, ORDER_STATE, orderWord } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.lockDispute", () => {
  it("takes the merchant's net of the disputed part aside and marks the order", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);
    const capturedAt = BigInt(await time.latest());
    const disputeId = disputeIdOf(network, id, 1n);

    const locked = await ledger.lockDispute(terms, 4_000n, 0n);

    const order = orderWord({
      refundable: 10_000n,
      capturedAt,
      cycle: 1n,
      state: ORDER_STATE.captured,
      isDisputed: true,
      disputeCount: 1n,
    });
    const word = await readAccountWord(network, actors.merchant);
    expect(balancesOf(word).pending).to.equal(5_700n);
    await expect(locked)
      .to.emit(ledger, "DisputeLocked")
      .withArgs(disputeId, id, actors.merchant.address, 4_000n, 0n, 3_800n, 0n, 0n, 1n, order, word);
    const lock = await ledger.lockOf(disputeId);
    const lockedAt = BigInt(await time.latest());
    // The second court of the ledger: it counts them from 0.
    expect([...lock]).to.deep.equal([4_000n, 3_800n, lockedAt, 1n, 1n, false, 0n, 0n]);
    expect(await ledger.orderWord(id)).to.equal(order);
    await expectConservation(network);
  });

  it("takes captured money first and held money for the rest", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 3_000n);

    await ledger.lockDispute(terms, 8_000n, 0n);

    const lock = await ledger.lockOf(disputeIdOf(network, id, 1n));
    expect([lock.captured, lock.lockedPending]).to.deep.equal([3_000n, 2_850n]);
    await expectConservation(network);
  });

  it("takes settled money from what is available", async () => {
    const network = await withoutCourt();
    const { ledger } = network;
    const { id, terms } = await settledOrder(network);

    await ledger.lockDispute(terms, 10_000n, 0n);

    const lock = await ledger.lockOf(disputeIdOf(network, id, 1n));
    expect([lock.lockedPending, lock.lockedAvailable]).to.deep.equal([0n, 9_500n]);
    expect(balancesOf(await readAccountWord(network, network.actors.merchant)).available).to.equal(0n);
    await expectConservation(network);
  });

  it("takes what there is and is not refused for the rest", async () => {
    const network = await withoutCourt();
    const { ledger } = network;
    const { id, terms } = await paidOutOrder(network);
    await capturedOrder(network, { amount: 2_000n, feeBps: 0, nonce: 1n });

    await ledger.lockDispute(terms, 10_000n, 0n);

    const lock = await ledger.lockOf(disputeIdOf(network, id, 1n));
    expect([lock.captured, lock.lockedPending, lock.lockedAvailable]).to.deep.equal([10_000n, 2_000n, 0n]);
    await expectConservation(network);
  });

  it("reverts with LedgerForbidden when the caller is not the court", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);

    for (const caller of [actors.payer, actors.operator, actors.admin]) {
      await expect(ledger.connect(caller).lockDispute(terms, 1n, 0n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
      await expect(ledger.connect(caller).payDispute(terms, [], 1n)).to.be.revertedWithCustomError(
        ledger,
        "DisputeNotOpen",
      );
    }
  });

  it("reverts with DisputeExceedsOrder when more is disputed than the order has", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 3_000n);
    await ledger.connect(actors.operator).void(terms, 2_000n);

    await expect(ledger.lockDispute(terms, 8_001n, 0n))
      .to.be.revertedWithCustomError(ledger, "DisputeExceedsOrder")
      .withArgs(id, 8_001n, 8_000n);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await withoutCourt();
      const { terms } = await capturedOrder(network);

      await expect(network.ledger.lockDispute(terms, amount, 0n))
        .to.be.revertedWithCustomError(network.ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await withoutCourt();
    const { id, terms } = await capturedOrder(network);
    await network.ledger.lockDispute(terms, 1n, 0n);

    await expect(network.ledger.lockDispute(terms, 1n, 0n))
      .to.be.revertedWithCustomError(network.ledger, "OrderDisputed")
      .withArgs(id);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await withoutCourt();
    const { id, terms } = await signedOrder(network);

    await expect(network.ledger.lockDispute(terms, 1n, 0n))
      .to.be.revertedWithCustomError(network.ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("reverts with DisputeTooMany after 255 disputes of one order", async () => {
    const network = await withoutCourt();
    const { ledger } = network;
    const { id, terms } = await authorizedOrder(network);
    for (let round = 0; round < 255; ++round) {
      await ledger.lockDispute(terms, 1n, 0n);
      await ledger.payDispute(terms, [], 0n);
    }

    await expect(ledger.lockDispute(terms, 1n, 0n))
      .to.be.revertedWithCustomError(ledger, "DisputeTooMany")
      .withArgs(id, 255n);
    await expectConservation(network);
  });

  context("given the last second of the dispute window", () => {
    it("locks captured money, and reverts with DisputeWindowClosed one second later", async () => {
      const network = await withoutCourt();
      const { ledger } = network;
      const first = await capturedOrder(network, { disputeWindow: 5_000 });
      const closesAt = (await time.latest()) + 5_000;
      await time.setNextBlockTimestamp(closesAt);
      await ledger.lockDispute(first.terms, 1n, 0n);
      await ledger.payDispute(first.terms, [], 0n);

      const shifted = BigInt(closesAt) + (await ledger.shiftOf(first.id));
      await time.setNextBlockTimestamp(shifted + 1n);
      await expect(ledger.lockDispute(first.terms, 1n, 0n))
        .to.be.revertedWithCustomError(ledger, "DisputeWindowClosed")
        .withArgs(first.id, shifted, shifted + 1n);
      await expectConservation(network);
    });

    it("still locks held money when it is over, but no captured money", async () => {
      const network = await withoutCourt();
      const { ledger, actors } = network;
      const { id, terms } = await authorizedOrder(network, { disputeWindow: 100 });
      await ledger.connect(actors.operator).capture(terms, 4_000n);
      await time.increase(200);

      await expect(ledger.lockDispute(terms, 6_001n, 0n)).to.be.revertedWithCustomError(
        ledger,
        "DisputeWindowClosed",
      );
      await ledger.lockDispute(terms, 6_000n, 0n);

      const lock = await ledger.lockOf(disputeIdOf(network, id, 1n));
      expect(lock.captured).to.equal(0n);
      await expectConservation(network);
    });
  });

  it("keeps locked money out of the settlement of its cycle", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);
    await ledger.lockDispute(terms, 10_000n, 0n);

    await closeOpenCycle(network, [actors.merchant.address]);

    expect(balancesOf(await readAccountWord(network, network.actors.merchant)).available).to.equal(0n);
    await expectConservation(network);
  });
});

/** A network whose admin is the court, so that a test can lock and pay at will. */
async function withoutCourt(): Promise<TestNetwork> {
  const network = await load();
  await network.ledger.setCourt(network.actors.admin);
  return network;
}
