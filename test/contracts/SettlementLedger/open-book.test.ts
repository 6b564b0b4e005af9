import { expect } from "chai";
import { FeeOnTransferToken__factory } from "../../../types/ethers-contracts/factories/mocks/FeeOnTransferToken__factory.ts";
import { SeizableToken__factory } from "../../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { openBookIn } from "../../support/builders/book.ts";
import { signedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { CAP_BITS, openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger.openBook", () => {
  it("deploys the operator's vault with its first book", async () => {
    const network = await load();
    const { ledger, ethers, tokenAddress, actors } = network;
    const expected = await ledger.openBook.staticCall(actors.otherOperator, tokenAddress);

    const opened = await ledger.openBook(actors.otherOperator, tokenAddress);

    await expect(opened)
      .to.emit(ledger, "BookOpened")
      .withArgs(actors.otherOperator.address, tokenAddress, expected, CAP_BITS);
    const book = await ledger.bookOf(actors.otherOperator, tokenAddress);
    expect([...book]).to.deep.equal([expected, 0n, BigInt(CAP_BITS), 0n, 0n, 1n]);
    expect(await ethers.provider.getCode(expected)).not.to.equal("0x");
    await expectConservation(network);
  });

  it("gives one operator one vault for all its tokens, and two operators two", async () => {
    const network = await load();
    const { ledger, vault, actors } = network;
    const token = await new SeizableToken__factory(actors.admin).deploy();

    await openBookIn(network, token);
    await ledger.openBook(actors.otherOperator, token);

    const own = await ledger.bookOf(actors.operator, token);
    const others = await ledger.bookOf(actors.otherOperator, token);
    expect(own.vault).to.equal(await vault.getAddress());
    expect(others.vault).not.to.equal(own.vault);
  });

  it("caps the book as the token was admitted", async () => {
    const network = await load();
    const { ledger, tokens, actors } = network;
    const { admin, operator, payer } = actors;
    const token = await new SeizableToken__factory(admin).deploy();
    await token.mint(admin, 100n);
    await token.approve(tokens, 100n);
    await tokens.admit(token, 10, 100n);
    await ledger.openBook(operator, token);
    await token.mint(payer, 1_024n);
    await token.connect(payer).approve(ledger, 1_024n);

    await ledger.connect(payer).deposit(operator, token, payer, 1_023n);

    await expect(ledger.connect(payer).deposit(operator, token, payer, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookLimit")
      .withArgs(1_024n, 1_023n);
    await expectConservation(network);
  });

  it("reverts with BookExists given the same book", async () => {
    const { ledger, tokenAddress, actors } = await load();

    await expect(ledger.openBook(actors.operator, tokenAddress))
      .to.be.revertedWithCustomError(ledger, "BookExists")
      .withArgs(actors.operator.address, tokenAddress);
  });

  it("reverts with BookTokenNotAdmitted when the token was never admitted, or is no more", async () => {
    const { ledger, tokens, tokenAddress, actors } = await load();
    const stranger = await new FeeOnTransferToken__factory(actors.admin).deploy();
    await tokens.remove(tokenAddress);

    for (const token of [await stranger.getAddress(), tokenAddress]) {
      await expect(ledger.openBook(actors.otherOperator, token))
        .to.be.revertedWithCustomError(ledger, "BookTokenNotAdmitted")
        .withArgs(token);
    }
  });

  it("keeps a book going whose token is admitted no more", async () => {
    const network = await load();
    const { ledger, tokens, tokenAddress, actors } = network;
    await tokens.remove(tokenAddress);
    const { terms, signature } = await signedOrder(network);

    await ledger.connect(actors.operator).charge(terms, signature);

    await expectConservation(network);
  });

  it("reverts with LedgerTooMany after the 128th book", async () => {
    const { ledger, ethers, tokenAddress } = await load();
    for (let book = 1n; book < 128n; ++book) await ledger.openBook(ethers.toBeHex(book, 20), tokenAddress);

    await expect(ledger.openBook(ethers.toBeHex(128n, 20), tokenAddress))
      .to.be.revertedWithCustomError(ledger, "LedgerTooMany")
      .withArgs(128n, 128n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { ledger, ledgerCode, tokenAddress, actors } = await load();

    for (const caller of [actors.operator, actors.registrar, actors.settler, actors.outsider]) {
      await expect(ledger.connect(caller).openBook(actors.otherOperator, tokenAddress))
        .to.be.revertedWithCustomError(ledgerCode, "AccessManagedUnauthorized")
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
    expect(await ledger.court()).to.equal(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { ledger, ledgerCode, actors } = await load();

    await expect(ledger.connect(actors.operator).setCourt(actors.operator))
      .to.be.revertedWithCustomError(ledgerCode, "AccessManagedUnauthorized")
      .withArgs(actors.operator.address);
  });
});
