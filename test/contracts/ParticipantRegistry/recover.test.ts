import { expect } from "chai";
import { openTestChain, registrationOf } from "../../support/deploy-contracts.ts";
import { participantIn } from "../../support/standing.ts";
import { KIND, KYC_UNTIL, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const CASE = ethers.id("affidavit 1");

describe("ParticipantRegistry.recover", () => {
  it("puts the successor in the place of the lost key, which is closed", async () => {
    const { registry, token, actors } = await load();
    const { merchant, outsider, operator } = actors;

    const recovered = await registry.recover(merchant, outsider, CASE);

    await expect(recovered)
      .to.emit(registry, "ParticipantRecovered")
      .withArgs(merchant.address, outsider.address, CASE);
    await expect(recovered)
      .to.emit(registry, "ParticipantRegistered")
      .withArgs(outsider.address, KIND.merchant, 1n, KYC_UNTIL, ethers.ZeroAddress, ethers.ZeroHash);
    await expect(recovered)
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(merchant.address, STATUS.active, STATUS.closed);
    expect(await registry.statusOf(merchant)).to.equal(STATUS.closed);
    expect([...(await registry.participantOf(outsider))]).to.deep.equal([
      BigInt(KIND.merchant),
      STATUS.active,
      1n,
      KYC_UNTIL,
      ethers.ZeroAddress,
    ]);
    expect(await registry.successorOf(merchant)).to.equal(outsider.address);
    expect(await registry.successorOf(outsider)).to.equal(ethers.ZeroAddress);
    expect(await registry.payoutAddressOf(outsider)).to.equal(outsider.address);
    expect(await token.canSend(merchant)).to.equal(false);
    expect(await token.canReceive(outsider)).to.equal(true);
    expect(await registry.scopesOf(outsider, operator)).to.equal(0n);
    await registry.connect(outsider).acceptOperator(operator, 7n);
  });

  it("knows the last in a line of successors, and everyone else as their own heir", async () => {
    const { registry, actors } = await load();
    const { merchant, outsider, payer } = actors;
    const last = ethers.Wallet.createRandom().address;

    await registry.recover(merchant, outsider, CASE);
    await registry.recover(outsider, last, CASE);

    for (const account of [merchant, outsider, last]) expect(await registry.heirOf(account)).to.equal(last);
    expect(await registry.heirOf(payer)).to.equal(payer.address);
    expect(await registry.heirOf(ethers.ZeroAddress)).to.equal(ethers.ZeroAddress);
  });

  it("(36) the ledger stops the lost key in the same transaction", async () => {
    const { registry, ledger, token, actors } = await load();
    await registry.recover(actors.payer, actors.outsider, CASE);

    await expect(ledger.connect(actors.payer).withdraw(actors.operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.payer.address, STATUS.closed);
  });

  it("(36) a recovery lifts no freeze: the successor is as frozen as the lost key was", async () => {
    const network = await load();
    const { registry, actors } = network;
    const old = await participantIn(network, "closing");
    const closingSince = await time.latest();
    await registry.connect(actors.compliance).freeze([old]);

    const recovered = await registry.recover(old, actors.outsider, CASE);

    await expect(recovered)
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(actors.outsider.address, STATUS.none, STATUS.frozen);
    expect(await registry.statusOf(actors.outsider)).to.equal(STATUS.frozen);
    await registry.connect(actors.compliance).reactivate([actors.outsider]);
    expect(await registry.statusOf(actors.outsider)).to.equal(STATUS.closing);
    expect(await registry.closingSinceOf(actors.outsider)).to.equal(closingSince);
  });

  it("(36) nobody is paid at the lost key, not even by a request that it made", async () => {
    const { registry, actors } = await load();
    const { registrar, payer, outsider, otherMerchant } = actors;
    const old = ethers.Wallet.createRandom().address;
    await registry.connect(registrar).register({ ...registrationOf(old, KIND.merchant), payoutAddress: old });
    await registry.connect(otherMerchant).requestPayoutAddress(payer);

    await registry.recover(old, outsider, CASE);
    const other = await registry.recover(otherMerchant, ethers.Wallet.createRandom().address, CASE);

    expect(await registry.payoutAddressOf(outsider)).to.equal(outsider.address);
    await expect(other)
      .to.emit(registry, "PayoutAddressCanceled")
      .withArgs(otherMerchant.address, payer.address);
    expect((await registry.pendingPayoutAddressOf(otherMerchant)).effectiveFrom).to.equal(0n);
  });

  it("keeps a payout address of its own", async () => {
    const { registry, actors } = await load();
    const old = ethers.Wallet.createRandom().address;
    await registry
      .connect(actors.registrar)
      .register({ ...registrationOf(old, KIND.merchant), payoutAddress: actors.payer.address });

    await registry.recover(old, actors.outsider, CASE);

    expect(await registry.payoutAddressOf(actors.outsider)).to.equal(actors.payer.address);
  });

  it("recovers a successor that lost its key as well, one step at a time", async () => {
    const { registry, actors } = await load();
    const third = ethers.Wallet.createRandom().address;
    await registry.recover(actors.payer, actors.outsider, CASE);

    await registry.recover(actors.outsider, third, CASE);

    expect(await registry.successorOf(actors.payer)).to.equal(actors.outsider.address);
    expect(await registry.successorOf(actors.outsider)).to.equal(third);
    expect(await registry.statusOf(third)).to.equal(STATUS.active);
  });

  it("reverts with ParticipantAlreadyRegistered given a successor that is somebody, itself or closed", async () => {
    const network = await load();
    const { registry, actors } = network;
    const closed = await participantIn(network, "closed");

    for (const successor of [actors.otherMerchant, actors.merchant, closed]) {
      await expect(registry.recover(actors.merchant, successor, CASE))
        .to.be.revertedWithCustomError(registry, "ParticipantAlreadyRegistered")
        .withArgs(successor.address);
    }
  });

  it("reverts with ParticipantStatusForbidden when the account is closed, so also the second time", async () => {
    const { registry, actors } = await load();
    await registry.recover(actors.payer, actors.outsider, CASE);

    await expect(registry.recover(actors.payer, ethers.Wallet.createRandom().address, CASE))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(actors.payer.address, STATUS.closed, STATUS.closed);
  });

  it("reverts with ParticipantInvalid when the successor is zero or the account a vault", async () => {
    const { registry, vault, actors } = await load();
    const vaultAddress = await vault.getAddress();

    await expect(registry.recover(actors.payer, ethers.ZeroAddress, CASE))
      .to.be.revertedWithCustomError(registry, "ParticipantInvalid")
      .withArgs(ethers.ZeroAddress, KIND.payer);
    await expect(registry.recover(vaultAddress, actors.outsider, CASE))
      .to.be.revertedWithCustomError(registry, "ParticipantInvalid")
      .withArgs(vaultAddress, KIND.vault);
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.recover(actors.outsider, ethers.Wallet.createRandom().address, CASE))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.registrar, actors.compliance, actors.payer]) {
      await expect(registry.connect(caller).recover(actors.payer, actors.outsider, CASE))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
