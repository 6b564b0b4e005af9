import { type Kysely, sql } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import { type Page, type PageRequest, toPage } from "./page.ts";
import type { Database } from "./schema.ts";

/** A participant as asked for, with what the mirror shows of it: those columns are null until it is on the chain. */
export type ParticipantRow = Awaited<ReturnType<typeof readParticipants>>[number];

export type ParticipantFilter = {
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
};

/** Participants, sorted by address. */
export async function listParticipants(
  db: Kysely<Database>,
  instanceId: number,
  filter: ParticipantFilter,
  page: PageRequest<Hex>,
): Promise<Page<ParticipantRow>> {
  return toPage(await readParticipants(db, instanceId, filter, page), page.limit);
}

function readParticipants(
  db: Kysely<Database>,
  instanceId: number,
  filter: ParticipantFilter,
  page: PageRequest<Hex>,
) {
  const { startingAfter } = page;
  return db
    .selectFrom("participant as p")
    .leftJoin("chain_participant as c", (join) =>
      join.onRef("c.instance_id", "=", "p.instance_id").onRef("c.address", "=", "p.address"),
    )
    .select([
      "p.kind",
      "p.name",
      "p.address",
      "p.entry_id",
      "p.created_at",
      "c.status",
      "c.kyc_until",
      "c.payout_address",
    ])
    .where("p.instance_id", "=", instanceId)
    .$if(filter.kind !== undefined, (query) => query.where("p.kind", "=", filter.kind as string))
    .$if(filter.name !== undefined, (query) => query.where("p.name", "=", filter.name as string))
    .$if(startingAfter !== undefined, (query) =>
      query.where(sql<string>`p.address collate "C"`, ">", startingAfter as Hex),
    )
    .orderBy(sql`p.address collate "C"`)
    .limit(page.limit + 1)
    .execute();
}
