import { expect } from "chai";
import { decide } from "../../../services/domain/order.ts";
import { LONGEST_HOLD } from "../../../services/domain/order-limits.ts";
import { feesOf } from "../../../services/domain/order-position.ts";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import { dispute, NOW, ORDER_ID, orderAfter, orderTerms } from "./order-builder.ts";
import { refusalOf } from "./refusal.ts";

describe("decide authorize", () => {
  it("holds the amount", () => {
    const order = orderAfter("authorize", []);

    expect(order).to.include({ capturable: 10_000n, refundable: 0n, state: "authorized" });
    expect(feesOf(order)).to.equal(0n);
  });

  it("holds and captures in one step as a charge", () => {
    const order = orderAfter("charge", []);

    expect(order).to.include({ capturable: 0n, refundable: 10_000n, captured: 10_000n, state: "captured" });
    expect(feesOf(order)).to.equal(500n);
  });

  it("refuses an order that exists", () => {
    const order = orderAfter("authorize", []);
    const again = { kind: "authorize", orderId: ORDER_ID, terms: orderTerms() } as const;

    expect(refusalOf(() => decide(order, again, { now: NOW })).code).to.equal("order_exists");
  });

  it("is in time at authorizeBy and too late a second after", () => {
    const command = { kind: "authorize", orderId: ORDER_ID, terms: orderTerms() } as const;
    const deadline = command.terms.authorizeBy;

    expect(decide(undefined, command, { now: deadline }).state).to.equal("authorized");
    expect(refusalOf(() => decide(undefined, command, { now: deadline + 1 })).code).to.equal("order_expired");
  });

  const wrong: readonly (readonly [keyof OrderTerms, Partial<OrderTerms>])[] = [
    ["payer", { payer: orderTerms().merchant }],
    ["captureBy", { captureBy: NOW + 999 }],
    ["reclaimFrom", { reclaimFrom: NOW + 2_000 }],
    ["refundBy", { refundBy: NOW + 1_999 }],
    ["feeBps", { feeBps: 10_001 }],
    ["feeReceiver", { feeReceiver: `0x${"0".repeat(40)}` }],
    ["defaultPayerBps", { defaultPayerBps: 10_001 }],
    ["reclaimFrom", { reclaimFrom: NOW + LONGEST_HOLD + 1 }],
    ["refundBy", { refundBy: NOW + 2_000 + LONGEST_HOLD + 1 }],
    ["disputeWindow", { disputeWindow: LONGEST_HOLD + 1 }],
    ["amount", { amount: 2n ** 80n }],
    ["amount", { amount: 0n }],
  ];
  for (const [field, overrides] of wrong) {
    it(`refuses terms whose ${field} is wrong: ${Object.values(overrides)}`, () => {
      const { code, context } = refusalOf(() =>
        orderAfter("authorize", [], { terms: orderTerms(overrides) }),
      );

      expect({ code, field: context.field }).to.deep.equal({ code: "terms_invalid", field });
    });
  }
});

