import { join } from "node:path";
import { PGlite, types as pgliteTypes } from "@electric-sql/pglite";
import { type Dialect, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { lockDataFolder } from "./data-folder-lock.ts";

/** One connection outside of kysely, for migrations: `script` may hold many statements, `query` one. */
export type Session = {
  script(sql: string): Promise<void>;
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
};

/** A database that speaks PostgreSQL's SQL. Values look the same in code whichever it is, see column-types.ts. */
export type Engine = {
  readonly name: "pglite" | "postgres";
  readonly dialect: Dialect;
  withSession<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Ends what kysely does not end: to be called after kysely is destroyed, or instead if it was never used. */
  close(): Promise<void>;
};

/**
 * Of the embedded engine. Its memory never shrinks, and the files behind its buffers are in the system's cache anyway.
 * Statistics of a small sample tell its planner enough. Plain index scans forget dead entries on their way, which bitmap
 * scans do not: between two rounds of upkeep that is what keeps the queue short.
 */
const SETTINGS = ["shared_buffers=32MB", "default_statistics_target=10", "enable_bitmapscan=off"];

/** Connections of one process to PostgreSQL. */
const POOL_SIZE = 10;

/**
 * The embedded engine, in `dataDirectory` (locked for this process) or, without one, in memory.
 *
 * @throws FolderLockedError if another process has the directory open.
 */
export async function openPGlite(dataDirectory?: string): Promise<Engine> {
  const lock = dataDirectory === undefined ? undefined : await lockDataFolder(dataDirectory);
  try {
    const pglite = await PGlite.create({
      ...(dataDirectory === undefined ? {} : { dataDir: join(dataDirectory, "database") }),
      parsers: { [pgliteTypes.INT8]: parseInt8 },
      startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ["-c", setting])],
    });
    return {
      name: "pglite",
      dialect: new PGliteDialect({ pglite }),
      withSession: (work) =>
        work({
          script: async (sql) => void (await pglite.exec(sql)),
          query: async <Row>(sql: string, parameters: unknown[] = []) =>
            (await pglite.query<Row>(sql, parameters)).rows,
        }),
      async close() {
        if (!pglite.closed) await pglite.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** PostgreSQL at `databaseUrl`. Connections are made when first needed. */
export function openPostgres(databaseUrl: string, onIdleError: (error: Error) => void): Engine {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === pg.types.builtins.INT8 ? parseInt8 : pg.types.getTypeParser(oid, format as "text"),
    },
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on("error", onIdleError);
  return {
    name: "postgres",
    dialect: new PostgresDialect({ pool }),
    async withSession(work) {
      const client = await pool.connect();
      try {
        return await work({
          script: async (sql) => void (await client.query(sql)),
          query: async (sql, parameters = []) => (await client.query(sql, parameters)).rows,
        });
      } finally {
        client.release();
      }
    },
    async close() {
      if (!pool.ending) await pool.end();
    },
  };
}

function parseInt8(text: string): number {
  const value = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The integer ${text} is beyond 2^53.`);
  return value;
}
