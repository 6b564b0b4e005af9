import { expect } from "chai";
import {
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  payOut,
  readAccountWord,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { accountWord, debtOf, MAX_U88, merchantWord } from "../../support/words.ts";

const { load } = await openTestChain();

const GUARANTEE = 50_000n;

describe("SettlementLedger: merchant debt", () => {
  context("given a merchant that was paid out", () => {
    it("pays a refund out of the guarantee and records what merchant and fee receiver owe", async () => {
      const network = await load();
      const { ledger, tokenAddress, actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network);

      const refunded = await ledger.connect(actors.merchant).refund(terms, 10_000n);

      const book = [actors.operator.address, actors.merchant.address, tokenAddress];
      await expect(refunded)
        .to.emit(ledger, "DebtIncurred")
        .withArgs(...book, 9_500n, GUARANTEE - 9_500n, 9_500n);
      await expect(refunded)
        .to.emit(ledger, "DebtIncurred")
        .withArgs(
          actors.operator.address,
          actors.feeReceiver.address,
          tokenAddress,
          500n,
          GUARANTEE - 10_000n,
          500n,
        );
      const { guarantee } = await ledger.bookOf(actors.operator, tokenAddress);
      expect(guarantee).to.equal(GUARANTEE - 10_000n);
      await expectConservation(network);
    });

    it("adds the parts of one debt up", async () => {
      const network = await load();
      const { ledger, tokenAddress, actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeReceiver: actors.merchant.address });

      await ledger.connect(actors.merchant).refund(terms, 4_000n);
      await ledger.connect(actors.merchant).refund(terms, 6_000n);

      const cold = await ledger.coldWord(actors.operator, tokenAddress, actors.merchant);
      expect(debtOf(cold)).to.equal(10_000n);
      await expectConservation(network);
    });

    it("reverts with AccountsGuaranteeExhausted when the fund has too little, and moves nothing", async () => {
      const network = await load();
      const { ledger, actors } = network;
      await fundGuarantee(network, 9_499n);
      const { terms } = await paidOutOrder(network);

      await expect(ledger.connect(actors.merchant).refund(terms, 10_000n))
        .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
        .withArgs(actors.merchant.address, 9_500n, 9_499n);
      await expectConservation(network);
    });

    it("uses the fund to its last unit", async () => {
      const network = await load();
      const { ledger, actors } = network;
      await fundGuarantee(network, 10_000n);
      const { terms } = await paidOutOrder(network);

      await ledger.connect(actors.merchant).refund(terms, 10_000n);

      expect((await ledger.bookOf(actors.operator, network.token)).guarantee).to.equal(0n);
      await expectConservation(network);
    });

    it("nets the debt when the next cycle closes, before anything becomes available", async () => {
      const network = await load();
      const { ledger, tokenAddress, actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await ledger.connect(actors.merchant).refund(terms, 6_000n);
      await capturedOrder(network, { nonce: 1n, feeBps: 0 });

      const closed = await closeOpenCycle(network, [actors.merchant.address]);

      const book = [actors.operator.address, actors.merchant.address, tokenAddress];
      await expect(closed)
        .to.emit(ledger, "DebtRepaid")
        .withArgs(...book, 6_000n, GUARANTEE, 0n, merchantWord({ pending: 4_000n, openCycle: 2n }));
      await expect(closed)
        .to.emit(ledger, "NetSettled")
        .withArgs(
          actors.operator.address,
          actors.merchant.address,
          2n,
          tokenAddress,
          10_000n,
          merchantWord({ available: 4_000n, openCycle: 3n }),
        );
      await expectConservation(network);
    });

    it("nets as much as there is and keeps the rest as debt", async () => {
      const network = await load();
      const { ledger, tokenAddress, actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await ledger.connect(actors.merchant).refund(terms, 6_000n);
      await capturedOrder(network, { nonce: 1n, feeBps: 0, amount: 2_000n });

      await closeOpenCycle(network, [actors.merchant.address]);

      const cold = await ledger.coldWord(actors.operator, tokenAddress, actors.merchant);
      expect(debtOf(cold)).to.equal(4_000n);
      expect(await readAccountWord(network, actors.merchant)).to.equal(merchantWord({ openCycle: 3n }));
      await expectConservation(network);
    });

    it("nets the debt before a payout", async () => {
      const network = await load();
      const { ledger, token, tokenAddress, actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await ledger.connect(actors.merchant).refund(terms, 6_000n);
      await ledger.connect(actors.issuer).deposit(actors.operator, token, actors.merchant, 7_000n);

      const paid = await payOut(network, [actors.merchant.address]);

      const book = [actors.operator.address, actors.merchant.address, tokenAddress];
      await expect(paid)
        .to.emit(ledger, "DebtRepaid")
        .withArgs(...book, 6_000n, GUARANTEE, 0n, merchantWord({ available: 1_000n, openCycle: 2n }));
      await expect(paid)
        .to.emit(ledger, "PayoutPaid")
        .withArgs(...book, actors.merchant.address, 1_000n, merchantWord({ openCycle: 2n }));
      await expectConservation(network);
    });

    it("leaves another merchant's money alone", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await capturedOrder(network, { merchant: actors.otherMerchant.address, feeBps: 0, nonce: 1n });

      await expect(ledger.connect(actors.merchant).refund(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
        .withArgs(actors.merchant.address, 1n, 0n);
      expect(await readAccountWord(network, actors.otherMerchant)).to.equal(
        merchantWord({ pending: 10_000n }),
      );
      await expectConservation(network);
    });
  });
});

describe("SettlementLedger.fundGuarantee", () => {
  it("adds the caller's tokens to the fund, whoever calls", async () => {
    const network = await load();
    const { ledger, tokenAddress, token, actors } = network;
    await token.connect(actors.issuer).transfer(actors.otherPayer, 30n);
    await token.connect(actors.otherPayer).approve(ledger, 30n);

    const funded = await ledger.connect(actors.otherPayer).fundGuarantee(actors.operator, token, 30n);

    await expect(funded)
      .to.emit(ledger, "GuaranteeFunded")
      .withArgs(actors.operator.address, tokenAddress, actors.otherPayer.address, 30n, 30n);
    expect(await readAccountWord(network, actors.otherPayer)).to.equal(
      accountWord({ available: 1_000_000n }),
    );
    await expectConservation(network);
  });

  for (const amount of [0n, MAX_U88 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();

      await expect(fundGuarantee(network, amount))
        .to.be.revertedWithCustomError(network.ledger, "AmountInvalid")
        .withArgs(amount, MAX_U88);
    });
  }

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.issuer).fundGuarantee(actors.otherOperator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });
});
