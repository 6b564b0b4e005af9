import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { expectStanding, participantIn } from "../../support/standing.ts";
import { STATUS } from "../../support/words.ts";

const { load } = await openTestChain();

describe("ParticipantRegistry.freeze", () => {
  for (const status of ["active", "restricted", "closing"] as const) {
    it(`stops a participant that was ${status}, in ledger and token too`, async () => {
      const network = await load();
      const { registry, token, actors } = network;
      await token.connect(actors.issuer).transfer(actors.payer, 5n);
      const account = await participantIn(network, status);

      const frozen = await registry.connect(actors.compliance).freeze([account]);

      await expect(frozen)
        .to.emit(registry, "ParticipantStatusChanged")
        .withArgs(account.address, STATUS[status], STATUS.frozen);
      await expectStanding(network, account, "frozen");
    });
  }

  for (const status of ["pending", "frozen", "closed"] as const) {
    it(`reverts with ParticipantStatusForbidden given a ${status} participant`, async () => {
      const network = await load();
      const { registry, actors } = network;
      const account = await participantIn(network, status);

      await expect(registry.connect(actors.compliance).freeze([account]))
        .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
        .withArgs(account.address, STATUS[status], STATUS.frozen);
    });
  }

  it("reverts with ParticipantStatusForbidden when an account comes twice, and changes nobody", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.compliance).freeze([actors.payer, actors.payer]))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(actors.payer.address, STATUS.frozen, STATUS.frozen);
    expect(await registry.canSend(actors.payer)).to.equal(true);
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere, and changes nobody", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.compliance).freeze([actors.payer, actors.outsider]))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
    expect(await registry.canSend(actors.payer)).to.equal(true);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not compliance", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.admin, actors.registrar, actors.operator, actors.payer]) {
      await expect(registry.connect(caller).freeze([actors.payer]))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
