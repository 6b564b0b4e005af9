import { expect } from "chai";
import { sql } from "kysely";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { StatementUnbalancedError } from "../../../services/domain/statement.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { listStatements } from "../../../services/store/settlement-read-model.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import { readStatementLines } from "../../../services/store/statement-lines.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { follow, rejectionOf } from "./follow.ts";
import { type LiveNetwork, silentLogger, startLiveNetwork } from "./live-network.ts";
import { tellRareStory } from "./rare-story.ts";

forEachEngine("statements", (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;

  before(async () => {
    network = await startLiveNetwork();
    store = await open();
    mirror = await follow(network, store);
    await tellRareStory(network);
    await mirror.catchUp();
  });
  after(() => network?.stop());

  const settled = () => store.db.selectFrom("statement").selectAll().orderBy("cycle").execute();

  it("quarantines nothing of what the contracts emit", async () => {
    expect(await store.db.selectFrom("quarantine").selectAll().execute()).to.deep.equal([]);
  });

  it("adds up to what the ledger settled, line by line and place by place", async () => {
    const statements = await settled();

    expect(new Set(statements.map(({ cycle }) => cycle))).to.deep.equal(new Set([1, 2, 3, 4, 5]));
    for (const statement of statements) {
      const lines = await readStatementLines(store.db, mirror.instanceId, [statement]);
      expect(lines.map(({ position }) => position)).to.deep.equal(lines.map((_, index) => index));
      expect(lines).to.have.length(statement.lines);
      let total = 0n;
      for (const line of lines) {
        expect(BigInt(line.running_before)).to.equal(total);
        expect(BigInt(line.net)).to.equal(BigInt(line.gross) - BigInt(line.fee));
        total += BigInt(line.net);
      }
      expect(total).to.equal(BigInt(statement.net));
    }
  });

  it("names every kind of line", async () => {
    const kinds = await store.db.selectFrom("movement").select("kind").distinct().orderBy("kind").execute();

    expect(kinds.map(({ kind }) => kind).sort()).to.deep.equal([
      "award",
      "awardPaidLater",
      "capture",
      "carry",
      "debt",
      "fee",
      "holdback",
      "refund",
      "release",
    ]);
  });

  it("lists a merchant's lines in the statement that they were settled in", async () => {
    const merchant = network.addressOf("merchant", "dyer");
    const { data } = await listStatements(store.db, mirror.instanceId, { merchant }, { limit: 10 });

    expect(data.map(({ cycle }) => cycle)).to.deep.equal([1, 3]);
    for (const { net, items } of data) {
      expect(items.reduce((sum, item) => sum + BigInt(item.net), 0n)).to.equal(BigInt(net));
    }
  });

  it("carries only what a dispute took aside and gave back, and fees that an operator had been paid", async () => {
    const carries = await store.db
      .selectFrom("movement")
      .select(["merchant", "net"])
      .where("kind", "=", "carry")
      .orderBy("block_number")
      .orderBy("log_index")
      .execute();
    const { operator } = network.deployment;
    const carriedBy = (address: Hex) =>
      carries.filter(({ merchant }) => merchant === address).map(({ net }) => net);

    expect(carriedBy(network.addressOf("merchant", "loom"))).to.deep.equal([
      ...["-28500", "28500"],
      ...["-3800", "3800"],
    ]);
    expect(carriedBy(operator)).to.deep.equal(["450", "550"]);
    expect(carries).to.have.length(6);
  });

  it("keeps what the events tell beside money", async () => {
    const { db } = store;
    const { addressOf, deployment, signers } = network;
    const canceled = await db.selectFrom("canceled_order").select("payer").execute();
    const seizures = await db
      .selectFrom("seizure")
      .select(["amount", "state", "statutory_account"])
      .execute();
    const awards = await db.selectFrom("unpaid_award").select(["account", "deferred", "paid"]).execute();
    const orders = await db.selectFrom("escrow_order").select(["fee_receiver", "clock_shift"]).execute();
    const book = await db.selectFrom("book").select("advance_limit").executeTakeFirstOrThrow();
    const people = await db
      .selectFrom("chain_participant")
      .select(["address", "requested_payout_address", "successor", "kyc_level"])
      .execute();
    const find = (address: Hex) => people.find((participant) => participant.address === address);

    expect(canceled).to.deep.equal([{ payer: addressOf("payer", "eve") }]);
    expect(seizures).to.deep.equal([
      { amount: "700", state: "executed", statutory_account: signers.issuer.address },
    ]);
    expect(awards).to.have.length(1);
    expect(awards[0]).to.include({ account: addressOf("merchant", "loom"), paid: awards[0]?.deferred });
    expect(orders.some((order) => order.fee_receiver === addressOf("merchant", "dyer"))).to.equal(true);
    // Two were disputed for a time, one was extended by a day.
    const shifts = orders.map((order) => order.clock_shift).filter((shift) => shift !== 0);
    expect(shifts).to.have.length(3).and.include(86_400);
    expect(BigInt(book.advance_limit)).to.equal(2n ** 70n);
    const dyer = find(addressOf("merchant", "dyer"));
    expect(dyer).to.include({ requested_payout_address: signers.issuer.address, kyc_level: 1 });
    expect(find(addressOf("payer", "gus"))?.successor).to.equal(addressOf("payer", "gus again"));
    expect(find(deployment.operator)?.successor).to.equal(null);
  });

  it("stands an audit, which works every line and carry out by itself", async () => {
    const snapshot = await store.transaction((trx) => readSnapshot(trx, mirror.instanceId), {
      snapshot: true,
    });
    if (snapshot === undefined) throw new Error("Nothing was mirrored.");
    const { rpc, deployment } = network;
    const report = await audit({ rpc, deployment, snapshot, logger: silentLogger });

    expect(report.breaks).to.deep.equal([]);
  });

  it("stops at lines that do not add up, with both figures", async () => {
    const merchant = network.addressOf("merchant", "dyer");
    await store.db
      .updateTable("movement")
      .set({ gross: sql`gross + 1` as never })
      .where("merchant", "=", merchant)
      .where("statement_cycle", "is", null)
      .where("kind", "=", "capture")
      .execute();
    const { deployment, token, signers } = network;
    await network.send(signers.settler, "settlementLedger", "closeCycle", [
      deployment.operator,
      token,
      6,
      [merchant],
    ]);
    const error = await rejectionOf(mirror.catchUp());

    expect(error).to.be.instanceOf(StatementUnbalancedError);
    expect((error as StatementUnbalancedError).total - (error as StatementUnbalancedError).net).to.equal(1n);
  });
});
