import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../platform/clock.ts";
import type { Engine, Session } from "./engine.ts";

type Migration = { number: number; name: string; sql: string; sha256: string };

/** The folder of the numbered migrations. */
export const MIGRATIONS_FOLDER = join(import.meta.dirname, "migrations");

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** Any number that nothing else locks on. */
const ADVISORY_LOCK = 7_425_861;

const HISTORY = `
  create table if not exists schema_migration (
    number integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null
  )`;

/**
 * Brings a database up to this program's schema, one transaction per migration; processes that start together wait for
 * each other. Gives the number of the last migration.
 *
 * @throws StoreNewerError if the database was migrated by a later program.
 * @throws MigrationChangedError if a migration that was applied has another text now.
 */
export async function migrate({
  engine,
  clock,
  folder = MIGRATIONS_FOLDER,
}: {
  engine: Engine;
  clock: Clock;
  folder?: string;
}): Promise<number> {
  const migrations = await readMigrations(folder);
  return engine.withSession(async (session) => {
    // The embedded engine has one process and one connection: there is nobody to wait for.
    if (engine.name === "pglite") return applyAll(session, migrations, clock);

    await session.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);
    try {
      return await applyAll(session, migrations, clock);
    } finally {
      await session.query("select pg_advisory_unlock($1)", [ADVISORY_LOCK]);
    }
  });
}

async function applyAll(session: Session, migrations: Migration[], clock: Clock): Promise<number> {
  await session.script(HISTORY);
  const applied = await session.query<{ number: number; sha256: string }>(
    "select number, sha256 from schema_migration order by number",
  );

  const found = applied.at(-1)?.number ?? 0;
  if (found > migrations.length) throw new StoreNewerError(found, migrations.length);
  for (const { number, sha256 } of applied) {
    if (migrations[number - 1]?.sha256 !== sha256) throw new MigrationChangedError(number);
  }

  for (const migration of migrations.slice(found)) await apply(session, migration, clock);
  return migrations.length;
}

async function apply(session: Session, migration: Migration, clock: Clock): Promise<void> {
  await session.script("begin");
  try {
    await session.script(migration.sql);
    await session.query("insert into schema_migration values ($1, $2, $3, $4)", [
      migration.number,
      migration.name,
      migration.sha256,
      clock.now(),
    ]);
    await session.script("commit");
  } catch (error) {
    await session.script("rollback");
    throw error;
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const [, digits = "", name = ""] = FILE_NAME.exec(file) ?? [];
      const number = Number.parseInt(digits, 10);
      if (number !== index + 1) throw new Error(`Migration ${file} is not number ${index + 1}.`);

      const sql = await readFile(join(folder, file), "utf8");
      return { number, name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** The database belongs to a later version of this program; nothing was changed. */
export class StoreNewerError extends Error {
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super(`The database is at migration ${found}, this program knows only ${known}. Use the newer program.`);
    this.name = "StoreNewerError";
    this.found = found;
    this.known = known;
  }
}

/** A migration that was applied has another text now; nothing was changed. */
export class MigrationChangedError extends Error {
  readonly number: number;

  constructor(number: number) {
    super(`Migration ${number} differs from the one that this database was made with.`);
    this.name = "MigrationChangedError";
    this.number = number;
  }
}