describe("decide on an order", () => {
  it("refuses everything on an unknown order", () => {
    for (const command of [
      { kind: "capture" },
      { kind: "refund", amount: 1n },
      { kind: "contest" },
    ] as const) {
      expect(refusalOf(() => decide(undefined, command, { now: NOW })).code).to.equal("order_unknown");
    }
  });

  context("when capturing", () => {
    it("captures in parts, and without an amount all the rest", () => {
      const order = orderAfter("authorize", [{ kind: "capture", amount: 1n }, { kind: "capture" }]);

      expect(order).to.include({ capturable: 0n, captured: 10_000n, state: "captured", capturedAt: NOW });
    });

    it("refuses more than is held, naming both", () => {
      const { code, context } = refusalOf(() =>
        orderAfter("authorize", [{ kind: "capture", amount: 10_001n }]),
      );

      expect(code).to.equal("exceeds_capturable");
      expect(context).to.include({ requested: "10001", capturable: "10000" });
    });

    it("refuses where nothing is held any more", () => {
      expect(refusalOf(() => orderAfter("charge", [{ kind: "capture" }])).code).to.equal(
        "exceeds_capturable",
      );
    });

    it("is in time at captureBy and too late a second after", () => {
      const order = orderAfter("authorize", []);

      expect(decide(order, { kind: "capture" }, { now: order.captureBy }).state).to.equal("captured");
      const late = refusalOf(() => decide(order, { kind: "capture" }, { now: order.captureBy + 1 }));
      expect(late.code).to.equal("order_expired");
    });
  });

  context("when voiding", () => {
    it("ends an order that never captured as voided", () => {
      expect(orderAfter("authorize", [{ kind: "void" }])).to.include({ voided: 10_000n, state: "voided" });
    });

    it("leaves an order that captured as captured", () => {
      const order = orderAfter("authorize", [{ kind: "capture", amount: 4_000n }, { kind: "void" }]);

      expect(order).to.include({ voided: 6_000n, refundable: 4_000n, state: "captured" });
    });

    it("is allowed after captureBy", () => {
      const order = orderAfter("authorize", []);

      expect(decide(order, { kind: "void" }, { now: order.refundBy + 1 }).state).to.equal("voided");
    });

    it("refuses once nothing is held", () => {
      const twice = [{ kind: "void" }, { kind: "void" }] as const;

      expect(refusalOf(() => orderAfter("authorize", twice)).code).to.equal("exceeds_capturable");
    });
  });

  context("when refunding", () => {
    it("returns the fee on what is refunded", () => {
      const order = orderAfter("charge", [{ kind: "refund", amount: 1n }]);

      expect(order).to.include({ refundable: 9_999n, refunded: 1n, state: "captured" });
      expect(feesOf(order)).to.equal(499n);
    });

    it("ends a wholly refunded order as refunded, without fees", () => {
      const order = orderAfter("charge", [{ kind: "refund", amount: 10_000n }]);

      expect(order.state).to.equal("refunded");
      expect(feesOf(order)).to.equal(0n);
    });

    it("refuses more than was captured, naming both", () => {
      const { code, context } = refusalOf(() => orderAfter("authorize", [{ kind: "refund", amount: 1n }]));

      expect(code).to.equal("exceeds_refundable");
      expect(context).to.include({ requested: "1", refundable: "0" });
    });

    it("is in time at refundBy and too late a second after", () => {
      const order = orderAfter("charge", []);
      const command = { kind: "refund", amount: 1n } as const;

      expect(decide(order, command, { now: order.refundBy }).refunded).to.equal(1n);
      expect(refusalOf(() => decide(order, command, { now: order.refundBy + 1 })).code).to.equal(
        "order_expired",
      );
    });

    it("leaves the disputed part of captured money alone", () => {
      const order = orderAfter("charge", [dispute(4_000n)]);

      expect(decide(order, { kind: "refund", amount: 6_000n }, { now: NOW }).refunded).to.equal(6_000n);
      const refusal = refusalOf(() => decide(order, { kind: "refund", amount: 6_001n }, { now: NOW }));
      expect(refusal.context).to.include({ requested: "6001", refundable: "6000" });
    });
  });

  context("when reclaiming", () => {
    it("belongs to the payer from reclaimFrom on, and to nobody before", () => {
      const order = orderAfter("authorize", [{ kind: "capture", amount: 4_000n }]);
      const command = { kind: "reclaim" } as const;

      expect(refusalOf(() => decide(order, command, { now: order.reclaimFrom - 1 })).code).to.equal(
        "not_reclaimable",
      );
      const reclaimed = decide(order, command, { now: order.reclaimFrom });
      expect(reclaimed).to.include({ capturable: 0n, reclaimed: 6_000n, state: "captured" });
    });

    it("refuses where nothing is held", () => {
      const order = orderAfter("charge", []);
      const refusal = refusalOf(() => decide(order, { kind: "reclaim" }, { now: order.reclaimFrom }));

      expect(refusal.code).to.equal("exceeds_capturable");
    });
  });

  for (const kind of ["capture", "void", "reclaim"] as const) {
    it(`refuses to ${kind} while a dispute is open`, () => {
      const order = orderAfter("authorize", [dispute(1n)]);

      expect(refusalOf(() => decide(order, { kind }, { now: order.reclaimFrom })).code).to.equal(
        "order_disputed",
      );
    });
  }
});
