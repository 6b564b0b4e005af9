import type { ColumnType, JSONColumnType } from "kysely";

/*
 * How columns look in code, on both engines alike (engine.ts sets up the parsers): `bigint` columns are `number`,
 * values beyond 2^53 being refused; `numeric` columns are decimal strings; `timestamptz` is `Date`; `jsonb` comes
 * back parsed and is written as a JSON string.
 */

/** An amount in token base units as a decimal string; convert with `BigInt` at the edge. */
export type Amount = ColumnType<string, string, string>;

/** A moment of the host's clock, never of the chain's. */
export type Timestamp = ColumnType<Date, Date, Date>;

/** A JSON document, read as `T` and written as text. */
export type Json<T extends object> = JSONColumnType<T, string, string>;

/** A JSON document that may be missing. */
export type NullableJson<T extends object> = ColumnType<T | null, string | null, string | null>;
