import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

const REFERENCE = ethers.id("bank movement 1");

describe("SettlementToken.mint", () => {
  it("creates tokens against a bank reference", async () => {
    const { token, actors } = await load();

    const minted = await token.connect(actors.issuer).mint(actors.payer, 70n, REFERENCE);

    await expect(minted).to.emit(token, "Minted").withArgs(actors.payer.address, 70n, REFERENCE);
    await expect(minted).to.emit(token, "Transfer").withArgs(ethers.ZeroAddress, actors.payer.address, 70n);
    expect(await token.balanceOf(actors.payer)).to.equal(70n);
    expect(await token.decimals()).to.equal(2n);
  });

  it("reverts with SettlementTokenReferenceUsed given a reference of a mint or a burn", async () => {
    const { token, actors } = await load();
    const burned = ethers.id("bank movement 2");
    await token.connect(actors.issuer).mint(actors.payer, 70n, REFERENCE);
    await token.connect(actors.issuer).burn(1n, burned);

    for (const reference of [REFERENCE, burned]) {
      await expect(token.connect(actors.issuer).mint(actors.otherPayer, 1n, reference))
        .to.be.revertedWithCustomError(token, "SettlementTokenReferenceUsed")
        .withArgs(reference);
    }
  });

  it("reverts with SettlementTokenReferenceMissing when there is none", async () => {
    const { token, actors } = await load();

    await expect(
      token.connect(actors.issuer).mint(actors.payer, 1n, ethers.ZeroHash),
    ).to.be.revertedWithCustomError(token, "SettlementTokenReferenceMissing");
  });

  it("reverts with ERC7943CannotReceive when the receiver is registered nowhere, or frozen", async () => {
    const { token, registry, actors } = await load();
    await registry.connect(actors.compliance).freeze([actors.payer]);

    for (const receiver of [actors.outsider, actors.payer]) {
      await expect(token.connect(actors.issuer).mint(receiver, 1n, REFERENCE))
        .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
        .withArgs(receiver.address);
    }
  });

  it("creates as many as can be counted, and reverts with SettlementTokenSupplyLimit at one more", async () => {
    const { token, actors } = await load();
    const { issuer, payer } = actors;
    const limit = 2n ** 120n - 1n;
    const supply = await token.totalSupply();
    await token.connect(issuer).mint(payer, limit - supply, REFERENCE);
    const balance = await token.balanceOf(payer);

    for (const [amount, actual] of [
      [1n, limit + 1n],
      [2n ** 256n - 1n, 2n ** 256n - 1n],
    ] as const) {
      await expect(token.connect(issuer).mint(payer, amount, ethers.id("bank movement 2")))
        .to.be.revertedWithCustomError(token, "SettlementTokenSupplyLimit")
        .withArgs(actual, limit);
    }
    expect([await token.totalSupply(), balance]).to.deep.equal([limit, limit - supply]);
  });

  it("reverts with ERC20InvalidReceiver when the receiver is zero", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.issuer).mint(ethers.ZeroAddress, 1n, REFERENCE))
      .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
      .withArgs(ethers.ZeroAddress);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the issuer", async () => {
    const { token, actors } = await load();

    for (const caller of [actors.admin, actors.operator, actors.registrar, actors.payer]) {
      await expect(token.connect(caller).mint(caller, 1n, REFERENCE))
        .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("SettlementToken.mintBatch", () => {
  it("creates every amount against its own bank reference", async () => {
    const { token, actors } = await load();
    const references = [ethers.id("bank movement 2"), ethers.id("bank movement 3")] as const;

    const minted = await token.connect(actors.issuer).mintBatch(actors.payer, [1n, 2n], [...references]);

    await expect(minted).to.emit(token, "Minted").withArgs(actors.payer.address, 1n, references[0]);
    await expect(minted).to.emit(token, "Minted").withArgs(actors.payer.address, 2n, references[1]);
    expect(await token.balanceOf(actors.payer)).to.equal(3n);
  });

  it("creates nothing when one reference occurs twice", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.issuer).mintBatch(actors.payer, [1n, 2n], [REFERENCE, REFERENCE]))
      .to.be.revertedWithCustomError(token, "SettlementTokenReferenceUsed")
      .withArgs(REFERENCE);
    expect(await token.balanceOf(actors.payer)).to.equal(0n);
  });

  it("reverts with SettlementTokenLengthMismatch when a reference is missing", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.issuer).mintBatch(actors.payer, [1n], []))
      .to.be.revertedWithCustomError(token, "SettlementTokenLengthMismatch")
      .withArgs(1n, 0n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the issuer", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.payer).mintBatch(actors.payer, [], []))
      .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
      .withArgs(actors.payer.address);
  });
});
