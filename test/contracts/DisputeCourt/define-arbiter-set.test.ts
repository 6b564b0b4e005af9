import { expect } from "chai";
import { ARBITER_SET, openTestChain } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

describe("DisputeCourt.defineArbiterSet", () => {
  it("adds a version and keeps the earlier ones", async () => {
    const { court, actors } = await load();
    const members = [actors.outsider.address];
    const panel = actors.arbiters.map((arbiter) => arbiter.address);

    const defined = await court.defineArbiterSet(ARBITER_SET, members, 1n);

    await expect(defined).to.emit(court, "ArbiterSetDefined").withArgs(BigInt(ARBITER_SET), 2n, 1n, members);
    for (const version of [0n, 2n]) {
      expect([...(await court.arbiterSet(ARBITER_SET, version)).members]).to.deep.equal(members);
    }
    const first = await court.arbiterSet(ARBITER_SET, 1n);
    expect([...first.members]).to.deep.equal(panel);
    expect(first.threshold).to.equal(2n);
  });

  it("reverts with CourtSetUnknown when a version or set does not exist", async () => {
    const { court } = await load();

    for (const [set, version] of [
      [ARBITER_SET, 2],
      [77, 0],
    ] as const) {
      await expect(court.arbiterSet(set, version))
        .to.be.revertedWithCustomError(court, "CourtSetUnknown")
        .withArgs(set);
    }
  });

  it("reverts with CourtSetInvalid when it is empty, unsorted, doubled, or out of reach", async () => {
    const { court, actors } = await load();
    const [first = "", second = ""] = actors.arbiters.map((arbiter) => arbiter.address);
    const invalid = [
      { members: [], threshold: 0n },
      { members: [first], threshold: 0n },
      { members: [first], threshold: 2n },
      { members: [second, first], threshold: 1n },
      { members: [first, first], threshold: 1n },
      { members: [ethers.ZeroAddress, first], threshold: 1n },
    ];

    for (const { members, threshold } of invalid) {
      await expect(court.defineArbiterSet(5, members, threshold))
        .to.be.revertedWithCustomError(court, "CourtSetInvalid")
        .withArgs(5n, members.length, threshold);
    }
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the arbiters' admin", async () => {
    const { court, actors } = await load();

    await expect(court.connect(actors.operator).defineArbiterSet(5, [actors.operator], 1n))
      .to.be.revertedWithCustomError(court, "AccessManagedUnauthorized")
      .withArgs(actors.operator.address);
  });
});
