import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  choose,
  type EventTable,
  eventsOf,
  type Projection,
  placeOf,
  toSeconds,
  UnknownSubjectError,
} from "./projection.ts";

type Seizure = Omit<ProjectionRow<"seizure">, "block_hash" | "block_number" | "log_index" | "tx_hash">;

type SeizureChange = {
  readonly seizureId: Hex;
  readonly begins?: Seizure;
  readonly set?: Partial<Seizure>;
};

const CHANGES: EventTable<SeizureChange> = {
  SeizureProposed: ({ args }) => ({
    seizureId: args.seizureId,
    begins: {
      seizure_id: args.seizureId,
      operator: args.operator,
      token: args.token,
      account: args.account,
      amount: args.amount.toString(),
      court_reference: args.courtReference,
      executable_from: toSeconds(args.executableFrom),
      state: "proposed",
      statutory_account: null,
    },
  }),
  SeizureCanceled: ({ args }) => ({ seizureId: args.seizureId, set: { state: "canceled" } }),
  AccountSeized: ({ args }) => ({
    seizureId: args.seizureId,
    set: { state: "executed", statutory_account: args.statutoryAccount },
  }),
};

/** Money of frozen accounts that a court wants, and what became of it. */
export const seizureProjection: Projection<"seizure"> = {
  table: "seizure",
  events: eventsOf(CHANGES),
  keysOf(event, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    return change ? [{ seizure_id: change.seizureId }] : [];
  },
  apply(event, rows, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    if (change === undefined) return;

    const before = change.begins ?? rows.get({ seizure_id: change.seizureId });
    if (before === undefined) throw new UnknownSubjectError("seizure", change.seizureId);
    rows.put({ ...before, ...change.set, ...placeOf(event) });
  },
};
