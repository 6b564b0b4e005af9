import { expect } from "chai";
import { signRefundConsent } from "../../support/builders/consents.ts";
import { closeOpenCycle, fundGuarantee, payOut, readAccountWord } from "../../support/builders/order.ts";
import {
  authorizedSplitOrder,
  capturedSplitOrder,
  registeredSplits,
  type Split,
  shareOf,
  splitsHashOf,
} from "../../support/builders/splits.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
import { accountWord, balancesOf, debtOf, merchantWord, SCOPE } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

/** Amounts captured (above zero) and given back (below), in this order, of 10,000. */
const HISTORIES = [
  [10_000n, -1n, -1n, -9_998n],
  [10_000n, -3_333n, -3_333n, -3_334n],
  [1n, 2n, -3n, 9_997n, -1n],
  [7n, -5n, 5n, -5n, 5n, -7n, 9_993n],
] as const;

describe("SettlementLedger.refundWithSplits", () => {
  it("takes each payee's share back, and the rest from merchant and fee receiver", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const [{ payee }] = splits as [Split];
    const { id, terms } = await capturedSplitOrder(network, splits);

    const refunded = await ledger.connect(actors.merchant).refundWithSplits(terms, splits, 4_000n);

    await expect(refunded)
      .to.emit(ledger, "ShareReturned")
      .withArgs(id, payee, terms.operator, terms.token, 380n, merchantWord({ pending: 570n }));
    await expect(refunded)
      .to.emit(ledger, "ShareReturned")
      .withArgs(id, terms.feeReceiver, terms.operator, terms.token, 200n, accountWord({ pending: 300n }));
    expect(await pendingOf(network, terms.merchant)).to.equal(8_550n - 3_420n);
    await expectConservation(network);
  });

  for (const history of HISTORIES) {
    it(`leaves everybody exactly its share of what is still captured through ${history.join(", ")}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const splits = await registeredSplits(network, [3_333, 1, 1_234]);
      const given = { feeBps: 333, fixedFee: 3n, amount: 20_000n };
      const { terms } = await authorizedSplitOrder(network, splits, given);

      let net = 0n;
      for (const amount of history) {
        if (amount > 0n) await ledger.connect(actors.operator).captureWithSplits(terms, splits, amount);
        else await ledger.connect(actors.merchant).refundWithSplits(terms, splits, -amount);
        net += amount;

        let owed = net - (await pendingOf(network, terms.feeReceiver));
        for (const { payee, bps } of splits) {
          expect(await pendingOf(network, payee)).to.equal(shareOf(terms, net, bps));
          owed -= shareOf(terms, net, bps);
        }
        expect(await pendingOf(network, terms.merchant)).to.equal(owed);
      }
      await expectConservation(network);
    });
  }

  it("leaves nobody anything of an order refunded whole", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(
      network,
      Array.from({ length: 8 }, () => 1_249),
    );
    const { terms } = await capturedSplitOrder(network, splits, { amount: 9_973n });

    await ledger.connect(actors.operator).refundWithSplits(terms, splits, 9_973n);

    for (const account of [terms.merchant, terms.feeReceiver, ...splits.map(({ payee }) => payee)]) {
      expect(await pendingOf(network, account)).to.equal(0n);
    }
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });

  it("makes a share that was paid out the payee's debt, not the merchant's", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await fundGuarantee(network, 5_000n);
    const { splits, terms, payee } = await orderWithPaidOutPayee(network);

    await ledger.connect(actors.merchant).refundWithSplits(terms, splits, 10_000n);

    const debtOfAccount = async (account: string) =>
      debtOf(await ledger.coldWord(actors.operator, token, account));
    expect(await debtOfAccount(payee)).to.equal(1_000n);
    expect(await debtOfAccount(terms.merchant)).to.equal(0n);
    await expectConservation(network);
  });

  it("reverts with AccountsGuaranteeExhausted when neither payee nor fund has the share", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { splits, terms, payee } = await orderWithPaidOutPayee(network);

    await expect(ledger.connect(actors.merchant).refundWithSplits(terms, splits, 10_000n))
      .to.be.revertedWithCustomError(ledger, "AccountsGuaranteeExhausted")
      .withArgs(payee, 1_000n, 0n);
    await expectConservation(network);
  });

  it("refunds on the merchant's signed consent", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { id, terms } = await capturedSplitOrder(network, splits);
    const consent = {
      orderId: id,
      amount: 10_000n,
      capturable: 0n,
      refundable: 10_000n,
      deadline: terms.refundBy,
    };
    const signature = await signRefundConsent(network, consent, actors.merchant);

    await ledger.refundWithConsent(terms, splits, 10_000n, terms.refundBy, signature);

    expect(await pendingOf(network, splits[0]?.payee ?? "")).to.equal(0n);
    await expectConservation(network);
  });

  it("reverts with OrderSplitsInvalid given other payees, or none", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { id, terms } = await capturedSplitOrder(network, splits);
    const asMerchant = ledger.connect(actors.merchant);
    const others = [{ ...(splits[0] as Split), bps: 1 }];

    await expect(asMerchant.refundWithSplits(terms, others, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), splitsHashOf(others));
    for (const call of [
      () => asMerchant.refundWithSplits(terms, [], 1n),
      () => asMerchant.refund(terms, 1n),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
        .withArgs(id, splitsHashOf(splits), ethers.ZeroHash);
    }
  });

  it("reverts when the caller is neither merchant nor an operator with its mandate", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { terms } = await capturedSplitOrder(network, splits);
    await registry.connect(actors.merchant).acceptOperator(actors.operator, SCOPE.accepts);

    for (const caller of [actors.payer, actors.otherMerchant, actors.otherOperator]) {
      await expect(ledger.connect(caller).refundWithSplits(terms, splits, 1n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
    await expect(
      ledger.connect(actors.operator).refundWithSplits(terms, splits, 1n),
    ).to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted");
  });

  it("refunds in the last second of refundBy, and reverts with OrderExpired one second later", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { id, terms } = await capturedSplitOrder(network, splits);
    const call = ledger.connect(actors.merchant).refundWithSplits;
    await time.setNextBlockTimestamp(terms.refundBy);
    await call(terms, splits, 1n);

    await time.setNextBlockTimestamp(terms.refundBy + 1);
    await expect(call(terms, splits, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(id, terms.refundBy, terms.refundBy + 1);
  });
});

/** An order of 10,000 without a fee whose payee has taken its tenth out. */
async function orderWithPaidOutPayee(network: TestNetwork) {
  const splits = await registeredSplits(network, [1_000]);
  const [{ payee }] = splits as [Split];
  const { terms } = await capturedSplitOrder(network, splits, { feeBps: 0 });
  await closeOpenCycle(network, [payee]);
  await payOut(network, [payee]);
  return { splits, terms, payee };
}

async function pendingOf(network: TestNetwork, account: string): Promise<bigint> {
  return balancesOf(await readAccountWord(network, account)).pending;
}
