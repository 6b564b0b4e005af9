import type { Generated } from "kysely";
import type { ErrorContext } from "../domain/errors.ts";
import type { OperationKind } from "../domain/operation.ts";
import type { Hex, OrderTermsJson } from "../domain/order-terms.ts";
import type { Amount, Json, NullableJson, Timestamp } from "./column-types.ts";

export type ParticipantTable = {
  instance_id: number;
  kind: string;
  name: string;
  address: Hex;
  entry_id: number;
  created_at: Timestamp;
};

/** `queued` is the API's to write, the rest the relayer's. */
export const OUTBOX_STATES = ["queued", "submitted", "included", "failed"] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

export type OutboxEntryTable = {
  id: Generated<number>;
  instance_id: number;
  op_key: string;
  body_hash: string;
  kind: OperationKind;
  order_id: Hex | null;
  dispute_id: Hex | null;
  payload: Json<object>;
  state: OutboxState;
  error_code: string | null;
  error_context: NullableJson<ErrorContext>;
  block_number: number | null;
  created_at: Timestamp;
  updated_at: Timestamp;
};

export type OrderRequestTable = {
  instance_id: number;
  order_id: Hex;
  merchant: string;
  reference: string;
  payer: string;
  currency: string;
  amount: Amount;
  kind: "authorize" | "charge";
  terms: Json<OrderTermsJson>;
  signature: Hex;
  entry_id: number;
  created_at: Timestamp;
};

export type RefusedOperationTable = {
  instance_id: number;
  op_key: string;
  body_hash: string;
  code: string;
  detail: string;
  context: Json<ErrorContext>;
  created_at: Timestamp;
};

export type NonceSlotTable = {
  instance_id: number;
  signer: Hex;
  nonce: number;
  created_at: Timestamp;
};

export type AttemptState = "signed" | "broadcast" | "included" | "reverted" | "replaced";

export type AttemptTable = {
  instance_id: number;
  tx_hash: Hex;
  signer: Hex;
  nonce: number;
  raw_signed: Hex;
  state: AttemptState;
  block_number: number | null;
  block_hash: Hex | null;
  block_timestamp: number | null;
  tx_index: number | null;
  gas_used: number | null;
  created_at: Timestamp;
};

export type AttemptEntryTable = {
  instance_id: number;
  tx_hash: Hex;
  entry_id: number;
};
