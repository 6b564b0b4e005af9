import { nameAt } from "../../chain/words.ts";
import { DISPUTE_REASONS, RULING_BASES } from "../../domain/operation.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  choose,
  type EventTable,
  eventsOf,
  type Projection,
  placeOf,
  toCount,
  toSeconds,
  UnknownSubjectError,
} from "./projection.ts";

type DisputeRow = ProjectionRow<"dispute">;

type DisputeChange = {
  readonly disputeId: Hex;
  /** Only the lock, the first event of every dispute, begins a row. */
  readonly begins?: DisputeBeginning;
  readonly set: Partial<DisputeRow>;
};

type DisputeBeginning = Omit<DisputeRow, "block_hash" | "block_number" | "log_index" | "tx_hash">;

const NO_EVIDENCE: Hex = `0x${"0".repeat(64)}`;

/** By `IDisputeCourt.Side`. */
const OFFERS = ["none", "payer_offer", "merchant_offer"] as const;

const CHANGES: EventTable<DisputeChange> = {
  DisputeLocked: ({ args }, { orders }) => ({
    disputeId: args.disputeId,
    // What the ledger does not know follows in `DisputeOpened`, in the same transaction.
    begins: {
      dispute_id: args.disputeId,
      order_id: args.orderId,
      merchant: args.merchant,
      payer: payerOf(args.orderId, orders(args.orderId)),
      amount: (args.captured + args.held).toString(),
      reason: "other",
      state: "open",
      basis: null,
      payer_bps: null,
      award: null,
      evidence: NO_EVIDENCE,
      respond_by: 0,
      rule_by: null,
      captured: args.captured.toString(),
      held: args.held.toString(),
      locked_pending: args.lockedPending.toString(),
      locked_available: args.lockedAvailable.toString(),
      locked_reserve: args.lockedReserve.toString(),
      locked_cycle: toCount(args.lockedCycle),
      bond: "0",
      payer_offer: null,
      merchant_offer: null,
      awarded: "0",
      voided: "0",
      deferred: "0",
    },
    set: {},
  }),
  DisputeOpened: ({ args }) => ({
    disputeId: args.disputeId,
    set: {
      amount: args.amount.toString(),
      reason: nameAt(DISPUTE_REASONS, args.reason),
      evidence: args.evidence,
      respond_by: toSeconds(args.respondBy),
    },
  }),
  DisputeContested: ({ args }) => ({
    disputeId: args.disputeId,
    set: { state: "contested", evidence: args.evidence, rule_by: toSeconds(args.ruleBy) },
  }),
  DisputeRuled: ({ args }) => ({
    disputeId: args.disputeId,
    set: {
      state: "ruled",
      award: args.award.toString(),
      basis: nameAt(RULING_BASES, args.basis),
      rule_by: args.appealBy === 0n ? null : toSeconds(args.appealBy),
    },
  }),
  DisputeEscalated: ({ args }) => ({
    disputeId: args.disputeId,
    set: { state: "contested", rule_by: toSeconds(args.ruleBy) },
  }),
  DisputeAppealed: ({ args }) => ({
    disputeId: args.disputeId,
    set: { state: "appealed", rule_by: toSeconds(args.ruleBy) },
  }),
  EvidenceSubmitted: ({ args }) => ({ disputeId: args.disputeId, set: { evidence: args.evidence } }),
  DisputeOffered: ({ args }) => ({
    disputeId: args.disputeId,
    set: { [nameAt(OFFERS, args.side)]: args.amount.toString() },
  }),
  OfferWithdrawn: ({ args }) => ({
    disputeId: args.disputeId,
    set: { [nameAt(OFFERS, args.side)]: null },
  }),
  BondTaken: ({ args }) => ({ disputeId: args.disputeId, set: { bond: args.bond.toString() } }),
  BondPaid: ({ args }) => ({ disputeId: args.disputeId, set: { bond: args.bond.toString() } }),
  DisputeFinalized: ({ args }) => ({ disputeId: args.disputeId, set: { state: "final" } }),
  DisputePaid: ({ args }) => ({
    disputeId: args.disputeId,
    set: {
      awarded: args.awarded.toString(),
      voided: args.voided.toString(),
      deferred: args.deferred.toString(),
    },
  }),
};

/** Disputes: the court's state and what the ledger locked and paid. */
export const disputeProjection: Projection<"dispute"> = {
  table: "dispute",
  events: eventsOf(CHANGES),
  keysOf: ({ args }) => ("disputeId" in args ? [{ dispute_id: args.disputeId }] : []),
  apply(event, rows, surroundings) {
    const change = choose(CHANGES, event, surroundings);
    if (change === undefined) return;

    const before = change.begins ?? rows.get({ dispute_id: change.disputeId });
    if (before === undefined) throw new UnknownSubjectError("dispute", change.disputeId);
    const after = { ...before, ...change.set };
    rows.put({ ...after, payer_bps: shareOf(after), ...placeOf(event) });
  },
};

/** The smallest whole share of the disputed amount that gives the award. */
function shareOf({ award, amount }: Pick<DisputeRow, "award" | "amount">): number | null {
  if (award === null || BigInt(amount) === 0n) return null;
  return toCount((BigInt(award) * 10_000n + BigInt(amount) - 1n) / BigInt(amount));
}

function payerOf(orderId: Hex, parties: { readonly payer: Hex } | undefined): Hex {
  if (parties === undefined) throw new UnknownSubjectError("order", orderId);
  return parties.payer;
}
