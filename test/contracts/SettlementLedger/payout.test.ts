import { expect } from "chai";
import { HostileReceiptToken__factory } from "../../../types/ethers-contracts/factories/mocks/HostileReceiptToken__factory.ts";
import { SeizableToken__factory } from "../../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { openBookIn, settledOrderIn } from "../../support/builders/book.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { capturedOrder, payOut, readAccountWord, settledOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, registrationOf } from "../../support/deploy-contracts.ts";
import { ALL_SCOPES, KIND, merchantWord, STATUS, unexposed } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.payout", () => {
  it("sends a merchant's available money to its own address when it named no other", async () => {
    const network = await load();
    const { ledger, token, tokenAddress, vault, actors } = network;
    const { operator, merchant } = actors;
    await settledOrder(network);

    const paid = await payOut(network, [merchant.address]);

    const word = await readAccountWord(network, merchant);
    expect(unexposed(word)).to.equal(merchantWord({ openCycle: 2n }));
    await expect(paid)
      .to.emit(ledger, "PayoutPaid")
      .withArgs(operator.address, merchant.address, tokenAddress, merchant.address, 9_500n, word);
    await expect(paid)
      .to.emit(token, "Transfer")
      .withArgs(await vault.getAddress(), merchant.address, 9_500n);
    await expectConservation(network);
  });

  it("sends it to the payout address that was registered", async () => {
    const network = await load();
    const { token, actors } = network;
    const merchant = await merchantPaidAt(network, actors.otherPayer.address);
    await settledOrder(network, { merchant });

    await payOut(network, [merchant]);

    expect(await token.balanceOf(actors.otherPayer)).to.equal(9_500n);
    await expectConservation(network);
  });

  it("pays once when a merchant is named twice", async () => {
    const network = await load();
    const { token, actors } = network;
    await settledOrder(network);

    await payOut(network, [actors.merchant.address, actors.merchant.address]);

    expect(await token.balanceOf(actors.merchant)).to.equal(9_500n);
    await expectConservation(network);
  });

  it("leaves pending money and says nothing of a merchant without available money", async () => {
    const network = await load();
    const { ledger, actors } = network;
    await capturedOrder(network);

    const paid = await payOut(network, [actors.merchant.address, actors.outsider.address]);

    await expect(paid).not.to.emit(ledger, "PayoutPaid");
    await expect(paid).not.to.emit(ledger, "PayoutHeld");
    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ pending: 9_500n }));
    await expectConservation(network);
  });

  it("pays a restricted merchant", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    await settledOrder(network);
    await registry.connect(actors.compliance).restrict([actors.merchant]);

    await expect(payOut(network, [actors.merchant.address])).to.emit(ledger, "PayoutPaid");
    await expectConservation(network);
  });

  context("given a frozen merchant", () => {
    it("holds its money with the reason, pays the others, and pays it once it is active again", async () => {
      const network = await load();
      const { ledger, registry, tokenAddress, actors } = network;
      const { merchant, otherMerchant, compliance, operator } = actors;
      await settledOrder(network);
      await settledOrder(network, { merchant: otherMerchant.address, nonce: 1n });
      await registry.connect(compliance).freeze([merchant]);

      const paid = await payOut(network, [merchant.address, otherMerchant.address]);

      const reason = ledger.interface.encodeErrorResult("AccountsNotActive", [
        merchant.address,
        STATUS.frozen,
      ]);
      await expect(paid)
        .to.emit(ledger, "PayoutHeld")
        .withArgs(operator.address, merchant.address, tokenAddress, merchant.address, 9_500n, reason);
      const others = await readAccountWord(network, otherMerchant);
      await expect(paid)
        .to.emit(ledger, "PayoutPaid")
        .withArgs(
          operator.address,
          otherMerchant.address,
          tokenAddress,
          otherMerchant.address,
          9_500n,
          others,
        );
      await registry.connect(compliance).reactivate([merchant]);
      await expect(payOut(network, [merchant.address])).to.emit(ledger, "PayoutPaid");
      await expectConservation(network);
    });
  });

  context("given a payout address that the token refuses", () => {
    it("holds the money with the token's reason, and the merchant can still withdraw it itself", async () => {
      const network = await load();
      const { ledger, token, tokenAddress, actors } = network;
      const { operator, outsider } = actors;
      const nowhere = "0x000000000000000000000000000000000000dEaD";
      const merchant = await merchantPaidAt(network, nowhere);
      await settledOrder(network, { merchant });
      await settledOrder(network, { nonce: 1n });

      const paid = await payOut(network, [merchant, actors.merchant.address]);

      const reason = token.interface.encodeErrorResult("ERC7943CannotReceive", [nowhere]);
      await expect(paid)
        .to.emit(ledger, "PayoutHeld")
        .withArgs(operator.address, merchant, tokenAddress, nowhere, 9_500n, reason);
      expect(await token.balanceOf(actors.merchant)).to.equal(9_500n);
      await ledger.connect(outsider).withdraw(operator, token, 9_500n);
      expect(await token.balanceOf(outsider)).to.equal(9_500n);
      await expectConservation(network);
    });
  });

  context("given a token whose receipt burns all gas or shouts", () => {
    for (const hostility of ["burnGasOf", "shoutAt"] as const) {
      it(`holds that money and pays the others: ${hostility}`, async () => {
        const network = await load();
        const { ledger, actors } = network;
        const { merchant, otherMerchant, operator, settler, admin } = actors;
        const token = await new HostileReceiptToken__factory(admin).deploy();
        await openBookIn(network, token);
        await settledOrderIn(network, token);
        await settledOrderIn(network, token, { merchant: otherMerchant.address, nonce: 1n });
        if (hostility === "burnGasOf") await token.burnGasOf(merchant);
        else await token.shoutAt(merchant, 1_000n);

        const paid = await ledger.connect(settler).payout(operator, token, [merchant, otherMerchant]);

        await expect(paid).to.emit(ledger, "PayoutHeld");
        expect(await token.balanceOf(merchant)).to.equal(0n);
        expect(await token.balanceOf(otherMerchant)).to.equal(10_000n);
        await expectConservation(network);
      });
    }
  });

  it("reverts with PayoutGasTooLow rather than hold a payout for want of gas", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await settledOrder(network);

    const starved = ledger
      .connect(actors.settler)
      .payout(actors.operator, token, [actors.merchant], { gasLimit: 280_000n });

    await expect(starved).to.be.revertedWithCustomError(ledger, "PayoutGasTooLow");
  });

  it("reverts with AccountsInsolvent given a vault that lost tokens", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const token = await new SeizableToken__factory(actors.admin).deploy();
    const { vault } = await openBookIn(network, token);
    await settledOrderIn(network, token);
    await settledOrderIn(network, token, { merchant: actors.otherMerchant.address, nonce: 1n });
    await token.seize(vault, 1n);

    await expect(ledger.connect(actors.settler).payout(actors.operator, token, [actors.merchant]))
      .to.be.revertedWithCustomError(ledger, "AccountsInsolvent")
      .withArgs(vault, 9_999n, 10_000n);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.settler).payout(actors.otherOperator, token, []))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with LedgerForbidden when the caller is no settler", async () => {
    const { ledger, token, actors } = await load();

    for (const caller of [actors.operator, actors.merchant, actors.admin, actors.outsider]) {
      await expect(ledger.connect(caller).payout(actors.operator, token, []))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });
});

async function merchantPaidAt(
  { registry, ledger, token, actors }: Awaited<ReturnType<typeof load>>,
  payoutAddress: string,
): Promise<`0x${string}`> {
  const { registrar, operator, outsider } = actors;
  const registration = { ...registrationOf(outsider.address, KIND.merchant), payoutAddress };
  await registry.connect(registrar).register(registration);
  await registry.connect(outsider).acceptOperator(operator, ALL_SCOPES);
  await ledger.syncAccounts(operator, token, [outsider]);
  return outsider.address;
}
