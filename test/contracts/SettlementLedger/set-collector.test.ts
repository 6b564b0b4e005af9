import { expect } from "chai";
import { signedOrder } from "../../support/builders/order.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger.setCollector", () => {
  it("lets a collector bring money in, and no longer", async () => {
    const network = await load();
    const { ledger, collector, actors } = network;
    const { terms, signature } = await signedOrder(network);
    const address = await collector.getAddress();
    expect(await ledger.isCollector(collector)).to.equal(true);

    await expect(ledger.setCollector(collector, false))
      .to.emit(ledger, "CollectorSet")
      .withArgs(address, false);

    expect(await ledger.isCollector(collector)).to.equal(false);
    await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x"))
      .to.be.revertedWithCustomError(ledger, "CollectorForbidden")
      .withArgs(address);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { ledger, actors } = await load();

    for (const caller of [actors.operator, actors.treasurer, actors.outsider]) {
      await expect(ledger.connect(caller).setCollector(caller, true))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
