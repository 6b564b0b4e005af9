import { expect } from "chai";
import { sql } from "kysely";
import { CONTRACT_ARTIFACTS } from "../../../services/chain/abi.ts";
import type { JsonRpc } from "../../../services/chain/json-rpc.ts";
import type { Break } from "../../../services/domain/reconciliation.ts";
import type { Snapshot } from "../../../services/domain/snapshot.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { createReconciler, type Reconciler } from "../../../services/reconciler/reconciler.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { type RpcLog, withLogs } from "../mirror/false-node.ts";
import { follow } from "../mirror/follow.ts";
import { type LiveNetwork, silentLogger, startLiveNetwork, vaultOf } from "../mirror/live-network.ts";
import { tellStory } from "../mirror/story.ts";

/** Rows that somebody changed behind the mirror's back, and what an audit must call it. */
const TAMPERINGS = [
  {
    change: "an order's refunds",
    statement: "update escrow_order set refunded = refunded + 1 where refunded > 0",
    kinds: ["mirror.order.refunded"],
  },
  {
    change: "an order's word",
    statement: "update escrow_order set word = replace(word, '0x00', '0xff') where state = 'captured'",
    kinds: ["mirror.order.word"],
  },
  {
    change: "an account's word",
    statement: "update account set word = '0x' || repeat('0', 64) where available > 0",
    kinds: ["mirror.account.word"],
  },
  {
    change: "what was paid out",
    statement: "update account set paid = 0 where paid > 0",
    kinds: ["mirror.account.paid"],
  },
  {
    change: "a payout that is gone",
    statement: "delete from payout where state = 'paid'",
    kinds: ["mirror.payout.missing"],
  },
  {
    change: "the net of a cycle",
    statement: "update settlement_cycle set net = net - 1 where number = 1",
    kinds: ["mirror.cycle.net"],
  },
  {
    change: "a ruling",
    statement: "update dispute set award = award + 1 where payer_bps = 5000",
    kinds: ["mirror.dispute.award"],
  },
  {
    change: "a line of a statement",
    statement: `update movement set gross = gross - 1, net = net - 1
      where statement_cycle = 1 and kind = 'refund'`,
    kinds: ["mirror.line.gross", "mirror.line.net"],
  },
  {
    change: "a line that is gone",
    statement: "delete from movement where statement_cycle = 1 and kind = 'refund'",
    kinds: ["mirror.line.missing"],
  },
  {
    change: "a line that nobody settled yet",
    statement: "update movement set fee = fee + 1 where statement_cycle is null",
    kinds: ["mirror.line.fee"],
  },
  {
    change: "the root of a statement",
    statement: "update statement set root = '0x' || repeat('5', 64) where cycle = 1",
    kinds: ["mirror.statement.root"],
  },
  {
    change: "a root that nobody published",
    statement: "update settlement_cycle set root = '0x' || repeat('5', 64) where number = 1",
    kinds: ["mirror.cycle.root"],
  },
  {
    change: "the guarantee of a book",
    statement: "update book set guarantee = guarantee + 1",
    kinds: ["mirror.book.guarantee"],
  },
];

