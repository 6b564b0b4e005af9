import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
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
import { debtOf, isCold } from "../../support/words.ts";

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
        .withArgs(...book, 9_500n, GUARANTEE - 10_000n, 9_500n);
      await expect(refunded)
        .to.emit(ledger, "DebtIncurred")
        .withArgs(
          actors.operator.address,
          actors.feeReceiver.address,
          tokenAddress,
          500n,
          GUARANTEE - 500n,
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
        .withArgs(actors.merchant.address, 501n, 0n);
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
        .withArgs(...book, 6_000n, GUARANTEE, 0n);
      await expect(closed)
        .to.emit(ledger, "NetSettled")
        .withArgs(
          actors.operator.address,
          actors.merchant.address,
          2n,
          tokenAddress,
          10_000n,
          0n,
          await readAccountWord(network, actors.merchant),
        );
      expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ available: 4_000n }));
      await expectConservation(network);
    });

    it("nets as much as there is and keeps the rest as debt", async () => {
      const network = await load();
      const { ledger, actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await ledger.connect(actors.merchant).refund(terms, 6_000n);
      await capturedOrder(network, { nonce: 1n, feeBps: 0, amount: 2_000n });

      await closeOpenCycle(network, [actors.merchant.address]);

      expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ debt: 4_000n }));
      await expectConservation(network);
    });

    it("marks the account as owing until a cycle repays all of it", async () => {
      const network = await load();
      const { actors } = network;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      const marks: boolean[] = [];
      const mark = async () => marks.push(isCold(await readAccountWord(network, actors.merchant)));
      await mark();

      await network.ledger.connect(actors.merchant).refund(terms, 4_000n);
      await mark();
      for (const [nonce, amount] of [3_000n, 5_000n].entries()) {
        await capturedOrder(network, { amount, feeBps: 0, nonce: BigInt(nonce + 1) });
        await closeOpenCycle(network, [actors.merchant.address]);
        await mark();
      }

      expect(marks).to.deep.equal([false, true, true, false]);
      expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ available: 4_000n }));
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
        .withArgs(...book, 6_000n, GUARANTEE, 0n);
      const word = await readAccountWord(network, actors.merchant);
      await expect(paid)
        .to.emit(ledger, "PayoutPaid")
        .withArgs(...book, actors.merchant.address, 1_000n, word);
      await expectConservation(network);
    });

    it("nets the debt before a withdrawal", async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const { operator, merchant } = actors;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await ledger.connect(merchant).refund(terms, 6_000n);
      await ledger.connect(actors.issuer).deposit(operator, token, merchant, 7_000n);

      await expect(ledger.connect(merchant).withdraw(operator, token, 1_001n))
        .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
        .withArgs(merchant.address, 1_001n, 1_000n);
      await ledger.connect(merchant).withdraw(operator, token, 1_000n);

      expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
      expect((await ledger.bookOf(operator, token)).guarantee).to.equal(GUARANTEE);
      await expectConservation(network);
    });

    it("adds up, with the guarantee, to what was paid into it (d)", async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const { operator, merchant, otherMerchant } = actors;
      await fundGuarantee(network, GUARANTEE);
      const first = await paidOutOrder(network, { feeBps: 0 });
      const second = await paidOutOrder(network, { merchant: otherMerchant.address, feeBps: 0, nonce: 1n });
      await ledger.connect(merchant).refund(first.terms, 6_000n);
      await ledger.connect(otherMerchant).refund(second.terms, 2_500n);
      await fundGuarantee(network, 1_000n);

      const { guarantee } = await ledger.bookOf(operator, token);
      const debts =
        (await holdingsOf(network, merchant)).debt + (await holdingsOf(network, otherMerchant)).debt;
      expect(debts).to.equal(8_500n);
      expect(guarantee + debts).to.equal(GUARANTEE + 1_000n);
      await expectConservation(network);
    });

    it("goes up to the advance limit of one account, and no further", async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const { operator, merchant, otherMerchant, treasurer } = actors;
      await fundGuarantee(network, GUARANTEE);
      await ledger.connect(treasurer).setAdvanceLimit(operator, token, 6_000n);
      const first = await paidOutOrder(network, { feeBps: 0 });
      const second = await paidOutOrder(network, { merchant: otherMerchant.address, feeBps: 0, nonce: 1n });

      await expect(ledger.connect(merchant).refund(first.terms, 6_001n))
        .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
        .withArgs(merchant.address, 1n, GUARANTEE - 6_000n);
      await ledger.connect(merchant).refund(first.terms, 6_000n);
      await expect(ledger.connect(merchant).refund(first.terms, 1n))
        .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
        .withArgs(merchant.address, 1n, GUARANTEE - 6_000n);
      await ledger.connect(otherMerchant).refund(second.terms, 6_000n);

      await expectConservation(network);
    });

    it("grows no more once its limit was set below it", async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const { operator, merchant, treasurer } = actors;
      await fundGuarantee(network, GUARANTEE);
      const { terms } = await paidOutOrder(network, { feeBps: 0 });
      await ledger.connect(merchant).refund(terms, 6_000n);
      await ledger.connect(treasurer).setAdvanceLimit(operator, token, 100n);

      await expect(ledger.connect(merchant).refund(terms, 1n))
        .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
        .withArgs(merchant.address, 1n, GUARANTEE - 6_000n);
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
      expect(await holdingsOf(network, actors.otherMerchant)).to.deep.equal(holding({ pending: 10_000n }));
      await expectConservation(network);
    });
  });
});
