import { type Kysely, sql } from "kysely";
import type { DomainErrorCode, ErrorContext } from "../domain/errors.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Database } from "./schema.ts";

/** What became of a transaction. */
export type AttemptOutcome = {
  readonly txHash: Hex;
  readonly state: "included" | "reverted";
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly blockTimestamp: number;
  readonly txIndex: number;
  readonly gasUsed: number;
};

/** What became of an entry; an entry that failed before it was sent has no block. */
export type EntryOutcome = {
  readonly id: number;
  readonly blockNumber: number | null;
  readonly error?: { readonly code: DomainErrorCode; readonly context: ErrorContext };
};

/** Writes what became of attempts and entries. */
export async function recordOutcomes(
  trx: Kysely<Database>,
  options: {
    readonly instanceId: number;
    readonly attempts: readonly AttemptOutcome[];
    readonly entries: readonly EntryOutcome[];
    readonly now: Date;
  },
): Promise<void> {
  const { instanceId, attempts, now } = options;
  if (attempts.length > 0) {
    await sql`
      update attempt set
        state = outcome.state, block_number = outcome."blockNumber", block_hash = outcome."blockHash",
        block_timestamp = outcome."blockTimestamp", tx_index = outcome."txIndex", gas_used = outcome."gasUsed"
      from jsonb_to_recordset(${JSON.stringify(attempts)}::text::jsonb) as outcome ("txHash" text, state text,
        "blockNumber" bigint, "blockHash" text, "blockTimestamp" bigint, "txIndex" integer, "gasUsed" bigint)
      where attempt.instance_id = ${instanceId} and attempt.tx_hash = outcome."txHash"`.execute(trx);
  }
  if (options.entries.length === 0) return;

  const entries = options.entries.map(({ id, blockNumber, error }) => ({
    id,
    blockNumber,
    state: error === undefined ? "included" : "failed",
    code: error?.code ?? null,
    context: error?.context ?? null,
  }));
  await sql`
    update outbox_entry set
      state = outcome.state, block_number = outcome."blockNumber", error_code = outcome.code,
      error_context = outcome.context, updated_at = ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(entries)}::text::jsonb)
      as outcome (id bigint, "blockNumber" bigint, state text, code text, context jsonb)
    where outbox_entry.id = outcome.id`.execute(trx);
}
