import type { JournalOp } from "../domain/journal.ts";
import { DISPUTE_REASONS, type DisputeReason } from "../domain/operation.ts";
import type { Draw } from "./seeded-draw.ts";

/** One line in an order's story, so many days after the order was placed. */
export type Step = {
  readonly op: Exclude<JournalOp, "close-cycle" | "payout">;
  readonly afterDays: number;
  readonly amount?: bigint;
  readonly reason?: DisputeReason;
  readonly payerBps?: number;
};

type Story = (amount: bigint, draw: Draw) => readonly Step[];

/** What can become of an order, from the simplest to the most eventful. Amounts are at least 1,000 minor units. */
const STORIES: readonly Story[] = [
  (amount) => delivered(amount),
  (amount) => [charge(amount)],
  (amount, draw) => {
    const first = part(amount, draw);
    return [authorize(amount), step("capture", 1, first), step("capture", 4, amount - first)];
  },
  (amount) => delivered(amount),
  (amount, draw) => {
    const first = part(amount, draw);
    return [authorize(amount), step("capture", 2, first), step("void", 3, amount - first)];
  },
  (amount, draw) => [authorize(amount), step("void", 1, part(amount, draw)), step("capture", 2)],
  (amount) => [authorize(amount), step("void", 2)],
  (amount) => delivered(amount),
  (amount, draw) => [charge(amount), step("refund", 5, part(amount, draw))],
  (amount, draw) => [...delivered(amount), step("refund", 6, part(amount, draw))],
  (amount) => [...delivered(amount), step("refund", 75, amount)],
  (amount) => [...delivered(amount), ...disputed(amount, "not_received", 10_000, 10)],
  (amount) => [...delivered(amount), ...disputed(amount, "not_as_described", 0, 12)],
  (amount, draw) => [...delivered(amount), ...disputed(amount, "other", draw.between(1, 9_999), 15)],
  (amount) => [charge(amount), ...disputed(amount, "fraud", 10_000, 80)],
  (amount, draw) => {
    const half = amount / 2n;
    const disputedHalf = disputed(half, "duplicate", draw.between(1, 9_999), 20);
    return [charge(amount), ...withBetween(disputedHalf, step("refund", 22, part(half, draw)))];
  },
  (amount, draw) => {
    const third = amount / 3n;
    const reason = draw.oneOf(DISPUTE_REASONS);
    return [charge(amount), ...disputed(third, reason, 5_000, 9), ...disputed(third, reason, 2_500, 70)];
  },
  (amount) => [authorize(amount)],
  (amount, draw) => [authorize(amount), step("capture", 3, part(amount, draw))],
  (amount) => delivered(amount),
];

/** The story of an order: each one in turn, with amounts and shares drawn. */
export function storyOf(index: number, draw: Draw): readonly Step[] {
  const amount = BigInt(draw.between(1_000, 60_000));
  const story = STORIES[index % STORIES.length];
  return story === undefined ? [] : story(amount, draw);
}

function authorize(amount: bigint): Step {
  return step("authorize", 0, amount);
}

function charge(amount: bigint): Step {
  return step("charge", 0, amount);
}

function delivered(amount: bigint): readonly Step[] {
  return [authorize(amount), step("capture", 2)];
}

function disputed(
  amount: bigint,
  reason: DisputeReason,
  payerBps: number,
  afterDays: number,
): readonly Step[] {
  return [
    { ...step("dispute", afterDays, amount), reason },
    { ...step("rule", afterDays + 5), payerBps },
  ];
}

function withBetween(steps: readonly Step[], between: Step): readonly Step[] {
  return [...steps.slice(0, 1), between, ...steps.slice(1)];
}

function step(op: Step["op"], afterDays: number, amount?: bigint): Step {
  return amount === undefined ? { op, afterDays } : { op, afterDays, amount };
}

/** Some of the amount, but not all of it. */
function part(amount: bigint, draw: Draw): bigint {
  return (amount * BigInt(draw.between(10, 90))) / 100n;
}
