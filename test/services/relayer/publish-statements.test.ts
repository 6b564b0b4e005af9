import { expect } from "chai";
import { sql } from "kysely";
import { encodeCall } from "../../../services/chain/abi.ts";
import { readContract } from "../../../services/chain/contract-calls.ts";
import { buildCycle } from "../../../services/chain/cycle-tree.ts";
import { transact } from "../../../services/chain/transact.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { broadcast } from "../../../services/relayer/broadcast.ts";
import { planPublication } from "../../../services/relayer/calls.ts";
import { CycleUnbalancedError, readStatementRoots } from "../../../services/relayer/statement-roots.ts";
import { signCalls } from "../../../services/relayer/submission.ts";
import { readQueuedEntries } from "../../../services/store/attempt-store.ts";
import { readCycleStatements } from "../../../services/store/statement-work-read-model.ts";
import { forEachEngine } from "../../support/database.ts";
import { type LocalNetwork, startLocalNetwork } from "../../support/local-network.ts";
import { createDesk, type Desk, operations } from "./desk.ts";

const NO_ROOT: Hex = `0x${"0".repeat(64)}`;

forEachEngine("publish-statements", (openStore) => {
  let network: LocalNetwork;
  let desk: Desk;

  before(async () => {
    network = await startLocalNetwork();
    desk = await createDesk({ network, store: await openStore() });
    const people = { merchants: ["shop", "mill"], payers: ["ann"], funds: 100_000n };
    await desk.queue(await desk.onboarding(people));
    await desk.relayer().tick();
  });
  after(() => network.stop());

  it("publishes the root over the statements of the cycle that was closed before it", async () => {
    await charge("shop", 2_000n);
    await charge("mill", 3_000n);
    await desk.queue([operations.closeCycle(), operations.publishStatements()]);
    await work();

    const root = await expectedRoot(1);
    expect((await desk.entries()).map(({ state }) => state)).to.not.include.members(["queued", "failed"]);
    expect(root).to.not.equal(NO_ROOT);
    expect(await rootOnChain(1)).to.equal(root);
    expect(await mirroredRoots()).to.deep.equal([root]);
  });

  it("sends nothing when every root is published", async () => {
    const attempts = await countAttempts();
    await desk.queue([operations.publishStatements(), operations.publishStatements()]);
    await work();

    expect((await desk.entries()).slice(-2).map(({ state }) => state)).to.deep.equal([
      "included",
      "included",
    ]);
    expect(await countAttempts()).to.equal(attempts);
  });

  for (const { until, isSent } of [
    { until: "its transaction was signed", isSent: false },
    { until: "its transaction was included", isSent: true },
  ]) {
    it(`is resumed, once, after a crash when ${until}`, async () => {
      await charge("shop", 500n);
      await desk.queue([operations.closeCycle()]);
      await work();
      const cycle = (await mirroredRoots()).length;
      await desk.queue([operations.publishStatements()]);
      const [entry] = await readQueuedEntries(desk.store.db, desk.instanceId, 1);
      if (entry === undefined) throw new Error("Nothing is queued.");
      const calls = planPublication(entry, await readStatementRoots(desk.context), network.chain.deployment);
      const attempts = await signCalls(desk.context, calls);
      if (isSent) await broadcast(desk.context, attempts);
      const signed = await countAttempts();
      await work();

      expect((await desk.entries()).at(-1)?.state).to.equal("included");
      expect(await countAttempts()).to.equal(signed);
      expect(await rootOnChain(cycle)).to.equal(await expectedRoot(cycle));
    });
  }

  it("waits for a cycle that somebody can still be settled in", async () => {
    await charge("shop", 700n);
    await charge("mill", 900n);
    await work();
    const cycle = (await mirroredRoots()).length + 1;
    await closeFor(cycle, ["shop"]);
    await desk.queue([operations.publishStatements()]);
    await work();
    const unfinished = await rootOnChain(cycle);
    await closeFor(cycle, ["mill", "shop"]);
    await closeFor(cycle, [network.chain.deployment.operator]);
    await desk.queue([operations.publishStatements()]);
    await work();

    expect(unfinished).to.equal(NO_ROOT);
    expect(await rootOnChain(cycle)).to.equal(await expectedRoot(cycle));
  });

  it("stops rather than to publish what does not add up, with both figures", async () => {
    await charge("shop", 800n);
    await desk.queue([operations.closeCycle()]);
    await work();
    await sql`update statement set net = net + 1 where cycle = (select max(cycle) from statement)`.execute(
      desk.store.db,
    );
    await desk.queue([operations.publishStatements()]);
    const error = await desk
      .relayer()
      .tick()
      .catch((thrown) => thrown);

    expect(error).to.be.instanceOf(CycleUnbalancedError);
    expect(error.total - error.net).to.equal(1n);
  });

  async function charge(merchant: string, amount: bigint): Promise<void> {
    await desk.queue([operations.charge(await desk.order({ payer: "ann", merchant, amount }))]);
  }

  /** Carries out everything that is queued, with the mirror beside. */
  async function work(): Promise<void> {
    const stopping = new AbortController();
    const mirroring = desk.mirror.run(stopping.signal);
    const relayer = desk.relayer();
    while ((await relayer.tick()) > 0);
    await desk.mirror.catchUp();
    stopping.abort();
    await mirroring;
  }

  async function closeFor(cycle: number, accounts: readonly (string | Hex)[]): Promise<void> {
    const { rpc, chainId, deployment } = network.chain;
    const addresses = accounts.map((account) =>
      account.startsWith("0x") ? account : network.participants.addressOf("merchant", account),
    );
    const args = [deployment.operator, network.token, cycle, addresses];
    await transact({
      ...{ rpc, clock: desk.context.clock, chainId, signer: network.signers.settler },
      to: deployment.contracts.settlementLedger.address,
      data: encodeCall("settlementLedger", "closeCycle", args),
    });
    await desk.mirror.catchUp();
  }

  async function expectedRoot(cycle: number): Promise<Hex> {
    const { chainId, deployment } = network.chain;
    const key = { operator: deployment.operator, token: network.token, cycle };
    const ledger = deployment.contracts.settlementLedger.address;
    const statements = await readCycleStatements(desk.store.db, desk.instanceId, key);
    return buildCycle({ chainId, ledger, ...key }, statements).root;
  }

  async function rootOnChain(cycle: number): Promise<Hex> {
    const { rpc, deployment } = network.chain;
    const [stored] = await readContract(rpc, {
      contract: "settlementLedger",
      address: deployment.contracts.settlementLedger.address,
      functionName: "cycleOf",
      args: [deployment.operator, network.token, cycle],
    });
    return stored.root;
  }

  async function mirroredRoots(): Promise<(Hex | null)[]> {
    const rows = await desk.store.db
      .selectFrom("settlement_cycle")
      .select("root")
      .orderBy("number")
      .execute();
    return rows.map(({ root }) => root);
  }

  async function countAttempts(): Promise<number> {
    return (await desk.store.db.selectFrom("attempt").select("tx_hash").execute()).length;
  }
});
