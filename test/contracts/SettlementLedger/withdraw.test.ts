import { expect } from "chai";
import { SeizableToken__factory } from "../../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { openBookIn, settledOrderIn } from "../../support/builders/book.ts";
import {
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  readAccountWord,
  settledOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, MAX_U80, merchantWord, STATUS, unexposed } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.withdraw", () => {
  it("pays the caller out of its own available balance", async () => {
    const network = await load();
    const { ledger, token, tokenAddress, vault } = network;
    const { operator, payer } = network.actors;

    const withdrawn = await ledger.connect(payer).withdraw(operator, token, 400n);

    const word = accountWord({ available: PAYER_FUNDS - 400n });
    await expect(withdrawn)
      .to.emit(ledger, "Withdrawn")
      .withArgs(operator.address, payer.address, tokenAddress, payer.address, 400n, word);
    await expect(withdrawn)
      .to.emit(token, "Transfer")
      .withArgs(await vault.getAddress(), payer.address, 400n);
    await expectConservation(network);
  });

  it("pays everything out", async () => {
    const network = await load();
    const { operator, payer } = network.actors;

    await network.ledger.connect(payer).withdraw(operator, network.token, PAYER_FUNDS);

    expect(await readAccountWord(network, payer)).to.equal(accountWord({}));
    await expectConservation(network);
  });

  it("pays a restricted account", async () => {
    const network = await load();
    const { operator, payer, compliance } = network.actors;
    await network.registry.connect(compliance).restrict([payer]);

    await network.ledger.connect(payer).withdraw(operator, network.token, 1n);

    await expectConservation(network);
  });

  it("repays the caller's debt first", async () => {
    const network = await load();
    const { ledger, token, tokenAddress } = network;
    const { operator, merchant } = network.actors;
    await fundGuarantee(network, 50_000n);
    const order = await paidOutOrder(network, { feeBps: 0 });
    await ledger.connect(merchant).refund(order.terms, 6_000n);
    await token.connect(merchant).approve(ledger, 10_000n);
    await ledger.connect(merchant).deposit(operator, token, merchant, 10_000n);

    const withdrawn = await ledger.connect(merchant).withdraw(operator, token, 4_000n);

    await expect(withdrawn)
      .to.emit(ledger, "DebtRepaid")
      .withArgs(operator.address, merchant.address, tokenAddress, 6_000n, 50_000n, 0n);
    await expect(withdrawn).to.emit(ledger, "ObligationsMet");
    expect(unexposed(await readAccountWord(network, merchant))).to.equal(merchantWord({ openCycle: 2n }));
    await expectConservation(network);
  });

  it("does not let a debtor take what it owes", async () => {
    const network = await load();
    const { ledger, token } = network;
    const { operator, merchant } = network.actors;
    await fundGuarantee(network, 50_000n);
    const order = await paidOutOrder(network, { feeBps: 0 });
    await ledger.connect(merchant).refund(order.terms, 6_000n);
    await token.connect(merchant).approve(ledger, 10_000n);
    await ledger.connect(merchant).deposit(operator, token, merchant, 10_000n);

    await expect(ledger.connect(merchant).withdraw(operator, token, 4_001n))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(merchant.address, 4_001n, 4_000n);
    await expectConservation(network);
  });

  it("reverts with AccountsInsufficient when the money is pending", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await capturedOrder(network);

    await expect(ledger.connect(actors.merchant).withdraw(actors.operator, token, 9_500n))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.merchant.address, 9_500n, 0n);

    await closeOpenCycle(network, [actors.merchant.address]);
    await ledger.connect(actors.merchant).withdraw(actors.operator, token, 9_500n);
    await expectConservation(network);
  });

  it("reverts with AccountsNotActive given a frozen account", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await network.registry.connect(actors.compliance).freeze([actors.payer]);

    await expect(ledger.connect(actors.payer).withdraw(actors.operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.payer.address, STATUS.frozen);
  });

  it("reverts with AccountsNotActive when the caller is registered nowhere", async () => {
    const { ledger, token, actors } = await load();

    await expect(ledger.connect(actors.outsider).withdraw(actors.operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.outsider.address, STATUS.none);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const { ledger, token, actors } = await load();

      await expect(ledger.connect(actors.payer).withdraw(actors.operator, token, amount))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.payer).withdraw(actors.otherOperator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with AccountsInsolvent given a vault that lost tokens, and others keep their claims", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const token = await new SeizableToken__factory(actors.admin).deploy();
    const { vault } = await openBookIn(network, token);
    await settledOrderIn(network, token);
    await settledOrderIn(network, token, { merchant: actors.otherMerchant.address, nonce: 1n });
    await token.seize(vault, 1n);

    await expect(ledger.connect(actors.merchant).withdraw(actors.operator, token, 5_000n))
      .to.be.revertedWithCustomError(ledger, "AccountsInsolvent")
      .withArgs(vault, 14_999n, 15_000n);
  });

  it("leaves what somebody sent to the vault without a deposit alone", async () => {
    const network = await load();
    const { ledger, token, vault, actors } = network;
    await settledOrder(network);
    await token.connect(actors.issuer).transfer(vault, 777n);

    await ledger.connect(actors.merchant).withdraw(actors.operator, token, 9_500n);

    await expectConservation(network, 777n);
  });
});
