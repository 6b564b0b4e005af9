import { expect } from "chai";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

const MAX_U120 = 2n ** 120n - 1n;

describe("SettlementToken.setFrozenTokens", () => {
  it("lets the holder move the rest, and not one more", async () => {
    const { token, actors } = await withTokens();
    const { payer, merchant, compliance } = actors;

    await expect(token.connect(compliance).setFrozenTokens(payer, 70n))
      .to.emit(token, "Frozen")
      .withArgs(payer.address, 70n);

    expect(await token.getFrozenTokens(payer)).to.equal(70n);
    expect(await token.balanceOf(payer)).to.equal(100n);
    await expect(token.connect(payer).transfer(merchant, 31n))
      .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(payer.address, 31n, 30n);
    await token.connect(payer).transfer(merchant, 30n);
  });

  it("does not let an allowance get round it", async () => {
    const { token, actors } = await withTokens();
    const { payer, merchant, compliance } = actors;
    await token.connect(payer).approve(merchant, 100n);
    await token.connect(compliance).setFrozenTokens(payer, 100n);

    await expect(token.connect(merchant).transferFrom(payer, merchant, 1n))
      .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(payer.address, 1n, 0n);
  });

  it("withholds what arrives later when more is frozen than held", async () => {
    const { token, actors } = await withTokens();
    const { payer, merchant, issuer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 150n);
    await token.connect(issuer).transfer(payer, 60n);

    await expect(token.connect(payer).transfer(merchant, 11n))
      .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(payer.address, 11n, 10n);
    await token.connect(payer).transfer(merchant, 10n);
  });

  it("overwrites what was set before, 0 included", async () => {
    const { token, actors } = await withTokens();
    const { payer, merchant, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 70n);
    await token.connect(compliance).setFrozenTokens(payer, 70n);
    expect(await token.getFrozenTokens(payer)).to.equal(70n);

    await token.connect(compliance).setFrozenTokens(payer, 0n);

    await token.connect(payer).transfer(merchant, 100n);
  });

  it("keeps an issuer from burning what is frozen", async () => {
    const { token, actors } = await withTokens();
    const { issuer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(issuer, MAX_U120);

    await expect(token.connect(issuer).burn(1n, ethers.id("bank movement 1")))
      .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(issuer.address, 1n, 0n);
  });

  it("takes as many as can exist, and reverts with SettlementTokenFrozenLimit at one more", async () => {
    const { token, actors } = await withTokens();
    const { payer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, MAX_U120);

    expect(await token.getFrozenTokens(payer)).to.equal(MAX_U120);
    expect(await token.balanceOf(payer)).to.equal(100n);
    await expect(token.connect(compliance).setFrozenTokens(payer, MAX_U120 + 1n))
      .to.be.revertedWithCustomError(token, "SettlementTokenFrozenLimit")
      .withArgs(MAX_U120 + 1n, MAX_U120);
  });

  it("freezes tokens of an account that the token does not know yet", async () => {
    const { token, actors } = await withTokens();
    const { otherPayer, merchant, issuer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(otherPayer, 5n);
    await token.connect(issuer).transfer(otherPayer, 5n);

    await expect(token.connect(otherPayer).transfer(merchant, 1n))
      .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(otherPayer.address, 1n, 0n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not compliance", async () => {
    const { token, actors } = await withTokens();

    for (const caller of [actors.admin, actors.issuer, actors.registrar, actors.payer]) {
      await expect(token.connect(caller).setFrozenTokens(actors.payer, 1n))
        .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

/** A network whose payer holds 100 tokens outside the ledger. */
async function withTokens(): Promise<TestNetwork> {
  const network = await load();
  await network.token.connect(network.actors.issuer).transfer(network.actors.payer, 100n);
  return network;
}
