import { expect } from "chai";
import { StandingLedger__factory } from "../../../types/ethers-contracts/factories/mocks/StandingLedger__factory.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../../support/deploy-contracts.ts";
import { participantIn } from "../../support/standing.ts";
import { KIND, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

describe("ParticipantRegistry.close", () => {
  it("closes a closing participant on anyone's call, and tells the ledger", async () => {
    const network = await load();
    const { registry, token, actors } = network;
    await token.connect(actors.issuer).transfer(actors.payer, 5n);
    const ledger = await withStandingLedger(network);
    const account = await participantIn(network, "closing");
    await ledger.settle();

    const closed = await registry.connect(actors.outsider).close(account);

    await expect(closed)
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(account.address, STATUS.closing, STATUS.closed);
    await expect(closed).to.emit(ledger, "Refreshed").withArgs(account.address);
    expect(await token.canSend(account)).to.equal(false);
    expect(await token.canReceive(account)).to.equal(false);
  });

  it("reverts with the ledger's own error while something is unsettled", async () => {
    const network = await load();
    const ledger = await withStandingLedger(network);
    const account = await participantIn(network, "closing");
    const closingSince = await time.latest();

    await expect(network.registry.close(account))
      .to.be.revertedWithCustomError(ledger, "NotSettled")
      .withArgs(account.address, closingSince);
    expect(await network.registry.statusOf(account)).to.equal(STATUS.closing);
  });

  it("asks nobody given no ledger", async () => {
    const network = await load();
    await network.registry.setLedger(ethers.ZeroAddress);
    const account = await participantIn(network, "closing");

    await network.registry.close(account);

    expect(await network.registry.statusOf(account)).to.equal(STATUS.closed);
  });

  for (const status of ["pending", "active", "restricted", "frozen", "closed"] as const) {
    it(`reverts with ParticipantStatusForbidden given a ${status} participant`, async () => {
      const network = await load();
      const account = await participantIn(network, status);

      await expect(network.registry.close(account))
        .to.be.revertedWithCustomError(network.registry, "ParticipantStatusForbidden")
        .withArgs(account.address, STATUS[status], STATUS.closed);
    });
  }

  it("reverts with ParticipantUnknown when the account is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.close(actors.outsider))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });

  it("is for good: a closed account is not registered again", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "closed");

    await expect(registry.connect(actors.registrar).register(registrationOf(account.address, KIND.payer)))
      .to.be.revertedWithCustomError(registry, "ParticipantAlreadyRegistered")
      .withArgs(account.address);
  });
});

async function withStandingLedger({ registry, actors }: TestNetwork) {
  const ledger = await new StandingLedger__factory(actors.admin).deploy();
  await registry.setLedger(ledger);
  return ledger;
}
