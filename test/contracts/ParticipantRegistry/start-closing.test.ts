import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { expectStanding, participantIn } from "../../support/standing.ts";
import { STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("ParticipantRegistry.startClosing", () => {
  for (const status of ["active", "restricted"] as const) {
    it(`puts the caller that is ${status} to closing since now, in ledger and token too`, async () => {
      const network = await load();
      const { registry, token, actors } = network;
      await token.connect(actors.issuer).transfer(actors.payer, 5n);
      const account = await participantIn(network, status);

      const started = await registry.connect(account).startClosing();

      await expect(started)
        .to.emit(registry, "ParticipantStatusChanged")
        .withArgs(account.address, STATUS[status], STATUS.closing);
      await expectStanding(network, account, "closing");
      expect(await registry.closingSinceOf(account)).to.equal(await time.latest());
    });
  }

  for (const status of ["pending", "frozen", "closing", "closed"] as const) {
    it(`reverts with ParticipantStatusForbidden given a ${status} caller`, async () => {
      const network = await load();
      const account = await participantIn(network, status);

      await expect(network.registry.connect(account).startClosing())
        .to.be.revertedWithCustomError(network.registry, "ParticipantStatusForbidden")
        .withArgs(account.address, STATUS[status], STATUS.closing);
    });
  }

  it("reverts with ParticipantUnknown when the caller is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.outsider).startClosing())
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });
});

describe("ParticipantRegistry.startClosingFor", () => {
  it("puts participants to closing on the registrar's call", async () => {
    const network = await load();
    const { registry, actors } = network;

    await registry.connect(actors.registrar).startClosingFor([actors.payer, actors.merchant]);

    for (const account of [actors.payer, actors.merchant]) {
      expect(await registry.statusOf(account)).to.equal(STATUS.closing);
      expect(await registry.closingSinceOf(account)).to.equal(await time.latest());
    }
  });

  it("does not let the registrar lift a freeze", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "frozen");

    await expect(registry.connect(actors.registrar).startClosingFor([account]))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(account.address, STATUS.frozen, STATUS.closing);
  });

  it("reverts with ParticipantStatusForbidden when an account comes twice, and changes nobody", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.registrar).startClosingFor([actors.payer, actors.payer]))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(actors.payer.address, STATUS.closing, STATUS.closing);
    expect(await registry.closingSinceOf(actors.payer)).to.equal(0n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the registrar", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.admin, actors.compliance, actors.operator, actors.payer]) {
      await expect(registry.connect(caller).startClosingFor([actors.payer]))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
