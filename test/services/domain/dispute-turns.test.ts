import { expect } from "chai";
import { decide } from "../../../services/domain/order.ts";
import type { OrderCommand } from "../../../services/domain/order-command.ts";
import type { OrderPosition } from "../../../services/domain/order-position.ts";
import { dispute, NOW, orderAfter } from "./order-builder.ts";
import { refusalOf } from "./refusal.ts";

const LATE = NOW + 11;
const contest: OrderCommand = { kind: "contest" };
const rule: OrderCommand = { kind: "rule", payerBps: 2_500 };
const finalize: OrderCommand = { kind: "finalize-dispute" };
const appeal: OrderCommand = { kind: "appeal" };
const escalate: OrderCommand = { kind: "escalate" };
const evidence: OrderCommand = { kind: "submit-evidence" };
const offer = (amount: bigint): OrderCommand => ({ kind: "offer", amount, deadline: NOW + 100 });
const agree = (amount: bigint): OrderCommand => ({ kind: "agree", amount, deadline: NOW + 100 });
const withdrawOffer: OrderCommand = { kind: "withdraw-offer" };
const acceptOffer = (amount: bigint): OrderCommand => ({ kind: "accept-offer", amount });

describe("decide offers", () => {
  it("settles for the amount that was accepted, in any state before the end", () => {
    for (const before of [[], [contest], [contest, rule]]) {
      const steps = [dispute(10_000n), ...before, offer(3_000n), acceptOffer(3_000n), finalize];
      expect(orderAfter("charge", steps)).to.include({ awarded: 3_000n, dispute: null });
    }
  });

  it("takes an offer of nothing, and none above the disputed amount", () => {
    expect(orderAfter("charge", [dispute(5_000n), offer(0n)]).dispute?.state).to.equal("open");
    for (const command of [offer(5_001n), acceptOffer(5_001n)]) {
      expect(refusalOf(() => orderAfter("charge", [dispute(5_000n), command])).code).to.equal(
        "exceeds_order",
      );
    }
  });

  it("refuses an offer that has lapsed", () => {
    const order = orderAfter("charge", [dispute(5_000n)]);

    expect(refusalOf(() => decide(order, offer(1n), { now: NOW + 101 })).code).to.equal(
      "dispute_deadline_passed",
    );
  });
});

describe("decide agree", () => {
  it("settles for what both sides signed, in any state before the end", () => {
    for (const before of [[], [contest], [contest, rule]]) {
      const steps = [dispute(10_000n), ...before, agree(3_000n), finalize];
      expect(orderAfter("charge", steps)).to.include({ awarded: 3_000n, dispute: null });
    }
  });

  it("refuses more than is disputed, what has lapsed, and what no dispute is open for", () => {
    const order = orderAfter("charge", [dispute(5_000n)]);

    expect(refusalOf(() => decide(order, agree(5_001n), { now: NOW })).code).to.equal("exceeds_order");
    expect(refusalOf(() => decide(order, agree(1n), { now: NOW + 101 })).code).to.equal(
      "dispute_deadline_passed",
    );
    expect(refusalOf(() => orderAfter("charge", [agree(1n)])).code).to.equal("dispute_not_open");
  });
});

describe("decide withdraw-offer", () => {
  it("leaves the dispute as it is, and needs one", () => {
    const order = orderAfter("charge", [dispute(5_000n), offer(1n)]);

    expect(decide(order, withdrawOffer, { now: NOW })).to.deep.equal(order);
    expect(refusalOf(() => orderAfter("charge", [withdrawOffer])).code).to.equal("dispute_not_open");
  });
});

describe("decide submit-evidence", () => {
  it("changes nothing else while somebody has to answer", () => {
    const order = orderAfter("charge", [dispute(5_000n)]);

    expect(decide(order, evidence, { now: NOW })).to.deep.equal(order);
    expect(refusalOf(() => orderAfter("charge", [dispute(1n), contest, rule, evidence])).code).to.equal(
      "dispute_state_wrong",
    );
  });

  it("refuses what comes after the deadline", () => {
    const order = due(orderAfter("charge", [dispute(5_000n), contest]));

    expect(refusalOf(() => decide(order, evidence, { now: LATE })).code).to.equal("dispute_deadline_passed");
  });
});

describe("decide escalate", () => {
  const contested = orderAfter("charge", [dispute(5_000n), contest]);

  it("gives the backup a time that is not known yet", () => {
    const order = decide(due(contested), escalate, { now: LATE });

    expect(order.dispute).to.include({ state: "contested", ruleBy: null });
    expect(decide(order, rule, { now: LATE }).dispute?.award).to.equal(1_250n);
  });

  it("refuses while the panel has time, and what is not contested", () => {
    for (const order of [contested, due(contested)]) {
      expect(refusalOf(() => decide(order, escalate, { now: NOW + 10 })).code).to.equal(
        "dispute_deadline_pending",
      );
    }
    expect(refusalOf(() => orderAfter("charge", [dispute(1n), escalate])).code).to.equal(
      "dispute_state_wrong",
    );
  });
});

describe("decide appeal", () => {
  const ruled = orderAfter("charge", [dispute(8_000n), contest, rule]);

  it("lets the appeal panel rule again, and leaves the ruling where it is silent", () => {
    const appealed = decide(ruled, appeal, { now: NOW });

    expect(appealed.dispute).to.include({ state: "appealed", award: 2_000n });
    const overruled = decide(appealed, { kind: "rule", payerBps: 10_000 }, { now: NOW });
    expect(decide(overruled, finalize, { now: NOW }).awarded).to.equal(8_000n);
    expect(decide(due(appealed), finalize, { now: LATE }).awarded).to.equal(2_000n);
  });

  it("keeps a ruling from being paid while it can be appealed", () => {
    const order = due(ruled);

    expect(refusalOf(() => decide(order, finalize, { now: NOW })).code).to.equal("dispute_deadline_pending");
    expect(decide(order, finalize, { now: LATE }).awarded).to.equal(2_000n);
    expect(refusalOf(() => decide(order, appeal, { now: LATE })).code).to.equal("dispute_deadline_passed");
  });

  it("refuses where nothing was ruled", () => {
    expect(refusalOf(() => orderAfter("charge", [dispute(1n), appeal])).code).to.equal("dispute_state_wrong");
  });
});

/** The same order, with the deadline of its dispute's state at NOW + 10. */
function due(order: OrderPosition): OrderPosition {
  if (order.dispute === null) throw new Error("No dispute is open.");
  return { ...order, dispute: { ...order.dispute, respondBy: NOW + 10, ruleBy: NOW + 10 } };
}
