import { expect } from "chai";
import { readBooks, readOrderWords, readTokenBalances } from "../../../services/chain/ledger-reads.ts";
import { decodeOrderWord } from "../../../services/chain/words.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import { type LocalNetwork, startLocalNetwork } from "../../support/local-network.ts";
import { createDesk, type Desk, operations } from "./desk.ts";

forEachEngine("relayer", (openStore) => {
  let network: LocalNetwork;
  let desk: Desk;

  before(async () => {
    network = await startLocalNetwork();
    desk = await createDesk({ network, store: await openStore() });
  });
  after(() => network.stop());

  it("carries out a whole queue of dependent operations in one tick", async () => {
    await desk.queue(await desk.onboarding({ merchants: ["shop"], payers: ["ann", "bob"], funds: 10_000n }));
    const first = await desk.order({ payer: "ann", merchant: "shop", amount: 6_000n });
    const second = await desk.order({ payer: "bob", merchant: "shop", amount: 4_000n });
    const third = await desk.order({ payer: "bob", merchant: "shop", amount: 1_000n });
    await desk.queue([
      operations.authorize(first),
      operations.capture(first),
      operations.refund(first, 1_000n),
      operations.authorize(second),
      operations.void(second),
      operations.charge(third),
    ]);

    await desk.relayer().tick();

    expect(statesOf(await desk.entries())).to.deep.equal(["included"]);
    const [one, two, three] = await orderWords(desk, [first.orderId, second.orderId, third.orderId]);
    expect(one).to.include({ state: "captured", refundable: 5_000n });
    expect(two).to.include({ state: "voided", refundable: 0n });
    expect(three).to.include({ state: "captured", refundable: 1_000n });
    await expectConservation(desk);
  });

  it("carries disputes from opening to payment, in one tick", async () => {
    const ruled = await desk.order({ payer: "bob", merchant: "shop", amount: 1_000n });
    const accepted = await desk.order({ payer: "bob", merchant: "shop", amount: 500n });
    const before = (await desk.entries()).length;
    await desk.queue([
      operations.charge(ruled),
      operations.authorize(accepted),
      operations.openDispute(ruled, 1_000n),
      operations.contest(ruled),
      operations.rule(ruled, 5_000, network),
      operations.finalizeDispute(ruled),
      operations.openDispute(accepted, 500n),
      operations.acceptDispute(accepted),
      operations.finalizeDispute(accepted),
    ]);

    await desk.relayer().tick();

    expect(statesOf((await desk.entries()).slice(before))).to.deep.equal(["included"]);
    const [one, two] = await orderWords(desk, [ruled.orderId, accepted.orderId]);
    expect(one).to.include({ state: "captured", refundable: 500n, isDisputed: false, disputeCount: 1 });
    expect(two).to.include({ state: "voided", capturable: 0n, isDisputed: false });
    await expectConservation(desk);
  });

  it("fails the one bad item of a batch and includes the rest", async () => {
    const good = await desk.order({ payer: "ann", merchant: "shop", amount: 10n });
    const unaffordable = await desk.order({ payer: "ann", merchant: "shop", amount: 10_000_000n });
    const other = await desk.order({ payer: "bob", merchant: "shop", amount: 10n });
    const before = (await desk.entries()).length;
    await desk.queue([good, unaffordable, other].map(operations.authorize));

    await desk.relayer().tick();

    const entries = (await desk.entries()).slice(before);
    expect(entries.map((entry) => entry.state)).to.deep.equal(["included", "failed", "included"]);
    expect(entries[1]?.error_code).to.equal("insufficient_funds");
    await expectConservation(desk);
  });

  it("fails what the chain would refuse without sending it", async () => {
    const order = await desk.order({ payer: "ann", merchant: "shop", amount: 10n });
    const attempts = await countAttempts(desk);
    const before = (await desk.entries()).length;
    await desk.queue([operations.void(order)]);

    await desk.relayer().tick();

    const [entry] = (await desk.entries()).slice(before);
    expect(entry).to.include({ state: "failed", error_code: "order_unknown", block_number: null });
    expect(await countAttempts(desk)).to.equal(attempts);
  });

  it("takes the refused item out of a batch that is all or nothing", async () => {
    const before = (await desk.entries()).length;
    const again = await desk.onboarding({ merchants: [], payers: ["ann"], funds: 1n });
    const fresh = await desk.onboarding({ merchants: [], payers: ["cid"], funds: 1n });
    await desk.queue([...again.slice(0, 1), ...fresh.slice(0, 1)]);

    await desk.relayer().tick();

    const entries = (await desk.entries()).slice(before);
    expect(entries.map((entry) => [entry.state, entry.error_code])).to.deep.equal([
      ["failed", "participant_exists"],
      ["included", null],
    ]);
  });

  it("closes the cycle and pays out what came before them", async () => {
    const order = await desk.order({ payer: "bob", merchant: "shop", amount: 2_000n });
    const before = (await desk.entries()).length;
    await desk.queue([
      operations.authorize(order),
      operations.capture(order),
      operations.closeCycle(),
      operations.payout(),
    ]);

    const stopping = new AbortController();
    const mirroring = desk.mirror.run(stopping.signal);
    const relayer = desk.relayer();
    while ((await relayer.tick()) > 0);
    await desk.mirror.catchUp();
    stopping.abort();
    await mirroring;

    expect(statesOf((await desk.entries()).slice(before))).to.deep.equal(["included"]);
    const shop = network.participants.addressOf("merchant", "shop");
    const [paid] = await readTokenBalances(
      network.chain.rpc,
      [{ token: network.token, holder: shop }],
      "latest",
    );
    // 5,000 and 1,000 of the first test, 500 of the dispute and 2,000 of this one, each less its fee of 5%.
    expect(paid).to.equal(4_750n + 950n + 475n + 1_900n);
    await expectConservation(desk);
  });

  it("sends no transaction for a cycle without money", async () => {
    await desk.mirror.catchUp();
    const attempts = await countAttempts(desk);
    const before = (await desk.entries()).length;
    await desk.queue([operations.closeCycle(), operations.payout()]);

    const relayer = desk.relayer();
    while ((await relayer.tick()) > 0);

    const entries = (await desk.entries()).slice(before);
    expect(statesOf(entries)).to.deep.equal(["included"]);
    expect(await countAttempts(desk)).to.equal(attempts);
  });
});

function statesOf(
  entries: readonly { readonly state: string; readonly error_code: string | null }[],
): string[] {
  return [...new Set(entries.map((entry) => entry.error_code ?? entry.state))];
}

async function countAttempts({ store }: Desk): Promise<number> {
  return (await store.db.selectFrom("attempt").select("tx_hash").execute()).length;
}

async function orderWords({ network }: Desk, orderIds: readonly Hex[]) {
  const { rpc, deployment } = network.chain;
  const ledger = deployment.contracts.settlementLedger.address;
  return (await readOrderWords(rpc, ledger, orderIds, "latest")).map(decodeOrderWord);
}

/** Invariant (a): the vault has exactly what the ledger owes out of it. */
async function expectConservation({ network }: Desk): Promise<void> {
  const { rpc, deployment } = network.chain;
  const key = { operator: deployment.operator, token: network.token };
  const [book] = await readBooks(rpc, deployment.contracts.settlementLedger.address, [key], "latest");
  const holder = book?.vault ?? "0x";
  const [balance] = await readTokenBalances(rpc, [{ token: network.token, holder }], "latest");
  expect(balance).to.equal(book?.liabilities);
}
