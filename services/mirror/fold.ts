import type { Kysely } from "kysely";
import type { ChainLog } from "../chain/block-reads.ts";
import { type ChainEvent, type EventDecoder, isStandardEvent } from "../chain/events.ts";
import { toError } from "../platform/errors.ts";
import { insertQuarantine, type QuarantinedLog } from "../store/block-store.ts";
import {
  PROJECTION_KEYS,
  type ProjectionKey,
  type ProjectionRow,
  type ProjectionTable,
  readProjection,
  writeProjection,
} from "../store/projection-store.ts";
import type { Database } from "../store/schema.ts";
import { createAccountProjection } from "./projections/account.ts";
import { bookProjection } from "./projections/book.ts";
import { canceledOrderProjection } from "./projections/canceled-order.ts";
import { chainParticipantProjection } from "./projections/chain-participant.ts";
import { disputeProjection } from "./projections/dispute.ts";
import { escrowOrderProjection } from "./projections/escrow-order.ts";
import { createMovementProjection } from "./projections/movement.ts";
import { payoutProjection } from "./projections/payout.ts";
import type { AccountStep, OrderLookup, Projection, Rows, Surroundings } from "./projections/projection.ts";
import { seizureProjection } from "./projections/seizure.ts";
import { createStatementProjection, settlementCycleProjection } from "./projections/settlement-cycle.ts";
import { unpaidAwardProjection } from "./projections/unpaid-award.ts";
import { type LedgerIdentity, settleStatements } from "./statement-settlement.ts";

/** The version of these rules: rows that older ones made are made again. Raise it when what a table holds changes. */
export const FOLD_VERSION = 2;

/** A log of one of our contracts that none of their interfaces declares. */
const UNKNOWN_EVENT: Pick<QuarantinedLog, "projector" | "error"> = {
  projector: "decoder",
  error: "unknown_event",
};

const AMOUNT_LIMIT = 1n << 96n;

/** How raw logs become rows. */
export type FoldRules = { readonly decode: EventDecoder; readonly identity: LedgerIdentity };

/**
 * Decodes raw logs, in chain order, and folds them; what cannot be decoded is quarantined. A transaction's logs must come
 * together.
 *
 * @throws StatementUnbalancedError if a statement's lines are not what the ledger settled: nothing can be built on that.
 */
export async function foldLogs(options: {
  readonly db: Kysely<Database>;
  readonly instanceId: number;
  readonly logs: readonly ChainLog[];
  readonly rules: FoldRules;
}): Promise<void> {
  const { db, instanceId, logs } = options;
  const { decode, identity } = options.rules;
  const events: ChainEvent[] = [];
  const unknown: QuarantinedLog[] = [];
  for (const log of logs) {
    const event = decode(log);
    if (event) events.push(event);
    else if (!isStandardEvent(log)) {
      unknown.push({ blockHash: log.blockHash, logIndex: log.logIndex, ...UNKNOWN_EVENT });
    }
  }
  await insertQuarantine(db, instanceId, unknown);
  await foldEvents({ db, instanceId, events, identity });
}

/**
 * Folds events, in chain order, into every projection, inside the caller's transaction.
 *
 * Table after table goes over the whole batch: rows are loaded once, changed in memory and written in bulk. Orders
 * come first because other tables look their parties up; statements follow accounts. An event that a table cannot take in
 * is quarantined and kept from the tables after it; the rest goes on.
 */
async function foldEvents(options: {
  readonly db: Kysely<Database>;
  readonly instanceId: number;
  readonly events: readonly ChainEvent[];
  readonly identity: LedgerIdentity;
}): Promise<void> {
  const { db, instanceId, events, identity } = options;
  if (events.length === 0) return;

  const quarantined = new Map<ChainEvent, QuarantinedLog>();
  const steps = new Map<ChainEvent, readonly AccountStep[]>();
  let orderRows: BatchRows<"escrow_order"> | undefined;
  const orders: OrderLookup = (orderId) => orderRows?.get({ order_id: orderId });

  function visitEach(projector: string, visit: (event: ChainEvent, surroundings: Surroundings) => void) {
    let previous: ChainEvent | undefined;
    for (const event of events) {
      if (quarantined.has(event)) continue;
      try {
        visit(event, { orders, previous, steps: () => steps.get(event) ?? [] });
        previous = event;
      } catch (thrown) {
        const { blockHash, logIndex } = event.log;
        quarantined.set(event, { blockHash, logIndex, projector, error: toError(thrown).message });
      }
    }
  }

  async function run<Table extends ProjectionTable>(
    projection: Projection<Table>,
  ): Promise<BatchRows<Table>> {
    const { table } = projection;
    const keys = new Map<string, ProjectionKey<Table>>();
    visitEach(table, (event, surroundings) => {
      for (const key of projection.keysOf(event, surroundings)) keys.set(keyText(table, key), key);
    });
    const rows = createBatchRows(table, await readProjection(db, instanceId, table, [...keys.values()]));
    const changing: ReadonlySet<string> = new Set(projection.events);
    visitEach(table, (event, surroundings) => {
      if (changing.has(event.name)) projection.apply(event, rows, surroundings);
    });
    await writeProjection(db, instanceId, table, rows.changed());
    return rows;
  }

  visitEach("decoder", requireStorableAmounts);
  orderRows = await run(escrowOrderProjection);
  await run(disputeProjection);
  await run(createAccountProjection((event, changed) => steps.set(event, changed)));
  await run(bookProjection);
  await run(createMovementProjection());
  await run(canceledOrderProjection);
  await run(unpaidAwardProjection);
  await run(settlementCycleProjection);
  const settling = events.filter((event) => !quarantined.has(event));
  await run(
    createStatementProjection(await settleStatements({ db, instanceId, identity, events: settling })),
  );
  await run(payoutProjection);
  await run(chainParticipantProjection);
  await run(seizureProjection);
  await insertQuarantine(db, instanceId, [...quarantined.values()]);
}

type BatchRows<Table extends ProjectionTable> = Rows<Table> & { changed(): ProjectionRow<Table>[] };

function createBatchRows<Table extends ProjectionTable>(
  table: Table,
  loaded: readonly ProjectionRow<Table>[],
): BatchRows<Table> {
  const rows = new Map(loaded.map((row) => [keyText(table, row), row]));
  const changed = new Map<string, ProjectionRow<Table>>();
  return {
    get: (key) => rows.get(keyText(table, key)),
    put(row) {
      const key = keyText(table, row);
      rows.set(key, row);
      changed.set(key, row);
    },
    changed: () => [...changed.values()],
  };
}

function keyText(table: ProjectionTable, columns: object): string {
  // A key or a row: both have the key's columns.
  const values = columns as Readonly<Record<string, unknown>>;
  return PROJECTION_KEYS[table].map((column) => String(values[column])).join(" ");
}

/** Our contracts keep amounts within 88 bits; whatever says more must not break the writing of everything else. */
function requireStorableAmounts(event: ChainEvent): void {
  for (const [name, value] of Object.entries(event.args)) {
    if (typeof value === "bigint" && value >= AMOUNT_LIMIT && !name.endsWith("Word")) {
      throw new RangeError(`The value of ${name} is out of range.`);
    }
  }
}
