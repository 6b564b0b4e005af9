import { expect } from "chai";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  readAccountWord,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { accountWord, merchantWord, STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.closeCycle", () => {
  it("cuts the cycle off and makes each merchant's pending money available", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, merchant, feeReceiver } = network.actors;
    await capturedOrder(network);

    const closed = await closeOpenCycle(network, [merchant.address, feeReceiver.address]);

    const closedAt = await time.latest();
    await expect(closed)
      .to.emit(ledger, "CycleClosed")
      .withArgs(operator.address, tokenAddress, 1n, closedAt);
    const word = merchantWord({ available: 9_500n, openCycle: 2n });
    await expect(closed)
      .to.emit(ledger, "NetSettled")
      .withArgs(operator.address, merchant.address, 1n, tokenAddress, 9_500n, word);
    expect(await readAccountWord(network, merchant)).to.equal(word);
    expect(await readAccountWord(network, feeReceiver)).to.equal(
      accountWord({ available: 500n, openCycle: 2n }),
    );
    expect((await ledger.bookOf(operator, tokenAddress)).openCycle).to.equal(2n);
    await expectConservation(network);
  });

  it("puts what a settled merchant captures later into the next cycle", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await closeOpenCycle(network, [actors.merchant.address]);

    await ledger.connect(actors.operator).capture(terms, 10_000n);

    expect(BigInt.asUintN(32, (await ledger.orderWord(id)) >> 200n)).to.equal(2n);
    expect(await readAccountWord(network, actors.merchant)).to.equal(
      merchantWord({ pending: 9_500n, openCycle: 2n }),
    );
    await expectConservation(network);
  });

  it("passes over a merchant that was settled in this cycle before", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await capturedOrder(network);
    const { merchant, operator, settler } = actors;
    await closeOpenCycle(network, [merchant.address, merchant.address]);
    await capturedOrder(network, { nonce: 1n });

    const again = await ledger.connect(settler).closeCycle(operator, token, 1n, [merchant]);

    await expect(again).not.to.emit(ledger, "NetSettled");
    await expect(again).not.to.emit(ledger, "CycleClosed");
    expect(await readAccountWord(network, merchant)).to.equal(
      merchantWord({ available: 9_500n, pending: 9_500n, openCycle: 2n }),
    );
    await expectConservation(network);
  });

  it("gives the same in chunks and in another order", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { merchant, otherMerchant, feeReceiver, operator, settler } = actors;
    await capturedOrder(network);
    await capturedOrder(network, { merchant: otherMerchant.address, amount: 2_000n, nonce: 1n });

    await closeOpenCycle(network, [feeReceiver.address]);
    await ledger.connect(settler).closeCycle(operator, token, 1n, [otherMerchant]);
    await ledger.connect(settler).closeCycle(operator, token, 1n, [merchant, feeReceiver]);

    expect(await readAccountWord(network, merchant)).to.equal(
      merchantWord({ available: 9_500n, openCycle: 2n }),
    );
    expect(await readAccountWord(network, otherMerchant)).to.equal(
      merchantWord({ available: 1_900n, openCycle: 2n }),
    );
    expect(await readAccountWord(network, feeReceiver)).to.equal(
      accountWord({ available: 600n, openCycle: 2n }),
    );
    await expectConservation(network);
  });

  it("settles a merchant that missed cycles in the one that is closed for it", async () => {
    const network = await load();
    const { actors } = network;
    await closeOpenCycle(network, []);
    await closeOpenCycle(network, []);
    await capturedOrder(network);

    await closeOpenCycle(network, [actors.merchant.address]);

    expect(await readAccountWord(network, actors.merchant)).to.equal(
      merchantWord({ available: 9_500n, openCycle: 4n }),
    );
    await expectConservation(network);
  });

  it("settles a frozen merchant", async () => {
    const network = await load();
    const { registry, actors } = network;
    await capturedOrder(network);
    await registry.connect(actors.compliance).setStatus([actors.merchant], STATUS.frozen);

    await closeOpenCycle(network, [actors.merchant.address]);

    expect(await readAccountWord(network, actors.merchant)).to.equal(
      merchantWord({ available: 9_500n, openCycle: 2n, status: STATUS.frozen }),
    );
    await expectConservation(network);
  });

  it("reverts with CycleNotOpen when the cycle is later than the open one, or 0", async () => {
    const { ledger, token, actors } = await load();

    for (const cycle of [0n, 2n]) {
      await expect(ledger.connect(actors.settler).closeCycle(actors.operator, token, cycle, []))
        .to.be.revertedWithCustomError(ledger, "CycleNotOpen")
        .withArgs(cycle, 1n);
    }
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.settler).closeCycle(actors.otherOperator, token, 1n, []))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with LedgerForbidden when the caller is no settler", async () => {
    const { ledger, token, actors } = await load();

    for (const caller of [actors.operator, actors.merchant, actors.admin, actors.outsider]) {
      await expect(ledger.connect(caller).closeCycle(actors.operator, token, 1n, []))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });
});
