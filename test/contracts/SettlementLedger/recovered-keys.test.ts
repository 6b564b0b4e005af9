import { expect } from "chai";
import type { Actor } from "../../support/actors.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { authorizedOrder, settledOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const CASE = ethers.id("case 12");

/** Whoever has the lost key finds every verb of the merchant closed; the successor finds them open. */
describe("SettlementLedger given a merchant whose key was lost", () => {
  it("refuses the old key's capture, void and refund, and takes the successor's", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { merchant, outsider } = actors;
    const held = await authorizedOrder(network, { merchantMayCapture: true, feeBps: 0 });
    const paid = await settledOrder(network, { feeBps: 0, nonce: 1n });
    await registry.recover(merchant, outsider, CASE);

    const old = ledger.connect(merchant);
    for (const call of [
      () => old.capture(held.terms, 1n),
      () => old.void(held.terms, 1n),
      () => old.refund(paid.terms, 1n),
      () => old.captureBatch([held.terms], [1n], true),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(merchant.address);
    }
    const successor = ledger.connect(outsider);
    await successor.capture(held.terms, 4_000n);
    await successor.void(held.terms, 6_000n);
    await successor.refund(paid.terms, 10_000n);
    await expectConservation(network);
  });

  it("pays the old key nothing: neither by withdrawal nor by payout", async () => {
    const network = await load();
    const { ledger, registry, token, actors } = network;
    const { merchant, outsider, operator, settler } = actors;
    await settledOrder(network, { feeBps: 0 });
    await registry.recover(merchant, outsider, CASE);

    await expect(ledger.connect(merchant).withdraw(operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(merchant.address, STATUS.closed);
    await expect(ledger.connect(settler).payout(operator, token, [merchant])).to.emit(ledger, "PayoutHeld");
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 10_000n }));
    await expectConservation(network);
  });

  it("takes the successor's consent to a refund, not the old key's", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { merchant, outsider } = actors;
    const { id, terms } = await settledOrder(network, { feeBps: 0 });
    await registry.recover(merchant, outsider, CASE);
    const deadline = (await time.latest()) + 1_000;

    const stolen = await consent(network, id, deadline, merchant);
    await expect(ledger.refundWithConsent(terms, [], 500n, deadline, stolen))
      .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
      .withArgs(id, outsider.address);
    const given = await consent(network, id, deadline, outsider);
    await ledger.refundWithConsent(terms, [], 500n, deadline, given);
    await expectConservation(network);
  });

  it("follows a second recovery to the last key, past the one in between", async () => {
    const network = await load();
    const { ledger, registry, token, actors } = network;
    const { merchant, outsider, otherOperator, operator } = actors;
    const { terms } = await settledOrder(network, { feeBps: 0 });
    await registry.recover(merchant, outsider, CASE);
    await registry.recover(outsider, otherOperator, CASE);
    await ledger.rebind(operator, token, merchant);
    await ledger.rebind(operator, token, outsider);

    await expect(ledger.connect(outsider).refund(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(outsider.address);
    await ledger.connect(otherOperator).refund(terms, 4_000n);

    expect(await holdingsOf(network, otherOperator)).to.deep.equal(holding({ available: 6_000n }));
    await expectConservation(network);
  });
});

function consent(network: TestNetwork, orderId: string, deadline: number, signer: Actor): Promise<string> {
  const { chainId, ledgerAddress } = network;
  const domain = { name: "Rialto", version: "1", chainId, verifyingContract: ledgerAddress };
  const types = {
    RefundConsent: [
      { name: "orderId", type: "bytes32" },
      { name: "amount", type: "uint256" },
      { name: "capturable", type: "uint256" },
      { name: "refundable", type: "uint256" },
      { name: "deadline", type: "uint40" },
    ],
  };
  const value = { orderId, amount: 500n, capturable: 0n, refundable: 10_000n, deadline };
  return signer.signTypedData(domain, types, value);
}
