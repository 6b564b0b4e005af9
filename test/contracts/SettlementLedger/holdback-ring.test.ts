import { expect } from "chai";
import {
  drawOldest,
  emptyRing,
  periodAt,
  type ReserveRing,
  releaseMatured,
  withhold,
} from "../../../services/reconciler/replay-reserve.ts";
import { DELAY, PERIOD, periodStart, setClass, withheldOrder } from "../../support/builders/holdback.ts";
import { closeOpenCycle, payOut } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

/** The ring of the ledger, and the one that an audit adds up, step by step side by side. */
describe("SettlementLedger: a ring of reserve is what an audit adds up", () => {
  it("in every bucket, on both sides of a period's boundary, and after eight periods of silence", async () => {
    const network = await load();
    await setClass(network);
    const start = await nextPeriod();
    const ring = emptyRing();
    let nonce = 0n;
    for (const turn of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 18, 26, 27]) {
      const now = start + turn * PERIOD;
      await time.setNextBlockTimestamp(now + 100);
      await withheldOrder(network, now, { amount: 1_000n + 10n * nonce, nonce });
      const period = await currentPeriod();
      releaseMatured(ring, period);
      withhold(ring, period, 100n + nonce);
      nonce += 1n;
      await expectRing(network, ring);
    }

    const due = start + 27 * PERIOD + DELAY;
    for (const moment of [due - 1, due, due + PERIOD - 1, due + PERIOD]) {
      await time.setNextBlockTimestamp(moment);
      await network.ledger.releaseReserve(network.actors.operator, network.token, network.actors.merchant);
      releaseMatured(ring, await currentPeriod());
      await expectRing(network, ring);
    }
    expect(ring.buckets).to.deep.equal(Array(8).fill(0n));
    await expectConservation(network);
  });

  it("when draws take the oldest first, in part and until nothing is left", async () => {
    const network = await load();
    const { ledger, actors } = network;
    await setClass(network);
    const start = await nextPeriod();
    const ring = emptyRing();
    let last = await withheldOrder(network, start);
    withhold(ring, await currentPeriod(), 1_000n);
    for (const turn of [1, 3, 4]) {
      const now = start + turn * PERIOD;
      await time.setNextBlockTimestamp(now + 100);
      last = await withheldOrder(network, now, { nonce: BigInt(turn) });
      withhold(ring, await currentPeriod(), 1_000n);
    }
    await closeOpenCycle(network, [actors.merchant.address]);
    await payOut(network, [actors.merchant.address]);

    for (const amount of [300n, 700n, 1_900n, 1_100n]) {
      await ledger.connect(actors.merchant).refund(last.terms, amount);
      expect(drawOldest(ring, amount)).to.equal(amount);
      await expectRing(network, ring);
    }
    expect(ring.buckets).to.deep.equal(Array(8).fill(0n));
    await expectConservation(network);
  });
});

async function expectRing({ ledger, token, actors }: TestNetwork, ring: ReserveRing): Promise<void> {
  const { buckets, period } = await ledger.reserveOf(actors.operator, token, actors.merchant, 1);
  expect({ buckets: [...buckets], period }).to.deep.equal(ring);
}

async function currentPeriod(): Promise<bigint> {
  return periodAt(BigInt(await time.latest()), BigInt(DELAY));
}

/** Goes to the first second of a period. */
async function nextPeriod(): Promise<number> {
  const start = periodStart(await time.latest()) + PERIOD;
  await time.increaseTo(start);
  return start;
}
