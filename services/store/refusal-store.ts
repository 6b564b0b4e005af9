import { type Kysely, sql } from "kysely";
import { DomainError, type DomainErrorCode } from "../domain/errors.ts";
import type { Database } from "./schema.ts";

/** An operation that was refused under a key. */
export type Refusal = { readonly opKey: string; readonly bodyHash: string; readonly error: DomainError };

/** The refusals of these keys, by key. */
export async function findRefusals(
  trx: Kysely<Database>,
  instanceId: number,
  keys: readonly string[],
): Promise<Map<string, Refusal>> {
  const rows = await trx
    .selectFrom("refused_operation")
    .select(["op_key", "body_hash", "code", "detail", "context"])
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`op_key = any(${[...keys]}::text[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.op_key,
      {
        opKey: row.op_key,
        bodyHash: row.body_hash,
        // Safe: the code was written from a `DomainError`.
        error: new DomainError(row.code as DomainErrorCode, row.detail, row.context),
      },
    ]),
  );
}

/** Remembers refusals; a key that has one keeps it. */
export async function insertRefusals(
  trx: Kysely<Database>,
  instanceId: number,
  refusals: readonly Refusal[],
  now: Date,
): Promise<void> {
  if (refusals.length === 0) return;

  await trx
    .insertInto("refused_operation")
    .values(
      refusals.map(({ opKey, bodyHash, error }) => ({
        instance_id: instanceId,
        op_key: opKey,
        body_hash: bodyHash,
        code: error.code,
        detail: error.message,
        context: JSON.stringify(error.context),
        created_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
