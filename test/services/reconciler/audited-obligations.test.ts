import { expect } from "chai";
import { CONTRACT_ARTIFACTS } from "../../../services/chain/abi.ts";
import { developmentKeys } from "../../../services/chain/development-keys.ts";
import { moveChainClock } from "../../../services/chain/engine.ts";
import type { JsonRpc } from "../../../services/chain/json-rpc.ts";
import { createLocalSigner } from "../../../services/chain/signer.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import type { Snapshot } from "../../../services/domain/snapshot.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import { forEachEngine } from "../../support/database.ts";
import { oneMore, type RpcLog, withAnswers, withLogs } from "../mirror/false-node.ts";
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
const HOUR = 3_600;
const DAY = 24 * HOUR;
const { abi } = CONTRACT_ARTIFACTS.settlementLedger;

/** The first event of a name with one more in a word of its data, and all that an audit says of it. */
const FORGED_EVENTS = [
  { event: "ReserveReleased", word: 2, kinds: ["event.reserve_released"] },
  { event: "ReserveDrawn", word: 1, kinds: ["event.reserve_drawn"] },
  { event: "AwardPaid", word: 1, kinds: ["event.award_order"] },
  { event: "AwardPaid", word: 2, kinds: ["event.award_amount"] },
  { event: "AwardMoved", word: 1, kinds: ["event.award_payer"] },
  { event: "AwardMoved", word: 2, kinds: ["event.award_order"] },
  { event: "AwardMoved", word: 3, kinds: ["event.award_amount"] },
];

/** The same, where what follows is wrong as well: some of what an audit says. */
const FORGED_ARITHMETIC = [
  {
    event: "ReserveWithheld",
    word: 2,
    kinds: ["event.withheld", "event.cold_word", "event.reserve_released"],
  },
  {
    event: "AwardDeferred",
    word: 2,
    kinds: ["event.award_deferred", "event.unpaid", "storage.awards.total"],
  },
  { event: "AdvanceLimitSet", word: 0, kinds: ["event.debt", "storage.book.advanceLimit"] },
  { event: "HoldbackClassSet", word: 0, kinds: ["storage.holdback_class.bps"] },
  { event: "HoldbackClassSet", word: 1, kinds: ["storage.holdback_class.delay", "storage.reserve.period"] },
];

/** Events left out. */
const MISSING_EVENTS = [
  { event: "ReserveWithheld", kinds: ["event.account_word", "storage.reserve.buckets"] },
  { event: "ReserveReleased", kinds: ["storage.reserve.buckets", "storage.account.cold_word"] },
  { event: "ReserveDrawn", kinds: ["event.reserve_drawn", "storage.account.cold_word"] },
  { event: "AwardPaid", kinds: ["event.awards_met", "storage.awards.count", "storage.awards.total"] },
  { event: "AwardMoved", kinds: ["storage.awards.count", "storage.awards.total"] },
  { event: "HoldbackClassSet", kinds: ["event.unknown_holdback_class"] },
];

/** A word of what a view answers. */
const FORGED_ANSWERS = [
  { view: "reserveOf", word: 0, kinds: ["storage.reserve.buckets"] },
  { view: "reserveOf", word: 7, kinds: ["storage.reserve.buckets"] },
  { view: "reserveOf", word: 8, kinds: ["storage.reserve.period"] },
  { view: "unpaidAwardsOf", word: 0, kinds: ["storage.awards.count"] },
  { view: "unpaidAwardsOf", word: 1, kinds: ["storage.awards.total"] },
  { view: "bookOf", word: 3, kinds: ["storage.book.guarantee"] },
  { view: "bookOf", word: 4, kinds: ["storage.book.advanceLimit"] },
  { view: "holdbackClassOf", word: 0, kinds: ["storage.holdback_class.bps"] },
  { view: "holdbackClassOf", word: 1, kinds: ["storage.holdback_class.delay"] },
];

