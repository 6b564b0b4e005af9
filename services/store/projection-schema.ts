import type { Generated } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Amount } from "./column-types.ts";

export type EscrowOrderTable = {
  instance_id: number;
  order_id: Hex;
  operator: Hex;
  merchant: Hex;
  payer: Hex;
  token: Hex;
  fee_bps: number;
  fixed_fee: Amount;
  amount: Amount;
  captured: Amount;
  voided: Amount;
  reclaimed: Amount;
  refunded: Amount;
  awarded: Amount;
  fees: Amount;
  capturable: Amount;
  refundable: Amount;
  state: string;
  cycle: number;
  captured_at: number;
  is_disputed: boolean;
  dispute_count: number;
  word: Hex;
  fee_receiver: Hex | null;
  collector: Hex | null;
  delivered_at: number | null;
  /** Seconds by which disputes and extensions moved the deadlines; null where no event tells it. */
  clock_shift: number | null;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};

export type AccountTable = {
  instance_id: number;
  operator: Hex;
  token: Hex;
  address: Hex;
  available: Amount;
  pending: Amount;
  fees: Amount;
  reserve: Amount;
  unpaid: Amount;
  debt: Amount;
  paid: Amount;
  status: string;
  open_cycle: number;
  word: Hex;
  cold_word: Hex;
  block_hash: Hex;
  block_number: number;
  log_index: number;
};

export type BookTable = {
  instance_id: number;
  operator: Hex;
  token: Hex;
  vault: Hex;
  open_cycle: number;
  guarantee: Amount;
  /** The most that the guarantee fund pays for one account. */
  advance_limit: Amount;
  deposited: Amount;
  withdrawn: Amount;
  paid: Amount;
};

export type DisputeTable = {
  instance_id: number;
  dispute_id: Hex;
  order_id: Hex;
  merchant: Hex;
  payer: Hex;
  amount: Amount;
  reason: string;
  state: string;
  basis: string | null;
  /** The smallest whole share that gives the award. */
  payer_bps: number | null;
  award: Amount | null;
  evidence: Hex;
  respond_by: number;
  rule_by: number | null;
  captured: Amount;
  held: Amount;
  locked_pending: Amount;
  locked_available: Amount;
  locked_reserve: Amount;
  locked_cycle: number;
  bond: Amount;
  payer_offer: Amount | null;
  merchant_offer: Amount | null;
  awarded: Amount;
  voided: Amount;
  deferred: Amount;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};

export type MovementTable = {
  instance_id: number;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
  operator: Hex;
  token: Hex;
  merchant: Hex;
  kind: string;
  order_id: Hex | null;
  /** The account's open cycle when it happened. */
  cycle: number;
  gross: Amount;
  fee: Amount;
  net: Amount;
  /** The statement that it stands in, its place there and the total before it; null until it is settled. */
  statement_cycle: number | null;
  position: number | null;
  running_before: Amount | null;
};

export type SettlementCycleTable = {
  instance_id: number;
  operator: Hex;
  token: Hex;
  number: number;
  closed_at: number;
  net: Amount;
  debt_repaid: Amount;
  fees: Amount;
  root: Hex | null;
  merchants: number;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};

export type StatementTable = {
  instance_id: number;
  operator: Hex;
  token: Hex;
  cycle: number;
  merchant: Hex;
  net: Amount;
  debt_repaid: Amount;
  fees: Amount;
  root: Hex;
  lines: number;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};

export type PayoutTable = {
  instance_id: number;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
  operator: Hex;
  token: Hex;
  merchant: Hex;
  recipient: Hex;
  amount: Amount;
  state: string;
  reason: string | null;
};

export type ChainParticipantTable = {
  instance_id: number;
  address: Hex;
  kind: string;
  status: string;
  kyc_level: Generated<number>;
  kyc_until: number;
  payout_address: Hex;
  /** Where the participant wants to be paid, and from when in Unix seconds; null if nothing is requested. */
  requested_payout_address: Hex | null;
  payout_effective_from: number | null;
  /** Who took its place; null while it has its own. */
  successor: Hex | null;
  block_number: number;
  log_index: number;
};

export type CanceledOrderTable = {
  instance_id: number;
  order_id: Hex;
  merchant: Hex;
  payer: Hex;
  word: Hex;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};

export type UnpaidAwardTable = {
  instance_id: number;
  operator: Hex;
  token: Hex;
  account: Hex;
  order_id: Hex;
  payer: Hex;
  deferred: Amount;
  paid: Amount;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};

export type SeizureTable = {
  instance_id: number;
  seizure_id: Hex;
  operator: Hex;
  token: Hex;
  account: Hex;
  amount: Amount;
  court_reference: Hex;
  executable_from: number;
  state: string;
  statutory_account: Hex | null;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
};
