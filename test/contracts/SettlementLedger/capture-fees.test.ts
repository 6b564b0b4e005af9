import { expect } from "chai";
import { authorizedOrder, readAccountWord } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { accountWord, balancesOf } from "../../support/words.ts";

const { load } = await openTestChain();

/** Terms and how an order under them is captured, piece by piece; the fee must be that of the whole. */
const CASES = [
  { amount: 400n, feeBps: 25, fixedFee: 0n, pieces: Array.from({ length: 40 }, () => 10n), fee: 1n },
  { amount: 400n, feeBps: 24, fixedFee: 0n, pieces: [399n, 1n], fee: 0n },
  { amount: 10_001n, feeBps: 500, fixedFee: 30n, pieces: [1n, 1n, 28n, 1n, 9_970n], fee: 530n },
  { amount: 20n, feeBps: 0, fixedFee: 30n, pieces: [5n, 15n], fee: 20n },
  { amount: 7n, feeBps: 10_000, fixedFee: 0n, pieces: [1n, 2n, 4n], fee: 7n },
  { amount: 9_999n, feeBps: 1, fixedFee: 0n, pieces: [9_998n, 1n], fee: 0n },
] as const;

describe("SettlementLedger.capture: fees", () => {
  for (const { amount, feeBps, fixedFee, pieces, fee } of CASES) {
    it(`takes ${fee} of ${amount} at ${feeBps} bps and ${fixedFee} in ${pieces.length} pieces as in one`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await authorizedOrder(network, { amount, feeBps, fixedFee });

      for (const piece of pieces) await ledger.connect(actors.operator).capture(terms, piece);

      expect(await readAccountWord(network, actors.feeReceiver)).to.equal(accountWord({ pending: fee }));
      expect(balancesOf(await readAccountWord(network, actors.merchant)).pending).to.equal(amount - fee);
      await expectConservation(network);
    });
  }

  it("counts the fee from what is still captured after a refund", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network, { amount: 1_000n, feeBps: 1_000, fixedFee: 10n });
    await ledger.connect(actors.operator).capture(terms, 500n);
    await ledger.connect(actors.merchant).refund(terms, 500n);

    await ledger.connect(actors.operator).capture(terms, 500n);

    expect(await readAccountWord(network, actors.feeReceiver)).to.equal(accountWord({ pending: 60n }));
    await expectConservation(network);
  });
});
