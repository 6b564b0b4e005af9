import { expect } from "chai";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger.openBook", () => {
  it("deploys the operator's vault with its first book", async () => {
    const network = await load();
    const { ledger, ethers, tokenAddress, actors } = network;
    const expected = await ledger.openBook.staticCall(actors.otherOperator, tokenAddress);

    const opened = await ledger.openBook(actors.otherOperator, tokenAddress);

    await expect(opened)
      .to.emit(ledger, "BookOpened")
      .withArgs(actors.otherOperator.address, tokenAddress, expected);
    const book = await ledger.bookOf(actors.otherOperator, tokenAddress);
    expect([...book]).to.deep.equal([expected, 0n, 0n, 1n]);
    expect(await ethers.provider.getCode(expected)).not.to.equal("0x");
    await expectConservation(network);
  });

  it("gives one operator one vault for all its tokens, and two operators two", async () => {
    const { ledger, vault, actors } = await load();
    const other = actors.outsider.address;

    await ledger.openBook(actors.operator, other);
    await ledger.openBook(actors.otherOperator, other);

    const own = await ledger.bookOf(actors.operator, other);
    const others = await ledger.bookOf(actors.otherOperator, other);
    expect(own.vault).to.equal(await vault.getAddress());
    expect(others.vault).not.to.equal(own.vault);
  });

  it("reverts with AccountsBookExists given the same book", async () => {
    const { ledger, tokenAddress, actors } = await load();

    await expect(ledger.openBook(actors.operator, tokenAddress))
      .to.be.revertedWithCustomError(ledger, "AccountsBookExists")
      .withArgs(actors.operator.address, tokenAddress);
  });

  it("reverts with AccountsTooManyBooks after the 128th book", async () => {
    const { ledger, ethers, actors } = await load();
    for (let book = 1n; book < 128n; ++book) {
      await ledger.openBook(actors.operator, ethers.toBeHex(book, 20));
    }

    await expect(ledger.openBook(actors.operator, ethers.toBeHex(128n, 20)))
      .to.be.revertedWithCustomError(ledger, "AccountsTooManyBooks")
      .withArgs(128n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { ledger, tokenAddress, actors } = await load();

    for (const caller of [actors.operator, actors.registrar, actors.settler, actors.outsider]) {
      await expect(ledger.connect(caller).openBook(actors.otherOperator, tokenAddress))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("SettlementLedger.setCourt", () => {
  it("names the court", async () => {
    const { ledger, actors } = await load();

    await expect(ledger.setCourt(actors.outsider))
      .to.emit(ledger, "CourtSet")
      .withArgs(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { ledger, actors } = await load();

    await expect(ledger.connect(actors.operator).setCourt(actors.operator))
      .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
      .withArgs(actors.operator.address);
  });
});
