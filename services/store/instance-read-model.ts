import type { Kysely } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Database } from "./schema.ts";

/** The instance of a chain that is current. `cursor` is undefined until the mirror has read a block. */
export type CurrentInstance = {
  readonly id: number;
  readonly genesisHash: string;
  readonly contractSetHash: string;
  readonly cursor: InstanceCursor | undefined;
};

/** Up to where an instance is mirrored, and up to where that is final. */
export type InstanceCursor = { readonly number: number; readonly hash: Hex; readonly finalNumber: number };

/** The instance of a chain id that is not retired; undefined until the mirror has made one. */
export async function findCurrentInstance(
  db: Kysely<Database>,
  chainId: number,
): Promise<CurrentInstance | undefined> {
  const row = await db
    .selectFrom("chain_instance")
    .leftJoin("chain_cursor", "chain_cursor.instance_id", "chain_instance.id")
    .select([
      "chain_instance.id",
      "chain_instance.genesis_hash",
      "chain_instance.contract_set_hash",
      "chain_cursor.head_number",
      "chain_cursor.head_hash",
      "chain_cursor.final_number",
    ])
    .where("chain_instance.chain_id", "=", chainId)
    .where("chain_instance.retired_at", "is", null)
    .orderBy("chain_instance.id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;

  const { head_number: number, head_hash: hash, final_number: finalNumber } = row;
  return {
    id: row.id,
    genesisHash: row.genesis_hash,
    contractSetHash: row.contract_set_hash,
    cursor:
      number === null || hash === null || finalNumber === null ? undefined : { number, hash, finalNumber },
  };
}

/** The cursor of an instance as it stands now. */
export async function findCursor(
  db: Kysely<Database>,
  instanceId: number,
): Promise<InstanceCursor | undefined> {
  const row = await db
    .selectFrom("chain_cursor")
    .select(["head_number", "head_hash", "final_number"])
    .where("instance_id", "=", instanceId)
    .executeTakeFirst();
  return row && { number: row.head_number, hash: row.head_hash, finalNumber: row.final_number };
}
