import { expect } from "chai";
import { ruledDispute } from "../support/builders/dispute.ts";
import {
  authorizedOrder,
  capturedOrder,
  fundGuarantee,
  paidOutOrder,
  signedOrder,
} from "../support/builders/order.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../support/deploy-contracts.ts";
import { debtOf, MAX_U80 } from "../support/words.ts";

const { load, time } = await openTestChain();

const MAX_HOLD = 180 * 86_400;

/** Who owns which second. The number is that of the trap. */
describe("traps: time", () => {
  it("(23) must not let capture and reclaim meet in one second", async () => {
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

  it("(44) must not overflow when windows and deadlines are as far away as they may be", async () => {
    const network = await load();
    const { court, ledger } = network;
    const reclaimFrom = network.startedAt + MAX_HOLD;
    const captureBy = reclaimFrom - 1;
    const refundBy = captureBy + MAX_HOLD;
    const given = { captureBy, reclaimFrom, refundBy, disputeWindow: MAX_HOLD };
    const order = await capturedOrder(network, given);
    await ruledDispute(network, order, 5_000n);

    await court.finalize(order.terms, []);
    await ledger.connect(network.actors.merchant).refund(order.terms, 5_000n);

    await expectConservation(network);
  });

  it("(44) must not hold money without end because a deadline is as far away as its type allows", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const last = 2 ** 40 - 1;
    const endless = [
      { captureBy: last - 1, reclaimFrom: last, refundBy: last },
      { reclaimFrom: last },
      { refundBy: last },
      { disputeWindow: 2 ** 32 - 1 },
      { authorizeBy: last, captureBy: last, reclaimFrom: last, refundBy: last },
    ];

    for (const given of endless) {
      const { terms, signature } = await signedOrder(network, given);
      await expect(ledger.connect(actors.operator).authorize(terms, signature)).to.be.revertedWithCustomError(
        ledger,
        "OrderTermsInvalid",
      );
    }
  });

  it("(35) must not let a payer arm a withdrawal early and leave ahead of what its orders hold", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { operator, payer, merchant } = actors;
    const { terms } = await authorizedOrder(network, { amount: PAYER_FUNDS });

    await expect(ledger.connect(payer).withdraw(operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(payer.address, 1n, 0n);
    await ledger.connect(operator).capture(terms, PAYER_FUNDS - 1n);
    await ledger.connect(merchant).void(terms, 1n);
    await expect(ledger.connect(payer).withdraw(operator, token, 2n))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(payer.address, 2n, 1n);
    await expectConservation(network);
  });

  it("(40) must not charge for taking money out, nor take a payout back", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { merchant, operator } = actors;
    const payable: string[] = [];
    for (const contract of [ledger, network.court, network.vault, token]) {
      contract.interface.forEachFunction((fragment) => {
        if (fragment.payable) payable.push(fragment.name);
      });
    }
    await fundGuarantee(network, 20_000n);
    const { terms } = await paidOutOrder(network, { feeBps: 0 });
    await token.connect(merchant).approve(ledger, MAX_U80);

    await ledger.connect(operator).refund(terms, 10_000n);

    expect(payable).to.deep.equal([]);
    expect(await token.balanceOf(merchant)).to.equal(10_000n);
    expect(debtOf(await ledger.coldWord(operator, token, merchant))).to.equal(10_000n);
    await expectConservation(network);
  });
});
