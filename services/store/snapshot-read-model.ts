import { type Kysely, sql } from "kysely";
import type { DisputeState } from "../domain/operation.ts";
import type { PayoutState, Snapshot, SnapshotLine, SnapshotStatement } from "../domain/snapshot.ts";
import { NO_ORDER } from "../domain/statement.ts";
import { findCursor } from "./instance-read-model.ts";
import type { Database } from "./schema.ts";

/**
 * Everything the mirror holds of an instance's money, at the block of its cursor; undefined before the first block.
 * The caller's transaction must be one with `snapshot`, or the parts may be of different blocks.
 */
export async function readSnapshot(trx: Kysely<Database>, instanceId: number): Promise<Snapshot | undefined> {
  const cursor = await findCursor(trx, instanceId);
  if (cursor === undefined) return undefined;

  return {
    instanceId,
    blockNumber: cursor.number,
    blockHash: cursor.hash,
    orders: await readOrders(trx, instanceId),
    accounts: await readAccounts(trx, instanceId),
    books: await readBooks(trx, instanceId),
    cycles: await readCycles(trx, instanceId),
    statements: await readStatements(trx, instanceId),
    payouts: await readPayouts(trx, instanceId),
    disputes: await readDisputes(trx, instanceId),
  };
}

/** Text order that is the same on every engine and machine, whatever the database's language. */
function plainly(column: string) {
  return sql`${sql.ref(column)} collate "C"`;
}

function readOrders(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["orders"]> {
  return trx
    .selectFrom("escrow_order")
    .select(["order_id as orderId", "word", "captured", "voided", "reclaimed", "refunded", "awarded", "fees"])
    .where("instance_id", "=", instanceId)
    .orderBy(plainly("order_id"))
    .execute();
}

function readAccounts(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["accounts"]> {
  return trx
    .selectFrom("account")
    .select(["operator", "token", "address", "word", "cold_word as coldWord", "paid"])
    .where("instance_id", "=", instanceId)
    .orderBy(plainly("operator"))
    .orderBy(plainly("token"))
    .orderBy(plainly("address"))
    .execute();
}

function readBooks(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["books"]> {
  return trx
    .selectFrom("book")
    .select([
      "operator",
      "token",
      "vault",
      "open_cycle as openCycle",
      "guarantee",
      "deposited",
      "withdrawn",
      "paid",
    ])
    .where("instance_id", "=", instanceId)
    .orderBy(plainly("operator"))
    .orderBy(plainly("token"))
    .execute();
}

function readCycles(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["cycles"]> {
  return trx
    .selectFrom("settlement_cycle")
    .select([
      "operator",
      "token",
      "number",
      "closed_at as closedAt",
      "net",
      "debt_repaid as debtRepaid",
      "merchants",
      "root",
    ])
    .where("instance_id", "=", instanceId)
    .orderBy(plainly("operator"))
    .orderBy(plainly("token"))
    .orderBy("number")
    .execute();
}

async function readStatements(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["statements"]> {
  const settled = await trx
    .selectFrom("statement")
    .select(["operator", "token", "merchant", "cycle", "net", "debt_repaid as debtRepaid", "root"])
    .where("instance_id", "=", instanceId)
    .execute();
  const lines = Map.groupBy(await readLines(trx, instanceId), nameOfStatement);
  const named = new Map(settled.map((statement) => [nameOfStatement(statement), statement]));
  return [...new Set([...named.keys(), ...lines.keys()])].sort().map((name) => {
    const own = lines.get(name) ?? [];
    // Safe: every name is one of a statement or of a line.
    const { operator, token, merchant, cycle } = (named.get(name) ?? own[0]) as SnapshotStatement;
    const { net, debtRepaid, root } = named.get(name) ?? { net: null, debtRepaid: null, root: null };
    return { operator, token, merchant, cycle, net, debtRepaid, root, lines: own.map(lineOf) };
  });
}

/** In chain order while they are not settled, then in their places. */
function readLines(trx: Kysely<Database>, instanceId: number) {
  return trx
    .selectFrom("movement")
    .select(["operator", "token", "merchant", "statement_cycle as cycle", "order_id as orderId", "kind"])
    .select(["gross", "fee", "net", "running_before as runningBefore"])
    .where("instance_id", "=", instanceId)
    .orderBy("position")
    .orderBy("block_number")
    .orderBy("log_index")
    .orderBy(plainly("kind"))
    .execute();
}

function lineOf({ orderId, ...line }: Awaited<ReturnType<typeof readLines>>[number]): SnapshotLine {
  const { kind, gross, fee, net, runningBefore } = line;
  return { orderId: orderId ?? NO_ORDER, kind, gross, fee, net, runningBefore };
}

function nameOfStatement(key: Pick<SnapshotStatement, "operator" | "token" | "merchant" | "cycle">): string {
  const cycle = key.cycle?.toString().padStart(10, "0") ?? "open";
  return `${key.operator} ${key.token} ${key.merchant} ${cycle}`;
}

async function readPayouts(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["payouts"]> {
  const rows = await trx
    .selectFrom("payout")
    .select([
      "tx_hash as txHash",
      "log_index as logIndex",
      "operator",
      "token",
      "merchant",
      "recipient",
      "amount",
      "state",
    ])
    .where("instance_id", "=", instanceId)
    .orderBy(plainly("tx_hash"))
    .orderBy("log_index")
    .execute();
  // Safe: the mirror writes nothing else.
  return rows.map((row) => ({ ...row, state: row.state as PayoutState }));
}

async function readDisputes(trx: Kysely<Database>, instanceId: number): Promise<Snapshot["disputes"]> {
  const rows = await trx
    .selectFrom("dispute")
    .select(["dispute_id as disputeId", "order_id as orderId", "state", "award", "awarded", "voided"])
    .where("instance_id", "=", instanceId)
    .orderBy(plainly("dispute_id"))
    .execute();
  // Safe: the mirror writes nothing else.
  return rows.map((row) => ({ ...row, state: row.state as DisputeState }));
}
