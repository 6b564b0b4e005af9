import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

const DELAY = 3n * 86_400n;
const THERE = "0x000000000000000000000000000000000000dEaD";

describe("ParticipantRegistry.cancelPayoutAddress", () => {
  it("takes the caller's request back, once", async () => {
    const { registry, actors } = await load();
    const { merchant } = actors;
    await registry.connect(merchant).requestPayoutAddress(THERE);

    await expect(registry.connect(merchant).cancelPayoutAddress())
      .to.emit(registry, "PayoutAddressCanceled")
      .withArgs(merchant.address, THERE);

    await time.increase(DELAY);
    for (const call of [
      () => registry.confirmPayoutAddress(merchant),
      () => registry.connect(merchant).cancelPayoutAddress(),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(registry, "PayoutAddressNotRequested")
        .withArgs(merchant.address);
    }
    expect(await registry.payoutAddressOf(merchant)).to.equal(merchant.address);
  });
});

describe("ParticipantRegistry.cancelPayoutAddressFor", () => {
  it("takes a participant's request back on the registrar's call", async () => {
    const { registry, actors } = await load();
    const { merchant, registrar } = actors;
    await registry.connect(merchant).requestPayoutAddress(THERE);

    await expect(registry.connect(registrar).cancelPayoutAddressFor(merchant))
      .to.emit(registry, "PayoutAddressCanceled")
      .withArgs(merchant.address, THERE);
    await expect(registry.connect(registrar).cancelPayoutAddressFor(merchant))
      .to.be.revertedWithCustomError(registry, "PayoutAddressNotRequested")
      .withArgs(merchant.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the registrar", async () => {
    const { registry, actors } = await load();
    await registry.connect(actors.merchant).requestPayoutAddress(THERE);

    for (const caller of [actors.admin, actors.compliance, actors.operator, actors.merchant]) {
      await expect(registry.connect(caller).cancelPayoutAddressFor(actors.merchant))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
