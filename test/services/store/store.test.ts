import { expect } from "chai";
import { sql } from "kysely";
import { RootHandleInTransactionError, type Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";

forEachEngine("store", (open) => {
  let store: Store;

  before(async () => {
    store = await open();
  });

  it("gives values the same type whichever the engine", async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select 9007199254740991::bigint as whole, 1208925819614629174706175::numeric(30, 0) as amount,
        sum(amount) as total, count(*) as lines, '2026-01-02T03:04:05.678Z'::timestamptz as moment,
        '{"a": [1, null]}'::jsonb as document, array['x', 'y,"z'] as words, 7::integer as small, true as fact
      from (values (1::numeric), (2)) as t (amount)`.execute(store.db);

    expect(rows[0]).to.deep.equal({
      whole: 9007199254740991,
      amount: "1208925819614629174706175",
      total: "3",
      lines: 2,
      moment: new Date("2026-01-02T03:04:05.678Z"),
      document: { a: [1, null] },
      words: ["x", 'y,"z'],
      small: 7,
      fact: true,
    });
  });

  it("refuses an integer that a number cannot hold", async () => {
    const error = await sql`select 9007199254740993::bigint`.execute(store.db).catch((thrown) => thrown);

    expect(error).to.be.instanceOf(RangeError);
  });

  it("commits what resolves and rolls back what rejects", async () => {
    const insert = (hash: string) =>
      store.transaction(async (trx) => {
        await trx
          .insertInto("chain_instance")
          .values({ chain_id: 1, genesis_hash: hash, contract_set_hash: "0x", first_seen: new Date(0) })
          .execute();
        if (hash === "0xbad") throw new Error("undone");
      });

    await insert("0xgood");
    const error = await insert("0xbad").catch((thrown) => thrown);
    const rows = await store.db.selectFrom("chain_instance").select("genesis_hash").execute();

    expect(error.message).to.equal("undone");
    expect(rows).to.deep.equal([{ genesis_hash: "0xgood" }]);
  });

  context("when the store's own handle is used inside a transaction", () => {
    it("throws instead of waiting for itself", async () => {
      const { db } = store;
      const attempts = [
        () => store.transaction(() => store.db.selectFrom("block").selectAll().execute()),
        () => store.transaction(() => db.selectFrom("block").selectAll().execute()),
        () => store.transaction(() => sql`select 1`.execute(db)),
        () => store.transaction(() => store.transaction(async () => undefined)),
      ];

      for (const attempt of attempts) {
        const error = await attempt().catch((thrown) => thrown);
        expect(error).to.be.instanceOf(RootHandleInTransactionError);
      }
    });
  });

  context("when two transactions run at the same time", () => {
    it("keeps each to its own handle", async () => {
      const counts = await Promise.all(
        [1, 2, 3].map((chainId) =>
          store.transaction(async (trx) => {
            await trx
              .insertInto("chain_instance")
              .values({
                chain_id: chainId,
                genesis_hash: "0x",
                contract_set_hash: "0x",
                first_seen: new Date(0),
              })
              .execute();
            return chainId;
          }),
        ),
      );

      expect(counts).to.deep.equal([1, 2, 3]);
    });
  });

  it("still answers outside once a transaction has ended", async () => {
    const ended = Promise.withResolvers<void>();
    let later: Promise<unknown> = Promise.resolve();
    await store.transaction(async () => {
      later = ended.promise.then(() => store.db.selectFrom("block").selectAll().execute());
    });
    ended.resolve();

    expect(await later).to.deep.equal([]);
  });
});
