import { expect } from "chai";
import { DELAY, PERIOD, periodStart, setClass, withheldOrder } from "../../support/builders/holdback.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { closeOpenCycle, payOut } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger: holdback", () => {
  it("withholds the class's share of what the merchant gets of a capture, rounded down", async () => {
    const network = await load();
    const { ledger, token, tokenAddress, actors } = network;
    const { operator, merchant } = actors;
    await setClass(network, 1, 1_111);
    const { id, terms } = await withheldOrder(network, network.startedAt, { feeBps: 500 });

    // 11.11 per cent of the 9,500 that are left after the fee: 1,055.45.
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ pending: 8_445n, reserve: 1_055n }));
    const [log] = await ledger.queryFilter(ledger.filters.ReserveWithheld);
    expect([...(log?.args ?? [])]).to.deep.equal([
      id,
      merchant.address,
      operator.address,
      tokenAddress,
      BigInt(terms.holdbackClass),
      1_055n,
      await ledger.coldWord(operator, token, merchant),
    ]);
    await expectConservation(network);
  });

  it("withholds nothing of an order without a class, nor of one whose share rounds to nothing", async () => {
    const network = await load();
    await setClass(network);

    await withheldOrder(network, network.startedAt, { holdbackClass: 0 });
    await withheldOrder(network, network.startedAt, { amount: 9n, nonce: 1n });

    expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(holding({ pending: 10_009n }));
    await expectConservation(network);
  });

  it("can withhold everything", async () => {
    const network = await load();
    await setClass(network, 7, 10_000);

    await withheldOrder(network, network.startedAt, { holdbackClass: 7 });

    expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(holding({ reserve: 10_000n }));
    await expectConservation(network);
  });

  it("adds up in the bucket of its period, and begins another one with the next", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await setClass(network);
    const start = await nextPeriod();
    await withheldOrder(network, start);
    await time.setNextBlockTimestamp(start + PERIOD - 10);
    await withheldOrder(network, start + PERIOD - 10, { nonce: 1n });
    await time.setNextBlockTimestamp(start + PERIOD + 10);
    await withheldOrder(network, start + PERIOD, { nonce: 2n, amount: 5_000n });

    const { buckets, period } = await ledger.reserveOf(actors.operator, token, actors.merchant, 1);
    const first = start / PERIOD;
    expect(period).to.equal(first + 1);
    expect(buckets[first % 8]).to.equal(2_000n);
    expect(buckets[(first + 1) % 8]).to.equal(500n);
    expect(buckets.reduce((sum, bucket) => sum + bucket)).to.equal(2_500n);
    await expectConservation(network);
  });

  it("leaves exactly when the four periods after its own are over", async () => {
    const network = await load();
    const { merchant } = network.actors;
    await setClass(network);
    const start = await nextPeriod();
    await withheldOrder(network, start);
    const due = start + PERIOD + DELAY;

    await time.setNextBlockTimestamp(due - 1);
    await release(network);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ pending: 9_000n, reserve: 1_000n }));

    await time.setNextBlockTimestamp(due);
    await release(network);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ pending: 10_000n }));
    await expectConservation(network);
  });

  it("goes round the ring: each bucket leaves in its turn, for longer than the ring", async () => {
    const network = await load();
    const { merchant } = network.actors;
    await setClass(network);
    const start = await nextPeriod();
    for (let turn = 0; turn < 11; ++turn) {
      const now = start + turn * PERIOD;
      await time.setNextBlockTimestamp(now + 100);
      await withheldOrder(network, now, { amount: 1_000n + BigInt(turn) * 10n, nonce: BigInt(turn) });
    }

    // Within period 10, what was withheld in 6 to 10 is kept: 106 + 107 + 108 + 109 + 110.
    expect((await holdingsOf(network, merchant)).reserve).to.equal(540n);
    await time.setNextBlockTimestamp(start + 11 * PERIOD);
    await release(network);
    expect((await holdingsOf(network, merchant)).reserve).to.equal(434n);
    await time.setNextBlockTimestamp(start + 15 * PERIOD);
    await release(network);
    expect((await holdingsOf(network, merchant)).reserve).to.equal(0n);
    await expectConservation(network);
  });

  it("is all released after a long silence, and the ring begins anew", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await setClass(network);
    const start = await nextPeriod();
    for (let turn = 0; turn < 4; ++turn) {
      await time.setNextBlockTimestamp(start + turn * PERIOD + 100);
      await withheldOrder(network, start + turn * PERIOD, { nonce: BigInt(turn) });
    }

    // Twenty periods later: the buckets' places have come round more than twice.
    const later = start + 23 * PERIOD;
    await time.setNextBlockTimestamp(later + 100);
    await withheldOrder(network, later, { nonce: 9n });

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(
      holding({ pending: 49_000n, reserve: 1_000n }),
    );
    const { buckets } = await ledger.reserveOf(actors.operator, token, actors.merchant, 1);
    expect(buckets.filter((bucket) => bucket !== 0n)).to.deep.equal([1_000n]);
    await expectConservation(network);
  });

  it("keeps several classes apart, each with its own delay", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await setClass(network, 1);
    await setClass(network, 3, 2_000, DELAY * 4);
    const start = await nextPeriod();
    await withheldOrder(network, start);
    await withheldOrder(network, start, { holdbackClass: 3, nonce: 1n });
    const cold = await ledger.coldWord(actors.operator, token, actors.merchant);
    expect(BigInt.asUintN(8, cold >> 160n)).to.equal(0b1010n);

    await time.setNextBlockTimestamp(start + PERIOD + DELAY);
    await release(network);

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(
      holding({ pending: 18_000n, reserve: 2_000n }),
    );
    await time.increase(DELAY * 5);
    await release(network);
    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ pending: 20_000n }));
    expect(await ledger.coldWord(actors.operator, token, actors.merchant)).to.equal(0n);
    await expectConservation(network);
  });

  it("is not paid out, and becomes available by the settlement after it is due", async () => {
    const network = await load();
    const { merchant } = network.actors;
    await setClass(network);
    const start = await nextPeriod();
    await withheldOrder(network, start);
    await closeOpenCycle(network, [merchant.address]);
    await payOut(network, [merchant.address]);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ reserve: 1_000n }));

    await time.increaseTo(start + PERIOD + DELAY);
    await closeOpenCycle(network, [merchant.address]);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 1_000n }));
    await expectConservation(network);
  });

  it("pays a refund that nothing else pays, the oldest bucket first, before the guarantee", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { operator, merchant } = actors;
    await setClass(network);
    const start = await nextPeriod();
    await withheldOrder(network, start);
    await time.increaseTo(start + PERIOD + 10);
    const { terms } = await withheldOrder(network, start + PERIOD, { nonce: 1n });
    await closeOpenCycle(network, [merchant.address]);
    await payOut(network, [merchant.address]);

    await ledger.connect(merchant).refund(terms, 1_200n);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ reserve: 800n }));
    const { buckets } = await ledger.reserveOf(operator, token, merchant, 1);
    expect(buckets[(start / PERIOD) % 8]).to.equal(0n);
    expect(buckets[(start / PERIOD + 1) % 8]).to.equal(800n);
    await expectConservation(network);
  });
});

