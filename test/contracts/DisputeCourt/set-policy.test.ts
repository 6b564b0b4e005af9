import { expect } from "chai";
import { deadlineOf, openedDispute } from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { openTestChain, POLICY } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

describe("DisputeCourt.setPolicy", () => {
  it("adds a version and keeps the earlier ones", async () => {
    const { court } = await load();
    const policy = { ...POLICY, respondWindow: 10n, openBondBps: 25n };

    const set = await court.setPolicy(policy);

    await expect(set)
      .to.emit(court, "PolicySet")
      .withArgs(2n, ...Object.values(policy));
    expect(await court.policyVersion()).to.equal(2n);
    for (const version of [0n, 2n]) {
      expect([...(await court.policyOf(version))]).to.deep.equal(Object.values(policy));
    }
    expect([...(await court.policyOf(1n))]).to.deep.equal(Object.values(POLICY));
  });

  it("leaves open disputes their windows", async () => {
    const network = await load();
    const { court, actors } = network;
    const dispute = await openedDispute(network, await capturedOrder(network));
    await court.setPolicy({ ...POLICY, ruleWindow: 1n });

    await court.connect(actors.merchant).contest(dispute.order.terms, ethers.ZeroHash);

    const ruleBy = BigInt(await time.latest()) + POLICY.ruleWindow;
    expect(await deadlineOf(network, dispute)).to.equal(ruleBy);
  });

  it("reverts with CourtPolicyInvalid when a member is out of range", async () => {
    const { court } = await load();
    const longest =
      POLICY.respondWindow + 2n * POLICY.ruleWindow + POLICY.appealWindow + POLICY.appealRuleWindow;
    await court.setPolicy({ ...POLICY, hardStop: longest });

    for (const [field, actual, limit] of [
      ["respondWindow", 0n, 1n],
      ["ruleWindow", 0n, 1n],
      ["appealRuleWindow", 0n, 1n],
      ["hardStop", longest - 1n, longest],
      ["hardStop", 180n * 86_400n + 1n, 180n * 86_400n],
      ["openBondBps", 10_001n, 10_000n],
      ["appealBondBps", 10_001n, 10_000n],
      ["evidenceCap", 0n, 1n],
      ["evidenceCap", 16n, 15n],
    ] as const) {
      await expect(court.setPolicy({ ...POLICY, [field]: actual }))
        .to.be.revertedWithCustomError(court, "CourtPolicyInvalid")
        .withArgs(field, actual, limit);
    }
  });

  it("takes 255 policies, and reverts with CourtPolicyTooMany on one more", async () => {
    const { court } = await load();
    for (let version = 2; version <= 255; version++) await court.setPolicy(POLICY);

    await expect(court.setPolicy(POLICY))
      .to.be.revertedWithCustomError(court, "CourtPolicyTooMany")
      .withArgs(256n, 255n);
  });

  it("reverts with CourtPolicyUnknown when the version was never set", async () => {
    const { court } = await load();

    await expect(court.policyOf(2n)).to.be.revertedWithCustomError(court, "CourtPolicyUnknown").withArgs(2n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the arbiters' admin", async () => {
    const { court, actors } = await load();

    await expect(court.connect(actors.merchant).setPolicy(POLICY))
      .to.be.revertedWithCustomError(court, "AccessManagedUnauthorized")
      .withArgs(actors.merchant.address);
  });
});
