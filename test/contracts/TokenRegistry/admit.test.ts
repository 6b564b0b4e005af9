import { expect } from "chai";
import { TokenRegistry__factory } from "../../../types/ethers-contracts/factories/access/TokenRegistry__factory.ts";
import { CallingToken__factory } from "../../../types/ethers-contracts/factories/mocks/CallingToken__factory.ts";
import { FalseReturningToken__factory } from "../../../types/ethers-contracts/factories/mocks/FalseReturningToken__factory.ts";
import { FeeOnTopToken__factory } from "../../../types/ethers-contracts/factories/mocks/FeeOnTopToken__factory.ts";
import { FeeOnTransferToken__factory } from "../../../types/ethers-contracts/factories/mocks/FeeOnTransferToken__factory.ts";
import { SilentToken__factory } from "../../../types/ethers-contracts/factories/mocks/SilentToken__factory.ts";
import { openTestChain, registrationOf } from "../../support/deploy-contracts.ts";
import { KIND } from "../../support/words.ts";

const { load, ethers } = await openTestChain();

const PROBE = 1_000n;

describe("TokenRegistry.admit", () => {
  it("admits a settlement token and gives the probe back", async () => {
    const { tokens, registry, token, actors } = await withTokenRegistry();
    const { admin, registrar, issuer } = actors;
    await registry.connect(registrar).register(registrationOf(await tokens.getAddress(), KIND.institution));
    await token.connect(issuer).transfer(admin, PROBE);
    const held = await token.balanceOf(admin);
    await token.approve(tokens, PROBE);

    await expect(tokens.admit(token, 80n, PROBE))
      .to.emit(tokens, "TokenAdmitted")
      .withArgs(await token.getAddress(), 2n, 80n);

    expect([...(await tokens.admissionOf(token))]).to.deep.equal([2n, 80n]);
    expect(await token.balanceOf(admin)).to.equal(held);
    expect(await token.balanceOf(tokens)).to.equal(0n);
  });

  it("admits a token that answers nothing", async () => {
    const { tokens, actors } = await withTokenRegistry();
    const silent = await new SilentToken__factory(actors.admin).deploy();
    await silent.mint(actors.admin, PROBE);
    await silent.approve(tokens, PROBE);

    await tokens.admit(silent, 1n, PROBE);

    expect([...(await tokens.admissionOf(silent))]).to.deep.equal([6n, 1n]);
    expect(await silent.balanceOf(actors.admin)).to.equal(PROBE);
  });

  it("reverts with TokenInexactTransfer when a fee is taken from what arrives", async () => {
    const { tokens, actors } = await withTokenRegistry();
    const fee = await new FeeOnTransferToken__factory(actors.admin).deploy();
    await fee.mint(actors.admin, PROBE);
    await fee.approve(tokens, PROBE);

    await expect(tokens.admit(fee, 80n, PROBE))
      .to.be.revertedWithCustomError(tokens, "TokenInexactTransfer")
      .withArgs(PROBE, 990n);
    expect([...(await tokens.admissionOf(fee))]).to.deep.equal([0n, 0n]);
  });

  it("reverts with TokenInexactTransfer when a fee is taken on top of what leaves", async () => {
    const { tokens, actors } = await withTokenRegistry();
    const top = await new FeeOnTopToken__factory(actors.admin).deploy();
    await top.mint(actors.admin, 2n * PROBE);
    await top.approve(tokens, PROBE);

    await expect(tokens.admit(top, 80n, PROBE))
      .to.be.revertedWithCustomError(tokens, "TokenInexactTransfer")
      .withArgs(PROBE, 1_010n);
  });

  it("reverts with SafeERC20FailedOperation when the token answers no, or is none", async () => {
    const { tokens, actors } = await withTokenRegistry();
    const no = await new FalseReturningToken__factory(actors.admin).deploy();

    await expect(tokens.admit(no, 80n, PROBE))
      .to.be.revertedWithCustomError(tokens, "SafeERC20FailedOperation")
      .withArgs(await no.getAddress());
    await expect(tokens.admit(actors.outsider, 80n, PROBE)).to.revert(ethers);
  });

  it("reverts with ReentrancyGuardReentrantCall when the token calls back", async () => {
    const { tokens, access, actors } = await withTokenRegistry();
    const calling = await new CallingToken__factory(actors.admin).deploy();
    await calling.mint(actors.admin, PROBE);
    await calling.approve(tokens, PROBE);
    await access.grantRole(0n, calling, 0n);
    await calling.arm(
      tokens,
      tokens.interface.encodeFunctionData("admit", [await calling.getAddress(), 80n, 1n]),
    );

    await expect(tokens.admit(calling, 80n, PROBE)).to.be.revertedWithCustomError(
      tokens,
      "ReentrancyGuardReentrantCall",
    );
  });

  it("reverts with TokenCapInvalid when the cap is 0 bits or 81", async () => {
    const { tokens, tokenAddress } = await withTokenRegistry();

    for (const capBits of [0n, 81n, 255n]) {
      await expect(tokens.admit(tokenAddress, capBits, PROBE))
        .to.be.revertedWithCustomError(tokens, "TokenCapInvalid")
        .withArgs(capBits, 80n);
    }
  });

  it("reverts with TokenProbeMissing when nothing is probed", async () => {
    const { tokens, tokenAddress } = await withTokenRegistry();

    await expect(tokens.admit(tokenAddress, 80n, 0n))
      .to.be.revertedWithCustomError(tokens, "TokenProbeMissing")
      .withArgs(tokenAddress);
  });

  it("reverts with TokenAlreadyAdmitted given the same token", async () => {
    const { tokens, actors } = await withTokenRegistry();
    const silent = await new SilentToken__factory(actors.admin).deploy();
    await silent.mint(actors.admin, PROBE);
    await silent.approve(tokens, 2n * PROBE);
    await tokens.admit(silent, 80n, PROBE);

    await expect(tokens.admit(silent, 1n, PROBE))
      .to.be.revertedWithCustomError(tokens, "TokenAlreadyAdmitted")
      .withArgs(await silent.getAddress());
    expect((await tokens.admissionOf(silent)).capBits).to.equal(80n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { tokens, tokenAddress, actors } = await withTokenRegistry();

    for (const caller of [actors.registrar, actors.issuer, actors.outsider]) {
      await expect(tokens.connect(caller).admit(tokenAddress, 80n, PROBE))
        .to.be.revertedWithCustomError(tokens, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

async function withTokenRegistry() {
  const network = await load();
  const tokens = await new TokenRegistry__factory(network.actors.admin).deploy(network.access);
  return { ...network, tokens };
}
