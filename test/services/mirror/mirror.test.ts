import { expect } from "chai";
import { CONTRACT_ARTIFACTS } from "../../../services/chain/abi.ts";
import { createEventDecoder, eventSourcesOf } from "../../../services/chain/events.ts";
import { type JsonRpc, RpcError } from "../../../services/chain/json-rpc.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { InconsistentChainError, MirrorSupersededError } from "../../../services/mirror/errors.ts";
import { FOLD_VERSION } from "../../../services/mirror/fold.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
import { rebuildProjections } from "../../../services/mirror/reorg.ts";
import { clearProjections, projectionDigest } from "../../../services/store/projection-store.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { withLogs } from "./false-node.ts";
import { follow, rejectionOf } from "./follow.ts";
import { type LiveNetwork, startLiveNetwork } from "./live-network.ts";
import { tellStory } from "./story.ts";

const NOBODY: Hex = `0x${"7".repeat(40)}`;
const NO_ORDER: Hex = `0x${"7".repeat(64)}`;

forEachEngine("mirror", (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;

  before(async () => {
    network = await startLiveNetwork();
    store = await open();
    mirror = await follow(network, store);
    await tellStory(network);
    await mirror.catchUp();
  });
  after(() => network?.stop());

  it("quarantines nothing of what the contracts emit", async () => {
    expect(await store.db.selectFrom("quarantine").selectAll().execute()).to.deep.equal([]);
  });

  it("knows orders by their sums and what is left", async () => {
    const orders = await store.db
      .selectFrom("escrow_order")
      .select(["amount", "captured", "voided", "refunded", "awarded", "fees", "state", "is_disputed"])
      .orderBy("amount")
      .execute();

    expect(orders).to.deep.equal([
      order("7", { captured: "7", awarded: "7", state: "refunded" }),
      order("14190", { captured: "10000", voided: "4190", fees: "500", state: "captured" }),
      order("30001", { captured: "20000", awarded: "12500", fees: "375", state: "authorized" }),
      order("50000", { captured: "50000", fees: "2500", state: "captured", is_disputed: true }),
      order("99999", { captured: "99999", refunded: "59999", fees: "2000", state: "captured" }),
    ]);
  });

  it("knows accounts by what their words say", async () => {
    const accounts = await store.db.selectFrom("account").selectAll().execute();

    expect(accounts).to.have.length(6);
    for (const account of accounts) {
      const word = BigInt(account.word);
      const balances = BigInt(account.available) | (BigInt(account.pending) << 80n);
      expect(balances).to.equal(BigInt.asUintN(160, word));
      expect(BigInt(account.open_cycle)).to.equal(BigInt.asUintN(24, word >> 192n));
      expect(BigInt(account.debt)).to.equal(BigInt(account.cold_word));
      expect(account.status).to.equal("active");
    }
  });

  it("has the same rows however the log was cut into steps", async () => {
    const other = await open();
    const stepwise = await follow(network, other, { rpc: refusingWideRanges(network.rpc, 3) });
    const steps: number[] = [];
    for (let isBehind = true; isBehind; ) {
      const step = await stepwise.tick().catch((error) => {
        expect(error).to.be.instanceOf(InconsistentChainError);
      });
      isBehind = step?.isBehind ?? true;
      if (step) steps.push(step.to - step.from + 1);
    }

    expect(Math.max(...steps)).to.be.lessThan(4);
    expect(await projectionDigest(other.db, stepwise.instanceId)).to.equal(
      await projectionDigest(store.db, mirror.instanceId),
    );
  });

  it("has the same rows after a rebuild", async () => {
    const { instanceId } = mirror;
    const incremental = await projectionDigest(store.db, instanceId);
    const sources = eventSourcesOf(network.deployment);
    const identity = { chainId: network.deployment.chainId, ledger: sources.ledger };
    const rules = { decode: createEventDecoder(sources), identity };
    await store.transaction((trx) => rebuildProjections({ db: trx, instanceId, rules }));

    expect(await projectionDigest(store.db, instanceId)).to.equal(incremental);
  });

  it("writes again what older rules made, before it goes on", async () => {
    const other = await open();
    const { instanceId, catchUp } = await follow(network, other);
    await catchUp();
    const expected = await projectionDigest(other.db, instanceId);
    await clearProjections(other.db, instanceId);
    await other.db.updateTable("chain_cursor").set({ fold: 0 }).execute();
    await follow(network, other);

    expect(await projectionDigest(other.db, instanceId)).to.equal(expected);
    const { fold } = await other.db.selectFrom("chain_cursor").select("fold").executeTakeFirstOrThrow();
    expect(fold).to.equal(FOLD_VERSION);
  });

  it("says nothing new when there is nothing new", async () => {
    const { from, to, logs, isBehind } = await mirror.tick();

    expect({ taken: to - from + 1, logs, isBehind }).to.deep.equal({ taken: 0, logs: 0, isBehind: false });
  });

  it("follows until it is told to stop", async () => {
    const controller = new AbortController();
    const running = mirror.run(controller.signal);
    await network.rpc.request("evm_mine");
    const head = await headNumber(network.rpc);
    while ((await cursorNumber(store)) < head) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await running;

    expect(await cursorNumber(store)).to.equal(head);
  });

  context("given answers of the node that do not fit together", () => {
    it("changes nothing and can go on", async () => {
      const other = await open();
      let isBroken = true;
      const doubtful = await follow(network, other, {
        rpc: withLogs(network.rpc, (logs) =>
          isBroken ? logs.map((log) => ({ ...log, blockHash: NO_ORDER })) : logs,
        ),
      });

      expect(await rejectionOf(doubtful.tick())).to.be.instanceOf(InconsistentChainError);
      expect(await cursorNumber(other)).to.equal(0);
      isBroken = false;
      await doubtful.catchUp();
      expect(await projectionDigest(other.db, doubtful.instanceId)).to.equal(
        await projectionDigest(store.db, mirror.instanceId),
      );
    });
  });

  context("given an event that cannot be taken in", () => {
    it("sets it aside, keeps it raw, and goes on", async () => {
      const other = await open();
      const ledger = network.deployment.contracts.settlementLedger.address;
      const { abi } = CONTRACT_ARTIFACTS.settlementLedger;
      const captured = abi.encodeEventLog("OrderCaptured", [NO_ORDER, NOBODY, 1n, 0n, 1n, 1n]);
      const endless = abi.encodeEventLog("Deposited", [NOBODY, NOBODY, NOBODY, NOBODY, 2n ** 256n - 1n, 0n]);
      const strange = abi.encodeEventLog("Deposited", [NOBODY, NOBODY, NOBODY, NOBODY, 1n, 7n << 248n]);
      const poisons = [
        { ...captured, logIndex: "0x3e8" },
        { topics: [NO_ORDER], data: "0x", logIndex: "0x3e9" },
        { topics: captured.topics, data: "0x1234", logIndex: "0x3ea" },
        { ...endless, logIndex: "0x3eb" },
        { ...strange, logIndex: "0x3ec" },
      ];
      const poisoned = await follow(network, other, {
        rpc: withLogs(network.rpc, (logs) => {
          const added = poisons.splice(0).map((poison) => ({ ...logs.at(-1), ...poison, address: ledger }));
          return [...logs, ...added];
        }),
      });
      await poisoned.catchUp();

      const aside = await other.db
        .selectFrom("quarantine")
        .select(["log_index", "projector"])
        .orderBy("log_index")
        .execute();
      expect(aside).to.deep.equal([
        { log_index: 1_000, projector: "escrow_order" },
        { log_index: 1_001, projector: "decoder" },
        { log_index: 1_002, projector: "decoder" },
        { log_index: 1_003, projector: "decoder" },
        { log_index: 1_004, projector: "account" },
      ]);
      const raw = other.db.selectFrom("chain_log").selectAll().where("log_index", ">=", 1_000);
      expect(await raw.execute()).to.have.length(5);
      expect(await projectionDigest(other.db, poisoned.instanceId)).to.equal(
        await projectionDigest(store.db, mirror.instanceId),
      );
    });
  });

  context("given a second mirror of the same instance", () => {
    it("stops the first one", async () => {
      const second = await follow(network, store);
      await network.rpc.request("evm_mine");

      expect(second.instanceId).to.equal(mirror.instanceId);
      expect(await rejectionOf(mirror.tick())).to.be.instanceOf(MirrorSupersededError);
      await second.catchUp();
      expect(await cursorNumber(store)).to.equal(await headNumber(network.rpc));
      mirror = second;
    });
  });
});

/** A node that refuses to look for logs in more than so many blocks, as public ones do. */
function refusingWideRanges(rpc: JsonRpc, blocks: number): JsonRpc {
  return {
    ...rpc,
    async request<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
      const { fromBlock = "0x0", toBlock = "0x0" } = (params[0] ?? {}) as Record<string, string>;
      const isWide = Number.parseInt(toBlock, 16) - Number.parseInt(fromBlock, 16) >= blocks;
      if (method === "eth_getLogs" && isWide) throw new RpcError(method, -32_005, "too many blocks");
      return rpc.request<Result>(method, params);
    },
  };
}

function order(amount: string, known: Record<string, unknown>) {
  const nothing = { captured: "0", voided: "0", refunded: "0", awarded: "0", fees: "0", is_disputed: false };
  return { amount, ...nothing, ...known };
}

async function headNumber(rpc: JsonRpc): Promise<number> {
  return Number.parseInt(await rpc.request<string>("eth_blockNumber"), 16);
}

async function cursorNumber(store: Store): Promise<number> {
  const row = await store.db.selectFrom("chain_cursor").select("head_number").executeTakeFirstOrThrow();
  return row.head_number;
}
