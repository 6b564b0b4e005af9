import type { ChainEvent, ChainEventOf } from "../../chain/events.ts";
import type { Hex } from "../../domain/order-terms.ts";
import { type Projection, placeOf, plus, UnknownSubjectError } from "./projection.ts";

/** Awards that waited for money, per account and order: what was deferred, and how much of it was paid since. */
export const unpaidAwardProjection: Projection<"unpaid_award"> = {
  table: "unpaid_award",
  events: ["AwardDeferred", "AwardMoved", "AwardPaid"],
  keysOf: (event) => (isOfAward(event) ? [keyOf(event.args)] : []),
  apply(event, rows) {
    if (event.name === "AwardDeferred") {
      const key = keyOf(event.args);
      const before = rows.get(key) ?? { ...key, payer: event.args.payer, deferred: "0", paid: "0" };
      rows.put({ ...before, deferred: plus(before.deferred, event.args.amount), ...placeOf(event) });
    }
    if (event.name === "AwardPaid" || event.name === "AwardMoved") {
      const before = rows.get(keyOf(event.args));
      if (before === undefined) throw new UnknownSubjectError("award", event.args.orderId);
      const { amount } = event.args;
      const after =
        event.name === "AwardPaid"
          ? { ...before, paid: plus(before.paid, amount) }
          : // The successor's own deferral follows.
            { ...before, deferred: plus(before.deferred, -amount) };
      rows.put({ ...after, ...placeOf(event) });
    }
  },
};

function isOfAward(event: ChainEvent): event is ChainEventOf<"AwardDeferred" | "AwardMoved" | "AwardPaid"> {
  return event.name === "AwardDeferred" || event.name === "AwardMoved" || event.name === "AwardPaid";
}

function keyOf({
  operator,
  token,
  account,
  orderId,
}: {
  operator: Hex;
  token: Hex;
  account: Hex;
  orderId: Hex;
}) {
  return { operator, token, account, order_id: orderId };
}
