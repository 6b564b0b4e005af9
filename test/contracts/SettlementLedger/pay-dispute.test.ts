import { expect } from "chai";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { awardOrder, lockOrder, nameCourt } from "../../support/builders/locks.ts";
import {
  authorizedOrder,
  capturedOrder,
  readAccountWord,
  settledOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, amountsOf, ORDER_STATE, orderWord } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.payDispute", () => {
  it("awards the payer's part with the fee on it and releases the rest", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await capturedOrder(network);
    const capturedAt = BigInt(await time.latest());
    const disputeId = await lockOrder(network, order, 8_000n);
    const lockedAt = BigInt(await time.latest());

    const paid = await ledger.payDispute(order.terms, [], 4_000n);

    const word = orderWord({
      refundable: 6_000n,
      // The dispute's own length does not eat into the window for another one.
      capturedAt: capturedAt + BigInt(await time.latest()) - lockedAt,
      cycle: 1n,
      state: ORDER_STATE.captured,
      isShifted: true,
      disputeCount: 1n,
    });
    await expect(paid)
      .to.emit(ledger, "DisputePaid")
      .withArgs(
        disputeId,
        order.id,
        actors.merchant.address,
        4_000n,
        0n,
        200n,
        0n,
        word,
        accountWord({ available: PAYER_FUNDS - 6_000n }),
        await readAccountWord(network, actors.merchant),
      );
    expect(await ledger.orderWord(order.id)).to.equal(word);
    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ pending: 5_700n }));
    expect(await holdingsOf(network, actors.feeReceiver)).to.deep.equal(holding({ pending: 300n }));
    const lock = await ledger.lockOf(disputeId);
    expect([...lock].every((part) => BigInt(part) === 0n)).to.equal(true);
    await expectConservation(network);
  });

  it("gives everything back: captured money as an award, held money as a void", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(order.terms, 3_000n);

    await awardOrder(network, order);

    expect(amountsOf(await ledger.orderWord(order.id))).to.deep.equal({
      capturable: 0n,
      refundable: 0n,
      state: ORDER_STATE.refunded,
    });
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("ends an order that was only held as voided", async () => {
    const network = await nameCourt(await load());
    const { id } = await awardOrder(network, await authorizedOrder(network));

    expect(amountsOf(await network.ledger.orderWord(id)).state).to.equal(ORDER_STATE.voided);
    await expectConservation(network);
  });

  it("takes a part of a mixed dispute from captured money first", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await authorizedOrder(network, { feeBps: 0 });
    await ledger.connect(actors.operator).capture(order.terms, 3_000n);

    await awardOrder(network, order, 4_000n, 8_000n);

    expect(amountsOf(await ledger.orderWord(order.id))).to.deep.equal({
      capturable: 6_000n,
      refundable: 0n,
      state: ORDER_STATE.authorized,
    });
    await expectConservation(network);
  });

  it("leaves the merchant everything when the award is 0, which is an outcome like any other", async () => {
    const network = await nameCourt(await load());
    const { id } = await awardOrder(network, await capturedOrder(network), 0n);

    expect(amountsOf(await network.ledger.orderWord(id)).refundable).to.equal(10_000n);
    expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(holding({ pending: 9_500n }));
    await expectConservation(network);
  });

  it("takes the operator's fee out of the merchant's word while it is there, then from the operator", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant } = actors;
    await ledger.syncAccounts(operator, token, [operator]);
    const feeReceiver = operator.address;
    await awardOrder(network, await capturedOrder(network, { feeReceiver }), 4_000n);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ pending: 5_700n, fees: 300n }));

    const settled = await settledOrder(network, { feeReceiver, nonce: 1n });
    await ledger.connect(operator).withdraw(operator, token, 700n);
    await awardOrder(network, settled);

    // Of the fees of both orders, 300 and 500, the operator has 100 left for the 500 that go back.
    expect(await holdingsOf(network, operator)).to.deep.equal(holding({ unpaid: 400n }));
    await expectConservation(network);
  });

  context("given a caller that is not the court", () => {
    it("reverts with DisputeCourtWrong, whoever it is", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const order = await capturedOrder(network);
      const disputeId = await lockOrder(network, order, 8_000n);

      for (const caller of [actors.outsider, actors.payer, actors.merchant, actors.operator]) {
        await expect(ledger.connect(caller).payDispute(order.terms, [], 8_000n))
          .to.be.revertedWithCustomError(ledger, "DisputeCourtWrong")
          .withArgs(disputeId, caller.address, await ledger.court());
      }
      await expectConservation(network);
    });
  });

  context("given a court that was replaced", () => {
    it("ends its disputes and opens none; the new one opens and does not end the old", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const { admin, outsider } = actors;
      const order = await capturedOrder(network);
      const other = await capturedOrder(network, { nonce: 1n });
      const disputeId = await lockOrder(network, order);
      await ledger.setCourt(outsider);

      await expect(ledger.connect(outsider).payDispute(order.terms, [], 0n))
        .to.be.revertedWithCustomError(ledger, "DisputeCourtWrong")
        .withArgs(disputeId, outsider.address, admin.address);
      await expect(ledger.lockDispute(other.terms, 1n, 0n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(admin.address);
      await ledger.connect(outsider).lockDispute(other.terms, 10_000n, 0n);
      await ledger.payDispute(order.terms, [], 10_000n);
      await ledger.connect(outsider).payDispute(other.terms, [], 10_000n);

      expect((await holdingsOf(network, actors.payer)).available).to.equal(PAYER_FUNDS);
      await expectConservation(network);
    });
  });

  it("reverts with DisputeExceedsOrder when the award is more than the order has", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(order.terms, 6_000n);
    await lockOrder(network, order, 2_000n);

    await expect(ledger.payDispute(order.terms, [], 6_001n))
      .to.be.revertedWithCustomError(ledger, "DisputeExceedsOrder")
      .withArgs(order.id, 6_001n, 6_000n);
    await expectConservation(network);
  });

  it("reverts with OrderSplitsInvalid when other splits are given than were signed", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const order = await capturedOrder(network);
    await lockOrder(network, order);

    const splits = [{ payee: actors.otherMerchant.address, bps: 1_000n }];
    await expect(ledger.payDispute(order.terms, splits, 0n)).to.be.revertedWithCustomError(
      ledger,
      "OrderSplitsInvalid",
    );
  });

  it("reverts with DisputeNotOpen given no dispute, and given one paid before", async () => {
    const network = await nameCourt(await load());
    const order = await capturedOrder(network);

    for (const given of [async () => order, () => awardOrder(network, order, 0n, 1n)]) {
      await given();
      await expect(network.ledger.payDispute(order.terms, [], 0n))
        .to.be.revertedWithCustomError(network.ledger, "DisputeNotOpen")
        .withArgs(order.id);
    }
    await expectConservation(network);
  });

  context("given clocks that stood still meanwhile", () => {
    it("moves every deadline of the order by the length of the dispute", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const order = await authorizedOrder(network);
      await lockOrder(network, order, 1n);
      const lockedAt = await time.latest();
      await time.increase(20 * 86_400);
      await ledger.payDispute(order.terms, [], 0n);
      const shift = (await time.latest()) - lockedAt;

      expect(await ledger.shiftOf(order.id)).to.equal(shift);
      await time.setNextBlockTimestamp(order.terms.captureBy + shift);
      await ledger.connect(actors.operator).capture(order.terms, 4_000n);
      await time.setNextBlockTimestamp(order.terms.captureBy + shift + 1);
      await expect(ledger.connect(actors.operator).capture(order.terms, 4_000n))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(order.id, order.terms.captureBy + shift, order.terms.captureBy + shift + 1);
      await time.setNextBlockTimestamp(order.terms.reclaimFrom + shift - 1);
      await expect(ledger.reclaim(order.terms)).to.be.revertedWithCustomError(ledger, "OrderNotReclaimable");
      await time.setNextBlockTimestamp(order.terms.reclaimFrom + shift);
      await ledger.reclaim(order.terms);
      await expectConservation(network);
    });

    it("adds the lengths of several disputes up", async () => {
      const network = await nameCourt(await load());
      const order = await authorizedOrder(network);
      let shift = 0;
      for (const days of [3, 5]) {
        await network.ledger.lockDispute(order.terms, 1n, 0n);
        const lockedAt = await time.latest();
        await time.increase(days * 86_400);
        await network.ledger.payDispute(order.terms, [], 0n);
        shift += (await time.latest()) - lockedAt;
      }

      expect(await network.ledger.shiftOf(order.id)).to.equal(shift);
    });

    it("counts the window of a later capture from that capture, not from before the dispute", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const given: Partial<OrderTerms> = { disputeWindow: 1_000 };
      const order = await authorizedOrder(network, given);
      await lockOrder(network, order, 1n);
      await time.increase(50_000);
      await ledger.payDispute(order.terms, [], 0n);
      await ledger.connect(actors.operator).capture(order.terms, 10_000n);
      const closesAt = (await time.latest()) + 1_000;

      await time.setNextBlockTimestamp(closesAt + 1);
      await expect(ledger.lockDispute(order.terms, 10_000n, 0n))
        .to.be.revertedWithCustomError(ledger, "DisputeWindowClosed")
        .withArgs(order.id, closesAt, closesAt + 1);
    });
  });
});
