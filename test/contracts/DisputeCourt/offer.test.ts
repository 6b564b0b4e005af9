import { expect } from "chai";
import {
  appealedDispute,
  BASIS,
  contestedDispute,
  DISPUTE_STATE,
  disputeWord,
  openedDispute,
  ruledDispute,
  SIDE,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load, time } = await openTestChain();

const FAR = 2n ** 40n - 1n;

describe("DisputeCourt.offer", () => {
  it("keeps an offer of either side, one of 0 as well", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;

    const low = await court.connect(actors.merchant).offer(terms, 0n, FAR);
    await court.connect(actors.payer).offer(terms, 10_000n, FAR);

    await expect(low).to.emit(court, "DisputeOffered").withArgs(id, SIDE.merchant, 0n, FAR, 1n);
    expect([...(await court.offerOf(id, SIDE.merchant))]).to.deep.equal([0n, FAR, 1n, true]);
    expect([...(await court.offerOf(id, SIDE.payer))]).to.deep.equal([10_000n, FAR, 1n, true]);
  });

  it("replaces the side's earlier offer, a mandated operator's as the merchant's", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    await court.connect(actors.merchant).offer(terms, 100n, FAR);

    await court.connect(actors.operator).offer(terms, 50n, FAR - 1n);

    expect([...(await court.offerOf(id, SIDE.merchant))]).to.deep.equal([50n, FAR - 1n, 1n, true]);
    expect((await court.offerOf(id, SIDE.payer)).isPresent).to.equal(false);
  });

  it("reverts with CourtForbidden when the caller is no side, or an operator without a mandate", async () => {
    const { network, id, terms } = await opened();
    const { court, registry, actors } = network;
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 3n);

    for (const caller of [actors.operator, actors.otherPayer, actors.otherMerchant, actors.otherOperator]) {
      await expect(court.connect(caller).offer(terms, 1n, FAR))
        .to.be.revertedWithCustomError(court, "CourtForbidden")
        .withArgs(id, caller.address);
    }
  });

  it("reverts with CourtOfferTooHigh above the disputed amount", async () => {
    const { network, id, terms } = await opened();

    await expect(network.court.connect(network.actors.merchant).offer(terms, 10_001n, FAR))
      .to.be.revertedWithCustomError(network.court, "CourtOfferTooHigh")
      .withArgs(id, 10_001n, 10_000n);
  });

  it("takes an offer that ends this second, and reverts with CourtTooLate on one that has ended", async () => {
    const { network, id, terms } = await opened();
    const merchant = network.court.connect(network.actors.merchant);
    const now = BigInt(await time.latest()) + 100n;

    await time.setNextBlockTimestamp(now);
    await merchant.offer(terms, 1n, now);
    await time.setNextBlockTimestamp(now + 1n);
    await expect(merchant.offer(terms, 1n, now))
      .to.be.revertedWithCustomError(network.court, "CourtTooLate")
      .withArgs(id, now, now + 1n);
  });

  it("reverts with CourtStateWrong given a dispute that is over", async () => {
    const network = await load();
    const { court, actors } = network;
    const { id, order } = await ruledDispute(network, await capturedOrder(network), 0n);
    await court.finalize(order.terms, []);

    for (const call of [
      court.connect(actors.merchant).offer(order.terms, 1n, FAR),
      court.connect(actors.merchant).withdrawOffer(order.terms),
      court.connect(actors.payer).acceptOffer(order.terms, 1n),
    ]) {
      await expect(call)
        .to.be.revertedWithCustomError(court, "CourtStateWrong")
        .withArgs(id, DISPUTE_STATE.final, DISPUTE_STATE.open);
    }
  });
});

