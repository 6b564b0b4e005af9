import { randomInt } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { DomainError } from "../../../services/domain/errors.ts";
import type { Operation } from "../../../services/domain/operation.ts";
import { decide, foldPending } from "../../../services/domain/order.ts";
import type { OrderCommand } from "../../../services/domain/order-command.ts";
import { feesOf, type OrderPosition } from "../../../services/domain/order-position.ts";
import { orderTermsToJson } from "../../../services/domain/order-terms.ts";
import { DISPUTE_ID, dispute, NOW, ORDER_ID, orderAfter, orderTerms } from "./order-builder.ts";

const seed = randomInt(2 ** 31);
const TERMINAL = ["voided", "reclaimed", "refunded"];

const amount = fc.bigInt(-1n, 12_000n);
const command: fc.Arbitrary<OrderCommand> = fc.oneof(
  fc.record({ kind: fc.constantFrom("capture", "void"), amount: fc.option(amount, { nil: undefined }) }),
  fc.record({ kind: fc.constant("refund"), amount }),
  fc.record({ kind: fc.constant("reclaim") }),
  fc.record({
    kind: fc.constant("open-dispute"),
    disputeId: fc.constant(DISPUTE_ID),
    amount,
    capturedOnly: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom("contest", "accept-dispute", "finalize-dispute") }),
  fc.record({ kind: fc.constant("rule"), payerBps: fc.integer({ min: -1, max: 10_001 }) }),
);
const step = fc.record({ command, seconds: fc.integer({ min: 0, max: 900 }) });

describe(`an order's money (seed ${seed})`, () => {
  it("is conserved by whatever is asked, and what is terminal stays so", () => {
    const opening = fc.constantFrom("authorize" as const, "charge" as const);
    fc.assert(
      fc.property(opening, fc.array(step, { maxLength: 40 }), (kind, steps) => {
        let order = orderAfter(kind, []);
        let now = NOW;
        for (const { command, seconds } of steps) {
          now += seconds;
          const before = order;
          order = decideOrKeep(order, command, now);

          expectConserved(order);
          if (TERMINAL.includes(before.state)) expect(order).to.equal(before);
          if (before.state === "captured") expect(order.state).to.not.equal("authorized");
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe("foldPending", () => {
  const terms = orderTermsToJson(orderTerms());
  const context = { orderId: ORDER_ID, now: NOW };
  const authorize: Operation = { kind: "authorize", payload: { terms, signature: "0x" } };
  const capture = (text: string): Operation => ({ kind: "capture", payload: { terms, amount: text } });

  it("creates the order and follows what was asked for in order", () => {
    const order = foldPending(undefined, [authorize, capture("4000"), capture("6000")], context);

    expect(order).to.include({ orderId: ORDER_ID, captured: 10_000n, state: "captured" });
  });

  it("starts at the mirrored position", () => {
    const mirrored = orderAfter("authorize", [{ kind: "capture", amount: 4_000n }]);
    const refund: Operation = { kind: "refund", payload: { terms, amount: "1000" } };

    expect(foldPending(mirrored, [refund], context)).to.include({ refunded: 1_000n, refundable: 3_000n });
  });

  it("leaves out what no longer applies", () => {
    const order = foldPending(undefined, [capture("1"), authorize, capture("10001"), authorize], context);

    expect(order).to.include({ capturable: 10_000n, captured: 0n });
  });

  it("passes over operations that change no order", () => {
    const mirrored = orderAfter("charge", []);
    const payout: Operation = { kind: "payout", payload: {} };

    expect(foldPending(mirrored, [payout], context)).to.equal(mirrored);
    expect(foldPending(undefined, [], context)).to.equal(undefined);
  });

  it("follows a dispute to its end", () => {
    const operations: Operation[] = [
      {
        kind: "open-dispute",
        payload: { terms, amount: "10000", reason: "fraud", evidenceHash: "0x", disputeId: DISPUTE_ID },
      },
      { kind: "contest", payload: { terms, disputeId: DISPUTE_ID, evidenceHash: "0x" } },
      {
        kind: "rule",
        payload: { terms, disputeId: DISPUTE_ID, payerBps: 2_500, evidence: "0x", signatures: [] },
      },
      { kind: "finalize-dispute", payload: { terms, disputeId: DISPUTE_ID } },
    ];

    const order = foldPending(orderAfter("charge", []), operations, context);
    expect(order).to.include({ awarded: 2_500n, refundable: 7_500n, dispute: null, disputeCount: 1 });
    expect(orderAfter("charge", [dispute(1n)]).disputeCount).to.equal(1);
  });
});

function decideOrKeep(order: OrderPosition, command: OrderCommand, now: number): OrderPosition {
  try {
    return decide(order, command, { now });
  } catch (error) {
    if (error instanceof DomainError) return order;
    throw error;
  }
}

function expectConserved(order: OrderPosition): void {
  const { capturable, refundable, captured, voided, reclaimed, refunded, awarded } = order;
  const kept = captured - refunded - awarded;
  expect(capturable + captured + voided + reclaimed).to.equal(order.amount);
  expect(refundable).to.equal(kept);
  expect(feesOf(order)).to.equal((kept * BigInt(order.feeBps)) / 10_000n);
  for (const part of [capturable, refundable, captured, voided, reclaimed, refunded, awarded]) {
    expect(part >= 0n).to.equal(true);
  }
  if (order.dispute === null) return;
  expect(order.dispute.captured <= refundable && order.dispute.held <= capturable).to.equal(true);
}
