import { expect } from "chai";
import { sql } from "kysely";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { openStore, type Store } from "../../../services/store/store.ts";
import { createUpkeep } from "../../../services/store/upkeep.ts";

describe("upkeep", function () {
  this.timeout(60_000);
  let store: Store;

  beforeEach(async () => {
    store = await openStore({ clock: createSystemClock() });
  });
  afterEach(() => store.close());

  it("gathers statistics and removes dead rows", async () => {
    await sql`create table counter as select n from generate_series(1, 1000) as n`.execute(store.db);
    await sql`update counter set n = n + 1`.execute(store.db);
    const before = await sizes(store);
    await runOnce(store);

    expect(before.reltuples).to.equal(-1);
    expect((await sizes(store)).reltuples).to.equal(1_000);
    // The space of the dead rows is there for new ones.
    await sql`update counter set n = n + 1`.execute(store.db);
    expect((await sizes(store)).bytes).to.equal(before.bytes);
  });
});

/** Lets the upkeep have one round, without waiting for it. */
async function runOnce(store: Store): Promise<void> {
  const stopping = new AbortController();
  let pauses = 0;
  const clock = {
    ...createSystemClock(),
    async sleep() {
      pauses += 1;
      if (pauses > 1) stopping.abort();
    },
  };
  await createUpkeep({ store, clock }).run(stopping.signal);
}

async function sizes(store: Store): Promise<{ reltuples: number; bytes: number }> {
  const { rows } = await sql<{ reltuples: number; bytes: number }>`
    select reltuples, pg_relation_size(oid) as bytes from pg_class where relname = 'counter'`.execute(
    store.db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("The table is there.");
  return row;
}
