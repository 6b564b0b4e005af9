import { expect } from "chai";
import { readHead } from "../../../services/chain/chain.ts";
import { developmentKeys } from "../../../services/chain/development-keys.ts";
import { setNextBlockTime } from "../../../services/chain/engine.ts";
import { readOrderWords } from "../../../services/chain/ledger-reads.ts";
import { createLocalSigner } from "../../../services/chain/signer.ts";
import { type Clock, createSystemClock } from "../../../services/platform/clock.ts";
import { broadcast, ForeignTransactionError } from "../../../services/relayer/broadcast.ts";
import { planCalls } from "../../../services/relayer/calls.ts";
import { createRelayer } from "../../../services/relayer/relayer.ts";
import { readChainNonces, signCalls } from "../../../services/relayer/submission.ts";
import { readAttempts, readQueuedEntries } from "../../../services/store/attempt-store.ts";
import { forEachEngine } from "../../support/database.ts";
import { type LocalNetwork, startLocalNetwork } from "../../support/local-network.ts";
import { createDesk, type Desk, operations } from "./desk.ts";

for (const engine of ["anvil", "hardhat"] as const) {
  forEachEngine(`relayer's recovery on ${engine}`, (openStore) => {
    let network: LocalNetwork;
    let desk: Desk;

    before(async () => {
      network = await startLocalNetwork({ engine });
      desk = await createDesk({ network, store: await openStore() });
      await desk.queue(await desk.onboarding({ merchants: ["shop"], payers: ["ann"], funds: 10_000n }));
      await desk.relayer().tick();
    });
    after(() => network.stop());

    context("given a transaction that was committed and not sent", () => {
      it("sends exactly these bytes, once", async () => {
        const order = await desk.order({ payer: "ann", merchant: "shop", amount: 10n });
        await desk.queue([operations.authorize(order)]);
        const nonce = await operatorNonce(desk);
        const [attempt] = await signQueued(desk);

        await desk.relayer().tick();
        await desk.relayer().tick();

        expect(attempt).to.include({ nonce });
        expect(await operatorNonce(desk)).to.equal(nonce + 1);
        expect((await desk.entries()).at(-1)?.state).to.equal("included");
        expect(await attemptStates(desk)).to.deep.equal(["included"]);
      });

      it("derives the next nonce from the slots where they are ahead of the chain", async () => {
        const nonce = await operatorNonce(desk);
        for (const amount of [11n, 12n]) {
          await desk.queue([
            operations.authorize(await desk.order({ payer: "ann", merchant: "shop", amount })),
          ]);
          await signQueued(desk);
        }

        const open = await readAttempts(desk.store.db, desk.instanceId, { states: ["signed"] });
        expect(open.map((attempt) => attempt.nonce)).to.deep.equal([nonce, nonce + 1]);
        await desk.relayer().tick();
        expect(await attemptStates(desk)).to.deep.equal(["included"]);
      });
    });

    context("given a transaction that was sent and whose outcome was not written", () => {
      it("writes the outcome and sends nothing new", async () => {
        const order = await desk.order({ payer: "ann", merchant: "shop", amount: 13n });
        await desk.queue([operations.authorize(order)]);
        await broadcast(desk.context, await signQueued(desk));
        const nonce = await operatorNonce(desk);

        await desk.relayer().tick();

        expect(await operatorNonce(desk)).to.equal(nonce);
        expect((await desk.entries()).at(-1)?.state).to.equal("included");
      });
    });

    context("given a chain that lost its last blocks", () => {
      it("sends the lost bytes again in their order, at the times they had", async () => {
        const { rpc } = network.chain;
        const order = await desk.order({ payer: "ann", merchant: "shop", amount: 100n });
        const tooMuch = await desk.order({ payer: "ann", merchant: "shop", amount: 1_000_000n });
        const snapshot = await rpc.request<string>("evm_snapshot");
        // Ahead of the host's clock, as after a moved clock: a replay at the host's time would not meet it.
        await setNextBlockTime(rpc, (await readHead(rpc)).timestamp + 5_000);
        await desk.queue([
          operations.authorize(order),
          operations.authorize(tooMuch),
          operations.capture(order),
          operations.refund(order, 40n),
        ]);
        await desk.relayer().tick();
        const before = await attemptRows(desk);
        const entries = await desk.entries();
        await rpc.request("evm_revert", [snapshot]);

        await desk.relayer().tick();

        const after = await attemptRows(desk);
        expect(after.map(({ tx_hash }) => tx_hash)).to.deep.equal(before.map(({ tx_hash }) => tx_hash));
        for (const [index, attempt] of after.entries()) {
          expect(attempt.state).to.equal("included");
          expect(attempt.block_timestamp).to.be.at.least(before[index]?.block_timestamp ?? 0);
        }
        expect((await desk.entries()).map(({ state }) => state)).to.deep.equal(
          entries.map(({ state }) => state),
        );
        expect(entries.slice(-4).map(({ state }) => state)).to.deep.equal([
          "included",
          "failed",
          "included",
          "included",
        ]);
        const ledger = network.chain.deployment.contracts.settlementLedger.address;
        const [word = 0n] = await readOrderWords(rpc, ledger, [order.orderId], "latest");
        expect(BigInt.asUintN(80, word >> 80n)).to.equal(60n);
      });
    });

    context("given a nonce that somebody else used", () => {
      it("stops", async () => {
        const order = await desk.order({ payer: "ann", merchant: "shop", amount: 14n });
        await desk.queue([operations.authorize(order)]);
        const [attempt] = await signQueued(desk);
        const thief = createLocalSigner(developmentKeys(31337).operator);
        const { raw } = await thief.sign({
          chainId: 31337,
          nonce: attempt?.nonce ?? 0,
          to: thief.address,
          data: "0x",
          gasLimit: 30_000n,
          maxFeePerGas: 0n,
        });
        await network.chain.rpc.request("eth_sendRawTransaction", [raw]);

        const relayer = createRelayer({ ...desk.context, clock: hastyClock(), pollIntervalMs: 1 });
        const failure = await relayer.tick().catch((error: unknown) => error);

        expect(failure).to.be.instanceOf(ForeignTransactionError);
        expect(failure).to.include({ nonce: attempt?.nonce });
      });
    });
  });
}

/** Signs what is queued as the relayer does, and stops before sending. */
async function signQueued({ context, store, instanceId }: Desk) {
  const queued = await readQueuedEntries(store.db, instanceId, 10);
  return signCalls(context, planCalls(queued, context.chain.deployment));
}

async function operatorNonce({ context }: Desk): Promise<number> {
  const { address } = context.signers.operator;
  return (await readChainNonces(context, [address])).get(address) ?? -1;
}

async function attemptRows({ store }: Desk) {
  return store.db
    .selectFrom("attempt")
    .select(["tx_hash", "state", "block_timestamp"])
    .orderBy("signer")
    .orderBy("nonce")
    .execute();
}

async function attemptStates(desk: Desk): Promise<string[]> {
  return [...new Set((await attemptRows(desk)).map((attempt) => attempt.state))];
}

/** Waits for nothing, so that bounds in seconds are reached at once. */
function hastyClock(): Clock {
  const clock = createSystemClock();
  return { now: clock.now, sleep: (_, signal) => clock.sleep(1, signal) };
}
