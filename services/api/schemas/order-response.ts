import type { OrderTermsJson, Split } from "../../domain/order-terms.ts";
import { formatHashId, formatSerialId } from "../../platform/ids.ts";
import type { OutboxState } from "../../store/command-schema.ts";
import type { DisputeRow } from "../../store/dispute-read-model.ts";
import type { InstanceCursor } from "../../store/instance-read-model.ts";
import type { OrderRow } from "../../store/order-read-model.ts";
import { type Finality, finalityOf } from "./finality-response.ts";

/** An order. Until it is on the chain its state is `none`, its amounts are "0" and its finality is null. */
export type OrderResponse = {
  readonly object: "order";
  readonly id: string;
  readonly merchant: string;
  readonly reference: string;
  readonly payer: string;
  readonly currency: string;
  readonly amount: string;
  readonly kind: "authorize" | "charge";
  readonly state: string;
  readonly captured: string;
  readonly voided: string;
  readonly reclaimed: string;
  readonly refunded: string;
  readonly awarded: string;
  readonly fees: string;
  readonly capturable: string;
  readonly refundable: string;
  readonly isDisputed: boolean;
  readonly disputeCount: number;
  readonly terms: OrderTermsJson;
  /** Who else earns a share, in the form in which the terms have their hash. */
  readonly splits: readonly Split[];
  readonly operation: { readonly id: string; readonly state: OutboxState };
  readonly createdAt: string;
  readonly finality: Finality | null;
};

/** A dispute. `merchant` and `reference` are null where the order was not asked for here. */
export type DisputeResponse = {
  readonly object: "dispute";
  readonly id: string;
  readonly order: string;
  readonly merchant: string | null;
  readonly reference: string | null;
  readonly amount: string;
  readonly reason: string;
  readonly state: string;
  readonly basis: string | null;
  readonly payerBps: number | null;
  readonly evidence: string;
  /** Unix seconds. */
  readonly respondBy: number;
  readonly ruleBy: number | null;
  readonly captured: string;
  readonly held: string;
  readonly bond: string;
  /** What each side last offered the payer; null if it has no offer. */
  readonly payerOffer: string | null;
  readonly merchantOffer: string | null;
  /** What the payer is to get, once it is decided. */
  readonly award: string | null;
  readonly awarded: string;
  readonly voided: string;
  /** What of the award waits until the merchant has it. */
  readonly deferred: string;
  readonly finality: Finality;
};

export function orderResponse(row: OrderRow, cursor: InstanceCursor | undefined): OrderResponse {
  return {
    object: "order",
    id: formatHashId("ord", row.order_id),
    merchant: row.merchant,
    reference: row.reference,
    payer: row.payer,
    currency: row.currency,
    amount: row.amount,
    kind: row.kind,
    state: row.state ?? "none",
    captured: row.captured ?? "0",
    voided: row.voided ?? "0",
    reclaimed: row.reclaimed ?? "0",
    refunded: row.refunded ?? "0",
    awarded: row.awarded ?? "0",
    fees: row.fees ?? "0",
    capturable: row.capturable ?? "0",
    refundable: row.refundable ?? "0",
    isDisputed: row.is_disputed ?? false,
    disputeCount: row.dispute_count ?? 0,
    terms: row.terms,
    splits: row.splits ?? [],
    operation: { id: formatSerialId("out", row.entry_id), state: row.entry_state },
    createdAt: row.created_at.toISOString(),
    finality: orderFinality(row, cursor),
  };
}

export function disputeResponse(row: DisputeRow, cursor: InstanceCursor | undefined): DisputeResponse {
  return {
    object: "dispute",
    id: formatHashId("dsp", row.dispute_id),
    order: formatHashId("ord", row.order_id),
    merchant: row.merchant_name,
    reference: row.reference,
    amount: row.amount,
    reason: row.reason,
    state: row.state,
    basis: row.basis,
    payerBps: row.payer_bps,
    evidence: row.evidence,
    respondBy: row.respond_by,
    ruleBy: row.rule_by,
    captured: row.captured,
    held: row.held,
    bond: row.bond,
    payerOffer: row.payer_offer,
    merchantOffer: row.merchant_offer,
    award: row.award,
    awarded: row.awarded,
    voided: row.voided,
    deferred: row.deferred,
    finality: finalityOf(row, cursor),
  };
}

function orderFinality(row: OrderRow, cursor: InstanceCursor | undefined): Finality | null {
  const { block_number, block_hash, tx_hash, log_index } = row;
  if (block_number === null || block_hash === null || tx_hash === null || log_index === null) return null;
  return finalityOf({ block_number, block_hash, tx_hash, log_index }, cursor);
}
