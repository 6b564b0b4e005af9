import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { awardOrder, lockOrder, nameCourt, unpaidAward } from "../../support/builders/locks.ts";
import {
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  payOut,
  settledOrder,
  type TestOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger: unpaid awards", () => {
  it("are owed, not held, where merchant and guarantee have nothing", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, tokenAddress, actors } = network;
    const { operator, merchant, payer } = actors;
    const order = await paidOutOrder(network, { feeBps: 0 });
    await lockOrder(network, order);

    const paid = await ledger.payDispute(order.terms, [], 10_000n);

    await expect(paid)
      .to.emit(ledger, "AwardDeferred")
      .withArgs(operator.address, merchant.address, payer.address, tokenAddress, order.id, 10_000n, 10_000n);
    expect([...(await ledger.unpaidAwardsOf(operator, token, merchant))]).to.deep.equal([1n, 10_000n]);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ unpaid: 10_000n }));
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 10_000n);
    await expectConservation(network);
  });

  it("may exceed what a book can hold at a time", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant, payer, issuer } = actors;
    const half = 2n ** 79n;
    const orders: TestOrder[] = [];
    for (const nonce of [0n, 1n, 2n]) {
      await ledger.connect(issuer).deposit(operator, token, payer, half);
      orders.push(await paidOutOrder(network, { amount: half, feeBps: 0, nonce }));
    }
    for (const order of orders) await awardOrder(network, order);

    expect([...(await ledger.unpaidAwardsOf(operator, token, merchant))]).to.deep.equal([3n, 3n * half]);
    await expectConservation(network);
  });

  it("hold only what the guarantee does not advance (d)", async () => {
    const network = await nameCourt(await load());
    const { actors } = network;
    await fundGuarantee(network, 4_000n);

    await unpaidAward(network);

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(
      holding({ debt: 4_000n, unpaid: 6_000n }),
    );
    expect((await holdingsOf(network, actors.payer)).available).to.equal(PAYER_FUNDS - 6_000n);
    await expectConservation(network);
  });

  it("are owed by the fee receiver for the fee and by the merchant for the rest", async () => {
    const network = await nameCourt(await load());
    const { actors } = network;

    await awardOrder(network, await paidOutOrder(network));

    expect(await holdingsOf(network, actors.feeReceiver)).to.deep.equal(holding({ unpaid: 500n }));
    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ unpaid: 9_500n }));
    await expectConservation(network);
  });

  it("are paid at the next settlement, first in, first out, the last one in part", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, tokenAddress, actors } = network;
    const { operator, merchant, payer, otherPayer } = actors;
    const first = await paidOutOrder(network, { amount: 3_000n, feeBps: 0 });
    const theirs = { payer: otherPayer.address, amount: 5_000n, nonce: 1n };
    const second = await paidOutOrder(network, { feeBps: 0, ...theirs });
    await awardOrder(network, first);
    await awardOrder(network, second);
    await capturedOrder(network, { amount: 4_000n, feeBps: 0, nonce: 2n });

    const closed = await closeOpenCycle(network, [merchant.address]);

    const book = [operator.address, merchant.address] as const;
    const payerFirst = await ledger.accountWord(operator, token, payer);
    const payerSecond = await ledger.accountWord(operator, token, otherPayer);
    await expect(closed)
      .to.emit(ledger, "AwardPaid")
      .withArgs(...book, payer.address, tokenAddress, first.id, 3_000n, 5_000n, payerFirst);
    await expect(closed)
      .to.emit(ledger, "AwardPaid")
      .withArgs(...book, otherPayer.address, tokenAddress, second.id, 1_000n, 4_000n, payerSecond);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ unpaid: 4_000n }));
    expect([...(await ledger.unpaidAwardsOf(operator, token, merchant))]).to.deep.equal([1n, 4_000n]);
    await expectConservation(network);
  });

  it("come before the guarantee: debt is repaid once nothing waits", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant } = actors;
    await fundGuarantee(network, 2_000n);
    await unpaidAward(network, { amount: 5_000n });
    await capturedOrder(network, { amount: 3_000n, feeBps: 0, nonce: 1n });

    await closeOpenCycle(network, [merchant.address]);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ debt: 2_000n }));
    expect((await ledger.bookOf(operator, token)).guarantee).to.equal(0n);

    await capturedOrder(network, { amount: 2_500n, feeBps: 0, nonce: 2n });
    await closeOpenCycle(network, [merchant.address]);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 500n }));
    expect((await ledger.bookOf(operator, token)).guarantee).to.equal(2_000n);
    await expectConservation(network);
  });

  it("stop the merchant's payout and withdrawal until all are paid, eight at a time (h)", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, tokenAddress, actors } = network;
    const { operator, merchant, outsider } = actors;
    await owed(network, 10n);
    await ledger.connect(actors.issuer).deposit(operator, token, merchant, 2_000n);

    // The payout itself pays eight of the ten; the two others keep the rest from being sent.
    const reason = ledger.interface.encodeErrorResult("AccountsAwardsUnpaid", [merchant.address, 200n]);
    await expect(payOut(network, [merchant.address]))
      .to.emit(ledger, "PayoutHeld")
      .withArgs(operator.address, merchant.address, tokenAddress, merchant.address, 1_200n, reason);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 1_200n, unpaid: 200n }));

    await ledger.connect(outsider).meetObligations(operator, token, merchant);
    await ledger.connect(merchant).withdraw(operator, token, 1_000n);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("make a withdrawal revert with AccountsAwardsUnpaid while more than eight wait", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant } = actors;
    await owed(network, 9n);
    await ledger.connect(actors.issuer).deposit(operator, token, merchant, 2_000n);

    await expect(ledger.connect(merchant).withdraw(operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsAwardsUnpaid")
      .withArgs(merchant.address, 100n);
    await expectConservation(network);
  });

  it("take nothing from another merchant or payer (c)", async () => {
    const network = await nameCourt(await load());
    const { actors } = network;
    const { merchant, otherMerchant, otherPayer } = actors;
    await settledOrder(network, { merchant: otherMerchant.address, feeBps: 0, nonce: 7n });
    await unpaidAward(network);

    await payOut(network, [merchant.address]);

    expect(await holdingsOf(network, otherMerchant)).to.deep.equal(holding({ available: 10_000n }));
    expect(await holdingsOf(network, otherPayer)).to.deep.equal(holding({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });
});

describe("SettlementLedger.meetObligations", () => {
  it("pays awards, then debt, out of available money, whoever calls", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, tokenAddress, actors } = network;
    const { operator, merchant, outsider } = actors;
    await fundGuarantee(network, 1_000n);
    await unpaidAward(network, { amount: 3_000n });
    await ledger.connect(actors.issuer).deposit(operator, token, merchant, 3_500n);

    const met = await ledger.connect(outsider).meetObligations(operator, token, merchant);

    await expect(met)
      .to.emit(ledger, "ObligationsMet")
      .withArgs(
        operator.address,
        merchant.address,
        tokenAddress,
        3_000n,
        await ledger.accountWord(operator, token, merchant),
      );
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 500n }));
    await expectConservation(network);
  });

  it("leaves pending money alone", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    await unpaidAward(network);
    await capturedOrder(network, { feeBps: 0, nonce: 1n });

    await ledger.meetObligations(actors.operator, token, actors.merchant);

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(
      holding({ pending: 10_000n, unpaid: 10_000n }),
    );
    await expectConservation(network);
  });

  it("does nothing for an account that owes nothing, or that nobody knows", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await settledOrder(network);

    for (const account of [actors.merchant, actors.outsider]) {
      const met = await ledger.meetObligations(actors.operator, token, account);
      await expect(met).not.to.emit(ledger, "ObligationsMet");
    }
    await expectConservation(network);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.meetObligations(actors.otherOperator, token, actors.merchant))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });
});

/** The merchant owes `count` awards of 100 and has nothing: all were paid out before the first was awarded. */
async function owed(network: TestNetwork, count: bigint): Promise<void> {
  const orders: TestOrder[] = [];
  for (let nonce = 0n; nonce < count; ++nonce) {
    orders.push(await paidOutOrder(network, { amount: 100n, feeBps: 0, nonce }));
  }
  for (const order of orders) await awardOrder(network, order);
}
