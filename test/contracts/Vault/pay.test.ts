import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("Vault.pay", () => {
  it("reverts with VaultForbidden when the caller is not the ledger", async () => {
    const { vault, tokenAddress, actors } = await load();

    for (const caller of [actors.operator, actors.admin, actors.settler, actors.payer]) {
      await expect(vault.connect(caller).pay(tokenAddress, caller.address, 1n))
        .to.be.revertedWithCustomError(vault, "VaultForbidden")
        .withArgs(caller.address);
    }
  });

  it("pays on the ledger's call, and reverts when the token refuses", async () => {
    const { vault, token, tokenAddress, ledgerAddress, actors, ethers } = await load();
    await ethers.provider.send("hardhat_setBalance", [ledgerAddress, "0xffffffffffffffff"]);
    await ethers.provider.send("hardhat_impersonateAccount", [ledgerAddress]);
    const ledger = await ethers.getSigner(ledgerAddress);

    await vault.connect(ledger).pay(tokenAddress, actors.merchant.address, 5n);

    expect(await token.balanceOf(actors.merchant)).to.equal(5n);
    await expect(vault.connect(ledger).pay(tokenAddress, actors.outsider.address, 5n))
      .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
      .withArgs(actors.outsider.address);
  });
});
