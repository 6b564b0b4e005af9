import { AsyncLocalStorage } from "node:async_hooks";
import { Kysely, type KyselyPlugin, type Transaction } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import { type Engine, openPGlite, openPostgres } from "./engine.ts";
import { migrate } from "./migrate.ts";
import type { Database } from "./schema.ts";

/** The database, migrated and open. */
export type Store = {
  readonly engine: "pglite" | "postgres";
  /**
   * For single reads outside of transactions. Using it inside of one throws: the embedded engine has one connection
   * and would wait for itself for ever.
   */
  readonly db: Kysely<Database>;
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. Transactions do not nest.
   * With `snapshot` every statement sees the database as of the first one.
   */
  transaction<T>(work: (trx: Transaction<Database>) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Waits for what is running and gives folder or connections back. */
  close(): Promise<void>;
};

export type TransactionOptions = { snapshot?: boolean };

export type StoreOptions = {
  /** PostgreSQL. Wins over `dataDirectory`. */
  databaseUrl?: string | undefined;
  /** Folder of the embedded database; without it, and without `databaseUrl`, the database is in memory. */
  dataDirectory?: string | undefined;
  clock: Clock;
  logger?: Logger;
};

/**
 * Opens and migrates the database.
 *
 * @throws FolderLockedError, StoreNewerError, MigrationChangedError; whatever the driver throws if it cannot connect.
 */
export async function openStore({ databaseUrl, dataDirectory, clock, logger }: StoreOptions): Promise<Store> {
  const engine =
    databaseUrl === undefined
      ? await openPGlite(dataDirectory)
      : openPostgres(databaseUrl, (error) =>
          logger?.warn({ err: error }, "Lost an idle database connection"),
        );
  try {
    await migrate({ engine, clock });
  } catch (error) {
    await engine.close();
    throw error;
  }
  return createStore(engine);
}

function createStore(engine: Engine): Store {
  const scopes = new AsyncLocalStorage<{ isOpen: boolean }>();
  const unguarded = new Kysely<Database>({ dialect: engine.dialect });
  const guarded = unguarded.withPlugin(refuseWhile(() => isInTransaction()));

  function isInTransaction(): boolean {
    return scopes.getStore()?.isOpen === true;
  }

  return {
    engine: engine.name,
    get db() {
      if (isInTransaction()) throw new RootHandleInTransactionError();
      return guarded;
    },
    async transaction(work, { snapshot = false } = {}) {
      if (isInTransaction()) throw new RootHandleInTransactionError();

      const scope = { isOpen: true };
      const builder = snapshot
        ? unguarded.transaction().setIsolationLevel("repeatable read")
        : unguarded.transaction();
      try {
        return await builder.execute((trx) => scopes.run(scope, () => work(trx)));
      } finally {
        // Work started inside and still running afterwards is not in the transaction any more.
        scope.isOpen = false;
      }
    },
    async close() {
      await unguarded.destroy();
      await engine.close();
    },
  };
}

function refuseWhile(isRefused: () => boolean): KyselyPlugin {
  return {
    transformQuery({ node }) {
      if (isRefused()) throw new RootHandleInTransactionError();
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

/** A bug: code inside a transaction used the store's own handle, or began another transaction. */
export class RootHandleInTransactionError extends Error {
  constructor() {
    super("Inside a transaction only its own handle may be used.");
    this.name = "RootHandleInTransactionError";
  }
}
