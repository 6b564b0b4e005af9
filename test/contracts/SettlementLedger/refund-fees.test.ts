import { expect } from "chai";
import {
  authorizedOrder,
  capturedOrder,
  readAccountWord,
  settledOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { balancesOf, merchantWord, unexposed } from "../../support/words.ts";

const { load } = await openTestChain();

/** Where a refunded fee comes from when the operator is the fee receiver. */
describe("SettlementLedger.refund: the operator's fees", () => {
  it("takes them from the merchant's word as long as they are there", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network, { feeReceiver: actors.operator.address });

    const refunded = await ledger.connect(actors.merchant).refund(terms, 4_000n);

    await expect(refunded).not.to.emit(ledger, "ShareReturned");
    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 5_700n, fees: 300n }),
    );
    await expectConservation(network);
  });

  it("takes them from the operator after the merchant was settled", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { operator, merchant } = actors;
    const { id, terms } = await settledOrder(network, { feeReceiver: operator.address });

    const refunded = await ledger.connect(merchant).refund(terms, 4_000n);

    const word = await readAccountWord(network, operator);
    await expect(refunded)
      .to.emit(ledger, "ShareReturned")
      .withArgs(id, operator.address, operator.address, terms.token, 200n, word);
    expect(balancesOf(word).available).to.equal(300n);
    await expectConservation(network);
  });

  it("takes what waits in the word first, and only the rest from the operator", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { operator, merchant } = actors;
    const { terms } = await settledOrder(network, { feeReceiver: operator.address });
    const second = await authorizedOrder(network, { feeReceiver: operator.address, nonce: 1n });
    await ledger.connect(operator).capture(second.terms, 2_000n);

    await ledger.connect(merchant).refund(terms, 10_000n);

    expect(balancesOf(await readAccountWord(network, merchant)).fees).to.equal(0n);
    expect(balancesOf(await readAccountWord(network, operator)).available).to.equal(100n);
    await expectConservation(network);
  });
});
