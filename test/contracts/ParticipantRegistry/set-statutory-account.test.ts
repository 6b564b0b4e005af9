import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { KIND, STATUS } from "../../support/words.ts";

const { load, ethers } = await openTestChain();

describe("ParticipantRegistry.setStatutoryAccount", () => {
  it("names where seized money goes", async () => {
    const { registry, actors } = await load();
    expect(await registry.statutoryAccount()).to.equal(ethers.ZeroAddress);

    await expect(registry.setStatutoryAccount(actors.issuer))
      .to.emit(registry, "StatutoryAccountSet")
      .withArgs(actors.issuer.address);
    expect(await registry.statutoryAccount()).to.equal(actors.issuer.address);
  });

  it("reverts with StatutoryAccountInvalid given another kind, a barred institution, or nobody", async () => {
    const { registry, actors } = await load();
    const { merchant, feeReceiver, outsider } = actors;
    await registry.connect(actors.compliance).restrict([feeReceiver]);
    const cases = [
      [merchant.address, KIND.merchant, STATUS.active],
      [feeReceiver.address, KIND.institution, STATUS.restricted],
      [outsider.address, KIND.none, STATUS.none],
      [ethers.ZeroAddress, KIND.none, STATUS.none],
    ] as const;

    for (const [account, kind, status] of cases) {
      await expect(registry.setStatutoryAccount(account))
        .to.be.revertedWithCustomError(registry, "StatutoryAccountInvalid")
        .withArgs(account, kind, status);
    }
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.registrar, actors.compliance, actors.issuer]) {
      await expect(registry.connect(caller).setStatutoryAccount(actors.issuer))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
