import { nameAt } from "../../chain/words.ts";
import { PARTICIPANT_KINDS, PARTICIPANT_STATUSES } from "../../domain/operation.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import { choose, type EventTable, eventsOf, type Projection, UnknownSubjectError } from "./projection.ts";

type ParticipantRow = ProjectionRow<"chain_participant">;

type ParticipantChange = {
  readonly address: Hex;
  /** Only a registration begins a row; a successor's follows its recovery in the same transaction. */
  readonly begins?: Omit<ParticipantRow, "block_number" | "log_index">;
  readonly set?: Partial<ParticipantRow>;
};

const NO_ADDRESS = `0x${"0".repeat(40)}`;
const NO_REQUEST = { requested_payout_address: null, payout_effective_from: null };

const CHANGES: EventTable<ParticipantChange> = {
  ParticipantRegistered: ({ args }) => ({
    address: args.account,
    begins: {
      address: args.account,
      // The first member of the Solidity enum means none.
      kind: nameAt(PARTICIPANT_KINDS, args.kind - 1),
      status: "active",
      kyc_level: args.kycLevel,
      kyc_until: args.kycUntil,
      payout_address: paidAt(args.account, args.payoutAddress),
      ...NO_REQUEST,
      successor: null,
    },
  }),
  ParticipantStatusChanged: ({ args }) => ({
    address: args.account,
    set: { status: nameAt(PARTICIPANT_STATUSES, args.status) },
  }),
  ParticipantKycSet: ({ args }) => ({
    address: args.account,
    set: { kyc_level: args.kycLevel, kyc_until: args.kycUntil },
  }),
  ParticipantRecovered: ({ args }) => ({ address: args.old, set: { successor: args.successor } }),
  PayoutAddressRequested: ({ args }) => ({
    address: args.account,
    set: {
      requested_payout_address: paidAt(args.account, args.requested),
      payout_effective_from: args.effectiveFrom,
    },
  }),
  PayoutAddressChanged: ({ args }) => ({
    address: args.account,
    set: { payout_address: paidAt(args.account, args.current), ...NO_REQUEST },
  }),
  PayoutAddressCanceled: ({ args }) => ({ address: args.account, set: NO_REQUEST }),
};

/** Who is registered on the chain, as what, and where they are paid. */
export const chainParticipantProjection: Projection<"chain_participant"> = {
  table: "chain_participant",
  events: eventsOf(CHANGES),
  keysOf(event, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    return change ? [{ address: change.address }] : [];
  },
  apply(event, rows, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    if (change === undefined) return;

    const before = change.begins ?? rows.get({ address: change.address });
    if (before === undefined) throw new UnknownSubjectError("participant", change.address);
    const { blockNumber, logIndex } = event.log;
    rows.put({ ...before, ...change.set, block_number: blockNumber, log_index: logIndex });
  },
};

/** Without an address of its own a participant is paid at its account. */
function paidAt(account: Hex, payoutAddress: Hex): Hex {
  return payoutAddress === NO_ADDRESS ? account : payoutAddress;
}
