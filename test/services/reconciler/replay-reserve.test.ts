import { expect } from "chai";
import {
  drawOldest,
  emptyRing,
  heldIn,
  periodAt,
  type ReserveRing,
  releaseMatured,
  withhold,
} from "../../../services/reconciler/replay-reserve.ts";

const DELAY = 86_400n;

/** Eight periods of which each withheld its own number. */
function fullRing(last: bigint): ReserveRing {
  const ring = emptyRing();
  for (let period = last - 7n; period <= last; period++) withhold(ring, period, period);
  return ring;
}

describe("replayed reserve", () => {
  it("counts four periods to a delay, each from its first second on", () => {
    expect(periodAt(0n, DELAY)).to.equal(0n);
    expect(periodAt(DELAY / 4n - 1n, DELAY)).to.equal(0n);
    expect(periodAt(DELAY / 4n, DELAY)).to.equal(1n);
    expect(periodAt(DELAY - 1n, DELAY)).to.equal(3n);
    expect(periodAt(DELAY, DELAY)).to.equal(4n);
  });

  it("rounds periods down where the delay is no multiple of four", () => {
    expect(periodAt(25_000n, 100_001n)).to.equal(0n);
    expect(periodAt(25_001n, 100_001n)).to.equal(1n);
  });

  it("keeps what was withheld for four whole periods after its own", () => {
    const ring = emptyRing();
    withhold(ring, 10n, 100n);

    expect(releaseMatured(ring, 14n)).to.equal(0n);
    expect(releaseMatured(ring, 15n)).to.equal(100n);
    expect(heldIn(ring)).to.equal(0n);
    expect(releaseMatured(ring, 15n)).to.equal(0n);
  });

  it("adds up within a period, and releases period by period", () => {
    const ring = emptyRing();
    withhold(ring, 10n, 100n);
    withhold(ring, 12n, 30n);
    withhold(ring, 12n, 4n);

    expect(releaseMatured(ring, 16n)).to.equal(100n);
    expect(heldIn(ring)).to.equal(34n);
    expect(releaseMatured(ring, 17n)).to.equal(34n);
  });

  it("has a bucket for each of eight periods and the ninth in the place of the first", () => {
    const ring = fullRing(23n);
    expect(ring.buckets).to.deep.equal([16n, 17n, 18n, 19n, 20n, 21n, 22n, 23n]);

    expect(releaseMatured(ring, 24n)).to.equal(16n + 17n + 18n + 19n);
    withhold(ring, 24n, 24n);
    expect(ring).to.deep.equal({ buckets: [24n, 0n, 0n, 0n, 20n, 21n, 22n, 23n], period: 24n });
  });

  it("lets all eight buckets go once it was untouched for eight periods, and begins anew", () => {
    for (const current of [23n + 8n, 23n + 16n, 1_000_000n]) {
      const ring = fullRing(23n);

      expect(releaseMatured(ring, current)).to.equal(156n);
      withhold(ring, current, 1n);
      expect(heldIn(ring)).to.equal(1n);
      expect(releaseMatured(ring, current + 4n)).to.equal(0n);
    }
  });

  it("is drawn from the oldest of its eight buckets on", () => {
    const ring = fullRing(26n);

    expect(drawOldest(ring, 19n + 20n + 1n)).to.equal(40n);
    expect(ring.buckets).to.deep.equal([24n, 25n, 26n, 0n, 0n, 20n, 22n, 23n]);
    expect(releaseMatured(ring, 26n)).to.equal(20n);
    expect(drawOldest(ring, 1_000n)).to.equal(22n + 23n + 24n + 25n + 26n);
    expect(heldIn(ring)).to.equal(0n);
    expect(ring.period).to.equal(26n);
  });

  it("holds nothing before anything was withheld", () => {
    expect(releaseMatured(emptyRing(), 7n)).to.equal(0n);
    expect(drawOldest(emptyRing(), 7n)).to.equal(0n);
  });
});
