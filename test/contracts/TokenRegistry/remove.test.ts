import { expect } from "chai";
import { TokenRegistry__factory } from "../../../types/ethers-contracts/factories/access/TokenRegistry__factory.ts";
import { SilentToken__factory } from "../../../types/ethers-contracts/factories/mocks/SilentToken__factory.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

const PROBE = 1_000n;

describe("TokenRegistry.remove", () => {
  it("forgets an admitted token, which can be admitted again", async () => {
    const { tokens, silent } = await withAdmittedToken();

    await expect(tokens.remove(silent))
      .to.emit(tokens, "TokenRemoved")
      .withArgs(await silent.getAddress());

    expect([...(await tokens.admissionOf(silent))]).to.deep.equal([0n, 0n]);
    await tokens.admit(silent, 40n, PROBE);
    expect((await tokens.admissionOf(silent)).capBits).to.equal(40n);
  });

  it("reverts with TokenNotAdmitted given a token removed before, and one never admitted", async () => {
    const { tokens, silent, tokenAddress } = await withAdmittedToken();
    await tokens.remove(silent);

    for (const token of [await silent.getAddress(), tokenAddress]) {
      await expect(tokens.remove(token))
        .to.be.revertedWithCustomError(tokens, "TokenNotAdmitted")
        .withArgs(token);
    }
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { tokens, silent, actors } = await withAdmittedToken();

    for (const caller of [actors.registrar, actors.issuer, actors.outsider]) {
      await expect(tokens.connect(caller).remove(silent))
        .to.be.revertedWithCustomError(tokens, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

async function withAdmittedToken() {
  const network = await load();
  const { admin } = network.actors;
  const tokens = await new TokenRegistry__factory(admin).deploy(network.access);
  const silent = await new SilentToken__factory(admin).deploy();
  await silent.mint(admin, PROBE);
  await silent.approve(tokens, 2n * PROBE);
  await tokens.admit(silent, 80n, PROBE);
  return { ...network, tokens, silent };
}
