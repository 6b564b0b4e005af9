import { expect } from "chai";
import { authorizedOrder, capturedOrder, readAccountWord } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { merchantWord, unexposed } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.captureBatch", () => {
  it("captures every order, the same one twice included", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const first = await authorizedOrder(network);
    const second = await authorizedOrder(network, { nonce: 1n });

    await ledger
      .connect(actors.operator)
      .captureBatch([first.terms, second.terms, first.terms], [1_000n, 10_000n, 9_000n], true);

    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 19_000n }),
    );
    await expectConservation(network);
  });

  it("skips an order that is refused with the error, and reverts with it when atomic", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const bad = await capturedOrder(network);
    const good = await authorizedOrder(network, { nonce: 1n });
    const terms = [bad.terms, good.terms];
    const amounts = [1n, 10_000n];

    await expect(ledger.connect(actors.operator).captureBatch(terms, amounts, true))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(bad.id, 1n, 0n);
    const sent = await ledger.connect(actors.operator).captureBatch(terms, amounts, false);

    const reason = ledger.interface.encodeErrorResult("OrderExceedsCapturable", [bad.id, 1n, 0n]);
    await expect(sent).to.emit(ledger, "OrderSkipped").withArgs(bad.id, reason);
    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 19_000n }),
    );
    await expectConservation(network);
  });

  it("reverts with OrderLengthMismatch when an amount is missing", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network);

    await expect(ledger.connect(actors.operator).captureBatch([terms], [], false))
      .to.be.revertedWithCustomError(ledger, "OrderLengthMismatch")
      .withArgs(1n, 0n);
  });
});
