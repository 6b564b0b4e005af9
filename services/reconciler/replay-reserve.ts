/** What one holdback class withheld from an account, as in contracts/ledger/Obligations.sol. */
export type ReserveRing = { readonly buckets: bigint[]; period: bigint };

/** How much of a capture a class keeps back, and for how many seconds. */
export type HoldbackClass = { readonly bps: bigint; readonly delay: bigint };

const BUCKETS = 8n;

/** A delay is four periods; what was withheld within a period leaves after four whole ones more. */
const PERIODS = 4n;

/** A ring that holds nothing. */
export function emptyRing(): ReserveRing {
  return { buckets: Array.from({ length: 8 }, () => 0n), period: 0n };
}

/** The period of a class with this delay at a moment; both in seconds. */
export function periodAt(timestamp: bigint, delay: bigint): bigint {
  return (timestamp * PERIODS) / delay;
}

/** Adds what was withheld in a period, which is never before the ring's last one. */
export function withhold(ring: ReserveRing, period: bigint, amount: bigint): void {
  ring.buckets[indexOf(period)] = at(ring, period) + amount;
  ring.period = period;
}

/** Takes out what has matured by a period. */
export function releaseMatured(ring: ReserveRing, current: bigint): bigint {
  let released = 0n;
  for (let age = 0n; age < BUCKETS; age++) {
    const withheldIn = ring.period - age;
    if (withheldIn + PERIODS >= current) continue;
    released += at(ring, withheldIn);
    ring.buckets[indexOf(withheldIn)] = 0n;
  }
  return released;
}

/** Takes out up to `amount`, the oldest first. */
export function drawOldest(ring: ReserveRing, amount: bigint): bigint {
  let drawn = 0n;
  for (let age = BUCKETS - 1n; age >= 0n; age--) {
    const withheldIn = ring.period - age;
    const bucket = at(ring, withheldIn);
    const taken = bucket < amount - drawn ? bucket : amount - drawn;
    ring.buckets[indexOf(withheldIn)] = bucket - taken;
    drawn += taken;
  }
  return drawn;
}

/** Everything in a ring. */
export function heldIn({ buckets }: ReserveRing): bigint {
  return buckets.reduce((sum, bucket) => sum + bucket, 0n);
}

function at(ring: ReserveRing, period: bigint): bigint {
  return ring.buckets[indexOf(period)] ?? 0n;
}

/** A ring that was never used has periods below 0. */
function indexOf(period: bigint): number {
  return Number.parseInt(BigInt.asUintN(3, period).toString(), 10);
}
