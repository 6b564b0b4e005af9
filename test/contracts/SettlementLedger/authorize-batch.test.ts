import { expect } from "chai";
import { readAccountWord, signedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, ORDER_STATE, orderWord } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.authorizeBatch", () => {
  it("authorizes every order", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const orders = await Promise.all([0n, 1n, 2n].map((nonce) => signedOrder(network, { nonce })));

    await ledger.connect(actors.operator).authorizeBatch(...columns(orders), true);

    for (const { id } of orders) {
      const word = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized });
      expect(await ledger.orderWord(id)).to.equal(word);
    }
    expect(await readAccountWord(network, actors.payer)).to.equal(
      accountWord({ available: PAYER_FUNDS - 30_000n }),
    );
    await expectConservation(network);
  });

  context("given an order that is refused", () => {
    it("skips it with the error it would have reverted with, and authorizes the others", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const good = await signedOrder(network);
      const bad = await signedOrder(network, { nonce: 1n }, actors.outsider);
      const last = await signedOrder(network, { nonce: 2n });

      const sent = await ledger.connect(actors.operator).authorizeBatch(...columns([good, bad, last]), false);

      const reason = ledger.interface.encodeErrorResult("OrderSignatureInvalid", [
        bad.id,
        actors.payer.address,
      ]);
      await expect(sent).to.emit(ledger, "OrderSkipped").withArgs(bad.id, reason);
      expect(await ledger.orderWord(good.id)).not.to.equal(0n);
      expect(await ledger.orderWord(bad.id)).to.equal(0n);
      expect(await ledger.orderWord(last.id)).not.to.equal(0n);
      await expectConservation(network);
    });

    it("reverts with that error when the batch is atomic", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const good = await signedOrder(network);
      const bad = await signedOrder(network, { nonce: 1n }, actors.outsider);

      await expect(ledger.connect(actors.operator).authorizeBatch(...columns([good, bad]), true))
        .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
        .withArgs(bad.id, actors.payer.address);
      expect(await ledger.orderWord(good.id)).to.equal(0n);
    });
  });

  it("skips the second of two equal orders", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await signedOrder(network);

    const sent = await ledger.connect(actors.operator).authorizeBatch(...columns([order, order]), false);

    const reason = ledger.interface.encodeErrorResult("OrderAlreadyExists", [order.id]);
    await expect(sent).to.emit(ledger, "OrderSkipped").withArgs(order.id, reason);
    await expectConservation(network);
  });

  it("skips an order for which the orders before it left too little", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const first = await signedOrder(network, { amount: PAYER_FUNDS - 1n });
    const second = await signedOrder(network, { amount: 2n });

    const sent = await ledger.connect(actors.operator).authorizeBatch(...columns([first, second]), false);

    const reason = ledger.interface.encodeErrorResult("AccountsInsufficient", [actors.payer.address, 2n, 1n]);
    await expect(sent).to.emit(ledger, "OrderSkipped").withArgs(second.id, reason);
    await expectConservation(network);
  });

  it("skips every order when the caller is no key of the operator", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await signedOrder(network);

    const sent = await ledger.connect(actors.outsider).authorizeBatch(...columns([order]), false);

    const reason = ledger.interface.encodeErrorResult("LedgerForbidden", [actors.outsider.address]);
    await expect(sent).to.emit(ledger, "OrderSkipped").withArgs(order.id, reason);
    expect(await ledger.orderWord(order.id)).to.equal(0n);
  });

  it("reverts with OrderLengthMismatch when a signature is missing", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await signedOrder(network);

    await expect(ledger.connect(actors.operator).authorizeBatch([order.terms], [], false))
      .to.be.revertedWithCustomError(ledger, "OrderLengthMismatch")
      .withArgs(1n, 0n);
  });

  it("does nothing when it is empty", async () => {
    const network = await load();

    await network.ledger.connect(network.actors.operator).authorizeBatch([], [], true);

    await expectConservation(network);
  });
});

function columns(orders: readonly Awaited<ReturnType<typeof signedOrder>>[]) {
  return [orders.map((order) => order.terms), orders.map((order) => order.signature)] as const satisfies [
    unknown[],
    string[],
  ];
}
