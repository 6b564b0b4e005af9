import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { MAX_U80 } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.setAdvanceLimit", () => {
  it("sets the most that the guarantee advances for one account, from nothing to a whole book", async () => {
    const { ledger, token, tokenAddress, actors } = await load();
    const { operator, treasurer } = actors;

    for (const limit of [0n, 5_000n, MAX_U80]) {
      await expect(ledger.connect(treasurer).setAdvanceLimit(operator, token, limit))
        .to.emit(ledger, "AdvanceLimitSet")
        .withArgs(operator.address, tokenAddress, limit);
      expect((await ledger.bookOf(operator, token)).advanceLimit).to.equal(limit);
    }
  });

  it("leaves the rest of the book alone", async () => {
    const { ledger, token, actors } = await load();
    const before = await ledger.bookOf(actors.operator, token);

    await ledger.connect(actors.treasurer).setAdvanceLimit(actors.operator, token, 1n);

    const [vault, liabilities, capBits, guarantee, limit, openCycle] = await ledger.bookOf(
      actors.operator,
      token,
    );
    expect([vault, liabilities, capBits, guarantee, openCycle]).to.deep.equal([
      before.vault,
      before.liabilities,
      before.capBits,
      before.guarantee,
      before.openCycle,
    ]);
    expect(limit).to.equal(1n);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.treasurer).setAdvanceLimit(actors.otherOperator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the treasurer", async () => {
    const { ledger, token, actors } = await load();

    for (const caller of [actors.operator, actors.risk, actors.outsider]) {
      await expect(ledger.connect(caller).setAdvanceLimit(actors.operator, token, 1n))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
