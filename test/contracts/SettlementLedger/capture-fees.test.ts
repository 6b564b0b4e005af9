import { expect } from "chai";
import { authorizedOrder, closeOpenCycle, readAccountWord } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { accountWord, balancesOf, MAX_FEES, merchantWord, unexposed } from "../../support/words.ts";

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

  context("given an operator that is the fee receiver", () => {
    it("keeps the fee in the merchant's word until the merchant is settled", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms } = await authorizedOrder(network, { feeReceiver: actors.operator.address });

      const captured = await ledger.connect(actors.operator).capture(terms, 10_000n);

      await expect(captured).not.to.emit(ledger, "FeeAccrued");
      const word = unexposed(await readAccountWord(network, actors.merchant));
      expect(word).to.equal(merchantWord({ pending: 9_500n, fees: 500n }));
      expect(await readAccountWord(network, actors.operator)).to.equal(0n);
      await closeOpenCycle(network, [actors.merchant.address]);
      expect(balancesOf(await readAccountWord(network, actors.operator)).available).to.equal(500n);
      await expectConservation(network);
    });

    it("holds fees of 32 bits there, and credits one that would not fit to the operator at once", async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const { operator, issuer, payer } = actors;
      await ledger.connect(issuer).deposit(operator, token, payer, MAX_FEES + 2n);
      const given = { feeReceiver: operator.address, feeBps: 10_000, amount: MAX_FEES + 2n };
      const { id, terms } = await authorizedOrder(network, given);

      await ledger.connect(operator).capture(terms, MAX_FEES);
      expect(balancesOf(await readAccountWord(network, actors.merchant)).fees).to.equal(MAX_FEES);
      const over = await ledger.connect(operator).capture(terms, 2n);

      const word = await readAccountWord(network, operator);
      await expect(over)
        .to.emit(ledger, "FeeAccrued")
        .withArgs(id, operator.address, operator.address, terms.token, 2n, true, word);
      expect(balancesOf(word).available).to.equal(2n);
      expect(balancesOf(await readAccountWord(network, actors.merchant)).fees).to.equal(MAX_FEES);
      await expectConservation(network);
    });
  });
});
