import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("DisputeCourt.setPolicy", () => {
  it("sets the windows of later disputes", async () => {
    const { court } = await load();

    const set = await court.setPolicy({ respondWindow: 10n, ruleWindow: 20n });

    await expect(set).to.emit(court, "PolicySet").withArgs(10n, 20n);
    expect([...(await court.policy())]).to.deep.equal([10n, 20n]);
  });

  it("reverts with CourtPolicyInvalid when a side would have no time", async () => {
    const { court } = await load();

    for (const [respondWindow, ruleWindow] of [
      [0n, 1n],
      [1n, 0n],
    ] as const) {
      await expect(court.setPolicy({ respondWindow, ruleWindow }))
        .to.be.revertedWithCustomError(court, "CourtPolicyInvalid")
        .withArgs(respondWindow, ruleWindow);
    }
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the arbiters' admin", async () => {
    const { court, actors } = await load();

    await expect(court.connect(actors.merchant).setPolicy({ respondWindow: 1n, ruleWindow: 1n }))
      .to.be.revertedWithCustomError(court, "AccessManagedUnauthorized")
      .withArgs(actors.merchant.address);
  });
});
