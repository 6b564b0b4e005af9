import { expect } from "chai";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { STATUS } from "../../support/words.ts";

const { load, ethers } = await openTestChain();

describe("SettlementToken.forcedTransfer", () => {
  it("moves tokens of a frozen participant without its consent", async () => {
    const network = await withTokens();
    const { token, registry, actors } = network;
    const { payer, merchant, compliance } = actors;
    const supply = await token.totalSupply();
    await registry.connect(compliance).freeze([payer]);

    const forced = await token.connect(compliance).forcedTransfer(payer, merchant, 60n);

    await expect(forced).to.emit(token, "Transfer").withArgs(payer.address, merchant.address, 60n);
    await expect(forced).to.emit(token, "ForcedTransfer").withArgs(payer.address, merchant.address, 60n);
    await expect(forced).not.to.emit(token, "Frozen");
    expect(await token.balanceOf(payer)).to.equal(40n);
    expect(await token.balanceOf(merchant)).to.equal(60n);
    expect(await token.totalSupply()).to.equal(supply);
  });

  for (const { frozen, amount, left, given } of [
    { frozen: 70n, amount: 30n, left: 70n, given: "no more than is unfrozen" },
    { frozen: 70n, amount: 31n, left: 69n, given: "one more than is unfrozen" },
    { frozen: 70n, amount: 100n, left: 0n, given: "everything" },
    { frozen: 250n, amount: 60n, left: 190n, given: "some of an account frozen beyond its balance" },
  ]) {
    it(`takes ${given} and leaves ${left} of ${frozen} frozen, said before the tokens move`, async () => {
      const { token, actors } = await withTokens();
      const { payer, merchant, compliance } = actors;
      await token.connect(compliance).setFrozenTokens(payer, frozen);

      const forced = await token.connect(compliance).forcedTransfer(payer, merchant, amount);

      const names = (await forced.wait())?.logs.map((log) => token.interface.parseLog(log)?.name);
      const unfreezes = left === frozen ? [] : ["Frozen"];
      expect(names).to.deep.equal([...unfreezes, "Transfer", "ForcedTransfer"]);
      if (left !== frozen) await expect(forced).to.emit(token, "Frozen").withArgs(payer.address, left);
      expect(await token.getFrozenTokens(payer)).to.equal(left);
      expect(await token.balanceOf(payer)).to.equal(100n - amount);
    });
  }

  it("(21) a forced transfer to oneself unfreezes nothing", async () => {
    const { token, actors } = await withTokens();
    const { payer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 100n);

    await expect(token.connect(compliance).forcedTransfer(payer, payer, 100n))
      .to.be.revertedWithCustomError(token, "ERC7943CannotTransfer")
      .withArgs(payer.address, payer.address, 100n);
    expect(await token.getFrozenTokens(payer)).to.equal(100n);
  });

  it("(21) the same forced transfer again finds only what is left", async () => {
    const { token, actors } = await withTokens();
    const { payer, merchant, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 100n);
    await token.connect(compliance).forcedTransfer(payer, merchant, 60n);

    await expect(token.connect(compliance).forcedTransfer(payer, merchant, 60n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(payer.address, 40n, 60n);
    expect(await token.getFrozenTokens(payer)).to.equal(40n);
  });

  it("reverts with ERC7943CannotReceive when the receiver may not, and keeps the freeze", async () => {
    const { token, registry, actors } = await withTokens();
    const { payer, merchant, outsider, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 100n);
    await registry.connect(compliance).freeze([merchant]);

    for (const receiver of [merchant, outsider]) {
      await expect(token.connect(compliance).forcedTransfer(payer, receiver, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
        .withArgs(receiver.address);
    }
    expect(await token.getFrozenTokens(payer)).to.equal(100n);
  });

  it("(36) moves what a lost key held to its successor", async () => {
    const { token, registry, actors } = await withTokens();
    const { payer, outsider, compliance } = actors;
    await registry.recover(payer, outsider, ethers.id("affidavit 1"));
    expect(await registry.statusOf(payer)).to.equal(STATUS.closed);

    await token.connect(compliance).forcedTransfer(payer, await registry.successorOf(payer), 100n);

    expect(await token.balanceOf(outsider)).to.equal(100n);
  });

  it("reverts with ERC20InsufficientBalance when the account has one less", async () => {
    const { token, actors } = await withTokens();
    const { payer, merchant, compliance } = actors;

    await expect(token.connect(compliance).forcedTransfer(payer, merchant, 101n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(payer.address, 100n, 101n);
    await expect(token.connect(compliance).forcedTransfer(payer, merchant, 2n ** 120n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(payer.address, 100n, 2n ** 120n);
  });

  it("reverts with ERC20InvalidSender and ERC20InvalidReceiver on zero: it neither mints nor burns", async () => {
    const { token, actors } = await withTokens();
    const { payer, compliance } = actors;

    await expect(token.connect(compliance).forcedTransfer(ethers.ZeroAddress, payer, 0n))
      .to.be.revertedWithCustomError(token, "ERC20InvalidSender")
      .withArgs(ethers.ZeroAddress);
    await expect(token.connect(compliance).forcedTransfer(payer, ethers.ZeroAddress, 1n))
      .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
      .withArgs(ethers.ZeroAddress);
  });

  it("reverts with AccessManagedUnauthorized when the caller may not seize", async () => {
    const { token, actors } = await withTokens();

    for (const caller of [actors.admin, actors.issuer, actors.registrar, actors.merchant]) {
      await expect(token.connect(caller).forcedTransfer(actors.payer, actors.merchant, 1n))
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
