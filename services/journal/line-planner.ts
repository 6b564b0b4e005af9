import type { DomainError } from "../domain/errors.ts";
import type { JournalLine } from "../domain/journal.ts";
import { digest } from "./digest.ts";
import { type FoundDispute, planAgreement, planDispute, planRule } from "./dispute-planner.ts";
import type { KnownOrder, OperationDraft } from "./journal-api.ts";
import { FOREVER, type Line, type LinePlan, type PlannerOptions, referenceOf } from "./line-plan.ts";
import { planCancel, planOrder } from "./order-planner.ts";

/** Lines that need what the network or an earlier line knows of their order. */
type LookingOp = "rule" | "agree" | "deliver" | "extend";

/** Stands for an order that nobody knows: the network refuses what is signed about it. */
const UNKNOWN_ORDER: KnownOrder = { orderId: `0x${"0".repeat(64)}`, payerName: "nobody", captureBy: 0 };

const DAY = 86_400;

/** Turns journal lines into operations and signs what participants and arbiters have to sign. */
export interface LinePlanner {
  /** Refuses with `currency_unknown`, as a value, where the network has no token of the line's currency. */
  plan(line: Exclude<JournalLine, { op: LookingOp }>, key: string): Promise<LinePlan | DomainError>;

  /** What a courier, or both parties, sign about an order that this import or the network knows. */
  planConsent(
    line: Line<"deliver" | "extend">,
    key: string,
    order: KnownOrder | undefined,
  ): Promise<LinePlan>;

  /** A settlement that both sides of a dispute sign, and its payment. */
  planAgreement(
    line: Line<"agree">,
    key: string,
    dispute: FoundDispute,
    order: KnownOrder | undefined,
  ): Promise<LinePlan>;

  /** A ruling, on a dispute that this import follows or that the mirror has; without one the network refuses it. */
  planRule(line: Line<"rule">, key: string, dispute: FoundDispute): Promise<LinePlan>;
}

export function createLinePlanner(options: PlannerOptions): LinePlanner {
  const { signer, chain } = options;
  return {
    async plan(line, key) {
      const plan = (operation: OperationDraft): LinePlan => ({ line: line.line, operations: [operation] });
      switch (line.op) {
        case "authorize":
        case "charge":
          return planOrder(options, line, key);
        case "cancel":
          return planCancel(options, line, key);
        case "capture":
        case "void": {
          const amount = line.amount === undefined ? {} : { amount: line.amount.toString() };
          return plan({ key, kind: line.op, order: referenceOf(line), ...amount });
        }
        case "refund":
          return plan({ key, kind: line.op, order: referenceOf(line), amount: line.amount.toString() });
        case "dispute":
          return planDispute(line, key);
        case "offer": {
          const amount = line.amount.toString();
          return plan({ key, kind: line.op, order: referenceOf(line), amount, deadline: FOREVER });
        }
        case "close-cycle":
        case "payout":
          return plan({ key, kind: line.op });
      }
    },

    async planConsent(line, key, known = UNKNOWN_ORDER) {
      const order = referenceOf(line);
      const { orderId, payerName } = known;
      if (line.op === "deliver") {
        const delivery = {
          ...{ orderId, deliveredAt: chain.chainTime },
          location: digest(["location", line.merchant, line.order]),
        };
        const signature = await signer.signDelivery({ courier: line.courier, ...delivery });
        const { deliveredAt, location } = delivery;
        const deliver = { key, kind: line.op, order, deliveredAt, location, signature };
        return { line: line.line, operations: [deliver] };
      }
      const captureBy = known.captureBy + line.days * DAY;
      const parties = { payer: payerName, merchant: line.merchant };
      const signatures = await signer.signExtension({ ...parties, orderId, captureBy });
      return { line: line.line, operations: [{ key, kind: line.op, order, captureBy, ...signatures }] };
    },

    planAgreement: (line, key, dispute, known = UNKNOWN_ORDER) =>
      planAgreement(signer, line, key, { dispute, known }),
    planRule: (line, key, dispute) => planRule(signer, line, key, dispute),
  };
}
