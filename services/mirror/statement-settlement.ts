import type { Kysely } from "kysely";
import type { ChainEvent, ChainEventOf } from "../chain/events.ts";
import { buildStatement } from "../chain/statement-tree.ts";
import type { Hex } from "../domain/order-terms.ts";
import { StatementUnbalancedError, sortMovements } from "../domain/statement.ts";
import { type ProjectionRow, writeProjection } from "../store/projection-store.ts";
import type { Database } from "../store/schema.ts";
import {
  movementOf,
  readUnsettledLines,
  type StatementKey,
  statementName,
} from "../store/statement-lines.ts";
import { toCount } from "./projections/projection.ts";

/** The ledger that statements are of: part of every leaf. */
export type LedgerIdentity = { readonly chainId: number; readonly ledger: Hex };

/** What the lines of a statement come to. */
type StatementHead = { readonly root: Hex; readonly lines: number };

type Settled = StatementKey & { readonly net: bigint };

/**
 * Gives every line of the statements that the events settle its place, and returns what the lines come to. A statement
 * has everything since the account's settlement before: whoever was left out of a cycle has it in the next one.
 *
 * @throws StatementUnbalancedError if the lines do not add up to the net that the ledger computed.
 */
export async function settleStatements(options: {
  readonly db: Kysely<Database>;
  readonly instanceId: number;
  readonly identity: LedgerIdentity;
  readonly events: readonly ChainEvent[];
}): Promise<(statement: StatementKey) => StatementHead> {
  const { db, instanceId, identity, events } = options;
  const settled = events.filter((event) => event.name === "NetSettled").map(settledBy);
  const lines = await readUnsettledLines(db, instanceId, settled);
  const linesOf = Map.groupBy(lines, accountName);
  const heads = new Map<string, StatementHead>();
  const placed: ProjectionRow<"movement">[] = [];
  // An account's settlements are of later cycles, each with what happened before it.
  for (const statement of settled) {
    const name = accountName(statement);
    const waiting = linesOf.get(name) ?? [];
    const own = waiting.filter(({ cycle }) => cycle <= statement.cycle);
    linesOf.set(
      name,
      waiting.filter(({ cycle }) => cycle > statement.cycle),
    );
    heads.set(statementName(statement), settle(identity, statement, own, placed));
  }
  await writeProjection(db, instanceId, "movement", placed);
  return (statement) => {
    const head = heads.get(statementName(statement));
    if (head === undefined) throw new RangeError(`${statementName(statement)} was not settled.`);
    return head;
  };
}

function settle(
  identity: LedgerIdentity,
  { net, ...statement }: Settled,
  lines: readonly ProjectionRow<"movement">[],
  placed: ProjectionRow<"movement">[],
): StatementHead {
  const sorted = sortMovements(lines.map((row) => ({ ...movementOf(row), row })));
  const { leaves, total, root } = buildStatement({ ...identity, ...statement }, sorted);
  if (total !== net) throw new StatementUnbalancedError(statement, net, total);

  for (const [position, { row }] of sorted.entries()) {
    const runningBefore = leaves[position]?.runningBefore.toString() ?? null;
    placed.push({ ...row, statement_cycle: statement.cycle, position, running_before: runningBefore });
  }
  return { root, lines: leaves.length };
}

function settledBy({ args }: ChainEventOf<"NetSettled">): Settled {
  const { operator, token, merchant, cycle, net } = args;
  return { operator, token, merchant, cycle: toCount(cycle), net };
}

function accountName({ operator, token, merchant }: Omit<StatementKey, "cycle">): string {
  return `${operator} ${token} ${merchant}`;
}
