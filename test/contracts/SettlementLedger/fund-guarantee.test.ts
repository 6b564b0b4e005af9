import { expect } from "chai";
import { fundGuarantee, readAccountWord } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { accountWord, MAX_U80 } from "../../support/words.ts";

const { load } = await openTestChain();

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

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();

      await expect(fundGuarantee(network, amount))
        .to.be.revertedWithCustomError(network.ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.issuer).fundGuarantee(actors.otherOperator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });
});
