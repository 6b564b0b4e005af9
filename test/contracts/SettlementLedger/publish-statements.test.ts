import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { capturedOrder, closeOpenCycle } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger.publishStatements", () => {
  it("publishes the root of a closed cycle with the nets that the contract added up (e)", async () => {
    const network = await load();
    const { ledger, token, tokenAddress, actors, ethers } = network;
    const { operator, merchant, feeReceiver } = actors;
    await capturedOrder(network);
    await closeOpenCycle(network, [merchant.address, feeReceiver.address]);
    const root = ethers.id("a root");

    const published = await publish(network, 1n, root);

    await expect(published)
      .to.emit(ledger, "StatementsPublished")
      .withArgs(operator.address, tokenAddress, 1n, 2n, 10_000n, root);
    expect((await ledger.cycleOf(operator, token, 1n)).root).to.equal(root);
    await expectConservation(network);
  });

  it("publishes a cycle without statements", async () => {
    const network = await load();
    const { ledger, ethers } = network;
    await closeOpenCycle(network, []);

    await expect(publish(network, 1n, ethers.id("nothing"))).to.emit(ledger, "StatementsPublished");
  });

  it("publishes cycles in any order", async () => {
    const network = await load();
    const { ledger, ethers } = network;
    await closeOpenCycle(network, []);
    await closeOpenCycle(network, []);

    await publish(network, 2n, ethers.id("second"));
    await expect(publish(network, 1n, ethers.id("first"))).to.emit(ledger, "StatementsPublished");
  });

  context("given a published cycle", () => {
    it("takes no further statement: what was left out settles in the next cycle", async () => {
      const network = await load();
      const { ledger, token, actors, ethers } = network;
      const { operator, merchant, settler } = actors;
      await capturedOrder(network);
      await closeOpenCycle(network, []);
      await publish(network, 1n, ethers.id("a root"));

      await expect(ledger.connect(settler).closeCycle(operator, token, 1n, [merchant]))
        .to.be.revertedWithCustomError(ledger, "CycleNotOpen")
        .withArgs(1n, 2n);
      await closeOpenCycle(network, [merchant.address]);

      expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 9_500n }));
      expect((await ledger.cycleOf(operator, token, 1n)).statements).to.equal(0n);
      expect((await ledger.cycleOf(operator, token, 2n)).net).to.equal(9_500n);
      await expectConservation(network);
    });

    it("reverts with CycleNotPublishable, the same root or another", async () => {
      const network = await load();
      const { ledger, ethers } = network;
      const root = ethers.id("a root");
      await closeOpenCycle(network, []);
      await publish(network, 1n, root);

      for (const again of [root, ethers.id("another root")]) {
        await expect(publish(network, 1n, again))
          .to.be.revertedWithCustomError(ledger, "CycleNotPublishable")
          .withArgs(1n, root);
      }
    });
  });

  it("reverts with CycleNotPublishable when the cycle is open, not yet open, or 0", async () => {
    const network = await load();
    const { ledger, ethers } = network;

    for (const cycle of [0n, 1n, 2n]) {
      await expect(publish(network, cycle, ethers.id("a root")))
        .to.be.revertedWithCustomError(ledger, "CycleNotPublishable")
        .withArgs(cycle, ethers.ZeroHash);
    }
  });

  it("reverts with CycleNotPublishable when the root is empty", async () => {
    const network = await load();
    const { ledger, ethers } = network;
    await closeOpenCycle(network, []);

    await expect(publish(network, 1n, ethers.ZeroHash))
      .to.be.revertedWithCustomError(ledger, "CycleNotPublishable")
      .withArgs(1n, ethers.ZeroHash);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors, ethers } = await load();
    const root = ethers.id("a root");

    await expect(ledger.connect(actors.settler).publishStatements(actors.otherOperator, token, 1n, root))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with LedgerForbidden when the caller is no settler", async () => {
    const network = await load();
    const { ledger, token, actors, ethers } = network;
    await closeOpenCycle(network, []);

    for (const caller of [actors.operator, actors.merchant, actors.admin, actors.outsider]) {
      await expect(ledger.connect(caller).publishStatements(actors.operator, token, 1n, ethers.id("a root")))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });
});

function publish({ ledger, token, actors }: TestNetwork, cycle: bigint, root: string) {
  return ledger.connect(actors.settler).publishStatements(actors.operator, token, cycle, root);
}
