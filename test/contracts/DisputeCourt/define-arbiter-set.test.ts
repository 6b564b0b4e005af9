import { expect } from "chai";
import { walletsOf } from "../../support/builders/panels.ts";
import { ARBITER_SET, openTestChain } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

describe("DisputeCourt.defineArbiterSet", () => {
  it("adds a version and keeps the earlier ones", async () => {
    const { court, actors } = await load();
    const members = [actors.outsider.address];
    const panel = actors.arbiters.map((arbiter) => arbiter.address);

    const defined = await court.defineArbiterSet(ARBITER_SET, members, 1n, 0, 0);

    await expect(defined)
      .to.emit(court, "ArbiterSetDefined")
      .withArgs(BigInt(ARBITER_SET), 2n, 1n, members, 0n, 0n, 0n, 0n);
    for (const version of [0n, 2n]) {
      expect([...(await court.arbiterSet(ARBITER_SET, version)).members]).to.deep.equal(members);
    }
    const first = await court.arbiterSet(ARBITER_SET, 1n);
    expect([...first.members]).to.deep.equal(panel);
    expect(first.threshold).to.equal(2n);
  });

  it("pins the versions of backup and appeal set that exist now", async () => {
    const { court } = await load();
    await court.defineArbiterSet(7, membersOf(5), 3n, 0, 0);
    await court.defineArbiterSet(8, membersOf(2), 2n, 0, 0);
    await court.defineArbiterSet(8, membersOf(1), 1n, 0, 0);

    const defined = await court.defineArbiterSet(9, membersOf(3), 2n, 8, 7);
    await court.defineArbiterSet(7, membersOf(6), 4n, 0, 0);
    await court.defineArbiterSet(8, membersOf(3), 2n, 0, 0);

    await expect(defined)
      .to.emit(court, "ArbiterSetDefined")
      .withArgs(9n, 1n, 2n, membersOf(3), 8n, 2n, 7n, 1n);
    const { backupSetId, backupVersion, appealSetId, appealVersion } = await court.arbiterSet(9, 1n);
    expect([backupSetId, backupVersion, appealSetId, appealVersion]).to.deep.equal([8n, 2n, 7n, 1n]);
  });

  it("reverts with CourtAppealSetTooSmall when the appeal set is not larger in both", async () => {
    const { court } = await load();
    const appealSets = [
      { members: membersOf(3), threshold: 3n },
      { members: membersOf(4), threshold: 2n },
    ];

    for (const { members, threshold } of appealSets) {
      await court.defineArbiterSet(7, members, threshold, 0, 0);
      await expect(court.defineArbiterSet(9, membersOf(3), 2n, 0, 7))
        .to.be.revertedWithCustomError(court, "CourtAppealSetTooSmall")
        .withArgs(7n, members.length, threshold, 3n, 2n);
    }
    await court.defineArbiterSet(7, membersOf(4), 3n, 0, 0);
    await court.defineArbiterSet(9, membersOf(3), 2n, 0, 7);
  });

  it("reverts with CourtSetUnknown when a version, a set, or a linked set does not exist", async () => {
    const { court } = await load();

    for (const [set, version] of [
      [ARBITER_SET, 2n],
      [ARBITER_SET, 2n ** 256n - 1n],
      [77, 0n],
    ] as const) {
      await expect(court.arbiterSet(set, version))
        .to.be.revertedWithCustomError(court, "CourtSetUnknown")
        .withArgs(set);
    }
    for (const [backup, appeal] of [
      [77, 0],
      [0, 77],
    ] as const) {
      await expect(court.defineArbiterSet(9, membersOf(1), 1n, backup, appeal))
        .to.be.revertedWithCustomError(court, "CourtSetUnknown")
        .withArgs(77n);
    }
  });

  it("reverts with CourtSetCircular when it is its own backup or appeal set", async () => {
    const { court } = await load();

    for (const [backup, appeal] of [
      [ARBITER_SET, 0],
      [0, ARBITER_SET],
    ] as const) {
      await expect(court.defineArbiterSet(ARBITER_SET, membersOf(1), 1n, backup, appeal))
        .to.be.revertedWithCustomError(court, "CourtSetCircular")
        .withArgs(BigInt(ARBITER_SET));
    }
  });

  it("takes 32 members, and reverts with CourtSetTooLarge on 33", async () => {
    const { court } = await load();

    await court.defineArbiterSet(5, membersOf(32), 32n, 0, 0);
    await expect(court.defineArbiterSet(5, membersOf(33), 1n, 0, 0))
      .to.be.revertedWithCustomError(court, "CourtSetTooLarge")
      .withArgs(5n, 33n, 32n);
  });

  it("reverts with CourtSetInvalid when it is empty, unsorted, doubled, out of reach, or numbered 0", async () => {
    const { court, actors } = await load();
    const [first = "", second = ""] = actors.arbiters.map((arbiter) => arbiter.address);
    const invalid = [
      { members: [], threshold: 0n },
      { members: [first], threshold: 0n },
      { members: [first], threshold: 2n },
      { members: [second, first], threshold: 1n },
      { members: [first, first], threshold: 1n },
      { members: [ethers.ZeroAddress, first], threshold: 1n },
      { setId: 0n, members: [first], threshold: 1n },
    ];

    for (const { setId = 5n, members, threshold } of invalid) {
      await expect(court.defineArbiterSet(setId, members, threshold, 0, 0))
        .to.be.revertedWithCustomError(court, "CourtSetInvalid")
        .withArgs(setId, members.length, threshold);
    }
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the arbiters' admin", async () => {
    const { court, actors } = await load();

    await expect(court.connect(actors.operator).defineArbiterSet(5, [actors.operator], 1n, 0, 0))
      .to.be.revertedWithCustomError(court, "AccessManagedUnauthorized")
      .withArgs(actors.operator.address);
  });
});

function membersOf(count: number): string[] {
  return walletsOf("member", count).map((wallet) => wallet.address);
}
