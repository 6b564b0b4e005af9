import { expect } from "chai";
import { decide } from "../../../services/domain/order.ts";
import type { OrderCommand } from "../../../services/domain/order-command.ts";
import { LONGEST_HOLD } from "../../../services/domain/order-limits.ts";
import { dispute, NOW, ORDER_ID, orderAfter, orderTerms } from "./order-builder.ts";
import { refusalOf } from "./refusal.ts";

const { captureBy } = orderTerms();
const extend = (to: number): OrderCommand => ({ kind: "extend", captureBy: to });

describe("decide extend", () => {
  it("moves every deadline by as much", () => {
    const order = orderAfter("authorize", [extend(captureBy + 500)]);

    expect(order.clockShift).to.equal(500);
    expect(decide(order, { kind: "capture" }, { now: captureBy + 500 }).captured).to.equal(10_000n);
    const late = refusalOf(() => decide(order, { kind: "reclaim" }, { now: NOW + 3_499 }));
    expect(late.code).to.equal("not_reclaimable");
  });

  it("counts from the deadline that an earlier extension left", () => {
    const order = orderAfter("authorize", [extend(captureBy + 500)]);

    expect(refusalOf(() => decide(order, extend(captureBy + 500), { now: NOW })).code).to.equal(
      "extension_invalid",
    );
    expect(decide(order, extend(captureBy + 501), { now: NOW }).clockShift).to.equal(501);
  });

  for (const [what, to] of [
    ["the present deadline", captureBy],
    ["a deadline further than money is held", NOW + LONGEST_HOLD + 1],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(refusalOf(() => orderAfter("authorize", [extend(to)])).code).to.equal("extension_invalid");
    });
  }

  it("refuses what is too late, disputed or captured", () => {
    const held = orderAfter("authorize", []);
    const late = refusalOf(() => decide(held, extend(captureBy + 500), { now: captureBy + 1 }));
    expect(late.code).to.equal("order_expired");
    expect(refusalOf(() => orderAfter("authorize", [dispute(1n), extend(captureBy + 1)])).code).to.equal(
      "order_disputed",
    );
    expect(refusalOf(() => orderAfter("charge", [extend(captureBy + 1)])).code).to.equal(
      "exceeds_capturable",
    );
  });

  it("leaves the check to the chain where a dispute has moved the deadlines", () => {
    const order = { ...orderAfter("authorize", []), clockShift: null };

    expect(decide(order, extend(captureBy + 1), { now: captureBy + 900 }).state).to.equal("authorized");
  });
});

describe("decide cancel", () => {
  const cancel = { kind: "cancel", orderId: ORDER_ID, terms: orderTerms() } as const;

  it("makes the id unusable, and leaves nothing to act on", () => {
    const order = decide(undefined, cancel, { now: NOW });

    expect(order).to.include({ state: "canceled", amount: 0n, capturable: 0n });
    const again = { ...cancel, kind: "authorize" } as const;
    expect(refusalOf(() => decide(order, again, { now: NOW })).code).to.equal("order_exists");
    for (const kind of ["capture", "reclaim"] as const) {
      expect(refusalOf(() => decide(order, { kind }, { now: NOW })).code).to.equal("order_unknown");
    }
  });

  it("refuses an order that was used", () => {
    const order = orderAfter("authorize", []);

    expect(refusalOf(() => decide(order, cancel, { now: NOW })).code).to.equal("order_exists");
  });
});

describe("decide deliver", () => {
  const deliver = (deliveredAt: number): OrderCommand => ({ kind: "deliver", deliveredAt });

  it("captures everything that is held", () => {
    const order = orderAfter("authorize", [{ kind: "void", amount: 4_000n }, deliver(NOW)]);

    expect(order).to.include({ captured: 6_000n, capturable: 0n, state: "captured" });
  });

  it("refuses a delivery in the future, or after captureBy", () => {
    const order = orderAfter("authorize", []);

    expect(refusalOf(() => decide(order, deliver(NOW + 1), { now: NOW })).code).to.equal("delivery_invalid");
    const late = refusalOf(() => decide(order, deliver(captureBy + 1), { now: captureBy + 1 }));
    expect(late.code).to.equal("delivery_invalid");
  });
});

describe("decide refund-by-consent", () => {
  const refund = (deadline: number): OrderCommand => ({
    kind: "refund-by-consent",
    amount: 4_000n,
    deadline,
  });

  it("refunds until its deadline", () => {
    expect(orderAfter("charge", [refund(NOW)])).to.include({ refunded: 4_000n, refundable: 6_000n });
    expect(refusalOf(() => orderAfter("charge", [refund(NOW - 1)])).code).to.equal("order_expired");
  });
});
