import type { Hex } from "../../domain/order-terms.ts";
import type { MovementKind } from "../../domain/statement.ts";
import { type BookKey, type EventTable, partiesOf } from "./projection.ts";

/** What an event says in a statement of one account; `gross` adds to what the account is owed, `fee` is taken off. */
export type Line = BookKey & {
  readonly address: Hex;
  readonly kind: MovementKind;
  readonly orderId: Hex | null;
  readonly gross: bigint;
  readonly fee: bigint;
};

/** Lines of the accounts whose new words the event carries. */
export const OWN_LINES: EventTable<readonly Line[]> = {
  FeeAccrued: ({ args }) =>
    args.isAvailable ? [] : [lineOf(args, args.feeReceiver, "fee", args.orderId, args.fee)],
  // A payee's share is its own capture.
  SplitAccrued: ({ args }) => [lineOf(args, args.payee, "capture", args.orderId, args.amount)],
  ReserveReleased: ({ args }) => [lineOf(args, args.account, "release", null, args.amount)],
  SuccessorDrawn: ({ args }) => [
    lineOf(args, args.account, "carry", null, args.pending),
    lineOf(args, args.successor, "carry", null, -args.pending),
  ],
};

/** What helps an account to give back more than it has; the account's next word tells of it. */
export const HELPING_LINES: EventTable<Line | undefined> = {
  ReserveDrawn: ({ args }) => lineOf(args, args.account, "release", null, args.amount),
  DebtIncurred: ({ args }) => lineOf(args, args.account, "debt", null, args.amount),
  // An award that moves to a successor is a line already, of the account that owed it first.
  AwardDeferred: ({ args, log }, { previous }) =>
    previous?.name === "AwardMoved" && previous.log.txHash === log.txHash
      ? undefined
      : lineOf(args, args.account, "awardPaidLater", args.orderId, args.amount),
};

/** Lines of the order's merchant that come ahead of the capture they belong to. */
export const LINES_AHEAD: EventTable<Line> = {
  SplitAccrued: ({ args }, { orders }) =>
    lineOf(args, partiesOf(args.orderId, orders).merchant, "fee", args.orderId, 0n, args.amount),
  ReserveWithheld: ({ args }) => lineOf(args, args.account, "holdback", args.orderId, -args.amount),
};

/** The merchant's line of an event that ends what was ahead of it; one of nothing is none. */
export const CLOSING_LINES: EventTable<Line> = {
  OrderCaptured: ({ args }, { orders }) =>
    lineOf(partiesOf(args.orderId, orders), args.merchant, "capture", args.orderId, args.amount, args.fee),
  OrderRefunded: ({ args }) =>
    lineOf(args, args.merchant, "refund", args.orderId, -args.amount, -args.feeReturned),
  DisputePaid: ({ args: { orderId, merchant, awarded, feeReturned } }, { orders }) =>
    lineOf(partiesOf(orderId, orders), merchant, "award", orderId, -awarded, -feeReturned),
  // What a dispute takes aside is a carry.
  DisputeLocked: ({ args }, { orders }) =>
    lineOf(partiesOf(args.orderId, orders), args.merchant, "carry", args.orderId, 0n),
};

/** A line of an account. */
export function lineOf(
  { operator, token }: BookKey,
  address: Hex,
  kind: MovementKind,
  orderId: Hex | null,
  gross: bigint,
  fee = 0n,
): Line {
  return { operator, token, address, kind, orderId, gross, fee };
}

/** The sum of the nets. */
export function sumOf(lines: readonly Line[]): bigint {
  return lines.reduce((sum, { gross, fee }) => sum + gross - fee, 0n);
}
