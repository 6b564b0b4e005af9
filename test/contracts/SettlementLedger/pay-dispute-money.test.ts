import { expect } from "chai";
import { setClass } from "../../support/builders/holdback.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { awardOrder, lockOrder, nameCourt } from "../../support/builders/locks.ts";
import {
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  payOut,
  settledOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

/** Where an award's money comes from, and where what was locked for nothing goes. */
describe("SettlementLedger.payDispute: whose money it is", () => {
  it("is the locked money first: reserve stays, though the award is more than the merchant's net", async () => {
    const network = await nameCourt(await load());
    const { merchant } = network.actors;
    const order = await withReserve(network);

    // 9,500 are locked for an award of 10,000: the fee receiver owes the rest.
    await awardOrder(network, order);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ reserve: 1_000n }));
    await expectConservation(network);
  });

  it("is reserve next, before what the merchant has pending and available since", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant, issuer } = actors;
    await setClass(network, 1, 5_000);
    const order = await paidOutOrder(network, { feeBps: 0 });
    await lockOrder(network, order);
    await capturedOrder(network, { amount: 8_000n, feeBps: 0, holdbackClass: 1, nonce: 1n });
    await ledger.connect(issuer).deposit(operator, token, merchant, 9_000n);

    await ledger.payDispute(order.terms, [], 10_000n);

    // Nothing was locked: 4,000 of reserve, 4,000 pending, 2,000 of the 9,000 available.
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 7_000n }));
    await expectConservation(network);
  });

  it("is the guarantee's for what a paid out merchant and fee receiver lack", async () => {
    const network = await nameCourt(await load());
    const { merchant, feeReceiver, payer } = network.actors;
    await fundGuarantee(network, 50_000n);

    await awardOrder(network, await paidOutOrder(network));

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ debt: 9_500n }));
    expect(await holdingsOf(network, feeReceiver)).to.deep.equal(holding({ debt: 500n }));
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS);
    await expectConservation(network);
  });

  it("is nobody else's: what all of them lack is owed", async () => {
    const network = await nameCourt(await load());
    const { merchant, feeReceiver, otherMerchant, payer } = network.actors;
    await settledOrder(network, { merchant: otherMerchant.address, feeBps: 0, nonce: 5n });
    await fundGuarantee(network, 3_000n);

    await awardOrder(network, await paidOutOrder(network));

    expect(await holdingsOf(network, feeReceiver)).to.deep.equal(holding({ debt: 500n }));
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ debt: 2_500n, unpaid: 7_000n }));
    expect(await holdingsOf(network, otherMerchant)).to.deep.equal(holding({ available: 10_000n }));
    // One order of 10,000 is captured for good, and 7,000 of the other are owed.
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 10_000n - 7_000n);
    await expectConservation(network);
  });

  it("follows the merchant: locked before its payout, it is there after it", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const { merchant, payer } = actors;
    const order = await settledOrder(network, { feeBps: 0 });
    await lockOrder(network, order, 6_000n);
    await payOut(network, [merchant.address]);

    await ledger.payDispute(order.terms, [], 6_000n);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 4_000n);
    await expectConservation(network);
  });

  context("given money that was locked and is not awarded", () => {
    it("is pending again in the same cycle", async () => {
      const network = await nameCourt(await load());

      await awardOrder(network, await capturedOrder(network), 0n);

      expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(holding({ pending: 9_500n }));
      await expectConservation(network);
    });

    it("is available when its cycle closed meanwhile, though the merchant was left out", async () => {
      for (const named of [true, false]) {
        const network = await nameCourt(await load());
        const { ledger, actors } = network;
        const order = await capturedOrder(network);
        await lockOrder(network, order);
        await closeOpenCycle(network, named ? [actors.merchant.address] : []);

        await ledger.payDispute(order.terms, [], 0n);

        expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ available: 9_500n }));
        await expectConservation(network);
      }
    });

    it("is pending when it was of the open cycle, by a dispute over an older order", async () => {
      const network = await nameCourt(await load());
      const old = await paidOutOrder(network);
      await capturedOrder(network, { nonce: 1n });

      await awardOrder(network, old, 0n);

      expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(holding({ pending: 9_500n }));
      await expectConservation(network);
    });

    it("is available again if it was available", async () => {
      const network = await nameCourt(await load());

      await awardOrder(network, await settledOrder(network), 0n);

      expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(
        holding({ available: 9_500n }),
      );
      await expectConservation(network);
    });

    it("is pending if it was reserve, which it is no more", async () => {
      const network = await nameCourt(await load());
      const { actors } = network;
      await setClass(network, 1, 10_000);
      await capturedOrder(network, { feeBps: 0, holdbackClass: 1, nonce: 1n });
      const order = await paidOutOrder(network, { feeBps: 0 });

      await awardOrder(network, order, 4_000n);

      expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ pending: 6_000n }));
      await expectConservation(network);
    });
  });

  context("given an award that waits", () => {
    it("is paid by what later orders earn, and not by money that another dispute has locked", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const { merchant, payer } = actors;
      await awardOrder(network, await paidOutOrder(network, { feeBps: 0 }));
      const second = await capturedOrder(network, { feeBps: 0, nonce: 1n });
      await lockOrder(network, second, 7_000n);

      await closeOpenCycle(network, [merchant.address]);
      expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ unpaid: 7_000n }));

      await ledger.payDispute(second.terms, [], 0n);
      await payOut(network, [merchant.address]);
      expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
      expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 10_000n);
      await expectConservation(network);
    });
  });
});

/** A settled order of 10,000 with a fee of 500, of a merchant with 1,000 in reserve from another order. */
async function withReserve(network: TestNetwork) {
  await setClass(network, 1, 10_000);
  await capturedOrder(network, { amount: 1_000n, feeBps: 0, holdbackClass: 1, nonce: 1n });
  return settledOrder(network);
}
