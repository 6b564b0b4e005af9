import { expect } from "chai";
import { DisputeCourt__factory } from "../../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import {
  contestedDispute,
  DISPUTE_STATE,
  deadlineOf,
  NOT_RECEIVED,
  openedDispute,
  ruledDispute,
  SIDE,
  signVotes,
} from "../support/builders/dispute.ts";
import { authorizedOrder, capturedOrder, readAccountWord, settledOrder } from "../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../support/builders/panels.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain } from "../support/deploy-contracts.ts";
import { balancesOf } from "../support/words.ts";

const { load, time, ethers } = await openTestChain();

const FAR = 2n ** 40n - 1n;

/** That every dispute ends, whoever is silent or replaced. The number is that of the trap. */
describe("traps: disputes that must end", () => {
  it("22: must not leave the payer without a voice after the refund deadline of an order still in its window", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network, { refundBy: network.startedAt + 8 * 86_400 });
    await time.increaseTo(order.terms.refundBy + 1);

    await openedDispute(network, order);
    await court.connect(actors.merchant).accept(order.terms);
    await court.finalize(order.terms, []);

    await expectConservation(network);
  });

  it("24: must not open a dispute before a policy is set: the merchant would have no time to answer", async () => {
    const network = await load();
    const { ledger, registry, access, actors } = network;
    const court = await new DisputeCourt__factory(actors.admin).deploy(access, ledger, registry);
    await ledger.setCourt(court);
    const { terms } = await capturedOrder(network);

    await expect(court.connect(actors.payer).open(terms, 1n, NOT_RECEIVED, ethers.ZeroHash))
      .to.be.revertedWithCustomError(court, "CourtPolicyUnknown")
      .withArgs(0n);
  });

  it("25: must not let the payer win by disputing until the order expires", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await authorizedOrder(network);
    await time.setNextBlockTimestamp(order.terms.captureBy - 10);
    await contestedDispute(network, order);
    await time.setNextBlockTimestamp(order.terms.reclaimFrom + 1);
    await expect(ledger.connect(actors.payer).reclaim(order.terms)).to.be.revertedWithCustomError(
      ledger,
      "OrderDisputed",
    );
    await court.connect(actors.payer).withdraw(order.terms);
    await court.finalize(order.terms, []);

    await ledger.connect(actors.operator).capture(order.terms, 10_000n);

    await expectConservation(network);
  });

  it("25: must not leave an order in dispute for ever when everybody is silent", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await authorizedOrder(network, { defaultPayerBps: 0 });
    const dispute = await contestedDispute(network, order);
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);
    await court.connect(actors.outsider).finalize(order.terms, []);
    const reclaimFrom = BigInt(order.terms.reclaimFrom) + (await ledger.shiftOf(order.id));
    await time.setNextBlockTimestamp(reclaimFrom);

    await ledger.connect(actors.outsider).reclaim(order.terms);

    await expectConservation(network);
  });

  it("26: must not give the panel, its backup and the appeal panel more time than the hard stop", async () => {
    const network = await load();
    const { court, actors } = network;
    const panels = await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const dispute = await contestedDispute(network, order);
    const { stopAt } = await court.disputeOf(dispute.id);
    await time.setNextBlockTimestamp(stopAt - 3n);
    await court.escalate(order.terms);
    const votes = await signVotes(network, dispute, 1_000n, panels.backup, 2n);
    await court.rule(order.terms, 1_000n, dispute.evidence, votes);
    await court.connect(actors.payer).appeal(order.terms, SIDE.payer);

    expect(await deadlineOf(network, dispute)).to.equal(stopAt);
    await time.setNextBlockTimestamp(stopAt + 1n);
    await court.connect(actors.outsider).finalize(order.terms, []);

    expect((await court.disputeOf(dispute.id)).award).to.equal(1_000n);
    await expectConservation(network);
  });

  it("27: must not keep an order frozen that both parties have settled", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await authorizedOrder(network);
    await openedDispute(network, order);
    await court.connect(actors.merchant).offer(order.terms, 0n, FAR);
    await court.connect(actors.payer).acceptOffer(order.terms, 0n);
    await court.finalize(order.terms, []);

    await ledger.connect(actors.operator).capture(order.terms, 10_000n);

    await expectConservation(network);
  });

  it("28: must not strand an open dispute when the arbiter set, its backup or its appeal set is replaced", async () => {
    const network = await load();
    const { court, actors } = network;
    const panels = await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const dispute = await contestedDispute(network, order);
    await court.defineArbiterSet(13, [actors.outsider.address], 1n, 0, 0);
    await court.defineArbiterSet(12, [actors.outsider.address], 1n, 0, 0);
    await court.defineArbiterSet(BACKED_SET, [actors.outsider.address], 1n, 0, 0);
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);
    await court.escalate(order.terms);
    const votes = await signVotes(network, dispute, 1n, panels.backup, 2n);
    await court.rule(order.terms, 1n, dispute.evidence, votes);
    await court.connect(actors.payer).appeal(order.terms, SIDE.payer);
    const reviewed = await signVotes(network, dispute, 2n, panels.appeal, 4n);

    await court.rule(order.terms, 2n, dispute.evidence, reviewed);
    await court.finalize(order.terms, []);

    await expectConservation(network);
  });

  it("28: must not strand an open dispute when the court is replaced", async () => {
    const network = await load();
    const { court, ledger, registry, access, actors } = network;
    const order = await capturedOrder(network);
    await ruledDispute(network, order, 5_000n);
    const successor = await new DisputeCourt__factory(actors.admin).deploy(access, ledger, registry);
    await ledger.setCourt(successor);

    await court.finalize(order.terms, []);

    await expectConservation(network);
  });

  it("29: must not take a ruling of 0 for no ruling", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await settledOrder(network, { defaultPayerBps: 10_000 });
    await ruledDispute(network, order, 0n);
    await time.increase(60 * 86_400);

    await court.finalize(order.terms, []);

    expect(balancesOf(await readAccountWord(network, actors.merchant)).available).to.equal(9_500n);
    await expectConservation(network);
  });

  it("29: must not take a default of 0 for no default", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network, { defaultPayerBps: 0 });
    const dispute = await contestedDispute(network, order);
    await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

    await court.finalize(order.terms, []);

    expect(balancesOf(await readAccountWord(network, actors.merchant)).pending).to.equal(9_500n);
    await expectConservation(network);
  });

  it("29: must not take an offer of 0 for no offer, nor no offer for one of 0", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    const { id } = await openedDispute(network, order);

    await expect(court.connect(actors.payer).acceptOffer(order.terms, 0n))
      .to.be.revertedWithCustomError(court, "CourtOfferMissing")
      .withArgs(id, SIDE.merchant);
    await court.connect(actors.merchant).offer(order.terms, 0n, FAR);
    await court.connect(actors.payer).acceptOffer(order.terms, 0n);

    const { award, state } = await court.disputeOf(id);
    expect([award, state]).to.deep.equal([0n, DISPUTE_STATE.ruled]);
    await expectConservation(network);
  });
});
