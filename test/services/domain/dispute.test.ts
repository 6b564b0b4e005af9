import { expect } from "chai";
import { DISPUTE_LIMIT } from "../../../services/domain/dispute.ts";
import { decide } from "../../../services/domain/order.ts";
import type { OrderCommand } from "../../../services/domain/order-command.ts";
import type { OrderPosition } from "../../../services/domain/order-position.ts";
import { DISPUTE_ID, dispute, NOW, orderAfter } from "./order-builder.ts";
import { refusalOf } from "./refusal.ts";

const contest: OrderCommand = { kind: "contest" };
const finalize: OrderCommand = { kind: "finalize-dispute" };
const rule = (payerBps: number): OrderCommand => ({ kind: "rule", payerBps });

describe("decide open-dispute", () => {
  it("takes captured money first, then held money", () => {
    const order = orderAfter("authorize", [{ kind: "capture", amount: 4_000n }, dispute(5_000n)]);

    expect(order.dispute).to.include({ amount: 5_000n, captured: 4_000n, held: 1_000n, state: "open" });
    expect(order.disputeCount).to.equal(1);
  });

  it("refuses more than the order has", () => {
    const { code, context } = refusalOf(() => orderAfter("authorize", [dispute(10_001n)]));

    expect(code).to.equal("exceeds_order");
    expect(context).to.include({ requested: "10001", remaining: "10000" });
  });

  it("refuses more than captured money where only that is meant", () => {
    const order = orderAfter("authorize", [{ kind: "capture", amount: 4_000n }]);
    const command = { ...dispute(4_001n), capturedOnly: true };

    expect(refusalOf(() => decide(order, command, { now: NOW })).code).to.equal("exceeds_refundable");
  });

  it("refuses a second dispute while one is open", () => {
    expect(refusalOf(() => orderAfter("charge", [dispute(1n), dispute(1n)])).code).to.equal("order_disputed");
  });

  it(`refuses more than ${DISPUTE_LIMIT} disputes of one order`, () => {
    const order = { ...orderAfter("charge", []), disputeCount: DISPUTE_LIMIT };

    expect(refusalOf(() => decide(order, dispute(1n), { now: NOW })).code).to.equal("dispute_too_many");
  });

  context("given that the window over captured money has closed", () => {
    const late = NOW + 5_001;

    it("is in time in the window's last second", () => {
      expect(decide(orderAfter("charge", []), dispute(1n), { now: NOW + 5_000 }).dispute?.captured).to.equal(
        1n,
      );
    });

    it("refuses a dispute that needs captured money", () => {
      const refusal = refusalOf(() => decide(orderAfter("charge", []), dispute(1n), { now: late }));

      expect(refusal.code).to.equal("dispute_window_closed");
    });

    it("takes held money alone, if it suffices", () => {
      const order = orderAfter("authorize", [{ kind: "capture", amount: 4_000n }]);

      expect(decide(order, dispute(6_000n), { now: late }).dispute).to.include({
        captured: 0n,
        held: 6_000n,
      });
    });
  });
});

describe("decide on a dispute", () => {
  function settled(payerBps: number): OrderPosition {
    const capture = { kind: "capture", amount: 4_000n } as const;
    return orderAfter("authorize", [capture, dispute(5_001n), contest, rule(payerBps), finalize]);
  }

  it("gives the payer everything at 10,000", () => {
    expect(settled(10_000)).to.include({
      awarded: 4_000n,
      voided: 1_001n,
      capturable: 4_999n,
      dispute: null,
    });
  });

  it("leaves the merchant everything at 0", () => {
    expect(settled(0)).to.include({ awarded: 0n, voided: 0n, capturable: 6_000n, refundable: 4_000n });
  });

  it("rounds a split down and takes it from captured money first", () => {
    expect(settled(5_000)).to.include({ awarded: 2_500n, voided: 0n, refundable: 1_500n });
  });

  it("no longer knows the deadlines that the dispute has moved", () => {
    const order = settled(0);

    expect(order.clockShift).to.equal(null);
    expect(decide(order, { kind: "capture" }, { now: order.captureBy + 1 }).capturable).to.equal(0n);
  });

  it("lets the merchant give in, contested or not", () => {
    for (const before of [[], [contest]]) {
      const order = orderAfter("charge", [dispute(10_000n), ...before, { kind: "accept-dispute" }, finalize]);
      expect(order).to.include({ awarded: 10_000n, state: "refunded" });
    }
  });

  it("refuses everything where no dispute is open", () => {
    for (const command of [contest, rule(0), finalize, { kind: "accept-dispute" } as const]) {
      expect(refusalOf(() => orderAfter("charge", [command])).code).to.equal("dispute_not_open");
    }
  });

  it("refuses to act on another dispute than the open one", () => {
    const other: OrderCommand = { kind: "contest", disputeId: `0x${"00".repeat(32)}` };

    expect(refusalOf(() => orderAfter("charge", [dispute(1n), other])).code).to.equal("dispute_not_open");
  });

  it("refuses steps out of order", () => {
    for (const steps of [
      [rule(0)],
      [contest, contest],
      [contest, rule(0), rule(0)],
      [contest, rule(0), contest],
    ]) {
      expect(refusalOf(() => orderAfter("charge", [dispute(1n), ...steps])).code).to.equal(
        "dispute_state_wrong",
      );
    }
  });

  for (const payerBps of [-1, 10_001, 0.5, Number.NaN]) {
    it(`refuses a share of ${payerBps}`, () => {
      const refusal = refusalOf(() => orderAfter("charge", [dispute(1n), contest, rule(payerBps)]));

      expect(refusal.code).to.equal("share_invalid");
    });
  }

  context("given a side that stays silent", () => {
    const open = orderAfter("charge", [dispute(10_000n)]);
    const silentMerchant = withDeadlines(open, { respondBy: NOW + 10 });
    const silentPanel = withDeadlines(orderAfter("charge", [dispute(10_001n - 1n), contest]), {
      ruleBy: NOW + 10,
    });

    it("makes a silent merchant lose", () => {
      expect(decide(silentMerchant, finalize, { now: NOW + 11 }).awarded).to.equal(10_000n);
    });

    it("pays what the terms say where the panel is silent", () => {
      expect(decide(silentPanel, finalize, { now: NOW + 11 }).awarded).to.equal(5_000n);
    });

    it("waits for the whole of the time", () => {
      for (const order of [open, silentMerchant, silentPanel]) {
        const refusal = refusalOf(() => decide(order, finalize, { now: NOW + 10 }));
        expect(refusal.code).to.equal("dispute_deadline_pending");
      }
    });

    it("refuses an answer or a ruling that comes too late", () => {
      for (const [order, command] of [
        [silentMerchant, contest],
        [silentPanel, rule(0)],
      ] as const) {
        expect(refusalOf(() => decide(order, command, { now: NOW + 11 })).code).to.equal(
          "dispute_deadline_passed",
        );
      }
    });
  });
});

function withDeadlines(
  order: OrderPosition,
  deadlines: { readonly respondBy?: number; readonly ruleBy?: number },
): OrderPosition {
  if (order.dispute === null) throw new Error(`No dispute ${DISPUTE_ID} is open.`);
  return { ...order, dispute: { ...order.dispute, ...deadlines } };
}
