import type { Generated } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type {
  BlockTable,
  ChainCursorTable,
  ChainInstanceTable,
  ChainLogTable,
  QuarantineTable,
} from "./chain-schema.ts";
import type { Timestamp } from "./column-types.ts";
import type {
  AttemptEntryTable,
  AttemptTable,
  NonceSlotTable,
  OrderRequestTable,
  OutboxEntryTable,
  ParticipantTable,
  RefusedOperationTable,
} from "./command-schema.ts";
import type {
  AccountTable,
  BookTable,
  CanceledOrderTable,
  ChainParticipantTable,
  DisputeTable,
  EscrowOrderTable,
  MovementTable,
  PayoutTable,
  SeizureTable,
  SettlementCycleTable,
  StatementTable,
  UnpaidAwardTable,
} from "./projection-schema.ts";

export type SchemaMigrationTable = {
  number: number;
  name: string;
  sha256: string;
  applied_at: Timestamp;
};

export type ReconRunTable = {
  id: Generated<number>;
  instance_id: number;
  block_number: number;
  block_hash: Hex;
  started_at: Timestamp;
  finished_at: Timestamp;
  accounts: number;
  orders: number;
  breaks: number;
};

export type ReconBreakTable = {
  run_id: number;
  position: number;
  kind: string;
  subject: string;
  expected: string | null;
  actual: string | null;
};

/** Every table, for kysely. */
export type Database = {
  schema_migration: SchemaMigrationTable;
  chain_instance: ChainInstanceTable;
  chain_cursor: ChainCursorTable;
  block: BlockTable;
  chain_log: ChainLogTable;
  quarantine: QuarantineTable;
  escrow_order: EscrowOrderTable;
  canceled_order: CanceledOrderTable;
  account: AccountTable;
  book: BookTable;
  dispute: DisputeTable;
  unpaid_award: UnpaidAwardTable;
  movement: MovementTable;
  settlement_cycle: SettlementCycleTable;
  statement: StatementTable;
  payout: PayoutTable;
  chain_participant: ChainParticipantTable;
  seizure: SeizureTable;
  participant: ParticipantTable;
  outbox_entry: OutboxEntryTable;
  refused_operation: RefusedOperationTable;
  order_request: OrderRequestTable;
  nonce_slot: NonceSlotTable;
  attempt: AttemptTable;
  attempt_entry: AttemptEntryTable;
  recon_run: ReconRunTable;
  recon_break: ReconBreakTable;
};
