import { expect } from "chai";
import { readAccountWord } from "../../support/builders/order.ts";
import {
  authorizedSplitOrder,
  capturedSplitOrder,
  registeredSplits,
  type Split,
  shareOf,
  splitsHashOf,
} from "../../support/builders/splits.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { balancesOf, MAX_U80, merchantWord, reserveOf } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

/** Terms, shares and how an order is captured, piece by piece; shares must be those of the whole. */
const CASES = [
  { amount: 10_000n, feeBps: 500, fixedFee: 0n, shares: [3_333, 3_333], pieces: [1n, 2n, 3n, 9_994n] },
  { amount: 100n, feeBps: 0, fixedFee: 0n, shares: [1], pieces: Array.from({ length: 100 }, () => 1n) },
  { amount: 777n, feeBps: 333, fixedFee: 7n, shares: [1, 2, 3, 4, 5, 6, 7, 9_972], pieces: [6n, 2n, 769n] },
  { amount: 9_999n, feeBps: 1, fixedFee: 0n, shares: [5_000, 4_999], pieces: [9_998n, 1n] },
] as const;

describe("SettlementLedger.captureWithSplits", () => {
  it("credits each payee its share and the merchant the rest", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000, 2_500]);
    const { id, terms } = await authorizedSplitOrder(network, splits);

    const captured = await ledger.connect(actors.operator).captureWithSplits(terms, splits, 10_000n);

    for (const [index, share] of [950n, 2_375n].entries()) {
      const payee = splits[index]?.payee ?? "";
      await expect(captured)
        .to.emit(ledger, "SplitAccrued")
        .withArgs(id, payee, terms.operator, terms.token, share, merchantWord({ pending: share }));
    }
    const word = await readAccountWord(network, actors.merchant);
    await expect(captured)
      .to.emit(ledger, "OrderCaptured")
      .withArgs(id, terms.merchant, 10_000n, 500n, await ledger.orderWord(id), word);
    expect(balancesOf(word).pending).to.equal(6_175n);
    await expectConservation(network);
  });

  for (const { amount, feeBps, fixedFee, shares, pieces } of CASES) {
    it(`gives ${shares.join(", ")} of ${amount} in ${pieces.length} pieces as in one`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const splits = await registeredSplits(network, shares);
      const { terms } = await authorizedSplitOrder(network, splits, { amount, feeBps, fixedFee });

      let captured = 0n;
      for (const piece of pieces) {
        await ledger.connect(actors.operator).captureWithSplits(terms, splits, piece);
        captured += piece;
        for (const { payee, bps } of splits) {
          expect(await pendingOf(network, payee)).to.equal(shareOf(terms, captured, bps));
        }
      }

      const fee = (await pendingOf(network, actors.feeReceiver.address)) ?? 0n;
      const paid = splits.reduce((sum, { bps }) => sum + shareOf(terms, amount, bps), 0n);
      expect(await pendingOf(network, terms.merchant)).to.equal(amount - fee - paid);
      await expectConservation(network);
    });
  }

  it("leaves the merchant only the odd units where payees get the whole", async () => {
    const network = await load();
    const { actors } = network;
    const splits = await registeredSplits(network, [3_333, 3_333, 3_334]);

    await capturedSplitOrder(network, splits, { amount: 101n, feeBps: 0 });

    expect(await pendingOf(network, actors.merchant.address)).to.equal(2n);
    await expectConservation(network);
  });

  it("accrues to a frozen payee: nobody else waits for it", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const [{ payee }] = splits as [Split];
    const { terms } = await authorizedSplitOrder(network, splits);
    await registry.connect(actors.compliance).freeze([payee]);

    await ledger.connect(actors.operator).captureWithSplits(terms, splits, 10_000n);

    expect(await pendingOf(network, payee)).to.equal(950n);
    await expectConservation(network);
  });

  it("withholds a holdback from the merchant's part only", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await ledger.connect(actors.risk).setHoldbackClass(1, 1_000, 30 * 86_400);
    const splits = await registeredSplits(network, [5_000]);
    const [{ payee }] = splits as [Split];

    await capturedSplitOrder(network, splits, { feeBps: 0, holdbackClass: 1 });

    expect(await pendingOf(network, payee)).to.equal(5_000n);
    expect(await pendingOf(network, actors.merchant.address)).to.equal(4_500n);
    const cold = await ledger.coldWord(actors.operator, token, actors.merchant);
    expect(reserveOf(cold)).to.equal(500n);
    await expectConservation(network);
  });

  it("reverts with OrderSplitsInvalid given other payees, or none", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { id, terms } = await authorizedSplitOrder(network, splits);
    const others = [{ ...(splits[0] as Split), bps: 999 }];
    const asOperator = ledger.connect(actors.operator);

    await expect(asOperator.captureWithSplits(terms, others, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), splitsHashOf(others));
    await expect(asOperator.captureWithSplits(terms, [], 1n))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), ethers.ZeroHash);
    await expect(asOperator.capture(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), ethers.ZeroHash);
    const skipped = await asOperator.captureBatch([terms], [1n], false);
    const reason = ledger.interface.encodeErrorResult("OrderSplitsInvalid", [
      id,
      splitsHashOf(splits),
      ethers.ZeroHash,
    ]);
    await expect(skipped).to.emit(ledger, "OrderSkipped").withArgs(id, reason);
  });

  it("reverts with LedgerForbidden when the caller is neither operator nor a merchant that may", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { terms } = await authorizedSplitOrder(network, splits);
    const free = await authorizedSplitOrder(network, splits, { nonce: 1n, merchantMayCapture: true });

    for (const caller of [actors.payer, actors.merchant, actors.otherOperator, actors.settler]) {
      await expect(ledger.connect(caller).captureWithSplits(terms, splits, 1n))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
    await ledger.connect(actors.merchant).captureWithSplits(free.terms, splits, 10_000n);
    await expectConservation(network);
  });

  it("reverts with OrderExceedsCapturable beyond what is held, and AmountInvalid on nothing", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { id, terms } = await capturedSplitOrder(network, splits);
    const call = ledger.connect(actors.operator).captureWithSplits;

    await expect(call(terms, splits, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 1n, 0n);
    for (const amount of [0n, MAX_U80 + 1n]) {
      await expect(call(terms, splits, amount))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    }
  });

  it("captures in the last second of captureBy, and reverts with OrderExpired one second later", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { id, terms } = await authorizedSplitOrder(network, splits);
    const call = ledger.connect(actors.operator).captureWithSplits;
    await time.setNextBlockTimestamp(terms.captureBy);
    await call(terms, splits, 1n);

    await time.setNextBlockTimestamp(terms.captureBy + 1);
    await expect(call(terms, splits, 1n))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(id, terms.captureBy, terms.captureBy + 1);
  });
});

async function pendingOf(network: TestNetwork, account: string): Promise<bigint> {
  return balancesOf(await readAccountWord(network, account)).pending;
}
