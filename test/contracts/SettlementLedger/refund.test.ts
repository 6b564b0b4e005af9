import { expect } from "chai";
import {
  authorizedOrder,
  capturedOrder,
  readAccountWord,
  settledOrder,
  signedOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import {
  accountWord,
  amountsOf,
  MAX_U80,
  merchantWord,
  ORDER_STATE,
  orderWord,
  STATUS,
  unexposed,
} from "../../support/words.ts";

const { load, time } = await openTestChain();

/** What a merchant that lets the operator authorize and charge, but not act for it, has set. */
const WITHOUT_MANDATE = 3n;

describe("SettlementLedger.refund", () => {
  it("returns part of captured money with the fee on it", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, merchant, payer, feeReceiver } = network.actors;
    const { id, terms } = await capturedOrder(network);
    const capturedAt = BigInt(await time.latest());

    const refunded = await ledger.connect(merchant).refund(terms, 4_000n);

    const order = orderWord({ refundable: 6_000n, capturedAt, cycle: 1n, state: ORDER_STATE.captured });
    const exposedUntil = capturedAt + BigInt(terms.disputeWindow);
    const parties = [id, merchant.address, payer.address, operator.address, tokenAddress];
    await expect(refunded)
      .to.emit(ledger, "OrderRefunded")
      .withArgs(
        ...parties,
        4_000n,
        200n,
        order,
        accountWord({ available: PAYER_FUNDS - 6_000n }),
        merchantWord({ pending: 5_700n, exposedUntil }),
      );
    await expect(refunded)
      .to.emit(ledger, "ShareReturned")
      .withArgs(
        id,
        feeReceiver.address,
        operator.address,
        tokenAddress,
        200n,
        accountWord({ pending: 300n }),
      );
    expect(await ledger.orderWord(id)).to.equal(order);
    await expectConservation(network);
  });

  it("ends the order as refunded and leaves nobody anything of it", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network, { fixedFee: 33n });

    await ledger.connect(actors.merchant).refund(terms, 10_000n);

    expect(amountsOf(await ledger.orderWord(id)).state).to.equal(ORDER_STATE.refunded);
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(merchantWord({}));
    expect(await readAccountWord(network, actors.feeReceiver)).to.equal(accountWord({}));
    await expectConservation(network);
  });

  it("takes nothing from a fee receiver when the fee does not change", async () => {
    const network = await load();
    const { ledger, actors, tokenAddress } = network;
    const { id, terms } = await capturedOrder(network, { feeBps: 0 });

    const refunded = await ledger.connect(actors.merchant).refund(terms, 1n);

    const parties = [id, terms.merchant, terms.payer, terms.operator, tokenAddress];
    const word = await readAccountWord(network, actors.merchant);
    await expect(refunded)
      .to.emit(ledger, "OrderRefunded")
      .withArgs(
        ...parties,
        1n,
        0n,
        await ledger.orderWord(id),
        accountWord({ available: PAYER_FUNDS - 9_999n }),
        word,
      );
    await expect(refunded).not.to.emit(ledger, "ShareReturned");
    expect(unexposed(word)).to.equal(merchantWord({ pending: 9_999n }));
    await expectConservation(network);
  });

  it("draws twice on a merchant that is its own fee receiver", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network, { feeReceiver: actors.merchant.address });

    await ledger.connect(actors.merchant).refund(terms, 4_000n);

    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 6_000n }),
    );
    await expectConservation(network);
  });

  it("takes pending money first, then available money", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const old = await settledOrder(network, { feeBps: 0 });
    await capturedOrder(network, { feeBps: 0, amount: 3_000n });

    await ledger.connect(actors.merchant).refund(old.terms, 5_000n);

    const word = merchantWord({ available: 8_000n, openCycle: 2n });
    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(word);
    await expectConservation(network);
  });

  it("leaves the part of the order that is still held", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 4_000n);

    await ledger.connect(actors.merchant).refund(terms, 4_000n);

    const { state, capturable, refundable } = amountsOf(await ledger.orderWord(id));
    expect({ state, capturable, refundable }).to.deep.equal({
      state: ORDER_STATE.authorized,
      capturable: 6_000n,
      refundable: 0n,
    });
    await expectConservation(network);
  });

  context("when the operator calls", () => {
    it("refunds given the merchant's mandate", async () => {
      const network = await load();
      const { terms } = await capturedOrder(network);

      await network.ledger.connect(network.actors.operator).refund(terms, 1_000n);

      await expectConservation(network);
    });

    it("reverts with OrderOperatorNotAccepted given a merchant that gave no mandate", async () => {
      const network = await load();
      const { ledger, registry, actors } = network;
      await registry.connect(actors.merchant).acceptOperator(actors.operator, WITHOUT_MANDATE);
      const { terms } = await capturedOrder(network);

      await expect(ledger.connect(actors.operator).refund(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
        .withArgs(
          actors.merchant.address,
          actors.operator.address,
          64n,
          STATUS.active | 8n | (WITHOUT_MANDATE << 4n),
        );
    });
  });

  it("reverts with LedgerForbidden when the caller is neither", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);

    for (const caller of [actors.payer, actors.otherMerchant, actors.otherOperator, actors.feeReceiver]) {
      await expect(ledger.connect(caller).refund(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });

  it("refunds out of a frozen merchant's money to a frozen payer", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { terms } = await capturedOrder(network);
    await registry.connect(actors.compliance).freeze([actors.merchant, actors.payer]);

    await ledger.connect(actors.operator).refund(terms, 10_000n);

    await expectConservation(network);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await capturedOrder(network);

      await expect(ledger.connect(actors.merchant).refund(terms, amount))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with OrderExceedsRefundable when more is asked than is captured and not given back", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);
    await ledger.connect(actors.merchant).refund(terms, 4_000n);

    await expect(ledger.connect(actors.merchant).refund(terms, 6_001n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsRefundable")
      .withArgs(id, 6_001n, 6_000n);
    await expectConservation(network);
  });

  it("reverts with OrderExceedsRefundable when the rest is in dispute", async () => {
    const network = await load();
    const { ledger, court, ethers, actors } = network;
    const { id, terms } = await capturedOrder(network);
    await court.connect(actors.payer).open(terms, 7_000n, 0n, ethers.ZeroHash);
    await ledger.connect(actors.merchant).refund(terms, 3_000n);

    await expect(ledger.connect(actors.merchant).refund(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsRefundable")
      .withArgs(id, 1n, 0n);
    await expectConservation(network);
  });

  it("reverts with OrderExceedsRefundable given an order that is only held", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);

    await expect(ledger.connect(actors.merchant).refund(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsRefundable")
      .withArgs(id, 1n, 0n);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network);

    await expect(ledger.connect(actors.merchant).refund(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  context("given the last second of refundBy", () => {
    it("refunds, and reverts with OrderExpired one second later", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms } = await capturedOrder(network);
      await time.setNextBlockTimestamp(terms.refundBy);
      await ledger.connect(actors.merchant).refund(terms, 1n);

      await time.setNextBlockTimestamp(terms.refundBy + 1);
      await expect(ledger.connect(actors.merchant).refund(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(id, terms.refundBy, terms.refundBy + 1);
      await expectConservation(network);
    });
  });
});
