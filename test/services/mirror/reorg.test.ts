import { expect } from "chai";
import { moveChainClock } from "../../../services/chain/engine.ts";
import type { JsonRpc } from "../../../services/chain/json-rpc.ts";
import { ChainReplacedError, FinalityViolationError } from "../../../services/mirror/errors.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
import { projectionDigest } from "../../../services/store/projection-store.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { follow, rejectionOf } from "./follow.ts";
import { type LiveNetwork, onboard, startLiveNetwork, termsOf } from "./live-network.ts";

/** A chain id that is no development network's: there, blocks do not disappear. */
const PRODUCTION_CHAIN_ID = 424_242;

forEachEngine("mirror of a chain that changes its mind", (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;

  before(async () => {
    network = await startLiveNetwork();
    await onboard(network, { merchants: ["mill"], payers: ["ada"], funds: 1_000_000n });
    store = await open();
    mirror = await follow(network, store);
    await mirror.catchUp();
  });
  after(() => network?.stop());

  async function charge(nonce: number, amount: bigint): Promise<void> {
    const terms = await termsOf(network, { merchant: "mill", payer: "ada", amount, nonce });
    const { signature } = network.sign.signOrder({ payer: "ada", terms });
    await network.send(network.signers.operator, "settlementLedger", "charge", [terms, signature]);
  }

  async function expectAsFresh(): Promise<void> {
    const other = await open();
    const fresh = await follow(network, other);
    await fresh.catchUp();
    expect(await projectionDigest(store.db, mirror.instanceId)).to.equal(
      await projectionDigest(other.db, fresh.instanceId),
    );
  }

  context("given a reorg that replaced blocks", () => {
    it("ends with the rows of a fresh mirror and keeps the orphaned logs", async () => {
      const before = await network.rpc.request<string>("evm_snapshot");
      await charge(1, 10_000n);
      await charge(2, 20_000n);
      await mirror.catchUp();
      await network.rpc.request("evm_revert", [before]);
      await moveChainClock(network.rpc, 5);
      await charge(3, 30_000n);
      await charge(4, 40_000n);
      await charge(5, 50_000n);
      await mirror.catchUp();

      const amounts = await store.db.selectFrom("escrow_order").select("amount").orderBy("amount").execute();
      expect(amounts.map((row) => row.amount)).to.deep.equal(["30000", "40000", "50000"]);
      const orphans = await store.db
        .selectFrom("block")
        .innerJoin("chain_log", "chain_log.block_hash", "block.hash")
        .select("chain_log.tx_hash")
        .distinct()
        .where("canonical", "=", false)
        .execute();
      expect(orphans).to.have.length(2);
      await expectAsFresh();
    });
  });

  context("given a chain that lost its last blocks", () => {
    it("goes back with it", async () => {
      const before = await network.rpc.request<string>("evm_snapshot");
      await charge(6, 60_000n);
      await mirror.catchUp();
      await network.rpc.request("evm_revert", [before]);
      const step = await mirror.tick();

      expect(step.logs).to.equal(0);
      const lost = store.db.selectFrom("escrow_order").selectAll().where("amount", "=", "60000");
      expect(await lost.execute()).to.deep.equal([]);
      await expectAsFresh();
    });
  });

  context("given a chain where blocks do not disappear", () => {
    let production: LiveNetwork;

    before(() => {
      production = { ...network, deployment: { ...network.deployment, chainId: PRODUCTION_CHAIN_ID } };
    });

    it("stops at a reorg of final blocks and changes nothing", async () => {
      const other = await open();
      const strict = await follow(production, other);
      const before = await network.rpc.request<string>("evm_snapshot");
      await charge(7, 70_000n);
      await strict.catchUp();
      const digest = await projectionDigest(other.db, strict.instanceId);
      await network.rpc.request("evm_revert", [before]);
      await moveChainClock(network.rpc, 5);
      await charge(8, 80_000n);

      expect(await rejectionOf(strict.catchUp())).to.be.instanceOf(FinalityViolationError);
      expect(await projectionDigest(other.db, strict.instanceId)).to.equal(digest);
    });

    it("follows a reorg of blocks that were not final yet", async () => {
      const other = await open();
      const patient = await follow(production, other, { finalityDepthBlocks: 10 });
      const before = await network.rpc.request<string>("evm_snapshot");
      await charge(9, 90_000n);
      await patient.catchUp();
      await network.rpc.request("evm_revert", [before]);
      await moveChainClock(network.rpc, 5);
      await charge(10, 91_000n);
      await patient.catchUp();

      const amounts = await other.db.selectFrom("escrow_order").select("amount").execute();
      expect(amounts.map((row) => row.amount))
        .to.include("91000")
        .and.not.include("90000");
    });

    it("waits for a node that is behind", async () => {
      const other = await open();
      const behind = atBlock(network.rpc, () => "0x5");
      const strict = await follow(production, other);
      await strict.catchUp();
      const digest = await projectionDigest(other.db, strict.instanceId);
      const lagging = await follow(production, other, { rpc: behind });
      const step = await lagging.tick();

      expect(step.isBehind).to.equal(false);
      expect(await projectionDigest(other.db, strict.instanceId)).to.equal(digest);
    });
  });

  context("given a chain that was reset", () => {
    it("is another instance, and the mirror of the old one stops", async () => {
      const other = await open();
      let rpc = network.rpc;
      const old = await follow(network, other, { rpc: switchable(() => rpc) });
      await old.catchUp();
      const digest = await projectionDigest(other.db, old.instanceId);
      const reset = await startLiveNetwork();
      try {
        rpc = reset.rpc;
        expect(await rejectionOf(old.tick())).to.be.instanceOf(ChainReplacedError);

        const next = await follow(reset, other);
        await next.catchUp();
        expect(next.instanceId).to.not.equal(old.instanceId);
        expect(await projectionDigest(other.db, old.instanceId)).to.equal(digest);
        const instances = await other.db.selectFrom("chain_instance").select(["id", "retired_at"]).execute();
        const current = instances.filter((instance) => instance.retired_at === null);
        expect(current.map((instance) => instance.id)).to.deep.equal([next.instanceId]);
      } finally {
        await reset.stop();
      }
    });
  });
});

/** The node as it was when a block was its latest. */
function atBlock(rpc: JsonRpc, latest: () => string): JsonRpc {
  return {
    ...rpc,
    request: (method, params = []) =>
      rpc.request(
        method,
        params.map((param) => (param === "latest" ? latest() : param)),
      ),
  };
}

function switchable(current: () => JsonRpc): JsonRpc {
  return {
    url: "http://switchable",
    request: (method, params) => current().request(method, params),
    batch: (calls) => current().batch(calls),
    batchOutcomes: (calls) => current().batchOutcomes(calls),
  };
}