forEachEngine("audit", (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;
  let reconciler: Reconciler;

  before(async () => {
    const clock = createSystemClock();
    network = await startLiveNetwork();
    store = await open();
    const { rpc, deployment } = network;
    mirror = await follow(network, store);
    reconciler = createReconciler({ store, rpc, deployment, clock, logger: silentLogger, intervalMs: 1_000 });
    await tellStory(network);
    await mirror.catchUp();
  });
  after(() => network?.stop());

  async function snapshotOf(tampering?: string): Promise<Snapshot> {
    let snapshot: Snapshot | undefined;
    await store
      .transaction(async (trx) => {
        if (tampering) await sql.raw(tampering).execute(trx);
        snapshot = await readSnapshot(trx, mirror.instanceId);
        throw new Error("undone");
      })
      .catch((error) => expect(error.message).to.equal("undone"));
    if (snapshot === undefined) throw new Error("Nothing was mirrored.");
    return snapshot;
  }

  async function breaksOf(snapshot: Snapshot, rpc: JsonRpc = network.rpc): Promise<readonly Break[]> {
    const { deployment } = network;
    const report = await audit({ rpc, deployment, snapshot, logger: silentLogger });
    expect(report.ok).to.equal(report.breaks.length === 0);
    return report.breaks;
  }

  context("given an honest network", () => {
    it("finds no break in the log, the contracts or the mirror", async () => {
      const { rpc, deployment } = network;
      const snapshot = await snapshotOf();
      const stages = new Set<string>();
      const report = await audit({
        rpc,
        deployment,
        snapshot,
        logger: silentLogger,
        onProgress: ({ stage }) => stages.add(stage),
      });

      expect(report.breaks).to.deep.equal([]);
      expect(report.ok).to.equal(true);
      expect(report.orders).to.equal(5);
      expect(report.blocks).to.equal(snapshot.blockNumber - deployment.block + 1);
      expect(report.logs).to.be.greaterThan(80);
      expect([...stages]).to.deep.equal(["log", "replay", "storage", "mirror"]);
    });

    it("has looked at debt, a held payout, awards and an open dispute", async () => {
      const snapshot = await snapshotOf();

      expect(snapshot.payouts.map((payout) => payout.state)).to.include.members(["paid", "held"]);
      expect(snapshot.accounts.some((account) => BigInt(account.coldWord) > 0n)).to.equal(true);
      expect(snapshot.disputes.map((dispute) => dispute.state).sort()).to.deep.equal([
        "final",
        "final",
        "final",
        "open",
      ]);
      expect(snapshot.orders.some((order) => order.awarded !== "0")).to.equal(true);
    });
  });

  context("given a mirror whose rows were changed", () => {
    for (const { change, statement, kinds } of TAMPERINGS) {
      it(`names ${change}`, async () => {
        const breaks = await breaksOf(await snapshotOf(statement));

        expect([...new Set(breaks.map((found) => found.kind))]).to.deep.equal(kinds);
      });
    }

    it("refuses a snapshot of another chain", async () => {
      const breaks = await breaksOf({ ...(await snapshotOf()), blockHash: `0x${"0".repeat(64)}` });

      expect(breaks.map((found) => found.kind)).to.deep.equal(["snapshot.block_hash"]);
    });
  });

  context("given a log that does not tell what happened", () => {
    const { abi } = CONTRACT_ARTIFACTS.settlementLedger;

    async function kindsWith(change: (logs: readonly RpcLog[]) => readonly RpcLog[]): Promise<string[]> {
      const breaks = await breaksOf(await snapshotOf(), withLogs(network.rpc, change));
      return breaks.map((found) => found.kind);
    }

    function isEvent(log: RpcLog, name: string): boolean {
      return (log.topics as readonly string[])[0] === abi.getEvent(name)?.topicHash;
    }

    it("misses a deposit that was left out", async () => {
      const kinds = await kindsWith((logs) => {
        const left = logs.findIndex((log) => isEvent(log, "Deposited"));
        return logs.filter((_, index) => index !== left);
      });

      expect(kinds).to.include.members([
        "event.account_word",
        "storage.account.word",
        "conservation.vault",
        "conservation.flows",
      ]);
    });

    it("misses a settlement that was left out", async () => {
      const kinds = await kindsWith((logs) => logs.filter((log) => !isEvent(log, "NetSettled")));

      expect(kinds).to.include.members([
        "event.account_word",
        "storage.account.word",
        "mirror.cycle.merchants",
      ]);
    });

    it("notices an amount that was changed", async () => {
      const kinds = await kindsWith((logs) =>
        logs.map((log) => (isEvent(log, "OrderVoided") ? moreVoided(log) : log)),
      );

      expect(kinds).to.include.members(["event.order_word", "storage.order.word", "mirror.order.voided"]);
    });

    it("notices an event that nobody declares", async () => {
      const kinds = await kindsWith((logs) =>
        logs.map((log) => (isEvent(log, "OrderSkipped") ? { ...log, topics: [`0x${"5".repeat(64)}`] } : log)),
      );

      expect(kinds).to.deep.equal(["log.unknown_event"]);
    });
  });

  context("given a vault that somebody sent tokens to", () => {
    let snapshotId: unknown;

    before(async () => {
      snapshotId = await network.rpc.request("evm_snapshot");
      const { issuer } = network.signers;
      const vault = await vaultOf(network);
      await network.send(issuer, "token", "mint", [issuer.address, 5n, `0x${"9".repeat(64)}`]);
      await network.send(issuer, "token", "transfer", [vault, 5n]);
      await mirror.catchUp();
    });
    after(async () => {
      await network.rpc.request("evm_revert", [snapshotId]);
      await mirror.catchUp();
    });

    it("names the vault, and nothing else", async () => {
      const breaks = await breaksOf(await snapshotOf());

      expect(breaks.map((found) => found.kind)).to.deep.equal(["conservation.vault"]);
      expect(BigInt(breaks[0]?.actual ?? 0) - BigInt(breaks[0]?.expected ?? 0)).to.equal(5n);
    });
  });

  context("reconciler", () => {
    it("records a run without breaks", async () => {
      const result = await reconciler.runOnce();

      expect(result?.breaks).to.deep.equal([]);
      const run = await store.db
        .selectFrom("recon_run")
        .selectAll()
        .where("id", "=", result?.runId ?? 0)
        .executeTakeFirstOrThrow();
      expect(run).to.include({ breaks: 0, orders: 5, block_number: result?.blockNumber });
    });

    it("records what it finds and repairs nothing", async () => {
      await sql`update account set word = '0x' || repeat('0', 64) where available > 0`.execute(store.db);
      const result = await reconciler.runOnce();
      const again = await reconciler.runOnce();

      expect(new Set(result?.breaks.map((found) => found.kind))).to.deep.equal(new Set(["account.word"]));
      expect(again?.breaks).to.deep.equal(result?.breaks);
      const rows = await store.db
        .selectFrom("recon_break")
        .selectAll()
        .where("run_id", "=", result?.runId ?? 0)
        .execute();
      expect(rows).to.have.length(result?.breaks.length ?? 0);
    });
  });
});

/** The same event with one unit more: the amount is the third word of its data. */
function moreVoided(log: RpcLog): RpcLog {
  const data = String(log.data);
  const amount = BigInt(`0x${data.slice(130, 194)}`) + 1n;
  return { ...log, data: data.slice(0, 130) + amount.toString(16).padStart(64, "0") + data.slice(194) };
}
