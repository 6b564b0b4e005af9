import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const DELAY = 3n * 86_400n;
const THERE = "0x000000000000000000000000000000000000dEaD";

describe("ParticipantRegistry.confirmPayoutAddress", () => {
  it("pays at the new address from the first second after the delay, on anyone's call, not before", async () => {
    const { registry, actors } = await load();
    const { merchant, outsider } = actors;
    await registry.connect(merchant).requestPayoutAddress(THERE);
    const { effectiveFrom } = await registry.pendingPayoutAddressOf(merchant);

    await time.setNextBlockTimestamp(effectiveFrom - 1n);
    await expect(registry.connect(outsider).confirmPayoutAddress(merchant))
      .to.be.revertedWithCustomError(registry, "PayoutAddressTooEarly")
      .withArgs(merchant.address, effectiveFrom - 1n, effectiveFrom);
    await time.setNextBlockTimestamp(effectiveFrom);
    await expect(registry.connect(outsider).confirmPayoutAddress(merchant))
      .to.emit(registry, "PayoutAddressChanged")
      .withArgs(merchant.address, ethers.ZeroAddress, THERE);

    expect(await registry.payoutAddressOf(merchant)).to.equal(THERE);
    expect([...(await registry.pendingPayoutAddressOf(merchant))]).to.deep.equal([ethers.ZeroAddress, 0n]);
  });

  it("goes back to the participant itself with the zero address, naming the old one", async () => {
    const { registry, actors } = await load();
    const { merchant } = actors;
    for (const address of [THERE, ethers.ZeroAddress]) {
      await registry.connect(merchant).requestPayoutAddress(address);
      await time.increase(DELAY);
      await registry.confirmPayoutAddress(merchant);
    }

    expect(await registry.payoutAddressOf(merchant)).to.equal(merchant.address);
  });

  it("reverts with PayoutAddressNotRequested given no request, or one confirmed", async () => {
    const { registry, actors } = await load();
    const { merchant, payer } = actors;
    await registry.connect(merchant).requestPayoutAddress(THERE);
    await time.increase(DELAY);
    await registry.confirmPayoutAddress(merchant);

    for (const account of [merchant, payer]) {
      await expect(registry.confirmPayoutAddress(account))
        .to.be.revertedWithCustomError(registry, "PayoutAddressNotRequested")
        .withArgs(account.address);
    }
  });

  it("reverts with PayoutAddressForbidden given a participant frozen since, and works when released", async () => {
    const { registry, actors } = await load();
    const { merchant, compliance } = actors;
    await registry.connect(merchant).requestPayoutAddress(THERE);
    await time.increase(DELAY);
    await registry.connect(compliance).freeze([merchant]);

    await expect(registry.confirmPayoutAddress(merchant))
      .to.be.revertedWithCustomError(registry, "PayoutAddressForbidden")
      .withArgs(merchant.address, STATUS.frozen);
    await registry.connect(compliance).reactivate([merchant]);
    await registry.confirmPayoutAddress(merchant);
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.confirmPayoutAddress(actors.outsider))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });
});
