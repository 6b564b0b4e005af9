import { expect } from "chai";
import {
  authorizedOrder,
  capturedOrder,
  readAccountWord,
  signedOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, amountsOf, MAX_U80, ORDER_STATE, orderWord } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.void", () => {
  it("gives held money back to the payer on the operator's call", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, merchant, payer } = network.actors;
    const { id, terms } = await authorizedOrder(network);

    const voided = await ledger.connect(operator).void(terms, 10_000n);

    const order = orderWord({ state: ORDER_STATE.voided });
    const account = accountWord({ available: PAYER_FUNDS });
    const parties = [id, merchant.address, payer.address, operator.address, tokenAddress];
    await expect(voided)
      .to.emit(ledger, "OrderVoided")
      .withArgs(...parties, 10_000n, order, account);
    expect(await ledger.orderWord(id)).to.equal(order);
    expect(await readAccountWord(network, payer)).to.equal(account);
    await expectConservation(network);
  });

  it("gives a part back on the merchant's call, and the rest stays held", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);

    await ledger.connect(actors.merchant).void(terms, 1_000n);

    const order = orderWord({ capturable: 9_000n, state: ORDER_STATE.authorized });
    expect(await ledger.orderWord(id)).to.equal(order);
    await ledger.connect(actors.operator).capture(terms, 9_000n);
    await expectConservation(network);
  });

  it("ends a partly captured order as captured", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 4_000n);

    await ledger.connect(actors.operator).void(terms, 6_000n);

    const { state, refundable } = amountsOf(await ledger.orderWord(id));
    expect({ state, refundable }).to.deep.equal({ state: ORDER_STATE.captured, refundable: 4_000n });
    await expectConservation(network);
  });

  it("ends an order as refunded when all that was captured had been given back", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 4_000n);
    await ledger.connect(actors.merchant).refund(terms, 4_000n);

    await ledger.connect(actors.operator).void(terms, 6_000n);

    expect(amountsOf(await ledger.orderWord(id)).state).to.equal(ORDER_STATE.refunded);
    await expectConservation(network);
  });

  it("gives back after captureBy and before reclaimFrom, when nobody else may move the money", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network);
    await time.setNextBlockTimestamp(terms.captureBy + 1);

    await ledger.connect(actors.operator).void(terms, 10_000n);

    await expectConservation(network);
  });

  it("reverts with LedgerForbidden when the caller is neither", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network);

    for (const caller of [
      actors.payer,
      actors.otherMerchant,
      actors.otherOperator,
      actors.settler,
      actors.admin,
    ]) {
      await expect(ledger.connect(caller).void(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await authorizedOrder(network);

      await expect(ledger.connect(actors.operator).void(terms, amount))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with OrderExceedsCapturable when more is asked than is held", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);

    await expect(ledger.connect(actors.operator).void(terms, 10_001n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 10_001n, 10_000n);
  });

  it("reverts with OrderExceedsCapturable given an order voided before", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).void(terms, 10_000n);

    await expect(ledger.connect(actors.operator).void(terms, 10_000n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 10_000n, 0n);
    await expectConservation(network);
  });

  it("reverts with OrderExceedsCapturable given a captured order: a capture cannot be voided", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);

    await expect(ledger.connect(actors.merchant).void(terms, 10_000n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 10_000n, 0n);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network);

    await expect(ledger.connect(actors.operator).void(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await load();
    const { ledger, court, ethers, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await court.connect(actors.payer).open(terms, 1n, 0n, ethers.ZeroHash);

    await expect(ledger.connect(actors.merchant).void(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderDisputed")
      .withArgs(id);
  });
});
