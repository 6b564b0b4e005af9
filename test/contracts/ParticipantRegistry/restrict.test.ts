import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { expectStanding, participantIn } from "../../support/standing.ts";
import { STATUS } from "../../support/words.ts";

const { load } = await openTestChain();

describe("ParticipantRegistry.restrict", () => {
  it("lets active participants receive only, in ledger and token too", async () => {
    const network = await load();
    const { registry, token, actors } = network;
    await token.connect(actors.issuer).transfer(actors.payer, 5n);

    const restricted = await registry.connect(actors.compliance).restrict([actors.payer, actors.merchant]);

    for (const account of [actors.payer, actors.merchant]) {
      await expect(restricted)
        .to.emit(registry, "ParticipantStatusChanged")
        .withArgs(account.address, STATUS.active, STATUS.restricted);
      await expectStanding(network, account, "restricted");
    }
  });

  for (const status of ["pending", "restricted", "frozen", "closing", "closed"] as const) {
    it(`reverts with ParticipantStatusForbidden given a ${status} participant`, async () => {
      const network = await load();
      const { registry, actors } = network;
      const account = await participantIn(network, status);

      await expect(registry.connect(actors.compliance).restrict([account]))
        .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
        .withArgs(account.address, STATUS[status], STATUS.restricted);
    });
  }

  it("reverts with ParticipantStatusForbidden when an account comes twice, and changes nobody", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.compliance).restrict([actors.payer, actors.payer]))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(actors.payer.address, STATUS.restricted, STATUS.restricted);
    expect(await registry.canSend(actors.payer)).to.equal(true);
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.compliance).restrict([actors.outsider]))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not compliance", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.admin, actors.registrar, actors.operator, actors.payer]) {
      await expect(registry.connect(caller).restrict([actors.payer]))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
