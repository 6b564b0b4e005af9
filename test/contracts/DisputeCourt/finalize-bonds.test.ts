import { expect } from "chai";
import {
  APPEAL_ROUND,
  BASIS,
  contestedDispute,
  deadlineOf,
  ruledDispute,
  SIDE,
  signVotes,
} from "../../support/builders/dispute.ts";
import { capturedOrder, readAccountWord, settledOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels, setBonds } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
import { balancesOf } from "../../support/words.ts";

const { load, time } = await openTestChain();

/** Bonds of 101 at the opening and 200 for an appeal, of a dispute over 10,000. */
const OPEN_BOND = 101n;
const APPEAL_BOND = 200n;

describe("DisputeCourt.finalize with bonds", () => {
  for (const payerBps of [0n, 10_000n]) {
    it(`pays the voters equally and the payer the remainder given a ruling of ${payerBps}`, async () => {
      const network = await bonded();
      const { court, actors } = network;
      const order = await capturedOrder(network);
      await ruledDispute(network, order, payerBps);

      await court.finalize(order.terms, []);

      const [first, second, silent] = actors.arbiters;
      expect(await availableOf(network, first)).to.equal(50n);
      expect(await availableOf(network, second)).to.equal(50n);
      expect(await availableOf(network, silent)).to.equal(0n);
      expect(await availableOf(network, actors.payer)).to.equal(PAYER_FUNDS - 10_000n - 100n + payerBps);
      await expectConservation(network);
    });
  }

  it("pays a panel that ruled though the sides settled afterwards", async () => {
    const network = await bonded();
    const { court, actors } = network;
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    await ruledDispute(network, order, 0n);
    await court.connect(actors.merchant).accept(order.terms);

    await court.finalize(order.terms, []);

    expect(await availableOf(network, actors.arbiters[0])).to.equal(50n);
    await expectConservation(network);
  });

  for (const [name, end] of [
    ["nobody answered", undefined],
    ["the payer withdrew", "withdraw"],
  ] as const) {
    it(`gives the payer its bond back when ${name}`, async () => {
      const network = await bonded();
      const { court, actors } = network;
      const order = await capturedOrder(network);
      const dispute = await contestedDispute(network, order);
      if (end === "withdraw") await court.connect(actors.payer).withdraw(order.terms);
      else await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

      await court.finalize(order.terms, []);

      const { award } = await court.disputeOf(dispute.id);
      expect(await availableOf(network, actors.payer)).to.equal(PAYER_FUNDS - 10_000n + award);
      await expectConservation(network);
    });
  }

  it("pays both panels, and nobody gets the other panel's bond", async () => {
    const network = await bonded();
    const { court, actors } = network;
    const { panels, dispute } = await appealed(network, SIDE.merchant);
    const votes = await signVotes(network, dispute, 0n, panels.appeal.slice(0, 3), APPEAL_ROUND);
    await court.rule(dispute.order.terms, 0n, dispute.evidence, votes);

    const finalized = await court.finalize(dispute.order.terms, []);

    await expect(finalized).to.emit(network.ledger, "BondPaid");
    for (const member of panels.appeal.slice(0, 3)) {
      expect(await availableOf(network, member)).to.equal(66n);
    }
    for (const member of actors.arbiters.slice(0, 2)) {
      expect(await availableOf(network, member)).to.equal(50n);
    }
    expect(await network.ledger.bondOf(dispute.id)).to.equal(0n);
    await expectConservation(network);
  });

  for (const [name, side] of [
    ["merchant", SIDE.merchant],
    ["payer", SIDE.payer],
  ] as const) {
    it(`gives the ${name} its appeal bond back when the appeal panel was silent`, async () => {
      const network = await bonded();
      const { court, actors } = network;
      const { dispute } = await appealed(network, side);
      const before = await availableOf(network, actors[name]);
      await time.setNextBlockTimestamp((await deadlineOf(network, dispute)) + 1n);

      await court.finalize(dispute.order.terms, []);

      const [ruled] = (await court.queryFilter(court.filters.DisputeRuled(dispute.id))).slice(-1);
      expect(ruled?.args.basis).to.equal(BASIS.appealPanelSilent);
      const award = side === SIDE.payer ? 5_000n + (OPEN_BOND % 2n) : 0n;
      expect(await availableOf(network, actors[name])).to.equal(before + APPEAL_BOND + award);
      await expectConservation(network);
    });
  }

  it("pays by the policy of the opening, whatever was set since", async () => {
    const network = await bonded();
    const { court, actors } = network;
    const order = await capturedOrder(network);
    await ruledDispute(network, order, 0n);
    await setBonds(network, 10_000n, 10_000n);

    await court.finalize(order.terms, []);

    expect(await availableOf(network, actors.arbiters[0])).to.equal(50n);
    await expectConservation(network);
  });
});

async function bonded(): Promise<TestNetwork> {
  const network = await load();
  await definePanels(network);
  await setBonds(network, OPEN_BOND, APPEAL_BOND);
  return network;
}

/** A ruling of half, appealed; the merchant pays its bond from what another order brought in. */
async function appealed(network: TestNetwork, side: bigint) {
  const { court, actors } = network;
  const panels = await definePanels(network);
  await settledOrder(network, { nonce: 9n, payer: actors.otherPayer.address });
  const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
  const dispute = await ruledDispute(network, order, 5_000n);
  await court.connect(side === SIDE.payer ? actors.payer : actors.merchant).appeal(order.terms, side);
  return { panels, dispute };
}

async function availableOf(
  network: TestNetwork,
  account: { readonly address: string } | undefined,
): Promise<bigint> {
  if (account === undefined) throw new RangeError("There is no such account.");
  return balancesOf(await readAccountWord(network, account)).available;
}
