import type { Kysely } from "kysely";
import type { Hex } from "../domain/order-terms.ts";
import type { Database } from "./schema.ts";

/** A book and the accounts in it that something is to be done for, sorted by address. */
export type BookWork = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly openCycle: number;
  readonly accounts: readonly Hex[];
};

/** Every book with accounts that have money pending, or fees that the operator has not got yet. */
export async function readPendingWork(db: Kysely<Database>, instanceId: number): Promise<BookWork[]> {
  const rows = await accountsOfBooks(db, instanceId)
    .where((eb) => eb.or([eb("account.pending", ">", "0"), eb("account.fees", ">", "0")]))
    .execute();
  return groupByBook(rows);
}

/** Every book with merchants, or couriers who share in their orders, that have money available. */
export async function readPayoutWork(db: Kysely<Database>, instanceId: number): Promise<BookWork[]> {
  const rows = await accountsOfBooks(db, instanceId)
    .innerJoin("chain_participant", (join) =>
      join
        .onRef("chain_participant.instance_id", "=", "account.instance_id")
        .onRef("chain_participant.address", "=", "account.address"),
    )
    .where("chain_participant.kind", "in", ["merchant", "courier"])
    .where("account.available", ">", "0")
    .execute();
  return groupByBook(rows);
}

function accountsOfBooks(db: Kysely<Database>, instanceId: number) {
  return db
    .selectFrom("account")
    .innerJoin("book", (join) =>
      join
        .onRef("book.instance_id", "=", "account.instance_id")
        .onRef("book.operator", "=", "account.operator")
        .onRef("book.token", "=", "account.token"),
    )
    .select(["account.operator", "account.token", "account.address", "book.open_cycle"])
    .where("account.instance_id", "=", instanceId)
    .orderBy("account.operator")
    .orderBy("account.token")
    .orderBy("account.address");
}

function groupByBook(
  rows: readonly { operator: Hex; token: Hex; address: Hex; open_cycle: number }[],
): BookWork[] {
  const books = new Map<string, BookWork & { accounts: Hex[] }>();
  for (const row of rows) {
    const key = `${row.operator}|${row.token}`;
    const book = books.get(key) ?? {
      operator: row.operator,
      token: row.token,
      openCycle: row.open_cycle,
      accounts: [],
    };
    book.accounts.push(row.address);
    books.set(key, book);
  }
  return [...books.values()];
}
