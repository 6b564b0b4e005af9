import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { STATUS } from "../../support/words.ts";

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
    await registry.connect(actors.compliance).setStatus([actors.payer], STATUS.restricted);
    await token.connect(actors.issuer).transfer(actors.payer, 5n);

    await expect(token.connect(actors.payer).transfer(actors.merchant, 5n))
      .to.be.revertedWithCustomError(token, "SettlementTokenCannotSend")
      .withArgs(actors.payer.address);
  });

  it("reverts with SettlementTokenCannotReceive when the receiver is registered nowhere, or frozen", async () => {
    const { token, registry, actors } = await load();
    await registry.connect(actors.compliance).setStatus([actors.payer], STATUS.frozen);

    for (const receiver of [actors.outsider, actors.payer]) {
      await expect(token.connect(actors.issuer).transfer(receiver, 1n))
        .to.be.revertedWithCustomError(token, "SettlementTokenCannotReceive")
        .withArgs(receiver.address);
    }
  });

  it("reverts with SettlementTokenCannotSend when nothing is sent by nobody", async () => {
    const { token, actors } = await load();

    await expect(token.connect(actors.outsider).transfer(actors.payer, 0n))
      .to.be.revertedWithCustomError(token, "SettlementTokenCannotSend")
      .withArgs(actors.outsider.address);
  });

  it("does not let an allowance get round the owner's freeze", async () => {
    const { token, registry, actors } = await load();
    await token.connect(actors.issuer).transfer(actors.payer, 5n);
    await token.connect(actors.payer).approve(actors.merchant, 5n);
    await registry.connect(actors.compliance).setStatus([actors.payer], STATUS.frozen);

    await expect(token.connect(actors.merchant).transferFrom(actors.payer, actors.merchant, 5n))
      .to.be.revertedWithCustomError(token, "SettlementTokenCannotSend")
      .withArgs(actors.payer.address);
  });
});