forEachEngine("audited obligations", (open) => {
  let network: LiveNetwork;
  let snapshot: Snapshot;

  before(async () => {
    network = await startLiveNetwork();
    const store = await open();
    const mirror = await follow(network, store);
    await onboard(network, { merchants: ["mill", "forge"], payers: ["ada", "bob"], funds: 100_000n });
    await tellLongLine(network);
    await tellObligations(network);
    await mirror.catchUp();
    const read = await store.transaction((trx) => readSnapshot(trx, mirror.instanceId), { snapshot: true });
    if (read === undefined) throw new Error("Nothing was mirrored.");
    snapshot = read;
  });
  after(() => network?.stop());

  async function kindsOf(rpc: JsonRpc): Promise<string[]> {
    const { deployment } = network;
    const { breaks } = await audit({ rpc, deployment, snapshot, logger: silentLogger });
    return [...new Set(breaks.map(({ kind }) => kind))];
  }

  it("are what the log adds up to, for a merchant and its successor", async () => {
    const { rpc, deployment } = network;
    const report = await audit({ rpc, deployment, snapshot, logger: silentLogger });

    expect(report.breaks).to.deep.equal([]);
    const coldWordOf = (name: string) => {
      const address = network.addressOf("merchant", name);
      return BigInt(snapshot.accounts.find((account) => account.address === address)?.coldWord ?? 0);
    };
    // The merchant has reserve in a class, its successor debt and awards that wait.
    expect(BigInt.asUintN(80, coldWordOf("mill") >> 80n)).to.be.greaterThan(0n);
    expect(BigInt.asUintN(80, coldWordOf("heir"))).to.equal(1_000n);
    expect(coldWordOf("heir") >> 168n).to.equal(1n);
  });

  for (const { event, word, kinds } of FORGED_EVENTS) {
    it(`name a forged ${event} (word ${word}) and nothing else`, async () => {
      const forged = withLogs(network.rpc, (logs) => {
        const place = logs.findIndex((log) => isEvent(log, event));
        return logs.map((log, index) => (index === place ? raised(log, word) : log));
      });

      expect(await kindsOf(forged)).to.deep.equal(kinds);
    });
  }

  for (const { event, word, kinds } of FORGED_ARITHMETIC) {
    it(`do not follow from a forged ${event} (word ${word})`, async () => {
      const forged = withLogs(network.rpc, (logs) =>
        logs.map((log) => (isEvent(log, event) ? raised(log, word) : log)),
      );

      expect(await kindsOf(forged)).to.include.members(kinds);
    });
  }

  for (const { event, kinds } of MISSING_EVENTS) {
    it(`do not follow without ${event}`, async () => {
      const forged = withLogs(network.rpc, (logs) => logs.filter((log) => !isEvent(log, event)));

      expect(await kindsOf(forged)).to.include.members(kinds);
    });
  }

  for (const { view, word, kinds } of FORGED_ANSWERS) {
    it(`are compared with word ${word} of ${view}`, async () => {
      const selector = abi.getFunction(view)?.selector ?? "none";

      expect(await kindsOf(withAnswers(network.rpc, selector, (data) => oneMore(data, word)))).to.deep.equal(
        kinds,
      );
    });
  }
});

function isEvent(log: RpcLog, name: string): boolean {
  return (log.topics as readonly string[])[0] === abi.getEvent(name)?.topicHash;
}

function raised(log: RpcLog, word: number): RpcLog {
  return { ...log, data: oneMore(String(log.data), word) };
}

/**
 * A merchant's reserve is withheld, released and drawn; two of its awards wait, and go to its successor, who pays one and a
 * part of the other. It leaves money in reserve, debt, and one award.
 */
