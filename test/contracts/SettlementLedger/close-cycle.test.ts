import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  readAccountWord,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { accountWord, MAX_FEES, merchantWord, STATUS, unexposed } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.closeCycle", () => {
  it("cuts the cycle off and makes each merchant's pending money available", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, merchant, feeReceiver } = network.actors;
    const { terms } = await capturedOrder(network);
    const exposedUntil = BigInt((await time.latest()) + terms.disputeWindow);

    const closed = await closeOpenCycle(network, [merchant.address, feeReceiver.address]);

    const closedAt = await time.latest();
    await expect(closed)
      .to.emit(ledger, "CycleClosed")
      .withArgs(operator.address, tokenAddress, 1n, closedAt);
    const word = merchantWord({ available: 9_500n, openCycle: 2n, exposedUntil });
    await expect(closed)
      .to.emit(ledger, "NetSettled")
      .withArgs(operator.address, merchant.address, 1n, tokenAddress, 9_500n, 0n, word);
    expect(await readAccountWord(network, merchant)).to.equal(word);
    expect(await readAccountWord(network, feeReceiver)).to.equal(
      accountWord({ available: 500n, openCycle: 2n }),
    );
    expect((await ledger.bookOf(operator, tokenAddress)).openCycle).to.equal(2n);
    await expectConservation(network);
  });

  it("records when, how many statements and the sum of their nets, over all its chunks", async () => {
    const network = await load();
    const { ledger, token, actors, ethers } = network;
    const { merchant, otherMerchant, feeReceiver, operator, settler } = actors;
    await capturedOrder(network);
    await capturedOrder(network, { merchant: otherMerchant.address, amount: 2_000n, nonce: 1n });

    await closeOpenCycle(network, [merchant.address]);
    const closedAt = BigInt(await time.latest());
    await time.increase(500);
    await ledger.connect(settler).closeCycle(operator, token, 1n, [otherMerchant, feeReceiver]);

    const settledAt = BigInt(await time.latest());
    // Two merchants and the fee receiver; the fees of both are in its own statement.
    expect([...(await ledger.cycleOf(operator, token, 1n))]).to.deep.equal([
      closedAt,
      settledAt,
      3n,
      9_500n + 1_900n + 600n,
      ethers.ZeroHash,
    ]);
    await expectConservation(network);
  });

  it("puts what a settled merchant captures later into the next cycle", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms } = await authorizedOrder(network);
    await closeOpenCycle(network, [actors.merchant.address]);

    await ledger.connect(actors.operator).capture(terms, 10_000n);

    expect(BigInt.asUintN(32, (await ledger.orderWord(id)) >> 200n)).to.equal(2n);
    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ pending: 9_500n, openCycle: 2n }),
    );
    await expectConservation(network);
  });

  it("passes over a merchant that was settled in this cycle before", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await capturedOrder(network);
    const { merchant, operator, settler } = actors;
    await closeOpenCycle(network, [merchant.address, merchant.address]);
    await capturedOrder(network, { nonce: 1n });

    const again = await ledger.connect(settler).closeCycle(operator, token, 1n, [merchant]);

    await expect(again).not.to.emit(ledger, "NetSettled");
    await expect(again).not.to.emit(ledger, "CycleClosed");
    const { statements, net } = await ledger.cycleOf(operator, token, 1n);
    expect([statements, net]).to.deep.equal([1n, 9_500n]);
    expect(await holdingsOf(network, merchant)).to.deep.equal(
      holding({ available: 9_500n, pending: 9_500n }),
    );
    await expectConservation(network);
  });

  it("gives the same in chunks and in another order", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { merchant, otherMerchant, feeReceiver, operator, settler } = actors;
    await capturedOrder(network);
    await capturedOrder(network, { merchant: otherMerchant.address, amount: 2_000n, nonce: 1n });

    await closeOpenCycle(network, [feeReceiver.address]);
    await ledger.connect(settler).closeCycle(operator, token, 1n, [otherMerchant]);
    await ledger.connect(settler).closeCycle(operator, token, 1n, [merchant, feeReceiver]);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 9_500n }));
    expect(await holdingsOf(network, otherMerchant)).to.deep.equal(holding({ available: 1_900n }));
    expect(await holdingsOf(network, feeReceiver)).to.deep.equal(holding({ available: 600n }));
    await expectConservation(network);
  });

  it("settles a merchant that missed cycles in the one that is closed for it", async () => {
    const network = await load();
    const { actors } = network;
    await closeOpenCycle(network, []);
    await closeOpenCycle(network, []);
    await capturedOrder(network);

    await closeOpenCycle(network, [actors.merchant.address]);

    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ available: 9_500n, openCycle: 4n }),
    );
    await expectConservation(network);
  });

  it("settles in an earlier cycle what was captured since, and in the later one only what follows", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { merchant, operator, settler } = actors;
    await closeOpenCycle(network, []);
    await closeOpenCycle(network, []);
    await capturedOrder(network);
    await ledger.connect(settler).closeCycle(operator, token, 1n, [merchant]);
    await capturedOrder(network, { amount: 2_000n, nonce: 1n });

    await ledger.connect(settler).closeCycle(operator, token, 2n, [merchant]);

    expect((await ledger.cycleOf(operator, token, 1n)).net).to.equal(9_500n);
    expect((await ledger.cycleOf(operator, token, 2n)).net).to.equal(1_900n);
    await expectConservation(network);
  });

  it("settles a frozen merchant: nobody blocks others (i)", async () => {
    const network = await load();
    const { registry, actors } = network;
    await capturedOrder(network);
    await registry.connect(actors.compliance).freeze([actors.merchant]);

    await closeOpenCycle(network, [actors.merchant.address]);

    expect(unexposed(await readAccountWord(network, actors.merchant))).to.equal(
      merchantWord({ available: 9_500n, openCycle: 2n, status: STATUS.frozen }),
    );
    await expectConservation(network);
  });

  it("passes over an account that the book does not know", async () => {
    const network = await load();
    const { ledger, actors } = network;

    const closed = await closeOpenCycle(network, [actors.outsider.address]);

    await expect(closed).not.to.emit(ledger, "NetSettled");
    expect(await readAccountWord(network, actors.outsider)).to.equal(0n);
    await expectConservation(network);
  });

  context("given orders whose fees go to the operator", () => {
    it("gives the operator the fees of all merchants of the call, once", async () => {
      const network = await load();
      const { ledger, token, tokenAddress, actors } = network;
      const { merchant, otherMerchant, operator, settler } = actors;
      await operatorsOrder(network, 0n);
      await operatorsOrder(network, 1n, otherMerchant.address);

      const closed = await closeOpenCycle(network, [merchant.address, otherMerchant.address]);

      await expect(closed)
        .to.emit(ledger, "FeesSettled")
        .withArgs(operator.address, tokenAddress, 1n, 1_000n, await readAccountWord(network, operator));
      expect(await holdingsOf(network, operator)).to.deep.equal(holding({ available: 1_000n }));
      expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ available: 9_500n }));
      const again = await ledger.connect(settler).closeCycle(operator, token, 1n, [merchant]);
      await expect(again).not.to.emit(ledger, "FeesSettled");
      await expectConservation(network);
    });

    it("credits them after everybody was settled, the operator itself among them", async () => {
      const network = await load();
      const { operator, merchant } = network.actors;
      await operatorsOrder(network, 0n);
      await closeOpenCycle(network, [merchant.address]);
      await operatorsOrder(network, 1n);

      await closeOpenCycle(network, [operator.address, merchant.address, operator.address]);

      expect(await holdingsOf(network, operator)).to.deep.equal(holding({ available: 1_000n }));
      await expectConservation(network);
    });

    it("settles the most that a merchant's word holds of fees, the rest at once", async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const { operator, payer, issuer } = actors;
      const amount = 2n * (MAX_FEES + 1n);
      await ledger.connect(issuer).deposit(operator, token, payer, 2n * amount);
      // Half of it is the fee: one unit more than 32 bits hold, then one less.
      await operatorsOrder(network, 0n, actors.merchant.address, amount);
      await operatorsOrder(network, 1n, actors.merchant.address, amount - 2n);
      expect(await holdingsOf(network, operator)).to.deep.equal(holding({ available: MAX_FEES + 1n }));

      await closeOpenCycle(network, [actors.merchant.address]);

      expect(await holdingsOf(network, operator)).to.deep.equal(holding({ available: 2n * MAX_FEES + 1n }));
      await expectConservation(network);
    });
  });

  it("reverts with CycleNotOpen when the cycle is later than the open one, or 0", async () => {
    const { ledger, token, actors } = await load();

    for (const cycle of [0n, 2n]) {
      await expect(ledger.connect(actors.settler).closeCycle(actors.operator, token, cycle, []))
        .to.be.revertedWithCustomError(ledger, "CycleNotOpen")
        .withArgs(cycle, 1n);
    }
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.settler).closeCycle(actors.otherOperator, token, 1n, []))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with LedgerForbidden when the caller is no settler", async () => {
    const { ledger, token, actors } = await load();

    for (const caller of [actors.operator, actors.merchant, actors.admin, actors.outsider]) {
      await expect(ledger.connect(caller).closeCycle(actors.operator, token, 1n, []))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });
});

/** A captured order whose fee is the operator's; half of the amount where it is large. */
function operatorsOrder(
  network: TestNetwork,
  nonce: bigint,
  merchant: string = network.actors.merchant.address,
  amount = 10_000n,
) {
  const feeReceiver = network.actors.operator.address;
  const feeBps = amount > 10_000n ? 5_000 : 500;
  return capturedOrder(network, { merchant: merchant as `0x${string}`, amount, feeBps, feeReceiver, nonce });
}
