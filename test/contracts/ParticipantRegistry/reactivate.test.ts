import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { expectStanding, participantIn } from "../../support/standing.ts";
import { STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("ParticipantRegistry.reactivate", () => {
  for (const status of ["restricted", "frozen"] as const) {
    it(`makes a ${status} participant active, in ledger and token too`, async () => {
      const network = await load();
      const { registry, token, actors } = network;
      await token.connect(actors.issuer).transfer(actors.payer, 5n);
      const account = await participantIn(network, status);

      const reactivated = await registry.connect(actors.compliance).reactivate([account]);

      await expect(reactivated)
        .to.emit(registry, "ParticipantStatusChanged")
        .withArgs(account.address, STATUS[status], STATUS.active);
      await expectStanding(network, account, "active");
    });
  }

  it("makes a participant active that was restricted before the freeze", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "restricted");
    await registry.connect(actors.compliance).freeze([account]);

    await registry.connect(actors.compliance).reactivate([account]);

    expect(await registry.statusOf(account)).to.equal(STATUS.active);
  });

  it("puts a participant back to closing that was closing before the freeze, since the same moment", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "closing");
    const closingSince = await time.latest();
    await registry.connect(actors.compliance).freeze([account]);

    const reactivated = await registry.connect(actors.compliance).reactivate([account]);

    await expect(reactivated)
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(account.address, STATUS.frozen, STATUS.closing);
    await expectStanding(network, account, "closing");
    expect(await registry.closingSinceOf(account)).to.equal(closingSince);
  });

  for (const status of ["pending", "active", "closing", "closed"] as const) {
    it(`reverts with ParticipantStatusForbidden given a ${status} participant`, async () => {
      const network = await load();
      const { registry, actors } = network;
      const account = await participantIn(network, status);

      await expect(registry.connect(actors.compliance).reactivate([account]))
        .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
        .withArgs(account.address, STATUS[status], STATUS.active);
    });
  }

  it("reverts with ParticipantStatusForbidden when an account comes twice", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "frozen");

    await expect(registry.connect(actors.compliance).reactivate([account, account]))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(account.address, STATUS.active, STATUS.active);
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.compliance).reactivate([actors.outsider]))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller may freeze only, or nothing", async () => {
    const network = await load();
    const { registry, access, actors } = network;
    const account = await participantIn(network, "frozen");
    await access.revokeRole(7n, actors.compliance);

    for (const caller of [actors.compliance, actors.admin, actors.registrar, account]) {
      await expect(registry.connect(caller).reactivate([account]))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
