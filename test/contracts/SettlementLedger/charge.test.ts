import { expect } from "chai";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import { DELAY, setClass } from "../../support/builders/holdback.ts";
import { readAccountWord, signedOrder, type TestOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
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

  for (const [receiver, given] of Object.entries({
    "the merchant": ({ actors }: TestNetwork) => ({ feeReceiver: actors.merchant.address }),
    "the payer": ({ actors }: TestNetwork) => ({ feeReceiver: actors.payer.address }),
    "the operator": ({ actors }: TestNetwork) => ({ feeReceiver: actors.operator.address }),
    nobody: () => ({ feeBps: 0 }),
    "another, and part of the net is withheld": () => ({ holdbackClass: 1 }),
    "the merchant, and part of the net is withheld": ({ actors }: TestNetwork) => ({
      feeReceiver: actors.merchant.address,
      holdbackClass: 1,
    }),
  })) {
    it(`leaves the words that holding and capturing leave when the fee goes to ${receiver}`, async () => {
      const apart = await charges(given, async ({ ledger, actors }, { terms, signature }) => {
        await ledger.connect(actors.operator).authorize(terms, signature);
        await ledger.connect(actors.operator).capture(terms, terms.amount);
      });
      const whole = await charges(given, async ({ ledger, actors }, { terms, signature }) => {
        await ledger.connect(actors.operator).charge(terms, signature);
      });
      const batch = await charges(given, async ({ ledger, actors }, { terms, signature }) => {
        await ledger.connect(actors.operator).chargeBatch([terms], [signature], true);
      });

      expect(whole).to.deep.equal(apart);
      expect(batch).to.deep.equal(apart);
    });
  }

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

/** What two charges of a fresh network leave, the second once what the first withheld has matured. */
async function charges(
  given: (network: TestNetwork) => Partial<OrderTerms>,
  charge: (network: TestNetwork, order: TestOrder) => Promise<void>,
): Promise<readonly bigint[]> {
  const network = await load();
  const { ledger, token } = network;
  const { operator, payer, merchant, feeReceiver } = network.actors;
  await setClass(network);
  await charge(network, await signedOrder(network, given(network)));
  await time.increaseTo(network.startedAt + 2 * DELAY);
  const later = { authorizeBy: network.startedAt + 3 * DELAY, captureBy: network.startedAt + 3 * DELAY };
  const moments = { ...later, reclaimFrom: later.captureBy + 1, refundBy: later.captureBy };
  await charge(network, await signedOrder(network, { ...given(network), ...moments, nonce: 1n }));

  await expectConservation(network);
  const words = [payer, merchant, feeReceiver, operator].map(async (account) => [
    unexposed(await readAccountWord(network, account)),
    await ledger.coldWord(operator, token, account),
  ]);
  return (await Promise.all(words)).flat();
}
