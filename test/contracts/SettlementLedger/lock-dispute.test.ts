import { expect } from "chai";
import { disputeIdOf } from "../../support/builders/dispute.ts";
import { setClass } from "../../support/builders/holdback.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { lockOrder, nameCourt } from "../../support/builders/locks.ts";
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
import { openTestChain } from "../../support/deploy-contracts.ts";
import { DAY, MAX_U80, merchantWord, ORDER_STATE, orderWord } from "../../support/words.ts";

const { load, time } = await openTestChain();

/** No dispute lasts longer, in seconds. */
const MAX_DISPUTE = 180n * DAY;

describe("SettlementLedger.lockDispute", () => {
  it("takes the merchant's net of the disputed part aside and marks the order", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);
    const capturedAt = BigInt(await time.latest());
    const disputeId = disputeIdOf(network, id, 1n);

    const locked = await ledger.lockDispute(terms, 4_000n, 0n);

    const lockedAt = BigInt(await time.latest());
    const order = orderWord({
      refundable: 10_000n,
      capturedAt,
      cycle: 1n,
      state: ORDER_STATE.captured,
      isDisputed: true,
      disputeCount: 1n,
    });
    const exposedUntil = lockedAt + MAX_DISPUTE + BigInt(terms.disputeWindow);
    const word = merchantWord({ pending: 5_700n, exposedUntil });
    await expect(locked)
      .to.emit(ledger, "DisputeLocked")
      .withArgs(disputeId, id, actors.merchant.address, 4_000n, 0n, 3_800n, 0n, 0n, 1n, order, word);
    const lock = await ledger.lockOf(disputeId);
    expect([lock.captured, lock.lockedPending, lock.lockedCycle]).to.deep.equal([4_000n, 3_800n, 1n]);
    expect([lock.hasMore, lock.lockedAt]).to.deep.equal([false, lockedAt]);
    expect(await ledger.orderWord(id)).to.equal(order);
    expect(await readAccountWord(network, actors.merchant)).to.equal(word);
    await expectConservation(network);
  });

  it("takes captured money first and held money, which stays where it is, for the rest", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(order.terms, 3_000n);

    const disputeId = await lockOrder(network, order, 8_000n);

    const lock = await ledger.lockOf(disputeId);
    expect([lock.captured, lock.lockedPending]).to.deep.equal([3_000n, 2_850n]);
    await expectConservation(network);
  });

  it("takes settled money from what is available", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;

    const disputeId = await lockOrder(network, await settledOrder(network));

    const lock = await ledger.lockOf(disputeId);
    expect([lock.lockedPending, lock.lockedAvailable, lock.hasMore]).to.deep.equal([0n, 9_500n, true]);
    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("takes the other balance for what is short, then reserve", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant, issuer } = actors;
    const order = await paidOutOrder(network, { feeBps: 0 });
    await setClass(network);
    await capturedOrder(network, { amount: 5_000n, feeBps: 0, holdbackClass: 1, nonce: 1n });
    await ledger.connect(issuer).deposit(operator, token, merchant, 1_000n);

    const disputeId = await lockOrder(network, order);

    const lock = await ledger.lockOf(disputeId);
    expect([lock.lockedAvailable, lock.lockedPending, lock.lockedReserve]).to.deep.equal([
      1_000n,
      4_500n,
      500n,
    ]);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect((await readAccountWord(network, merchant)) >> 255n).to.equal(0n);
    await expectConservation(network);
  });

  it("takes what there is and is not refused for the rest", async () => {
    const network = await nameCourt(await load());
    const { ledger } = network;
    const order = await paidOutOrder(network);
    await capturedOrder(network, { amount: 2_000n, feeBps: 0, nonce: 1n });

    const disputeId = await lockOrder(network, order);

    const lock = await ledger.lockOf(disputeId);
    expect([lock.captured, lock.lockedPending, lock.lockedAvailable]).to.deep.equal([10_000n, 2_000n, 0n]);
    await expectConservation(network);
  });

  it("exposes the merchant for as long as money that is still held may be captured and disputed", async () => {
    const network = await nameCourt(await load());
    const { terms, ...order } = await authorizedOrder(network);

    await lockOrder(network, { terms, ...order }, 1n);

    const exposedUntil = BigInt(terms.captureBy) + MAX_DISPUTE + BigInt(terms.disputeWindow);
    expect(await readAccountWord(network, network.actors.merchant)).to.equal(merchantWord({ exposedUntil }));
    await expectConservation(network);
  });

  it("reverts with LedgerForbidden when the caller is not the court", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);

    for (const caller of [actors.payer, actors.merchant, actors.operator, actors.admin]) {
      await expect(ledger.connect(caller).lockDispute(terms, 1n, 0n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });

  it("reverts with DisputeExceedsOrder when more is disputed than the order has", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 3_000n);
    await ledger.connect(actors.operator).void(terms, 2_000n);

    await expect(ledger.lockDispute(terms, 8_001n, 0n))
      .to.be.revertedWithCustomError(ledger, "DisputeExceedsOrder")
      .withArgs(id, 8_001n, 8_000n);
    await ledger.lockDispute(terms, 8_000n, 0n);
    await expectConservation(network);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await nameCourt(await load());
      const { terms } = await capturedOrder(network);

      await expect(network.ledger.lockDispute(terms, amount, 0n))
        .to.be.revertedWithCustomError(network.ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await nameCourt(await load());
    const order = await capturedOrder(network);
    await lockOrder(network, order, 1n);

    await expect(network.ledger.lockDispute(order.terms, 1n, 0n))
      .to.be.revertedWithCustomError(network.ledger, "OrderDisputed")
      .withArgs(order.id);
  });

  it("reverts with OrderUnknown when nothing was authorized, and given a canceled order", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network);

    for (const given of [async () => {}, () => ledger.connect(actors.payer).cancel(terms, "0x")]) {
      await given();
      await expect(ledger.lockDispute(terms, 1n, 0n))
        .to.be.revertedWithCustomError(ledger, "OrderUnknown")
        .withArgs(id);
    }
  });

  it("reverts with DisputeTooMany after 255 disputes of one order", async () => {
    const network = await nameCourt(await load());
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
      const network = await nameCourt(await load());
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
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const order = await authorizedOrder(network, { disputeWindow: 100 });
      await ledger.connect(actors.operator).capture(order.terms, 4_000n);
      await time.increase(200);

      await expect(ledger.lockDispute(order.terms, 6_001n, 0n)).to.be.revertedWithCustomError(
        ledger,
        "DisputeWindowClosed",
      );
      const disputeId = await lockOrder(network, order, 6_000n);

      expect((await ledger.lockOf(disputeId)).captured).to.equal(0n);
      expect((await holdingsOf(network, actors.merchant)).pending).to.equal(3_800n);
      await expectConservation(network);
    });
  });

  it("keeps locked money out of the settlement of its cycle", async () => {
    const network = await nameCourt(await load());
    const { actors } = network;
    await lockOrder(network, await capturedOrder(network));

    await closeOpenCycle(network, [actors.merchant.address]);

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("stops capture, void and reclaim of the order, and refunds of the disputed part", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    const { id, terms } = order;
    await ledger.connect(actors.operator).capture(terms, 5_000n);
    await lockOrder(network, order, 4_000n);
    await time.increaseTo(terms.reclaimFrom);

    const operator = ledger.connect(actors.operator);
    for (const call of [
      () => operator.capture(terms, 1n),
      () => operator.void(terms, 1n),
      () => ledger.reclaim(terms),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(ledger, "OrderDisputed").withArgs(id);
    }
    await expect(ledger.connect(actors.merchant).refund(terms, 1_001n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsRefundable")
      .withArgs(id, 1_001n, 1_000n);
    await ledger.connect(actors.merchant).refund(terms, 1_000n);
    await expectConservation(network);
  });
});
