import { expect } from "chai";
import { capturedOrder } from "../../support/builders/order.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger.setCourt", () => {
  it("names who may open disputes from now on", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);

    await expect(ledger.setCourt(actors.outsider))
      .to.emit(ledger, "CourtSet")
      .withArgs(actors.outsider.address);

    expect(await ledger.court()).to.equal(actors.outsider.address);
    await ledger.connect(actors.outsider).lockDispute(terms, 1n, 0n);
  });

  it("lets nobody open disputes when no court is named", async () => {
    const network = await load();
    const { ledger, actors, ethers } = network;
    const { terms } = await capturedOrder(network);
    await ledger.setCourt(ethers.ZeroAddress);

    await expect(ledger.lockDispute(terms, 1n, 0n))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(actors.admin.address);
  });

  it("knows a court again that was replaced before", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);
    await ledger.setCourt(actors.admin);
    await ledger.lockDispute(terms, 1n, 0n);
    await ledger.setCourt(actors.outsider);
    await ledger.setCourt(actors.admin);

    await ledger.payDispute(terms, [], 0n);
    await ledger.lockDispute(terms, 1n, 0n);
  });

  it("reverts with LedgerTooMany after 255 courts, so that a lock can name each", async () => {
    const { ledger, actors } = await load();
    for (let count = 1; count < 255; ++count) await ledger.setCourt(actors.admin);

    await expect(ledger.setCourt(actors.admin))
      .to.be.revertedWithCustomError(ledger, "LedgerTooMany")
      .withArgs(255n, 255n);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not the admin", async () => {
    const { ledger, actors } = await load();

    for (const caller of [actors.operator, actors.guardian, actors.outsider]) {
      await expect(ledger.connect(caller).setCourt(caller))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
