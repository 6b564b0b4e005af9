import { describeHoldReason } from "../../chain/hold-reason.ts";
import type { PayoutState } from "../../domain/snapshot.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import { choose, type EventTable, eventsOf, type Projection, placeOf } from "./projection.ts";

type Payout = Omit<ProjectionRow<"payout">, "block_hash" | "block_number" | "log_index" | "tx_hash">;

const PAYOUTS: EventTable<Payout> = {
  PayoutPaid: ({ args }) => payout(args, "paid", null),
  PayoutHeld: ({ args }) => payout(args, "held", describeHoldReason(args.reason)),
};

/** Every attempt to send a merchant its available money; a held one left the money where it was. */
export const payoutProjection: Projection<"payout"> = {
  table: "payout",
  events: eventsOf(PAYOUTS),
  keysOf: () => [],
  apply(event, rows, surroundings) {
    const attempt = choose(PAYOUTS, event, surroundings);
    if (attempt) rows.put({ ...placeOf(event), ...attempt });
  },
};

function payout(
  args: {
    readonly operator: Payout["operator"];
    readonly token: Payout["token"];
    readonly merchant: Payout["merchant"];
    readonly to: Payout["recipient"];
    readonly amount: bigint;
  },
  state: PayoutState,
  reason: string | null,
): Payout {
  return {
    operator: args.operator,
    token: args.token,
    merchant: args.merchant,
    recipient: args.to,
    amount: args.amount.toString(),
    state,
    reason,
  };
}
