import { expect } from "chai";
import { developmentKeys } from "../../../services/chain/development-keys.ts";
import { createLocalSigner } from "../../../services/chain/signer.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { follow } from "../mirror/follow.ts";
import {
  type LiveNetwork,
  onboard,
  silentLogger,
  startLiveNetwork,
  termsOf,
} from "../mirror/live-network.ts";
import { dispute } from "../mirror/story.ts";

const CASE: Hex = `0x${"ca5e".padEnd(64, "0")}`;

forEachEngine("audit of a recovered merchant", (open) => {
  let network: LiveNetwork;
  let store: Store;

  before(async () => {
    network = await startLiveNetwork();
    store = await open();
  });
  after(() => network?.stop());

  it("follows what its successor pays for it and the awards that go over", async () => {
    const { rpc, deployment } = network;
    const mirror = await follow(network, store);
    const successor = await tellRecovery(network);
    await mirror.catchUp();

    const snapshot = await store.transaction((trx) => readSnapshot(trx, mirror.instanceId));
    if (snapshot === undefined) throw new Error("Nothing was mirrored.");
    const report = await audit({ rpc, deployment, snapshot, logger: silentLogger });

    expect(report.breaks).to.deep.equal([]);
    const heir = snapshot.accounts.find((account) => account.address === successor);
    // Of the award of 15,000 less its fee, the successor owes what the guarantee did not pay.
    expect(BigInt(heir?.coldWord ?? 0n) >> 168n).to.equal(1n);
  });
});

/** A merchant's key is lost between its orders and their refunds and awards; returns who took its place. */
async function tellRecovery(network: LiveNetwork): Promise<Hex> {
  await onboard(network, { merchants: ["mill"], payers: ["ada", "bob"], funds: 100_000n });
  const { send, signers, deployment, token, addressOf, sign } = network;
  const book = [deployment.operator, token] as const;
  const ledger = (name: string, args: readonly unknown[]) =>
    send(signers.operator, "settlementLedger", name, args);
  const cycle = (name: string, args: readonly unknown[]) =>
    send(signers.settler, "settlementLedger", name, [...book, ...args]);
  const mill = addressOf("merchant", "mill");
  const heir = addressOf("merchant", "heir");
  const first = await termsOf(network, { merchant: "mill", payer: "ada", amount: 10_000n, nonce: 0 });
  const disputed = await termsOf(network, { merchant: "mill", payer: "bob", amount: 15_000n, nonce: 1 });
  for (const [terms, payer] of [
    [first, "ada"],
    [disputed, "bob"],
  ] as const) {
    await ledger("authorize", [terms, sign.signOrder({ payer, terms }).signature]);
    await ledger("capture", [terms, terms.amount]);
  }
  await cycle("closeCycle", [1, [mill]]);

  const admin = createLocalSigner(developmentKeys(31337).deployer);
  await send(admin, "settlementLedger", "setAdvanceLimit", [...book, 5_000]);
  await send(admin, "participantRegistry", "recover", [mill, heir, CASE]);
  await ledger("rebind", [...book, mill]);
  await ledger("refund", [first, 4_000n]);
  await cycle("payout", [[heir]]);
  await dispute(network, { terms: disputed, amount: 15_000n, payerBps: 10_000, ordinal: 1, payer: "bob" });
  await ledger("rebind", [...book, mill]);
  return heir;
}
