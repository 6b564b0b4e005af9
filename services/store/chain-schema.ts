import type { ColumnType, Generated } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Timestamp } from "./column-types.ts";

export type ChainInstanceTable = {
  id: Generated<number>;
  chain_id: number;
  genesis_hash: string;
  contract_set_hash: string;
  first_seen: Timestamp;
  retired_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
};

export type ChainCursorTable = {
  instance_id: number;
  head_number: number;
  head_hash: Hex;
  final_number: number;
  epoch: number;
  /** The version of the rules by which the projections were folded. */
  fold: Generated<number>;
};

export type BlockTable = {
  instance_id: number;
  hash: Hex;
  number: number;
  parent_hash: Hex;
  timestamp: number;
  canonical: boolean;
};

export type ChainLogTable = {
  instance_id: number;
  block_hash: Hex;
  block_number: number;
  log_index: number;
  tx_hash: Hex;
  tx_index: number;
  address: Hex;
  topics: Hex[];
  data: Hex;
};

export type QuarantineTable = {
  instance_id: number;
  block_hash: Hex;
  log_index: number;
  projector: string;
  error: string;
};
