import { expect } from "chai";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  payOut,
  readAccountWord,
  settledOrder,
  signedOrder,
} from "../support/builders/order.ts";
import { buildOrderTerms, signOrderTerms } from "../support/builders/order-terms.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, registrationOf } from "../support/deploy-contracts.ts";
import { accountWord, balancesOf, KIND, merchantWord, STATUS, unexposed } from "../support/words.ts";

const { load } = await openTestChain();

/** What other escrows were robbed by. Each test is named for what must not happen; the number is that of the trap. */
describe("traps: other people's money", () => {
  it("(1) must not capture an order's amount again and again", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await authorizedOrder(network, { payer: actors.otherPayer.address });

    const amounts = [10_000n, 10_000n, 10_000n];
    const captured = await ledger
      .connect(actors.operator)
      .captureBatch([terms, terms, terms], amounts, false);

    const reason = ledger.interface.encodeErrorResult("OrderExceedsCapturable", [id, 10_000n, 0n]);
    await expect(captured).to.emit(ledger, "OrderSkipped").withArgs(id, reason);
    expect(balancesOf(await readAccountWord(network, actors.merchant)).pending).to.equal(9_500n);
    await expectConservation(network);
  });

  it("(2) must not refund a paid out order from another payer's held money", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await paidOutOrder(network, { feeBps: 0 });
    const other = await authorizedOrder(network, { payer: actors.otherPayer.address });

    await expect(ledger.connect(actors.merchant).refund(terms, 10_000n))
      .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
      .withArgs(actors.merchant.address, 10_000n, 0n);
    await ledger.connect(actors.operator).void(other.terms, 10_000n);
    expect(await readAccountWord(network, actors.otherPayer)).to.equal(
      accountWord({ available: PAYER_FUNDS }),
    );
    await expectConservation(network);
  });

  it("(3) must not repay a merchant's debt with money that another dispute locked", async () => {
    const network = await load();
    const { ledger, court, ethers, actors } = network;
    await fundGuarantee(network, 20_000n);
    const indebted = await paidOutOrder(network, { feeBps: 0 });
    const disputed = await capturedOrder(network, { feeBps: 0, payer: actors.otherPayer.address });
    await court.connect(actors.otherPayer).open(disputed.terms, 10_000n, 1, ethers.ZeroHash);
    await ledger.connect(actors.merchant).refund(indebted.terms, 10_000n);

    await closeOpenCycle(network, [actors.merchant.address]);
    await payOut(network, [actors.merchant.address]);

    const { guarantee } = await ledger.bookOf(actors.operator, network.token);
    expect(guarantee).to.equal(10_000n);
    await expectConservation(network);
  });

  it("(4) must not strand money because it is less than any one order brought", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const first = await settledOrder(network, { feeBps: 0, amount: 60n });
    const second = await settledOrder(network, { feeBps: 0, amount: 70n, nonce: 1n });
    await ledger.connect(actors.merchant).refund(first.terms, 60n);
    await ledger.connect(actors.merchant).refund(second.terms, 40n);

    await ledger.connect(actors.merchant).withdraw(actors.operator, token, 10n);
    await payOut(network, [actors.merchant.address]);

    expect(await token.balanceOf(actors.merchant)).to.equal(30n);
    await expectConservation(network);
  });

  it("(7) must not let anyone but the payer choose merchant, fee or fee receiver", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await signedOrder(network);
    const thefts = [
      { merchant: actors.otherMerchant.address },
      { feeBps: 10_000 },
      { fixedFee: 1n },
      { feeReceiver: actors.otherMerchant.address },
      { amount: 20_000n },
    ];

    for (const theft of thefts) {
      const altered = { ...terms, ...theft };
      await expect(ledger.connect(actors.operator).charge(altered, signature))
        .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
        .withArgs(await ledger.orderIdOf(altered), actors.payer.address);
    }
    await expectConservation(network);
  });

  it("(10) must not charge anything back to a merchant that never accepted the operator", async () => {
    const network = await load();
    const { ledger, token, registry, actors } = network;
    const { operator, otherOperator, merchant, payer } = actors;
    await settledOrder(network);
    await ledger.openBook(otherOperator, token);
    const { vault } = await ledger.bookOf(otherOperator, token);
    await registry.connect(actors.registrar).register(registrationOf(vault, KIND.vault));
    await ledger.connect(actors.issuer).deposit(otherOperator, token, payer, 300n);
    await ledger.syncAccounts(otherOperator, token, [merchant]);
    const terms = buildOrderTerms(network, {
      operator: otherOperator.address,
      amount: 300n,
      feeBps: 10_000,
      feeReceiver: otherOperator.address,
    });

    const charged = ledger.connect(otherOperator).charge(terms, await signOrderTerms(network, terms, payer));

    await expect(charged)
      .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
      .withArgs(merchant.address, otherOperator.address, 32n, STATUS.active | 8n);
    const word = unexposed(await ledger.accountWord(operator, token, merchant));
    expect(word).to.equal(merchantWord({ available: 9_500n, openCycle: 2n }));
    await expectConservation(network);
  });

  it("(10) must not take from the merchant a fee that the merchant never received", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network, { feeBps: 10_000 });
    await capturedOrder(network, { feeBps: 0, nonce: 1n });

    await ledger.connect(actors.operator).refund(terms, 10_000n);

    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 10_000n }),
    );
    expect(await readAccountWord(network, actors.feeReceiver)).to.equal(accountWord({}));
    await expectConservation(network);
  });

  it("(12) must not spend a standing allowance of anybody but the caller", async () => {
    const network = await load();
    const { ledger, token, ledgerAddress, actors } = network;
    await token.connect(actors.issuer).transfer(actors.merchant, 1_000n);
    await token.connect(actors.merchant).approve(ledger, 1_000n);

    await expect(ledger.connect(actors.payer).deposit(actors.operator, token, actors.payer, 1_000n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(ledgerAddress, 0n, 1_000n);
    expect(await token.balanceOf(actors.merchant)).to.equal(1_000n);
  });

  it("(15) must not stop a capture because the merchant or the fee receiver is barred", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { terms } = await authorizedOrder(network);
    await registry.connect(actors.compliance).freeze([actors.merchant, actors.feeReceiver]);

    await ledger.connect(actors.operator).capture(terms, 10_000n);
    await closeOpenCycle(network, [actors.merchant.address, actors.feeReceiver.address]);

    await expect(payOut(network, [actors.merchant.address, actors.feeReceiver.address])).to.emit(
      ledger,
      "PayoutHeld",
    );
    await expectConservation(network);
  });

  it("(15) must not stop a capture because the fee receiver is registered nowhere", async () => {
    const network = await load();
    const { ledger, token, registry, actors } = network;
    const { outsider, operator, registrar } = actors;
    const { terms } = await capturedOrder(network, { feeReceiver: outsider.address });
    expect(balancesOf(await readAccountWord(network, terms.feeReceiver)).pending).to.equal(500n);
    await closeOpenCycle(network, [outsider.address]);

    await expect(payOut(network, [outsider.address])).to.emit(ledger, "PayoutHeld");
    await registry.connect(registrar).register(registrationOf(outsider.address, KIND.institution));
    await ledger.syncAccounts(operator, token, [outsider]);

    await expect(payOut(network, [outsider.address])).to.emit(ledger, "PayoutPaid");
    await expectConservation(network);
  });

  it("(16) must not let dust captures round the fee away", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network, { amount: 200n, feeBps: 100 });

    for (let piece = 0; piece < 20; ++piece) await ledger.connect(actors.operator).capture(terms, 10n);

    expect(await readAccountWord(network, actors.feeReceiver)).to.equal(accountWord({ pending: 2n }));
    await expectConservation(network);
  });

  it("(17) must not accept a zero merchant, a zero fee receiver of a fee, or no amount", async () => {
    const network = await load();
    const { ledger, ethers, actors } = network;
    const zero = ethers.ZeroAddress as `0x${string}`;
    const refused = [
      [{ merchant: zero }, "OrderTermsInvalid"],
      [{ feeReceiver: zero }, "OrderTermsInvalid"],
      [{ amount: 0n }, "AmountInvalid"],
    ] as const;

    for (const [given, error] of refused) {
      const { terms, signature } = await signedOrder(network, given);
      await expect(ledger.connect(actors.operator).authorize(terms, signature)).to.be.revertedWithCustomError(
        ledger,
        error,
      );
    }
  });
});
