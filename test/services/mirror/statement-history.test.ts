import { expect } from "chai";
import { readLogs } from "../../../services/chain/block-reads.ts";
import { readContracts } from "../../../services/chain/contract-calls.ts";
import { buildCycle } from "../../../services/chain/cycle-tree.ts";
import { createEventDecoder, eventSourcesOf } from "../../../services/chain/events.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import { readStatementLines } from "../../../services/store/statement-lines.ts";
import { readUnpublishedCycles } from "../../../services/store/statement-work-read-model.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { follow } from "./follow.ts";
import { type LiveNetwork, silentLogger, startLiveNetwork } from "./live-network.ts";
import { tellRandomHistory } from "./random-history.ts";

/** RIALTO_TEST_STEPS=N makes histories of N steps, RIALTO_TEST_SEED=S repeats the one of a seed. */
const STEPS = Number.parseInt(process.env.RIALTO_TEST_STEPS ?? "150", 10);
const FIRST_SEED = Number.parseInt(process.env.RIALTO_TEST_SEED ?? `${Date.now() % 1_000_000}`, 10);

let seed = FIRST_SEED;

forEachEngine(`statements of a random history (seed ${FIRST_SEED}, and the next one)`, (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;

  before(async function tell() {
    this.timeout(180_000);
    network = await startLiveNetwork();
    store = await open();
    mirror = await follow(network, store);
    const { done } = await tellRandomHistory(network, seed, STEPS);
    seed += 1;
    await mirror.catchUp();
    for (const name of ["order", "refund", "rule", "closeForSome"]) {
      expect(done.get(name) ?? 0, name).to.be.greaterThan(0);
    }
  });
  after(() => network?.stop());

  const statementsOf = () => store.db.selectFrom("statement").selectAll().execute();

  it("adds up over all cycles, leaf by leaf, to what was moved out of pending (e)", async () => {
    const moved = new Map<string, bigint>();
    for (const { args } of await settledEvents()) {
      moved.set(args.merchant, (moved.get(args.merchant) ?? 0n) + args.net);
    }
    const listed = new Map<string, bigint>();
    const lines = await readStatementLines(store.db, mirror.instanceId, await statementsOf());
    for (const { merchant, gross, fee } of lines) {
      listed.set(merchant, (listed.get(merchant) ?? 0n) + BigInt(gross) - BigInt(fee));
    }

    expect([...moved.values()].some((net) => net > 0n)).to.equal(true);
    expect(withoutZeros(listed)).to.deep.equal(withoutZeros(moved));
  });

  it("adds up in each cycle to the net that the contract stores", async () => {
    const cycles = await readUnpublishedCycles(store.db, mirror.instanceId);
    const { contracts, chainId } = network.deployment;
    const ledger = contracts.settlementLedger.address;
    const calls = cycles.map(({ operator, token, cycle }) => ({
      ...{ contract: "settlementLedger" as const, address: ledger, functionName: "cycleOf" },
      args: [operator, token, cycle],
    }));
    const stored = await readContracts(network.rpc, calls, "latest");
    const trees = cycles.map(({ net: _, statements, ...cycle }) =>
      buildCycle({ chainId, ledger, ...cycle }, statements),
    );

    expect(trees.map(({ total }) => total)).to.deep.equal(stored.map(([{ net }]) => net));
    expect(trees.map(({ count }) => BigInt(count))).to.deep.equal(
      stored.map(([{ statements }]) => statements),
    );
  });

  it("stands an audit of lines, roots and money, once the roots are published", async () => {
    const { rpc, deployment, signers } = network;
    const ledger = deployment.contracts.settlementLedger.address;
    for (const { net: _, statements, ...cycle } of await readUnpublishedCycles(store.db, mirror.instanceId)) {
      const { root } = buildCycle({ chainId: deployment.chainId, ledger, ...cycle }, statements);
      const args = [cycle.operator, cycle.token, cycle.cycle, root];
      await network.send(signers.settler, "settlementLedger", "publishStatements", args);
    }
    await mirror.catchUp();
    const snapshot = await store.transaction((trx) => readSnapshot(trx, mirror.instanceId), {
      snapshot: true,
    });
    if (snapshot === undefined) throw new Error("Nothing was mirrored.");
    const report = await audit({ rpc, deployment, snapshot, logger: silentLogger });

    expect(snapshot.cycles.filter(({ root }) => root === null)).to.deep.equal([]);
    expect(await store.db.selectFrom("quarantine").selectAll().execute()).to.deep.equal([]);
    expect(report.breaks).to.deep.equal([]);
  });

  async function settledEvents() {
    const { rpc, deployment } = network;
    const addresses = [deployment.contracts.settlementLedger.address];
    const { head_number: to } = await store.db
      .selectFrom("chain_cursor")
      .select("head_number")
      .executeTakeFirstOrThrow();
    const decode = createEventDecoder(eventSourcesOf(deployment));
    const logs = await readLogs(rpc, { addresses, from: deployment.block, to });
    return logs.map(decode).filter((event) => event?.name === "NetSettled");
  }
});

/** An account that was settled for nothing has no line. */
function withoutZeros(sums: ReadonlyMap<string, bigint>): Record<string, bigint> {
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n));
}
