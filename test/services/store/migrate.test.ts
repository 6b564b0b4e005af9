import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { type Engine, openPGlite, openPostgres } from "../../../services/store/engine.ts";
import {
  MIGRATIONS_FOLDER,
  MigrationChangedError,
  migrate,
  StoreNewerError,
} from "../../../services/store/migrate.ts";
import { openStore } from "../../../services/store/store.ts";
import { createPostgresDatabase, stopServerAfter } from "../../support/database.ts";

const clock = createSystemClock();
const KNOWN = 7;

for (const name of ["pglite", "postgres"] as const) {
  describe(`migrate on ${name}`, function () {
    this.timeout(60_000);
    let engine: Engine;
    let folder: string;

    if (name === "postgres") stopServerAfter(this);
    beforeEach(async () => {
      engine = name === "pglite" ? await openPGlite() : await openAnother(await createPostgresDatabase());
      folder = await mkdtemp(join(tmpdir(), "rialto-migrations-"));
      await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true });
    });

    it("applies every migration once", async () => {
      expect(await migrate({ engine, clock })).to.equal(KNOWN);
      expect(await migrate({ engine, clock })).to.equal(KNOWN);

      const applied = await history(engine);
      expect(applied.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });

    it("goes on from where the database is", async () => {
      await migrate({ engine, clock });
      await writeFile(
        join(folder, "0008_later.sql"),
        "create table later (id integer); insert into later values (8);",
      );

      expect(await migrate({ engine, clock, folder })).to.equal(8);
      expect(await engine.withSession((session) => session.query("select id from later"))).to.deep.equal([
        { id: 8 },
      ]);
    });

    it("refuses a database that is newer than the program", async () => {
      await writeFile(join(folder, "0008_later.sql"), "create table later (id integer);");
      await migrate({ engine, clock, folder });
      const error = await migrate({ engine, clock }).catch((thrown) => thrown);

      expect(error).to.be.instanceOf(StoreNewerError);
      expect(error).to.include({ found: 8, known: KNOWN });
    });

    it("refuses a migration that has another text than the one that was applied", async () => {
      await migrate({ engine, clock });
      await writeFile(join(folder, "0002_projections.sql"), "select 1;");
      const error = await migrate({ engine, clock, folder }).catch((thrown) => thrown);

      expect(error).to.be.instanceOf(MigrationChangedError);
      expect(error).to.include({ number: 2 });
    });

    it("leaves nothing of a migration that fails", async () => {
      await migrate({ engine, clock });
      await writeFile(join(folder, "0008_wrong.sql"), "create table wrong (id integer); select 1 / 0;");
      const error = await migrate({ engine, clock, folder }).catch((thrown) => thrown);

      expect(error).to.be.instanceOf(Error);
      expect(await history(engine)).to.have.length(KNOWN);
      const [row] = await engine.withSession((session) =>
        session.query<{ wrong: string | null }>("select to_regclass('wrong')::text as wrong"),
      );
      expect(row?.wrong).to.equal(null);
    });

    if (name === "postgres") {
      it("waits for a process that migrates at the same time", async () => {
        const url = await createPostgresDatabase();
        const stores = await Promise.all([1, 2, 3].map(() => openStore({ databaseUrl: url, clock })));
        const counts = await stores[0]?.db
          .selectFrom("schema_migration")
          .select((eb) => eb.fn.countAll().as("count"))
          .execute();
        for (const store of stores) await store.close();

        expect(counts).to.deep.equal([{ count: KNOWN }]);
      });
    }
  });
}

async function openAnother(url: string): Promise<Engine> {
  return openPostgres(url, () => undefined);
}

function history(engine: Engine): Promise<{ number: number }[]> {
  return engine.withSession((session) =>
    session.query("select number from schema_migration order by number"),
  );
}
