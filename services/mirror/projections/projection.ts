import type { ChainEvent, ChainEventName, ChainEventOf } from "../../chain/events.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionKey, ProjectionRow, ProjectionTable } from "../../store/projection-store.ts";

/** The rows of one table that a batch of events touches; `put` replaces the row with the same key. */
export type Rows<Table extends ProjectionTable> = {
  get(key: ProjectionKey<Table>): ProjectionRow<Table> | undefined;
  put(row: ProjectionRow<Table>): void;
};

/** What never changes about an order, for events that name the order alone. */
export type OrderLookup = (orderId: Hex) => OrderParties | undefined;

export type OrderParties = Pick<ProjectionRow<"escrow_order">, "operator" | "token" | "merchant" | "payer">;

export type BookKey = { readonly operator: Hex; readonly token: Hex };

/** What surrounds an event. */
export type Surroundings = {
  /** The orders known at the end of the batch. */
  readonly orders: OrderLookup;
  /** The event before it in the log. */
  readonly previous: ChainEvent | undefined;
  /** How it changed accounts; none until accounts are folded. */
  readonly steps: () => readonly AccountStep[];
};

/** One change of an account's hot word. Amounts in base units. */
export type AccountStep = BookKey & {
  readonly address: Hex;
  readonly pendingBefore: bigint;
  readonly pending: bigint;
  readonly feesBefore: bigint;
  readonly fees: bigint;
  /** The account's open cycle before. */
  readonly cycleBefore: number;
};

/**
 * How one table follows from the log. `keysOf` names the rows that an event may change; they are loaded before the
 * batch is folded. `apply` throws before it changes anything when an event does not fit what is known.
 */
export type Projection<Table extends ProjectionTable> = {
  readonly table: Table;
  /** The events that may change the table. */
  readonly events: readonly ChainEventName[];
  keysOf(event: ChainEvent, surroundings: Surroundings): readonly ProjectionKey<Table>[];
  apply(event: ChainEvent, rows: Rows<Table>, surroundings: Surroundings): void;
};

/** What a table does on the events it cares about, by name. */
export type EventTable<Result> = {
  readonly [Name in ChainEventName]?: (event: ChainEventOf<Name>, surroundings: Surroundings) => Result;
};

/** The events that such a table has an entry for. */
export function eventsOf(choices: EventTable<unknown>): readonly ChainEventName[] {
  // Safe: the type allows no other keys.
  return Object.keys(choices) as ChainEventName[];
}

/** Looks an event up in such a table; undefined if the table does not care. */
export function choose<Result>(
  choices: EventTable<Result>,
  event: ChainEvent,
  surroundings: Surroundings,
): Result | undefined {
  // The entry under a name takes the event of that name, a link that the index type loses.
  const chosen = choices[event.name] as ((event: ChainEvent, around: Surroundings) => Result) | undefined;
  return chosen?.(event, surroundings);
}

/** The columns that say by which log a row got its present content. */
export function placeOf(
  event: ChainEvent,
): Pick<ProjectionRow<"escrow_order">, "block_hash" | "block_number" | "log_index" | "tx_hash"> {
  const { blockHash, blockNumber, logIndex, txHash } = event.log;
  return { block_hash: blockHash, block_number: blockNumber, log_index: logIndex, tx_hash: txHash };
}

/** The parties of an order; throws an `UnknownSubjectError` if it was never authorized. */
export function partiesOf(orderId: Hex, orders: OrderLookup): OrderParties {
  const parties = orders(orderId);
  if (parties === undefined) throw new UnknownSubjectError("order", orderId);
  return parties;
}

/** A stored sum with an amount added to it. */
export function plus(sum: string, amount: bigint): string {
  return (BigInt(sum) + amount).toString();
}

/** What an integer column holds. */
const COUNT_LIMIT = 2 ** 31;

/** A number that counts something, however wide its ABI type; throws a RangeError if no column could hold it. */
export function toCount(value: bigint | number): number {
  if (value >= COUNT_LIMIT) throw new RangeError(`${value} is not a count.`);
  return Number.parseInt(value.toString(), 10);
}

/** A moment in Unix seconds; throws a RangeError if it is none. */
export function toSeconds(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} is not a moment.`);
  return Number.parseInt(value.toString(), 10);
}

/** An event names something that no event before it introduced. */
export class UnknownSubjectError extends Error {
  readonly subject: string;

  constructor(kind: string, subject: string) {
    super(`No earlier event introduced ${kind} ${subject}.`);
    this.name = "UnknownSubjectError";
    this.subject = subject;
  }
}