describe("SettlementLedger.releaseReserve", () => {
  it("tells what it moved, whoever calls", async () => {
    const network = await load();
    const { ledger, token, tokenAddress, actors } = network;
    const { operator, merchant, outsider } = actors;
    await setClass(network);
    await withheldOrder(network, network.startedAt);
    await time.increase(2 * DELAY);

    const released = await ledger.connect(outsider).releaseReserve(operator, token, merchant);

    const word = await ledger.accountWord(operator, token, merchant);
    await expect(released)
      .to.emit(ledger, "ReserveReleased")
      .withArgs(operator.address, merchant.address, tokenAddress, 1n, 1_000n, 0n, word);
    expect(word >> 255n).to.equal(0n);
    await expect(release(network)).not.to.emit(ledger, "ReserveReleased");
    await expectConservation(network);
  });

  it("moves nothing of an account without a reserve", async () => {
    const network = await load();

    await expect(release(network)).not.to.emit(network.ledger, "ReserveReleased");
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.releaseReserve(actors.otherOperator, token, actors.merchant))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });
});

function release({ ledger, token, actors }: TestNetwork) {
  return ledger.releaseReserve(actors.operator, token, actors.merchant);
}

/** Moves the clock to the start of the next period and returns it. */
async function nextPeriod(): Promise<number> {
  const start = periodStart(await time.latest()) + PERIOD;
  await time.increaseTo(start);
  return start;
}
