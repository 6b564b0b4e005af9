import { expect } from "chai";
import { signConsent } from "../../../services/chain/consent-signing.ts";
import { developmentKeys } from "../../../services/chain/development-keys.ts";
import {
  courtDomain,
  disputeIdOf,
  evidenceAfter,
  NO_EVIDENCE,
  settlementDigest,
  signVotes,
} from "../../../services/chain/dispute-signing.ts";
import { addressOfKey, typeHash } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import { DAY, DOCUMENT, startVerbDesk, type VerbDesk, type VerbOrder } from "./verb-desk.ts";

const BACKUP = Array.from({ length: 3 }, (_, index) => typeHash(`backup arbiter ${index}`));
const APPEAL = Array.from({ length: 5 }, (_, index) => typeHash(`appeal arbiter ${index}`));
const HOUR = 3_600;

forEachEngine("the turns of a dispute, through the API to the chain", (openStore) => {
  let desk: VerbDesk;
  let ann: Hex;
  let shop: Hex;

  before(async () => {
    desk = await startVerbDesk(await openStore());
    ann = desk.network.keyOf("payer", "ann");
    shop = desk.network.keyOf("merchant", "shop");
    await definePanels(desk);
  });
  after(() => desk?.network.stop());
  afterEach(() => desk.expectSound());

  /** A captured order in dispute, with the evidence that its opening leaves. */
  async function disputed(amount = 1_000n) {
    const order = await desk.order(amount);
    const opening = { amount: `${amount}`, reason: "not_as_described", evidenceHash: DOCUMENT };
    const outcomes = await desk.ask(
      { ...order.authorize, kind: "charge" },
      order.on("open-dispute", opening),
    );
    expect(outcomes).to.deep.equal(["included", "included"]);
    return { order, evidence: evidenceAfter(NO_EVIDENCE, order.terms.payer, DOCUMENT) };
  }

  async function contested() {
    const { order, evidence } = await disputed();
    expect(await desk.ask(order.on("contest", { evidenceHash: DOCUMENT }))).to.deep.equal(["included"]);
    return { order, evidence: evidenceAfter(evidence, order.terms.merchant, DOCUMENT) };
  }

  const court = () => courtDomain(31337, desk.network.chain.deployment.contracts.disputeCourt.address);

  async function roundOf({ orderId }: VerbOrder): Promise<bigint> {
    const [dispute] = await desk.read("disputeCourt", "disputeOf", [disputeIdOf(orderId, 1)]);
    return (dispute as { round: bigint }).round;
  }

  async function ruling(order: VerbOrder, payerBps: number, evidence: Hex, panel: readonly Hex[]) {
    const vote = {
      disputeId: disputeIdOf(order.orderId, 1),
      round: await roundOf(order),
      payerBps,
      evidence,
    };
    return order.on("rule", { payerBps, evidence, signatures: signVotes(vote, court(), panel) });
  }

  const panel = developmentKeys(31337).arbiters.slice(0, 2);

  it("takes evidence of both sides up to the limit, and voids votes cast before", async () => {
    const { order, evidence } = await contested();
    const stale = await ruling(order, 5_000, evidence, panel);
    const submit = (side: string, byte: string) =>
      order.on("submit-evidence", { side, evidenceHash: `0x${byte.repeat(32)}` });

    expect(await desk.ask(submit("payer", "e1"), submit("merchant", "e2"), stale)).to.deep.equal([
      "included",
      "included",
      "evidence_stale",
    ]);
    expect(await desk.ask(...["e3", "e4", "e5", "e6"].map((byte) => submit("payer", byte)))).to.deep.equal([
      ...["included", "included", "included"],
      "evidence_limit",
    ]);
    await desk.pass(HOUR);
    expect(await desk.ask(submit("merchant", "e7"))).to.deep.equal(["dispute_deadline_passed"]);
  });

  it("settles by the merchant's acceptance of what the payer offers by itself", async () => {
    const { order } = await disputed();
    const offer = [order.terms, 300n, (await desk.now()) + DAY];
    await desk.send(ann, "disputeCourt", "offer", offer);

    const outcomes = await desk.ask(
      order.on("accept-offer", { amount: "301" }),
      order.on("accept-offer", { amount: "300" }),
      order.on("finalize-dispute"),
    );
    expect(outcomes).to.deep.equal(["offer_missing", "included", "included"]);
    expect(await desk.wordOf(order)).to.include({ refundable: 700n, isDisputed: false });
  });

  it("offers for the merchant, takes the offer back, and leaves accepting it to the payer", async () => {
    const { order } = await disputed();
    const deadline = (await desk.now()) + DAY;

    const outcomes = await desk.ask(
      order.on("offer", { amount: "1001", deadline }),
      order.on("offer", { amount: "200", deadline: 1 }),
      order.on("offer", { amount: "200", deadline }),
    );
    expect(outcomes).to.deep.equal(["exceeds_order", "dispute_deadline_passed", "included"]);
    const [offered] = await desk.store.db
      .selectFrom("dispute")
      .select("merchant_offer")
      .where("order_id", "=", order.orderId)
      .execute();
    expect(offered?.merchant_offer).to.equal("200");
    expect(await desk.ask(order.on("withdraw-offer"), order.on("withdraw-offer"))).to.deep.equal([
      "included",
      "offer_missing",
    ]);
    expect(await desk.ask(order.on("offer", { amount: "250", deadline }))).to.deep.equal(["included"]);
    await desk.send(ann, "disputeCourt", "acceptOffer", [order.terms, 250n]);
    expect(await desk.ask(order.on("finalize-dispute"))).to.deep.equal(["included"]);
    expect(await desk.wordOf(order)).to.include({ refundable: 750n });
  });

  it("settles for what both sides signed", async () => {
    const { order } = await disputed();
    const deadline = (await desk.now()) + DAY;
    const disputeId = disputeIdOf(order.orderId, 1);
    const agree = (amount: bigint, merchantKey = shop, round = 1n) => {
      const digest = settlementDigest({ disputeId, amount, deadline, round }, court());
      const payerSignature = signConsent(digest, ann);
      const merchantSignature = signConsent(digest, merchantKey);
      return order.on("agree", { amount: `${amount}`, deadline, payerSignature, merchantSignature });
    };

    expect(await desk.ask(agree(400n, ann))).to.deep.equal(["signature_invalid"]);
    expect(await desk.ask(agree(400n, shop, 2n))).to.deep.equal(["signature_invalid"]);
    expect(await desk.ask(agree(1_001n), agree(400n), order.on("finalize-dispute"))).to.deep.equal([
      "exceeds_order",
      "included",
      "included",
    ]);
    expect(await desk.wordOf(order)).to.include({ refundable: 600n });
    expect(await desk.ask(agree(400n))).to.deep.equal(["dispute_not_open"]);
  });

  it("escalates from a silent panel to its backup, once", async () => {
    const { order, evidence } = await contested();
    expect(await desk.ask(order.on("escalate"))).to.deep.equal(["dispute_deadline_pending"]);
    await desk.pass(HOUR + 1);

    expect(await desk.ask(order.on("escalate"))).to.deep.equal(["included"]);
    expect(await desk.ask(await ruling(order, 2_500, evidence, panel))).to.deep.equal(["votes_invalid"]);
    expect(await desk.ask(await ruling(order, 2_500, evidence, BACKUP.slice(0, 2)))).to.deep.equal([
      "included",
    ]);
    expect(await desk.ask(order.on("escalate"), order.on("finalize-dispute"))).to.deep.equal([
      "dispute_state_wrong",
      "included",
    ]);
    expect(await desk.wordOf(order)).to.include({ refundable: 750n });
  });

  it("appeals a ruling to a larger panel, whose ruling is final", async () => {
    const { order, evidence } = await contested();
    await desk.ask(await ruling(order, 10_000, evidence, panel));
    expect(await desk.ask(order.on("finalize-dispute"))).to.deep.equal(["dispute_deadline_pending"]);

    expect(await desk.ask(order.on("appeal", { side: "payer" }))).to.deep.equal(["included"]);
    const [bond] = await desk.store.db
      .selectFrom("dispute")
      .select(["bond", "state"])
      .where("order_id", "=", order.orderId)
      .execute();
    expect(bond).to.deep.equal({ bond: "100", state: "appealed" });
    expect(await desk.ask(order.on("appeal", { side: "merchant" }))).to.deep.equal(["dispute_state_wrong"]);
    expect(await desk.ask(await ruling(order, 0, evidence, APPEAL.slice(0, 3)))).to.deep.equal(["included"]);
    expect(await desk.ask(order.on("finalize-dispute"))).to.deep.equal(["included"]);
    expect(await desk.wordOf(order)).to.include({ refundable: 1_000n });
  });

  it("refuses an appeal after its time, and pays the ruling then", async () => {
    const { order, evidence } = await contested();
    await desk.ask(await ruling(order, 10_000, evidence, panel));
    await desk.pass(HOUR + 1);

    expect(
      await desk.ask(order.on("appeal", { side: "merchant" }), order.on("finalize-dispute")),
    ).to.deep.equal(["dispute_deadline_passed", "included"]);
    expect(await desk.wordOf(order)).to.include({ refundable: 0n, state: "refunded" });
  });
});

/** Gives the network's panel a backup and an appeal panel, and appeals an hour and a bond of a tenth. */
async function definePanels(desk: VerbDesk): Promise<void> {
  const { admin } = desk;
  const { arbiters } = desk.network.chain.deployment;
  const [backup, appeal] = [BACKUP, APPEAL].map((keys) => keys.map(addressOfKey).sort());
  for (const [setId, members, threshold, backupId, appealId] of [
    [2, backup, 2, 0, 0],
    [3, appeal, 3, 0, 0],
    [1, arbiters, 2, 2, 3],
  ]) {
    await desk.send(admin, "disputeCourt", "defineArbiterSet", [
      setId,
      members,
      threshold,
      backupId,
      appealId,
    ]);
  }
  const policy = {
    ...{ respondWindow: HOUR, ruleWindow: HOUR, appealWindow: HOUR, appealRuleWindow: HOUR },
    ...{ hardStop: DAY, openBondBps: 0, appealBondBps: 1_000, evidenceCap: 4 },
  };
  await desk.send(admin, "disputeCourt", "setPolicy", [policy]);
}
