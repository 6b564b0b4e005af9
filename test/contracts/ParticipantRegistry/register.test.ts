import { expect } from "chai";
import { openTestChain, registrationOf } from "../../support/deploy-contracts.ts";
import { KIND, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

describe("ParticipantRegistry.register", () => {
  it("records the participant as active", async () => {
    const { registry, actors } = await load();
    const { registrar, outsider, payer } = actors;
    const termsHash = ethers.id("terms of participation");
    const registration = {
      account: outsider.address,
      kind: KIND.merchant,
      kycLevel: 2,
      kycUntil: 4_000_000_000n,
      payoutAddress: payer.address,
      termsHash,
    };

    const registered = await registry.connect(registrar).register(registration);

    await expect(registered)
      .to.emit(registry, "ParticipantRegistered")
      .withArgs(outsider.address, KIND.merchant, 2n, 4_000_000_000n, payer.address, termsHash);
    expect([...(await registry.participantOf(outsider))]).to.deep.equal([
      BigInt(KIND.merchant),
      STATUS.active,
      2n,
      4_000_000_000n,
      payer.address,
    ]);
    expect(await registry.payoutAddressOf(outsider)).to.equal(payer.address);
    expect(await registry.canSend(outsider)).to.equal(true);
    expect(await registry.canReceive(outsider)).to.equal(true);
  });

  it("records it as pending when its due diligence ended this second, as active when it ends the next", async () => {
    const { registry, actors } = await load();
    const [pending, active] = [ethers.Wallet.createRandom().address, ethers.Wallet.createRandom().address];
    const now = BigInt(await time.latest()) + 100n;
    const register = (account: string) =>
      registry.connect(actors.registrar).register(registrationOf(account, KIND.payer, now + 1n));

    await time.setNextBlockTimestamp(now);
    await expect(register(active)).not.to.emit(registry, "ParticipantStatusChanged");
    await time.setNextBlockTimestamp(now + 1n);
    await expect(register(pending))
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(pending, STATUS.none, STATUS.pending);

    expect(await registry.canReceive(active)).to.equal(true);
    expect(await registry.canReceive(pending)).to.equal(false);
  });

  it("pays a participant without a payout address at its own", async () => {
    const { registry, actors } = await load();

    await registry.connect(actors.registrar).register(registrationOf(actors.outsider.address, KIND.payer));

    expect(await registry.payoutAddressOf(actors.outsider)).to.equal(actors.outsider.address);
  });

  it("reverts with ParticipantAlreadyRegistered given the same account, and changes nothing", async () => {
    const { registry, actors } = await load();
    const registration = { ...registrationOf(actors.payer.address, KIND.merchant), kycLevel: 9 };

    await expect(registry.connect(actors.registrar).register(registration))
      .to.be.revertedWithCustomError(registry, "ParticipantAlreadyRegistered")
      .withArgs(actors.payer.address);
    expect((await registry.participantOf(actors.payer)).kycLevel).to.equal(1n);
  });

  it("reverts with ParticipantInvalid when the account is zero or the kind none", async () => {
    const { registry, actors } = await load();
    const cases = [
      [ethers.ZeroAddress, KIND.payer],
      [actors.outsider.address, KIND.none],
    ] as const;

    for (const [account, kind] of cases) {
      await expect(registry.connect(actors.registrar).register(registrationOf(account, kind)))
        .to.be.revertedWithCustomError(registry, "ParticipantInvalid")
        .withArgs(account, kind);
    }
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the registrar", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.admin, actors.compliance, actors.operator, actors.outsider]) {
      const registration = registrationOf(actors.outsider.address, KIND.payer);
      await expect(registry.connect(caller).register(registration))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("ParticipantRegistry.registerBatch", () => {
  it("registers nobody when one line is refused, the same account twice included", async () => {
    const { registry, actors } = await load();
    const line = registrationOf(actors.outsider.address, KIND.payer);

    await expect(registry.connect(actors.registrar).registerBatch([line, line]))
      .to.be.revertedWithCustomError(registry, "ParticipantAlreadyRegistered")
      .withArgs(actors.outsider.address);
    expect((await registry.participantOf(actors.outsider)).status).to.equal(STATUS.none);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the registrar", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.outsider).registerBatch([]))
      .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
      .withArgs(actors.outsider.address);
  });
});

describe("ParticipantRegistry.setLedger", () => {
  it("names the ledger, on the admin's call only", async () => {
    const { registry, ledgerAddress, actors } = await load();

    await expect(registry.setLedger(ledgerAddress)).to.emit(registry, "LedgerSet").withArgs(ledgerAddress);
    await expect(registry.connect(actors.registrar).setLedger(actors.registrar))
      .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
      .withArgs(actors.registrar.address);
  });

  it("registers, freezes and accepts without a ledger", async () => {
    const { registry, actors } = await load();
    await registry.setLedger(ethers.ZeroAddress);

    await registry.connect(actors.compliance).freeze([actors.payer]);
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 0n);

    expect(await registry.scopesOf(actors.merchant, actors.operator)).to.equal(0n);
  });
});
