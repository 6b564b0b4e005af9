import { expect } from "chai";
import {
  authorizedOrder,
  capturedOrder,
  readAccountWord,
  signedOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, amountsOf, ORDER_STATE, orderWord, STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.reclaim", () => {
  it("gives all held money back to the payer, whoever calls", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, merchant, payer, outsider } = network.actors;
    const { id, terms } = await authorizedOrder(network);
    await time.setNextBlockTimestamp(terms.reclaimFrom);

    const reclaimed = await ledger.connect(outsider).reclaim(terms);

    const order = orderWord({ state: ORDER_STATE.reclaimed });
    const account = accountWord({ available: PAYER_FUNDS });
    const parties = [id, merchant.address, payer.address, operator.address, tokenAddress];
    await expect(reclaimed)
      .to.emit(ledger, "OrderReclaimed")
      .withArgs(...parties, 10_000n, order, account);
    expect(await ledger.orderWord(id)).to.equal(order);
    expect(await readAccountWord(network, payer)).to.equal(account);
    await expectConservation(network);
  });

  it("reverts with OrderNotReclaimable one second before reclaimFrom", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await time.setNextBlockTimestamp(terms.reclaimFrom - 1);

    await expect(ledger.connect(actors.payer).reclaim(terms))
      .to.be.revertedWithCustomError(ledger, "OrderNotReclaimable")
      .withArgs(id, terms.reclaimFrom, terms.reclaimFrom - 1);
  });

  it("gives back only what was not captured", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(terms, 4_000n);
    await time.setNextBlockTimestamp(terms.reclaimFrom);

    await ledger.connect(actors.payer).reclaim(terms);

    const { state, refundable, capturable } = amountsOf(await ledger.orderWord(id));
    expect({ state, refundable, capturable }).to.deep.equal({
      state: ORDER_STATE.captured,
      refundable: 4_000n,
      capturable: 0n,
    });
    await expectConservation(network);
  });

  it("gives back to a frozen payer, who cannot take it out", async () => {
    const network = await load();
    const { ledger, token, registry, actors } = network;
    const { terms } = await authorizedOrder(network);
    await registry.connect(actors.compliance).freeze([actors.payer, actors.merchant]);
    await time.setNextBlockTimestamp(terms.reclaimFrom);

    await ledger.connect(actors.outsider).reclaim(terms);

    await expect(ledger.connect(actors.payer).withdraw(actors.operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.payer.address, STATUS.frozen);
    await expectConservation(network);
  });

  for (const [name, given] of [
    ["captured", capturedOrder],
    ["reclaimed before", reclaimedOrder],
  ] as const) {
    it(`reverts with OrderExceedsCapturable given an order ${name}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms } = await given(network);
      if ((await time.latest()) < terms.reclaimFrom) await time.setNextBlockTimestamp(terms.reclaimFrom);

      await expect(ledger.connect(actors.payer).reclaim(terms))
        .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
        .withArgs(id, 1n, 0n);
      await expectConservation(network);
    });
  }

  it("reverts with OrderUnknown when nothing was authorized", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await signedOrder(network);

    await expect(ledger.connect(actors.payer).reclaim(terms))
      .to.be.revertedWithCustomError(ledger, "OrderUnknown")
      .withArgs(id);
  });

  it("reverts with OrderDisputed given an open dispute, and waits as much longer as that took", async () => {
    const network = await load();
    const { ledger, court, ethers, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    const openedAt = terms.captureBy - 100;
    await time.setNextBlockTimestamp(openedAt);
    await court.connect(actors.payer).open(terms, 10_000n, 0n, ethers.ZeroHash);

    await time.setNextBlockTimestamp(terms.reclaimFrom);
    await expect(ledger.connect(actors.payer).reclaim(terms))
      .to.be.revertedWithCustomError(ledger, "OrderDisputed")
      .withArgs(id);
    await court.connect(actors.payer).withdraw(terms);
    const closedAt = terms.reclaimFrom + 500;
    await time.setNextBlockTimestamp(closedAt);
    await court.finalize(terms, []);

    const shift = closedAt - openedAt;
    expect(await ledger.shiftOf(id)).to.equal(shift);
    await time.setNextBlockTimestamp(terms.captureBy + shift);
    await ledger.connect(actors.operator).capture(terms, 1_000n);
    await time.setNextBlockTimestamp(terms.captureBy + shift + 1);
    await expect(ledger.connect(actors.operator).capture(terms, 1_000n))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(id, terms.captureBy + shift, terms.captureBy + shift + 1);
    await time.setNextBlockTimestamp(terms.reclaimFrom + shift - 1);
    await expect(ledger.connect(actors.payer).reclaim(terms))
      .to.be.revertedWithCustomError(ledger, "OrderNotReclaimable")
      .withArgs(id, terms.reclaimFrom + shift, terms.reclaimFrom + shift - 1);
    await time.setNextBlockTimestamp(terms.reclaimFrom + shift);
    await ledger.connect(actors.payer).reclaim(terms);
    await expectConservation(network);
  });
});

async function reclaimedOrder(network: Awaited<ReturnType<typeof load>>) {
  const order = await authorizedOrder(network);
  await time.setNextBlockTimestamp(order.terms.reclaimFrom);
  await network.ledger.connect(network.actors.payer).reclaim(order.terms);
  return order;
}
