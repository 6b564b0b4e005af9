import { expect } from "chai";
import { developmentKeys } from "../../../services/chain/development-keys.ts";
import { moveChainClock } from "../../../services/chain/engine.ts";
import { createLocalSigner } from "../../../services/chain/signer.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
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
import { hashSplits } from "../mirror/splits.ts";

const DOCUMENT: Hex = `0x${"d0c".padEnd(64, "0")}`;
const DAY = 86_400;

/** Events in the middle of a refund or award show a merchant's word before it is complete. */
forEachEngine("statements with words in between", (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;
  let nonce = 0;

  before(async () => {
    network = await startLiveNetwork();
    store = await open();
    mirror = await follow(network, store);
    await onboard(network, { merchants: ["mill", "forge"], payers: ["ada"], funds: 1_000_000n });
    await asAdmin("settlementLedger", "setHoldbackClass", [1, 1_000, DAY]);
  });
  after(() => network?.stop());

  it("list the fee that a merchant gives itself back, and what helped with the rest of an award", async () => {
    const mill = network.addressOf("merchant", "mill");
    const lost = await draft("mill", 10_000n, { feeReceiver: mill });
    await charge(lost);
    await settle("closeCycle", [1, [mill]]);
    await settle("payout", [[mill]]);
    await charge(await draft("mill", 1_000n, {}));
    await court("open", [lost, 10_000n, 1, DOCUMENT]);
    await charge(await draft("mill", 3_000n, { holdbackClass: 1 }));
    await court("accept", [lost]);
    await moveChainClock(network.rpc, 60);
    await court("finalize", [lost, []]);

    expect(await breaks()).to.deep.equal([]);
    // The award of 10,000 is 9,500 and a fee of 500. Of that the dispute had 950, 2,565 were pending and 285 in reserve;
    // the fund paid the rest.
    expect(await linesOf(mill, lost)).to.deep.equal([
      ["award", "-9500"],
      ["carry", "-950"],
      ["carry", "950"],
      ["debt", "6200"],
      ["fee", "-500"],
      ["release", "285"],
    ]);
  });

  it("list a payee's share as such when the operator's fee left a recovered merchant's word before", async () => {
    const forge = network.addressOf("merchant", "forge");
    const heir = network.addressOf("merchant", "heir");
    const splits = [{ payee: network.addressOf("merchant", "mill"), bps: 1_000 }];
    const sold = await draft("forge", 10_000n, { splitsHash: hashSplits(splits) });
    const { signature } = network.sign.signOrder({ payer: "ada", terms: sold });
    await ledger("authorizeWithSplits", [sold, splits, signature]);
    await ledger("captureWithSplits", [sold, splits, 10_000n]);
    await asAdmin("participantRegistry", "recover", [forge, heir, DOCUMENT]);
    await ledger("rebind", [network.deployment.operator, network.token, forge]);
    await ledger("refundWithSplits", [sold, splits, 4_000n]);

    expect(await breaks()).to.deep.equal([]);
    // Of 3,800 without the fee, the payee gave a tenth back and the successor the rest.
    expect(await linesOf(forge, sold)).to.deep.equal([
      ["capture", "9500"],
      ["fee", "-950"],
      ["fee", "380"],
      ["refund", "-3800"],
    ]);
    expect(await linesOf(forge, null)).to.deep.equal([
      ["carry", "-8550"],
      ["carry", "3420"],
    ]);
    expect(await linesOf(heir, null)).to.deep.equal([
      ["carry", "-3420"],
      ["carry", "8550"],
    ]);
    const [payee] = splits.map((split) => split.payee);
    expect(await linesOf(payee ?? "0x", sold)).to.deep.equal([
      ["capture", "950"],
      ["refund", "-380"],
    ]);
  });

  async function draft(merchant: string, amount: bigint, changes: Partial<OrderTerms>): Promise<OrderTerms> {
    nonce += 1;
    return { ...(await termsOf(network, { merchant, payer: "ada", amount, nonce })), ...changes };
  }

  async function charge(terms: OrderTerms): Promise<void> {
    await ledger("charge", [terms, network.sign.signOrder({ payer: "ada", terms }).signature]);
  }

  function ledger(name: string, args: readonly unknown[]): Promise<void> {
    return network.send(network.signers.operator, "settlementLedger", name, args);
  }

  function court(name: string, args: readonly unknown[]): Promise<void> {
    return network.send(network.signers.operator, "disputeCourt", name, args);
  }

  function settle(name: string, args: readonly unknown[]): Promise<void> {
    const { deployment, token, signers } = network;
    return network.send(signers.settler, "settlementLedger", name, [deployment.operator, token, ...args]);
  }

  function asAdmin(contract: "settlementLedger" | "participantRegistry", name: string, args: unknown[]) {
    const admin = createLocalSigner(developmentKeys(network.deployment.chainId).deployer);
    return network.send(admin, contract, name, args);
  }

  async function breaks() {
    await mirror.catchUp();
    const snapshot = await store.transaction((trx) => readSnapshot(trx, mirror.instanceId), {
      snapshot: true,
    });
    if (snapshot === undefined) throw new Error("Nothing was mirrored.");
    const { rpc, deployment } = network;
    return (await audit({ rpc, deployment, snapshot, logger: silentLogger })).breaks;
  }

  /** Kinds and nets of an account's open lines about an order, or about none. */
  async function linesOf(merchant: Hex, terms: OrderTerms | null): Promise<[string, string][]> {
    const orderId = terms && network.sign.signOrder({ payer: "ada", terms }).orderId;
    const rows = await store.db
      .selectFrom("movement")
      .select(["kind", "net"])
      .where("merchant", "=", merchant)
      .where("order_id", orderId === null ? "is" : "=", orderId)
      .where("statement_cycle", "is", null)
      .execute();
    return rows
      .map(({ kind, net }): [string, string] => [kind, net])
      .sort(([left, a], [right, b]) => `${left} ${a}`.localeCompare(`${right} ${b}`));
  }
});
