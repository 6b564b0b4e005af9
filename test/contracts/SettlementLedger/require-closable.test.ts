import { expect } from "chai";
import { setClass } from "../../support/builders/holdback.ts";
import { awardOrder, lockOrder, nameCourt } from "../../support/builders/locks.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  payOut,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { DAY, STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

/** The longest that money is held, and the longest that a dispute lasts, in seconds. */
const MAX_HOLD = 180n * DAY;

describe("SettlementLedger.requireClosable", () => {
  it("lets an account that holds and owes nothing close once the last hold can be over", async () => {
    const { ledger, registry, tokenAddress, actors } = await load();
    const { merchant, operator } = actors;
    await registry.connect(merchant).startClosing();
    const closableFrom = BigInt(await registry.closingSinceOf(merchant)) + MAX_HOLD;

    await time.setNextBlockTimestamp(closableFrom - 1n);
    await expect(registry.close(merchant))
      .to.be.revertedWithCustomError(ledger, "AccountNotClosable")
      .withArgs(merchant.address, operator.address, tokenAddress, closableFrom);
    await time.setNextBlockTimestamp(closableFrom);
    await registry.close(merchant);

    expect(await registry.statusOf(merchant)).to.equal(STATUS.closed);
    const word = await ledger.accountWord(operator, tokenAddress, merchant);
    expect((word >> 248n) & 7n).to.equal(STATUS.closed);
  });

  it("lets an account that no book knows close at once", async () => {
    const { ledger, actors } = await load();

    await ledger.requireClosable(actors.outsider, await time.latest());
  });

  it("waits for the last dispute window of captured money, counted in whole days", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { merchant, operator } = actors;
    const disputeWindow = Number(MAX_HOLD);
    const { terms } = await authorizedOrder(network, { feeBps: 0, disputeWindow });
    await registry.connect(merchant).startClosing();
    const since = await registry.closingSinceOf(merchant);
    await time.increase(5n * DAY);
    await ledger.connect(operator).capture(terms, 10_000n);
    const exposedUntil = ((BigInt(await time.latest()) + MAX_HOLD) / DAY + 1n) * DAY;
    await closeOpenCycle(network, [merchant.address]);
    await payOut(network, [merchant.address]);

    await time.increaseTo(exposedUntil - 1n);
    await expect(ledger.requireClosable(merchant, since))
      .to.be.revertedWithCustomError(ledger, "AccountNotClosable")
      .withArgs(merchant.address, operator.address, network.tokenAddress, exposedUntil);
    await time.increaseTo(exposedUntil);
    await ledger.requireClosable(merchant, since);
    await expectConservation(network);
  });

  for (const [what, give] of [
    ["available money", (network: TestNetwork) => settled(network)],
    ["pending money", (network: TestNetwork) => capturedOrder(network, { feeBps: 0 })],
    ["fees that are the operator's", (network: TestNetwork) => onlyFees(network)],
    ["reserve", (network: TestNetwork) => onlyReserve(network)],
    ["debt", (network: TestNetwork) => onlyDebt(network)],
    ["an award that waits", (network: TestNetwork) => onlyAward(network)],
  ] as const) {
    it(`reverts with AccountNotClosable given ${what}, however long ago`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      await give(network);
      const since = await time.latest();
      await time.increase(1_000n * DAY);

      await expect(ledger.requireClosable(actors.merchant, since)).to.be.revertedWithCustomError(
        ledger,
        "AccountNotClosable",
      );
      await expectConservation(network);
    });
  }

  it("reverts while a dispute over held money may still end, and the money be captured after it", async () => {
    const network = await nameCourt(await load());
    const { ledger, registry, actors } = network;
    const { merchant, operator } = actors;
    const order = await authorizedOrder(network, { feeBps: 0, disputeWindow: 0 });
    await registry.connect(merchant).startClosing();
    const since = await registry.closingSinceOf(merchant);
    await lockOrder(network, order, 1n);
    const lockedAt = await time.latest();
    // The longest dispute: the clocks go on 180 days later, and 179 days after closing began it is still open.
    await time.increaseTo(BigInt(lockedAt) + MAX_HOLD);
    await ledger.payDispute(order.terms, [], 0n);
    await expect(ledger.requireClosable(merchant, since)).to.be.revertedWithCustomError(
      ledger,
      "AccountNotClosable",
    );

    await ledger.connect(operator).capture(order.terms, 10_000n);

    await closeOpenCycle(network, [merchant.address]);
    await payOut(network, [merchant.address]);
    await time.increase(MAX_HOLD);
    await registry.close(merchant);
    await expectConservation(network);
  });

  it("ends a merchant's business: no new orders, the open ones finish, everything is paid, then it closes", async () => {
    const network = await load();
    const { ledger, registry, token, actors } = network;
    const { merchant, operator } = actors;
    const { terms } = await authorizedOrder(network, { feeBps: 0 });
    await registry.connect(merchant).startClosing();

    await expect(authorizedOrder(network, { nonce: 1n }))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(merchant.address, STATUS.closing);
    await ledger.connect(operator).capture(terms, 10_000n);
    await closeOpenCycle(network, [merchant.address]);
    await payOut(network, [merchant.address]);
    await time.increase(MAX_HOLD + DAY);
    await registry.close(merchant);

    expect(await token.balanceOf(merchant)).to.equal(10_000n);
    await expect(ledger.connect(merchant).refund(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(merchant.address);
    await expectConservation(network);
  });
});

async function settled(network: TestNetwork): Promise<void> {
  await capturedOrder(network, { feeBps: 0 });
  await closeOpenCycle(network, [network.actors.merchant.address]);
}

/** All of the order is the operator's fee. */
async function onlyFees(network: TestNetwork): Promise<void> {
  await capturedOrder(network, { feeBps: 10_000, feeReceiver: network.actors.operator.address });
}

async function onlyReserve(network: TestNetwork): Promise<void> {
  await setClass(network, 1, 10_000);
  await capturedOrder(network, { feeBps: 0, holdbackClass: 1 });
}

async function onlyDebt(network: TestNetwork): Promise<void> {
  await fundGuarantee(network, 10_000n);
  const { terms } = await paidOutOrder(network, { feeBps: 0 });
  await network.ledger.connect(network.actors.merchant).refund(terms, 10_000n);
}

async function onlyAward(network: TestNetwork): Promise<void> {
  await awardOrder(await nameCourt(network), await paidOutOrder(network, { feeBps: 0 }));
}
