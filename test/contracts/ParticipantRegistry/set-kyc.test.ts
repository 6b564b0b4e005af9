import { expect } from "chai";
import { readAccountWord } from "../../support/builders/order.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { participantIn } from "../../support/standing.ts";
import { accountWord, STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

const LATER = 4_000_000_000n;

describe("ParticipantRegistry.setKyc", () => {
  it("renews the due diligence, in the ledger too", async () => {
    const network = await load();
    const { registry, actors } = network;
    const before = await readAccountWord(network, actors.feeReceiver);

    const renewed = await registry.connect(actors.registrar).setKyc(actors.feeReceiver, 3n, LATER);

    await expect(renewed)
      .to.emit(registry, "ParticipantKycSet")
      .withArgs(actors.feeReceiver.address, 3n, LATER);
    await expect(renewed).not.to.emit(registry, "ParticipantStatusChanged");
    expect((await registry.participantOf(actors.feeReceiver)).kycLevel).to.equal(3n);
    expect(before).to.equal(accountWord({}));
    expect(await readAccountWord(network, actors.feeReceiver)).to.equal(accountWord({ kycUntil: LATER }));
  });

  it("makes a pending participant active when the due diligence holds", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "pending");

    await expect(registry.connect(actors.registrar).setKyc(account, 1n, LATER))
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(account.address, STATUS.pending, STATUS.active);
    expect(await registry.canSend(account)).to.equal(true);
  });

  it("leaves it pending when the due diligence ends this second, and not when it ends the next", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "pending");
    const now = (await time.latest()) + 100;

    await time.setNextBlockTimestamp(now);
    await registry.connect(actors.registrar).setKyc(account, 1n, now);
    expect(await registry.statusOf(account)).to.equal(STATUS.pending);

    await time.setNextBlockTimestamp(now + 1);
    await registry.connect(actors.registrar).setKyc(account, 1n, now + 2);
    expect(await registry.statusOf(account)).to.equal(STATUS.active);
  });

  for (const status of ["active", "restricted", "frozen", "closing"] as const) {
    it(`leaves a ${status} participant as it is`, async () => {
      const network = await load();
      const { registry, actors } = network;
      const account = await participantIn(network, status);

      await registry.connect(actors.registrar).setKyc(account, 1n, 0n);
      await registry.connect(actors.registrar).setKyc(account, 1n, LATER);

      expect(await registry.statusOf(account)).to.equal(STATUS[status]);
    });
  }

  it("takes the last moment that fits", async () => {
    const { registry, actors } = await load();

    await registry.connect(actors.registrar).setKyc(actors.payer, 255n, 2n ** 40n - 1n);

    expect((await registry.participantOf(actors.payer)).kycUntil).to.equal(2n ** 40n - 1n);
  });

  it("reverts with ParticipantStatusForbidden given a closed participant", async () => {
    const network = await load();
    const { registry, actors } = network;
    const account = await participantIn(network, "closed");

    await expect(registry.connect(actors.registrar).setKyc(account, 1n, LATER))
      .to.be.revertedWithCustomError(registry, "ParticipantStatusForbidden")
      .withArgs(account.address, STATUS.closed, STATUS.closed);
  });

  it("reverts with ParticipantUnknown when the account is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.registrar).setKyc(actors.outsider, 1n, LATER))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the registrar", async () => {
    const { registry, actors } = await load();

    for (const caller of [actors.admin, actors.compliance, actors.operator, actors.payer]) {
      await expect(registry.connect(caller).setKyc(actors.payer, 1n, LATER))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
