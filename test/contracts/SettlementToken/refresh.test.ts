import { expect } from "chai";
import { SettlementToken__factory } from "../../../types/ethers-contracts/factories/token/SettlementToken__factory.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../../support/deploy-contracts.ts";
import { KIND } from "../../support/words.ts";

const { load, networkHelpers, ethers } = await openTestChain();

/** Code of a contract that reverts whatever it is asked. */
const REVERTING = "0x60006000fd";

describe("SettlementToken.refresh", () => {
  it("is not needed between known holders: their transfer asks the registry nothing", async () => {
    const { token, registry, actors } = await withTokens();
    const { payer, issuer } = actors;
    await networkHelpers.setCode(await registry.getAddress(), REVERTING);

    await token.connect(payer).transfer(issuer, 5n);
    await token.connect(issuer).transfer(payer, 5n);

    await expect(token.connect(payer).transfer(actors.merchant, 5n)).to.revert(ethers);
  });

  it("renews a holder's standing on anyone's call, where the registry does not do it", async () => {
    const { access, registry, actors } = await load();
    const { admin, payer, merchant, outsider, compliance } = actors;
    const other = await new SettlementToken__factory(admin).deploy("Euro", "EUR", 2, registry, access);
    await access.setTargetFunctionRole(other, [other.interface.getFunction("mint").selector], 0n);
    await other.mint(payer, 1n, ethers.id("bank movement 1"));
    await registry.connect(compliance).freeze([payer]);
    expect(await other.canSend(payer)).to.equal(true);

    await other.connect(outsider).refresh(payer);

    expect(await other.canSend(payer)).to.equal(false);
    await expect(other.connect(payer).transfer(merchant, 1n))
      .to.be.revertedWithCustomError(other, "ERC7943CannotSend")
      .withArgs(payer.address);
  });

  it("changes neither balance nor frozen tokens", async () => {
    const { token, registry, actors } = await withTokens();
    const { payer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 3n);

    await registry.connect(compliance).restrict([payer]);

    expect(await token.balanceOf(payer)).to.equal(5n);
    expect(await token.getFrozenTokens(payer)).to.equal(3n);
  });

  it("keeps no copy for an account registered nowhere, which would outlive its registration", async () => {
    const { token, registry, actors } = await withTokens();
    const { outsider, issuer, registrar } = actors;
    await token.refresh(outsider);

    await registry.connect(registrar).register(registrationOf(outsider.address, KIND.payer));

    await token.connect(issuer).transfer(outsider, 1n);
    expect(await token.balanceOf(outsider)).to.equal(1n);
  });
});

/** A network whose payer holds 5 tokens outside the ledger. */
async function withTokens(): Promise<TestNetwork> {
  const network = await load();
  await network.token.connect(network.actors.issuer).transfer(network.actors.payer, 5n);
  return network;
}
