import { type Kysely, sql } from "kysely";
import type { ParticipantKind, ParticipantStatus } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Participant } from "../domain/participant.ts";
import type { Database } from "./schema.ts";

/** A participant with the entry that registers it. */
export type RegisteredParticipant = Participant & { readonly entryId: number };

/** Participants with one of the names, of either kind. */
export async function findParticipantsByName(
  trx: Kysely<Database>,
  instanceId: number,
  names: readonly string[],
): Promise<RegisteredParticipant[]> {
  const rows = await selectParticipants(trx, instanceId)
    .where(sql<boolean>`name = any(${[...names]}::text[])`)
    .execute();
  return rows.map(toParticipant);
}

/** Participants at one of the addresses. */
export async function findParticipantsByAddress(
  trx: Kysely<Database>,
  instanceId: number,
  addresses: readonly Hex[],
): Promise<RegisteredParticipant[]> {
  const rows = await selectParticipants(trx, instanceId)
    .where(sql<boolean>`address = any(${[...addresses]}::text[])`)
    .execute();
  return rows.map(toParticipant);
}

/** The mirrored status of each address that the registry knows. */
export async function findStatuses(
  trx: Kysely<Database>,
  instanceId: number,
  addresses: readonly Hex[],
): Promise<Map<Hex, ParticipantStatus>> {
  const rows = await trx
    .selectFrom("chain_participant")
    .select(["address", "status"])
    .where("instance_id", "=", instanceId)
    .where(sql<boolean>`address = any(${[...addresses]}::text[])`)
    .execute();
  // Safe: the mirror writes nothing else.
  return new Map(rows.map((row) => [row.address, row.status as ParticipantStatus]));
}

/** Adds participants; one whose registration failed before, under the same name or address, is replaced. */
export async function replaceParticipants(
  trx: Kysely<Database>,
  instanceId: number,
  participants: readonly RegisteredParticipant[],
  now: Date,
): Promise<void> {
  if (participants.length === 0) return;

  const kinds = participants.map(({ kind }) => kind);
  const names = participants.map(({ name }) => name);
  const addresses = participants.map(({ address }) => address);
  await trx
    .deleteFrom("participant")
    .where("instance_id", "=", instanceId)
    .where(
      sql<boolean>`(address = any(${addresses}::text[])
        or (kind, name) in (select * from unnest(${kinds}::text[], ${names}::text[])))`,
    )
    .execute();
  const rows = participants.map((participant) => ({
    instance_id: instanceId,
    kind: participant.kind,
    name: participant.name,
    address: participant.address,
    entry_id: participant.entryId,
    created_at: now.toISOString(),
  }));
  await sql`
    insert into participant
    select * from jsonb_populate_recordset(null::participant, ${JSON.stringify(rows)}::text::jsonb)`.execute(
    trx,
  );
}

function selectParticipants(trx: Kysely<Database>, instanceId: number) {
  return trx
    .selectFrom("participant")
    .select(["kind", "name", "address", "entry_id"])
    .where("instance_id", "=", instanceId);
}

function toParticipant(row: { kind: string; name: string; address: Hex; entry_id: number }) {
  // Safe: only `upsertParticipants` writes the kind.
  return { kind: row.kind as ParticipantKind, name: row.name, address: row.address, entryId: row.entry_id };
}
