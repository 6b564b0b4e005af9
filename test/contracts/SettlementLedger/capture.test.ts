import { expect } from "chai";
import { authorizedOrder, readAccountWord, signedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import {
  accountWord,
  MAX_U80,
  merchantWord,
  ORDER_STATE,
  orderWord,
  STATUS,
  unexposed,
} from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.capture", () => {
  it("moves part of the held money into the merchant's open cycle, less the fee", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, merchant, feeReceiver } = network.actors;
    const { id, terms } = await authorizedOrder(network);

    const captured = await ledger.connect(operator).capture(terms, 4_000n);

    const capturedAt = BigInt(await time.latest());
    const exposedUntil = capturedAt + BigInt(terms.disputeWindow);
    const order = orderWord({
      capturable: 6_000n,
      refundable: 4_000n,
      capturedAt,
      cycle: 1n,
      state: ORDER_STATE.authorized,
    });
    await expect(captured)
      .to.emit(ledger, "OrderCaptured")
      .withArgs(id, merchant.address, 4_000n, 200n, order, merchantWord({ pending: 3_800n, exposedUntil }));
    await expect(captured)
      .to.emit(ledger, "FeeAccrued")
      .withArgs(
        id,
        feeReceiver.address,
        operator.address,
        tokenAddress,
        200n,
        false,
        accountWord({ pending: 200n }),
      );
    expect(await ledger.orderWord(id)).to.equal(order);
    await expectConservation(network);
  });

  it("captures the rest and leaves nothing to void", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 4_000n);

    await ledger.connect(actors.operator).capture(terms, 6_000n);

    const order = orderWord({
      refundable: 10_000n,
      capturedAt: BigInt(await time.latest()),
      cycle: 1n,
      state: ORDER_STATE.captured,
    });
    expect(await ledger.orderWord(id)).to.equal(order);
    await expect(ledger.connect(actors.operator).void(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 1n, 0n);
    await expectConservation(network);
  });

  it("credits no fee receiver when there is no fee", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network, { feeBps: 0 });

    const captured = await ledger.connect(actors.operator).capture(terms, 10_000n);

    const word = await readAccountWord(network, actors.merchant);
    await expect(captured)
      .to.emit(ledger, "OrderCaptured")
      .withArgs(id, actors.merchant.address, 10_000n, 0n, await ledger.orderWord(id), word);
    await expect(captured).not.to.emit(ledger, "FeeAccrued");
    expect(unexposed(word)).to.equal(merchantWord({ pending: 10_000n }));
    await expectConservation(network);
  });

  it("puts a merchant that is its own fee receiver's words in order", async () => {
    const network = await load();
    const { ledger, actors, tokenAddress } = network;
    const { id, terms } = await authorizedOrder(network, { feeReceiver: actors.merchant.address });

    const captured = await ledger.connect(actors.operator).capture(terms, 10_000n);

    const word = await readAccountWord(network, actors.merchant);
    await expect(captured)
      .to.emit(ledger, "FeeAccrued")
      .withArgs(
        id,
        actors.merchant.address,
        actors.operator.address,
        tokenAddress,
        500n,
        false,
        merchantWord({ pending: 500n }),
      );
    await expect(captured)
      .to.emit(ledger, "OrderCaptured")
      .withArgs(id, actors.merchant.address, 10_000n, 500n, await ledger.orderWord(id), word);
    expect(unexposed(word)).to.equal(merchantWord({ pending: 10_000n }));
    await expectConservation(network);
  });

  it("gives the payer a fee that the payer itself receives", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network, { feeReceiver: actors.payer.address });

    await ledger.connect(actors.operator).capture(terms, 10_000n);

    expect(await readAccountWord(network, actors.payer)).to.equal(
      accountWord({ available: 990_000n, pending: 500n }),
    );
    await expectConservation(network);
  });

  context("given terms that let the merchant capture", () => {
    it("captures on the merchant's own call", async () => {
      const network = await load();
      const { terms } = await authorizedOrder(network, { merchantMayCapture: true });

      await network.ledger.connect(network.actors.merchant).capture(terms, 10_000n);

      const word = await readAccountWord(network, network.actors.merchant);
      expect(unexposed(word)).to.equal(merchantWord({ pending: 9_500n }));
      await expectConservation(network);
    });

    it("still refuses everybody else", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await authorizedOrder(network, { merchantMayCapture: true });

      for (const caller of [actors.payer, actors.otherMerchant, actors.otherOperator, actors.settler]) {
        await expect(ledger.connect(caller).capture(terms, 1n))
          .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
          .withArgs(caller.address);
      }
    });
  });

  it("reverts with LedgerForbidden when the merchant calls without leave of the terms", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network);

    await expect(ledger.connect(actors.merchant).capture(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(actors.merchant.address);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await authorizedOrder(network);

      await expect(ledger.connect(actors.operator).capture(terms, amount))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with OrderExceedsCapturable when more is asked than is held", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 4_000n);

    await expect(ledger.connect(actors.operator).capture(terms, 6_001n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 6_001n, 6_000n);
    await expectConservation(network);
  });

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network);

    await expect(ledger.connect(actors.operator).capture(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("reverts with OrderDisputed given an open dispute", async () => {
    const network = await load();
    const { ledger, court, ethers, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await court.connect(actors.payer).open(terms, 1n, 0n, ethers.ZeroHash);

    await expect(ledger.connect(actors.operator).capture(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderDisputed")
      .withArgs(id);
  });

  context("given the last second of captureBy", () => {
    it("captures", async () => {
      const network = await load();
      const { terms } = await authorizedOrder(network);
      await time.setNextBlockTimestamp(terms.captureBy);

      await network.ledger.connect(network.actors.operator).capture(terms, 10_000n);

      await expectConservation(network);
    });

    it("reverts with OrderExpired one second later", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms } = await authorizedOrder(network);
      await time.setNextBlockTimestamp(terms.captureBy + 1);

      await expect(ledger.connect(actors.operator).capture(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(id, terms.captureBy, terms.captureBy + 1);
    });
  });

  it("accrues to a frozen merchant and for a frozen payer", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { terms } = await authorizedOrder(network);
    await registry.connect(actors.compliance).freeze([actors.merchant, actors.payer]);

    await ledger.connect(actors.operator).capture(terms, 10_000n);

    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 9_500n, status: STATUS.frozen }),
    );
    await expectConservation(network);
  });
});
