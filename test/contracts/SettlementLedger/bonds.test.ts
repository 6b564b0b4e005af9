import { expect } from "chai";
import type { Actor } from "../../support/actors.ts";
import { disputeIdOf } from "../../support/builders/dispute.ts";
import { holdingsOf } from "../../support/builders/holdings.ts";
import { lockOrder, nameCourt } from "../../support/builders/locks.ts";
import {
  capturedOrder,
  readAccountWord,
  settledOrder,
  type TestOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger: bonds", () => {
  describe("lockDispute", () => {
    it("takes the payer's bond out of its available money", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const { id, terms } = await capturedOrder(network);
      const disputeId = disputeIdOf(network, id, 1n);

      const locked = await ledger.lockDispute(terms, 10_000n, 300n);

      const word = await readAccountWord(network, actors.payer);
      await expect(locked)
        .to.emit(ledger, "BondTaken")
        .withArgs(disputeId, id, actors.payer.address, 300n, 300n, word);
      expect(await ledger.bondOf(disputeId)).to.equal(300n);
      expect((await holdingsOf(network, actors.payer)).available).to.equal(PAYER_FUNDS - 10_300n);
      await expectConservation(network);
    });

    it("reverts with AccountsInsufficient when the payer has less, and takes the last unit", async () => {
      const network = await nameCourt(await load());
      const { ledger, actors } = network;
      const { terms } = await capturedOrder(network);
      const has = PAYER_FUNDS - 10_000n;

      await expect(ledger.lockDispute(terms, 1n, has + 1n))
        .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
        .withArgs(actors.payer.address, has + 1n, has);
      await ledger.lockDispute(terms, 1n, has);
      await expectConservation(network);
    });
  });

  describe("addBond", () => {
    it("adds another account's money", async () => {
      const { network, order, disputeId } = await bonded();
      const { ledger, actors } = network;

      const added = await ledger.addBond(order.terms, actors.merchant, 200n);

      const word = await readAccountWord(network, actors.merchant);
      await expect(added)
        .to.emit(ledger, "BondTaken")
        .withArgs(disputeId, order.id, actors.merchant.address, 200n, 500n, word);
      expect(await ledger.bondOf(disputeId)).to.equal(500n);
      await expectConservation(network);
    });

    it("reverts with AccountsInsufficient when the account has less", async () => {
      const { network, order } = await bonded();
      const { ledger, actors } = network;

      await expect(ledger.addBond(order.terms, actors.outsider, 1n))
        .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
        .withArgs(actors.outsider.address, 1n, 0n);
    });
  });

  describe("payBond", () => {
    it("pays several accounts", async () => {
      const { network, order, disputeId } = await bonded();
      const { ledger, actors } = network;
      const [first, second] = actors.arbiters as readonly [Actor, Actor];

      const paid = await ledger.payBond(order.terms, [first, second], [100n, 50n]);

      const word = await readAccountWord(network, second);
      await expect(paid)
        .to.emit(ledger, "BondPaid")
        .withArgs(disputeId, order.id, second.address, 50n, 150n, word);
      expect(await ledger.bondOf(disputeId)).to.equal(150n);
      await expectConservation(network);
    });

    it("says nothing of a payment of 0", async () => {
      const { network, order } = await bonded();

      const paid = await network.ledger.payBond(order.terms, [network.actors.payer], [0n]);

      await expect(paid).not.to.emit(network.ledger, "BondPaid");
    });

    it("reverts with DisputeBondExceeded when there is less, in one payment or several", async () => {
      const { network, order, disputeId } = await bonded();
      const { ledger, actors } = network;

      await expect(ledger.payBond(order.terms, [actors.payer], [301n]))
        .to.be.revertedWithCustomError(ledger, "DisputeBondExceeded")
        .withArgs(disputeId, 301n, 300n);
      await expect(ledger.payBond(order.terms, [actors.payer, actors.merchant], [300n, 1n]))
        .to.be.revertedWithCustomError(ledger, "DisputeBondExceeded")
        .withArgs(disputeId, 1n, 0n);
      await ledger.payBond(order.terms, [actors.payer], [300n]);
      await expectConservation(network);
    });

    it("reverts with DisputeBondExceeded when the lists differ in length", async () => {
      const { network, order, disputeId } = await bonded();

      await expect(network.ledger.payBond(order.terms, [network.actors.payer], []))
        .to.be.revertedWithCustomError(network.ledger, "DisputeBondExceeded")
        .withArgs(disputeId, 1n, 0n);
    });
  });

  it("gives what is left of the bond to the payer when the outcome is paid", async () => {
    const { network, order, disputeId } = await bonded();
    const { ledger, actors } = network;
    await ledger.payBond(order.terms, [actors.arbiters[0] as Actor], [100n]);

    const paid = await ledger.payDispute(order.terms, [], 0n);

    await expect(paid).to.emit(ledger, "BondPaid");
    expect(await ledger.bondOf(disputeId)).to.equal(0n);
    expect((await holdingsOf(network, actors.payer)).available).to.equal(PAYER_FUNDS - 10_100n);
    await expectConservation(network);
  });

  it("is not for the merchant's awards: only the court gives it away", async () => {
    const { network, order } = await bonded();
    const { ledger, actors } = network;

    await ledger.payDispute(order.terms, [], 5_000n);

    expect((await holdingsOf(network, actors.payer)).available).to.equal(PAYER_FUNDS - 5_000n);
    await expectConservation(network);
  });

  it("reverts with DisputeCourtWrong for anybody but the court that opened the dispute", async () => {
    const { network, order, disputeId } = await bonded();
    const { ledger, actors } = network;
    const { admin, outsider } = actors;
    await ledger.setCourt(outsider);

    for (const caller of [outsider, actors.payer, actors.operator]) {
      for (const call of [
        () => ledger.connect(caller).addBond(order.terms, actors.payer, 1n),
        () => ledger.connect(caller).payBond(order.terms, [actors.payer], [1n]),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(ledger, "DisputeCourtWrong")
          .withArgs(disputeId, caller.address, admin.address);
      }
    }
    await ledger.addBond(order.terms, actors.payer, 1n);
    await expectConservation(network);
  });

  it("reverts with DisputeNotOpen given no open dispute", async () => {
    const { network, order } = await bonded();
    const { ledger, actors } = network;
    await ledger.payDispute(order.terms, [], 0n);

    for (const call of [
      () => ledger.addBond(order.terms, actors.payer, 1n),
      () => ledger.payBond(order.terms, [actors.payer], [1n]),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(ledger, "DisputeNotOpen").withArgs(order.id);
    }
  });

  it("keeps the bonds of two disputes apart", async () => {
    const { network, disputeId } = await bonded();
    const other = await capturedOrder(network, { nonce: 1n });
    const otherId = await lockOrder(network, other);
    await network.ledger.addBond(other.terms, network.actors.payer, 70n);

    expect(await network.ledger.bondOf(disputeId)).to.equal(300n);
    expect(await network.ledger.bondOf(otherId)).to.equal(70n);
    await expectConservation(network);
  });
});

/** A dispute over half of a settled order, with a bond of 300 from the payer. */
async function bonded(): Promise<{
  readonly network: TestNetwork;
  readonly order: TestOrder;
  readonly disputeId: string;
}> {
  const network = await nameCourt(await load());
  const order = await settledOrder(network);
  await network.ledger.lockDispute(order.terms, 5_000n, 300n);
  return { network, order, disputeId: disputeIdOf(network, order.id, 1n) };
}
