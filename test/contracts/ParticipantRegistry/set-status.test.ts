import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { STATUS } from "../../support/words.ts";

const { load } = await openTestChain();

/** Who may send and receive tokens in each status that can be set. */
const STANDINGS = [
  { status: STATUS.active, canSend: true, canReceive: true },
  { status: STATUS.restricted, canSend: false, canReceive: true },
  { status: STATUS.frozen, canSend: false, canReceive: false },
];

describe("ParticipantRegistry.setStatus", () => {
  for (const { status, canSend, canReceive } of STANDINGS) {
    it(`sets status ${status}, in which sending is ${canSend} and receiving ${canReceive}`, async () => {
      const { registry, actors } = await load();

      const set = await registry.connect(actors.compliance).setStatus([actors.payer], status);

      await expect(set)
        .to.emit(registry, "ParticipantStatusChanged")
        .withArgs(actors.payer.address, STATUS.active, status);
      expect(await registry.canSend(actors.payer)).to.equal(canSend);
      expect(await registry.canReceive(actors.payer)).to.equal(canReceive);
    });
  }

  it("tells from which status it came", async () => {
    const { registry, actors } = await load();
    await registry.connect(actors.compliance).setStatus([actors.payer], STATUS.frozen);

    await expect(registry.connect(actors.compliance).setStatus([actors.payer], STATUS.active))
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(actors.payer.address, STATUS.frozen, STATUS.active);
  });

  it("takes an account twice in one call", async () => {
    const { registry, actors } = await load();

    await registry.connect(actors.compliance).setStatus([actors.payer, actors.payer], STATUS.frozen);

    expect(await registry.canReceive(actors.payer)).to.equal(false);
  });

  it("reverts with ParticipantStatusForbidden when the status cannot be set", async () => {
    const { registry, actors } = await load();

    for (const status of [STATUS.none, STATUS.pending, STATUS.closing, 6n]) {
      await expect(registry.connect(actors.compliance).setStatus([actors.payer], status))
        .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
        .withArgs(actors.payer.address, STATUS.active, status);
    }
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere, and changes nobody", async () => {
    const { registry, actors } = await load();

    await expect(
      registry.connect(actors.compliance).setStatus([actors.payer, actors.outsider], STATUS.frozen),
    )
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
    expect(await registry.canSend(actors.payer)).to.equal(true);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not compliance", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.admin, actors.registrar, actors.operator, actors.payer]) {
      await expect(registry.connect(caller).setStatus([actors.payer], STATUS.frozen))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
