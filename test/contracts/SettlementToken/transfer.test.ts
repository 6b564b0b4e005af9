import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementToken.transfer", () => {
  it("moves tokens between participants", async () => {
    const { token, actors } = await load();

    await token.connect(actors.issuer).transfer(actors.payer, 5n);
    await token.connect(actors.payer).transfer(actors.merchant, 5n);

    expect(await token.balanceOf(actors.merchant)).to.equal(5n);
  });

  it("moves tokens to a restricted participant, but not from it", async () => {
    const { token, registry, actors } = await load();
    await registry.connect(actors.compliance).restrict([actors.payer]);
    await token.connect(actors.issuer).transfer(actors.payer, 5n);

    await expect(token.connect(actors.payer).transfer(actors.merchant, 5n))
      .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
      .withArgs(actors.payer.address);
  });

  it("reverts with ERC7943CannotReceive when the receiver is registered nowhere, or frozen", async () => {
    const { token, registry, actors } = await load();
    await registry.connect(actors.compliance).freeze([actors.payer]);

    for (const receiver of [actors.outsider, actors.payer]) {
      await expect(token.connect(actors.issuer).transfer(receiver, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
        .withArgs(receiver.address);
    }
  });

  it("reverts with ERC7943CannotSend when nothing is sent by nobody", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.outsider).transfer(actors.payer, 0n))
      .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
      .withArgs(actors.outsider.address);
  });

  it("does not let an allowance get round the owner's freeze", async () => {
    const { token, registry, actors } = await load();
    await token.connect(actors.issuer).transfer(actors.payer, 5n);
    await token.connect(actors.payer).approve(actors.merchant, 5n);
    await registry.connect(actors.compliance).freeze([actors.payer]);

    await expect(token.connect(actors.merchant).transferFrom(actors.payer, actors.merchant, 5n))
      .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
      .withArgs(actors.payer.address);
  });

  it("changes nothing when a participant pays itself", async () => {
    const { token, actors } = await load();
    await token.connect(actors.issuer).transfer(actors.payer, 5n);

    await token.connect(actors.payer).transfer(actors.payer, 5n);

    expect(await token.balanceOf(actors.payer)).to.equal(5n);
    await expect(token.connect(actors.payer).transfer(actors.payer, 6n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(actors.payer.address, 5n, 6n);
  });

  it("moves tokens to a closing participant, but not from it", async () => {
    const { token, registry, actors } = await load();
    await registry.connect(actors.payer).startClosing();
    await token.connect(actors.issuer).transfer(actors.payer, 5n);

    await expect(token.connect(actors.payer).transfer(actors.merchant, 5n))
      .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
      .withArgs(actors.payer.address);
  });
});
