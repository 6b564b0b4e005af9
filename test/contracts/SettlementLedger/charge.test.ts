import { expect } from "chai";
import { readAccountWord, signedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, merchantWord, ORDER_STATE, orderWord, STATUS, unexposed } from "../../support/words.ts";

const { load, time } = await openTestChain();

/** What a merchant that lets the operator authorize and refund, but not charge, has set. */
const ALL_BUT_CHARGE = 5n;

describe("SettlementLedger.charge", () => {
  it("holds and captures the whole amount", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, payer, merchant, feeReceiver } = network.actors;
    const { id, terms, signature } = await signedOrder(network);

    const charged = await ledger.connect(operator).charge(terms, signature);

    const held = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized });
    const capturedAt = BigInt(await time.latest());
    const exposedUntil = capturedAt + BigInt(terms.disputeWindow);
    const captured = orderWord({
      refundable: 10_000n,
      capturedAt,
      cycle: 1n,
      state: ORDER_STATE.captured,
    });
    const payerWord = accountWord({ available: PAYER_FUNDS - 10_000n });
    const parties = [id, merchant.address, payer.address, operator.address, tokenAddress];
    await expect(charged)
      .to.emit(ledger, "OrderAuthorized")
      .withArgs(...parties, 10_000n, 500n, 0n, held, payerWord);
    await expect(charged)
      .to.emit(ledger, "OrderCaptured")
      .withArgs(
        id,
        merchant.address,
        10_000n,
        500n,
        captured,
        merchantWord({ pending: 9_500n, exposedUntil }),
      );
    expect(await readAccountWord(network, feeReceiver)).to.equal(accountWord({ pending: 500n }));
    expect(await ledger.orderWord(id)).to.equal(captured);
    await expectConservation(network);
  });

  it("reverts with OrderOperatorNotAccepted given a merchant that lets the operator only authorize", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    await registry.connect(actors.merchant).acceptOperator(actors.operator, ALL_BUT_CHARGE);
    const { terms, signature } = await signedOrder(network);

    await expect(ledger.connect(actors.operator).charge(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
      .withArgs(
        actors.merchant.address,
        actors.operator.address,
        32n,
        STATUS.active | 8n | (ALL_BUT_CHARGE << 4n),
      );
  });

  it("reverts with OrderAlreadyExists given the same terms charged before", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms, signature } = await signedOrder(network);
    await ledger.connect(actors.operator).charge(terms, signature);

    await expect(ledger.connect(actors.operator).charge(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
      .withArgs(id);
    await expectConservation(network);
  });

  it("reverts with LedgerForbidden when the merchant calls", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await signedOrder(network, { merchantMayCapture: true });

    await expect(ledger.connect(actors.merchant).charge(terms, signature))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(actors.merchant.address);
  });
});

describe("SettlementLedger.chargeBatch", () => {
  it("charges what it can and skips the rest with the reason", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    await registry.connect(actors.otherMerchant).acceptOperator(actors.operator, ALL_BUT_CHARGE);
    const good = await signedOrder(network);
    const bad = await signedOrder(network, { merchant: actors.otherMerchant.address });
    const orders = [bad, good];

    const sent = await ledger.connect(actors.operator).chargeBatch(
      orders.map((order) => order.terms),
      orders.map((order) => order.signature),
      false,
    );

    const reason = ledger.interface.encodeErrorResult("OrderOperatorNotAccepted", [
      actors.otherMerchant.address,
      actors.operator.address,
      32n,
      STATUS.active | 8n | (ALL_BUT_CHARGE << 4n),
    ]);
    await expect(sent).to.emit(ledger, "OrderSkipped").withArgs(bad.id, reason);
    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 9_500n }),
    );
    expect(await ledger.orderWord(bad.id)).to.equal(0n);
    await expectConservation(network);
  });

  it("charges nothing when it is atomic and an order is refused", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const good = await signedOrder(network);
    const bad = await signedOrder(network, { amount: PAYER_FUNDS + 1n });
    const orders = [good, bad];

    const sent = ledger.connect(actors.operator).chargeBatch(
      orders.map((order) => order.terms),
      orders.map((order) => order.signature),
      true,
    );

    await expect(sent)
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.payer.address, PAYER_FUNDS + 1n, PAYER_FUNDS - 10_000n);
    await expectConservation(network);
  });

  it("reverts with OrderLengthMismatch when a signature is missing", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await signedOrder(network);

    await expect(ledger.connect(actors.operator).chargeBatch([order.terms], [], false))
      .to.be.revertedWithCustomError(ledger, "OrderLengthMismatch")
      .withArgs(1n, 0n);
  });
});