async function tellObligations(network: LiveNetwork): Promise<void> {
  const { send, signers, deployment, token, addressOf, sign, rpc } = network;
  const book = [deployment.operator, token] as const;
  const admin = createLocalSigner(developmentKeys(deployment.chainId).deployer);
  const mill = addressOf("merchant", "mill");
  const heir = addressOf("merchant", "heir");
  let nonce = 0;
  const ledger = (name: string, args: readonly unknown[]) =>
    send(signers.operator, "settlementLedger", name, args);
  async function charge(payer: string, amount: bigint, holdbackClass: number): Promise<OrderTerms> {
    const draft = await termsOf(network, { merchant: "mill", payer, amount, nonce: nonce++ });
    const terms = { ...draft, holdbackClass };
    await ledger("charge", [terms, sign.signOrder({ payer, terms }).signature]);
    return terms;
  }
  async function settle(cycle: number): Promise<void> {
    await send(signers.settler, "settlementLedger", "closeCycle", [...book, cycle, [mill]]);
    await send(signers.settler, "settlementLedger", "payout", [...book, [mill]]);
  }

  await send(admin, "settlementLedger", "setHoldbackClass", [1, 1_000, DAY]);
  await send(admin, "settlementLedger", "setHoldbackClass", [2, 2_000, 2 * DAY]);
  await send(admin, "settlementLedger", "setAdvanceLimit", [...book, 1_000]);
  const first = await charge("ada", 10_000n, 1);
  const second = await charge("bob", 20_000n, 0);
  await moveChainClock(rpc, 6 * HOUR);
  await charge("ada", 8_000n, 1);
  await settle(2);
  await moveChainClock(rpc, DAY);
  await ledger("releaseReserve", [...book, mill]);
  await charge("ada", 5_000n, 1);
  await charge("ada", 6_000n, 2);
  await settle(3);

  await dispute(network, { terms: second, amount: 20_000n, payerBps: 10_000, ordinal: 1, payer: "bob" });
  await dispute(network, { terms: first, amount: 10_000n, payerBps: 10_000, ordinal: 1, payer: "ada" });
  await charge("ada", 4_000n, 2);
  await send(admin, "participantRegistry", "recover", [mill, heir, CASE]);
  await ledger("rebind", [...book, mill]);
  await send(signers.issuer, "token", "mint", [signers.issuer.address, 20_000n, CASE]);
  await send(signers.issuer, "settlementLedger", "depositBatch", [
    ...book,
    [{ account: heir, amount: 20_000n }],
  ]);
  await ledger("meetObligations", [...book, heir]);
}

/** A merchant owes nine awards: the ledger pays eight of them in one go, and the ninth in the next. Closes cycle 1. */
async function tellLongLine(network: LiveNetwork): Promise<void> {
  const { send, signers, deployment, token, addressOf, sign } = network;
  const book = [deployment.operator, token] as const;
  const forge = addressOf("merchant", "forge");
  const admin = createLocalSigner(developmentKeys(deployment.chainId).deployer);
  await send(admin, "settlementLedger", "setAdvanceLimit", [...book, 0]);
  const orders: OrderTerms[] = [];
  for (let nonce = 100; nonce < 109; nonce++) {
    const terms = await termsOf(network, { merchant: "forge", payer: "ada", amount: 100n, nonce });
    const { signature } = sign.signOrder({ payer: "ada", terms });
    await send(signers.operator, "settlementLedger", "charge", [terms, signature]);
    orders.push(terms);
  }
  await send(signers.settler, "settlementLedger", "closeCycle", [...book, 1, [forge]]);
  await send(signers.settler, "settlementLedger", "payout", [...book, [forge]]);
  for (const terms of orders) {
    await dispute(network, { terms, amount: 100n, payerBps: 10_000, ordinal: 1, payer: "ada" });
  }
  await send(signers.issuer, "token", "mint", [signers.issuer.address, 1_000n, `0x${"1".repeat(64)}`]);
  const deposit = [{ account: forge, amount: 1_000n }];
  await send(signers.issuer, "settlementLedger", "depositBatch", [...book, deposit]);
  for (let call = 0; call < 2; call++) {
    await send(signers.operator, "settlementLedger", "meetObligations", [...book, forge]);
  }
}
