import { expect } from "chai";
import { DisputeCourt__factory } from "../../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import {
  contestedDispute,
  disputeIdOf,
  NOT_RECEIVED,
  openedDispute,
  ruledDispute,
} from "../support/builders/dispute.ts";
import { authorizedOrder, capturedOrder, readAccountWord, settledOrder } from "../support/builders/order.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain } from "../support/deploy-contracts.ts";
import { balancesOf, merchantWord } from "../support/words.ts";

const { load, time, ethers } = await openTestChain();

/** Who owns which second, and that every dispute ends. The number is that of the trap. */
describe("traps: time and disputes", () => {
  it("23: must not let capture and reclaim meet in one second", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network, { captureBy: network.startedAt + 90_000 });
    const tight = await authorizedOrder(network, {
      captureBy: network.startedAt + 90_000,
      reclaimFrom: network.startedAt + 90_001,
      nonce: 1n,
    });

    await time.setNextBlockTimestamp(tight.terms.captureBy);
    await expect(ledger.connect(actors.payer).reclaim(tight.terms)).to.be.revertedWithCustomError(
      ledger,
      "OrderNotReclaimable",
    );
    await time.setNextBlockTimestamp(tight.terms.reclaimFrom);
    await expect(ledger.connect(actors.operator).capture(tight.terms, 1n)).to.be.revertedWithCustomError(
      ledger,
      "OrderExpired",
    );
    await ledger.connect(actors.payer).reclaim(tight.terms);
    await expect(ledger.connect(actors.payer).reclaim(terms)).to.be.revertedWithCustomError(
      ledger,
      "OrderNotReclaimable",
    );
    await expectConservation(network);
  });

  it("24: must not open a dispute before a policy is set: the merchant would have no time to answer", async () => {
    const network = await load();
    const { ledger, registry, access, actors } = network;
    const court = await new DisputeCourt__factory(actors.admin).deploy(access, ledger, registry);
    await ledger.setCourt(court);
    await court.defineArbiterSet(
      1,
      actors.arbiters.map((arbiter) => arbiter.address),
      2n,
    );
    const { terms } = await capturedOrder(network);

    await expect(court.connect(actors.payer).open(terms, 1n, NOT_RECEIVED, ethers.ZeroHash))
      .to.be.revertedWithCustomError(court, "CourtPolicyInvalid")
      .withArgs(0n, 0n);
  });

  it("25: must not let the payer win by disputing until the order expires", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await authorizedOrder(network);
    await time.setNextBlockTimestamp(order.terms.captureBy - 10);
    const dispute = await contestedDispute(network, order);
    await time.setNextBlockTimestamp(order.terms.reclaimFrom + 1);
    await expect(ledger.connect(actors.payer).reclaim(order.terms)).to.be.revertedWithCustomError(
      ledger,
      "OrderDisputed",
    );
    await court.connect(actors.payer).withdraw(dispute.id);
    await court.finalize(order.terms, dispute.id);

    await ledger.connect(actors.operator).capture(order.terms, 10_000n);

    await expectConservation(network);
  });

  it("25: must not leave an order in dispute for ever when everybody is silent", async () => {
    const network = await load();
    const { court, ledger, actors } = network;
    const order = await authorizedOrder(network, { defaultPayerBps: 0 });
    const dispute = await contestedDispute(network, order);
    const { ruleBy } = await court.disputeOf(dispute.id);
    await time.setNextBlockTimestamp(ruleBy + 1n);
    await court.connect(actors.outsider).finalize(order.terms, dispute.id);
    const reclaimFrom = BigInt(order.terms.reclaimFrom) + (await ledger.shiftOf(order.id));
    await time.setNextBlockTimestamp(reclaimFrom);

    await ledger.connect(actors.outsider).reclaim(order.terms);

    await expectConservation(network);
  });

  it("28: must not strand an open dispute when the arbiter set is replaced", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    const dispute = await openedDispute(network, order);
    await court.defineArbiterSet(1, [actors.outsider.address], 1n);
    await court.connect(actors.merchant).contest(dispute.id, ethers.ZeroHash);

    const { setVersion } = await court.disputeOf(dispute.id);
    expect(setVersion).to.equal(1n);
    await expectConservation(network);
  });

  it("28: must not strand an open dispute when the court is replaced", async () => {
    const network = await load();
    const { court, ledger, registry, access, actors } = network;
    const order = await capturedOrder(network);
    const dispute = await ruledDispute(network, order, 5_000n);
    const successor = await new DisputeCourt__factory(actors.admin).deploy(access, ledger, registry);
    await ledger.setCourt(successor);

    await court.finalize(order.terms, dispute.id);

    await expectConservation(network);
  });

  it("29: must not take a ruling of 0 for no ruling", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await settledOrder(network, { defaultPayerBps: 10_000 });
    const dispute = await ruledDispute(network, order, 0n);
    await time.increase(60 * 86_400);

    await court.finalize(order.terms, dispute.id);

    expect(await readAccountWord(network, actors.merchant)).to.equal(
      merchantWord({ available: 9_500n, openCycle: 2n }),
    );
    await expectConservation(network);
  });

  it("29: must not take a default of 0 for no default", async () => {
    const network = await load();
    const { court, actors } = network;
    const order = await capturedOrder(network, { defaultPayerBps: 0 });
    const dispute = await contestedDispute(network, order);
    await time.setNextBlockTimestamp((await court.disputeOf(dispute.id)).ruleBy + 1n);

    await court.finalize(order.terms, dispute.id);

    expect(balancesOf(await readAccountWord(network, actors.merchant)).pending).to.equal(9_500n);
    await expectConservation(network);
  });

  it("32: must not leave a disputed payment without recourse after payout", async () => {
    const network = await load();
    const { actors } = network;
    const order = await settledOrder(network);

    const dispute = await openedDispute(network, order);

    expect(dispute.id).to.equal(disputeIdOf(network, order.id, 1n));
    expect(balancesOf(await readAccountWord(network, actors.merchant)).available).to.equal(0n);
    await expectConservation(network);
  });

  it("44: must not overflow when a window or a deadline is as far away as its type allows", async () => {
    const network = await load();
    const { court, ledger } = network;
    const last = 2 ** 40 - 1;
    const order = await capturedOrder(network, {
      captureBy: last - 1,
      reclaimFrom: last,
      refundBy: last,
      disputeWindow: 2 ** 32 - 1,
    });
    const dispute = await ruledDispute(network, order, 5_000n);

    await court.finalize(order.terms, dispute.id);
    await ledger.connect(network.actors.merchant).refund(order.terms, 5_000n);

    await expectConservation(network);
  });
});
