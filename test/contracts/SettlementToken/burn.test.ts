import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

const REFERENCE = ethers.id("bank movement 1");

describe("SettlementToken.burn", () => {
  it("destroys the issuer's own tokens against a bank reference", async () => {
    const { token, actors } = await load();
    const supply = await token.totalSupply();

    const burned = await token.connect(actors.issuer).burn(70n, REFERENCE);

    await expect(burned).to.emit(token, "Burned").withArgs(actors.issuer.address, 70n, REFERENCE);
    expect(await token.totalSupply()).to.equal(supply - 70n);
  });

  it("reverts with ERC20InsufficientBalance when the issuer has less", async () => {
    const { token, actors } = await load();
    const balance = await token.balanceOf(actors.issuer);

    await expect(token.connect(actors.issuer).burn(balance + 1n, REFERENCE))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(actors.issuer.address, balance, balance + 1n);
  });

  it("reverts with SettlementTokenReferenceUsed given the same reference", async () => {
    const { token, actors } = await load();
    await token.connect(actors.issuer).burn(1n, REFERENCE);

    await expect(token.connect(actors.issuer).burn(1n, REFERENCE))
      .to.be.revertedWithCustomError(token, "SettlementTokenReferenceUsed")
      .withArgs(REFERENCE);
  });

  it("reverts with SettlementTokenReferenceMissing when there is none", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.issuer).burn(1n, ethers.ZeroHash)).to.be.revertedWithCustomError(
      token,
      "SettlementTokenReferenceMissing",
    );
  });

  it("reverts with ERC7943CannotSend given a frozen issuer", async () => {
    const { token, registry, actors } = await load();
    await registry.connect(actors.compliance).freeze([actors.issuer]);

    await expect(token.connect(actors.issuer).burn(1n, REFERENCE))
      .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
      .withArgs(actors.issuer.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the issuer", async () => {
    const { token, actors } = await load();

    for (const caller of [actors.admin, actors.operator, actors.payer]) {
      await expect(token.connect(caller).burn(1n, REFERENCE))
        .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