describe("DisputeCourt.withdrawOffer", () => {
  it("removes the caller's offer and not the other side's", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    await court.connect(actors.merchant).offer(terms, 1n, FAR);
    await court.connect(actors.payer).offer(terms, 2n, FAR);

    const withdrawn = await court.connect(actors.merchant).withdrawOffer(terms);

    await expect(withdrawn).to.emit(court, "OfferWithdrawn").withArgs(id, SIDE.merchant);
    expect((await court.offerOf(id, SIDE.merchant)).isPresent).to.equal(false);
    expect((await court.offerOf(id, SIDE.payer)).isPresent).to.equal(true);
    await expect(court.connect(actors.payer).acceptOffer(terms, 1n))
      .to.be.revertedWithCustomError(court, "CourtOfferMissing")
      .withArgs(id, SIDE.merchant);
  });

  it("reverts with CourtOfferMissing given none", async () => {
    const { network, id, terms } = await opened();

    await expect(network.court.connect(network.actors.payer).withdrawOffer(terms))
      .to.be.revertedWithCustomError(network.court, "CourtOfferMissing")
      .withArgs(id, SIDE.payer);
  });
});

describe("DisputeCourt.acceptOffer", () => {
  for (const [given, stage] of Object.entries({
    open: openedDispute,
    contested: contestedDispute,
    ruled: (...[network, order]: Parameters<typeof openedDispute>) => ruledDispute(network, order, 0n),
    appealed: (...[network, order]: Parameters<typeof openedDispute>) => appealedDispute(network, order, 0n),
  })) {
    it(`awards exactly what was offered, for good, given a dispute that is ${given}`, async () => {
      const network = await load();
      const { court, actors } = network;
      await definePanels(network);
      const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
      const { id } = await stage(network, order);
      const { round } = await court.disputeOf(id);
      await court.connect(actors.merchant).offer(order.terms, 3_333n, FAR);

      const accepted = await court.connect(actors.payer).acceptOffer(order.terms, 3_333n);

      const word = disputeWord({
        amount: 10_000n,
        award: 3_333n,
        state: DISPUTE_STATE.ruled,
        round: round + 1n,
      });
      await expect(accepted)
        .to.emit(court, "DisputeRuled")
        .withArgs(id, 3_333n, BASIS.offerAccepted, 0n, word);
      await court.finalize(order.terms, []);
      await expectConservation(network);
    });
  }

  it("accepts the payer's offer on the merchant's or its mandated operator's call", async () => {
    for (const caller of ["merchant", "operator"] as const) {
      const { network, id, terms } = await opened();
      const { court, actors } = network;
      await court.connect(actors.payer).offer(terms, 42n, FAR);

      await court.connect(actors[caller]).acceptOffer(terms, 42n);

      expect((await court.disputeOf(id)).award).to.equal(42n);
    }
  });

  it("reverts with CourtOfferMissing when the caller's own is the only offer", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    await court.connect(actors.merchant).offer(terms, 1n, FAR);

    await expect(court.connect(actors.merchant).acceptOffer(terms, 1n))
      .to.be.revertedWithCustomError(court, "CourtOfferMissing")
      .withArgs(id, SIDE.payer);
    await expect(court.connect(actors.outsider).acceptOffer(terms, 1n))
      .to.be.revertedWithCustomError(court, "CourtForbidden")
      .withArgs(id, actors.outsider.address);
  });

  it("accepts in the last second, and reverts with CourtTooLate one second later", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    const other = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const deadline = BigInt(await time.latest()) + 100n;
    await court.connect(actors.merchant).offer(terms, 1n, deadline);
    await court.connect(actors.merchant).offer(other.order.terms, 1n, deadline);

    await time.setNextBlockTimestamp(deadline);
    await court.connect(actors.payer).acceptOffer(other.order.terms, 1n);
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(court.connect(actors.payer).acceptOffer(terms, 1n))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(id, deadline, deadline + 1n);
  });
});

async function opened() {
  const network = await load();
  const { id, order } = await openedDispute(network, await capturedOrder(network));
  return { network, id, terms: order.terms };
}
