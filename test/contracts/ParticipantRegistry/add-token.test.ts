import { expect } from "chai";
import { SettlementToken__factory } from "../../../types/ethers-contracts/factories/token/SettlementToken__factory.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

const MAX_TOKENS = 16;

describe("ParticipantRegistry.addToken", () => {
  it("names a token that learns of every freeze in the same transaction", async () => {
    const network = await load();
    const { registry, token, actors } = network;
    const other = await deployToken(network);
    await other.connect(actors.issuer).mint(actors.payer, 5n, `0x${"01".repeat(32)}`);

    await expect(registry.addToken(other))
      .to.emit(registry, "TokenAdded")
      .withArgs(await other.getAddress());
    await registry.connect(actors.compliance).freeze([actors.payer]);

    expect([...(await registry.tokens())]).to.deep.equal([
      await token.getAddress(),
      await other.getAddress(),
    ]);
    expect(await other.canSend(actors.payer)).to.equal(false);
  });

  it("takes 16 tokens and reverts with RegistryTooManyTokens at the next", async () => {
    const network = await load();
    const { registry } = network;
    const count = (await registry.tokens()).length;
    for (let i = count; i < MAX_TOKENS; i++) await registry.addToken(await deployToken(network));

    await expect(registry.addToken(await deployToken(network)))
      .to.be.revertedWithCustomError(registry, "RegistryTooManyTokens")
      .withArgs(MAX_TOKENS + 1, MAX_TOKENS);
  });

  it("reverts with RegistryTokenAlreadyAdded given the same token", async () => {
    const { registry, tokenAddress } = await load();

    await expect(registry.addToken(tokenAddress))
      .to.be.revertedWithCustomError(registry, "RegistryTokenAlreadyAdded")
      .withArgs(tokenAddress);
  });

  it("reverts with RegistryTokenInvalid when there is no code: each freeze would revert", async () => {
    const { registry, actors } = await load();

    await expect(registry.addToken(actors.outsider))
      .to.be.revertedWithCustomError(registry, "RegistryTokenInvalid")
      .withArgs(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { registry, tokenAddress, actors } = await load();

    for (const caller of [actors.registrar, actors.compliance, actors.issuer, actors.outsider]) {
      await expect(registry.connect(caller).addToken(tokenAddress))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

async function deployToken({ registry, access, actors }: TestNetwork) {
  const token = await new SettlementToken__factory(actors.admin).deploy("Euro", "EUR", 2, registry, access);
  const { selector } = token.interface.getFunction("mint");
  await access.setTargetFunctionRole(token, [selector], 3n);
  return token;
}
