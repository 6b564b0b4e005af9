import { expect } from "chai";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  readAccountWord,
  settledOrder,
  type TestOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
import { accountWord, amountsOf, balancesOf, debtOf, ORDER_STATE, orderWord } from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.payDispute", () => {
  it("awards the payer's share with the fee on it and releases the rest", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);
    const capturedAt = BigInt(await time.latest());
    const disputeId = disputeIdOf(network, id, 1n);
    await ledger.lockDispute(terms, 8_000n, 0n);

    const lockedAt = BigInt(await time.latest());

    const paid = await ledger.payDispute(terms, [], 4_000n);

    const order = orderWord({
      refundable: 6_000n,
      // The dispute's own length does not eat into the window for another one.
      capturedAt: capturedAt + BigInt(await time.latest()) - lockedAt,
      cycle: 1n,
      state: ORDER_STATE.captured,
      isShifted: true,
      disputeCount: 1n,
    });
    await expect(paid)
      .to.emit(ledger, "DisputePaid")
      .withArgs(
        disputeId,
        id,
        actors.merchant.address,
        4_000n,
        0n,
        200n,
        0n,
        order,
        accountWord({ available: PAYER_FUNDS - 6_000n }),
        await readAccountWord(network, actors.merchant),
      );
    await expectBalances(network, { available: 0n, pending: 5_700n });
    expect(await ledger.orderWord(id)).to.equal(order);
    const lock = await ledger.lockOf(disputeId);
    expect([...lock].every((part) => Number(part) === 0)).to.equal(true);
    await expectConservation(network);
  });

  it("reverts with DisputeCourtWrong when the caller did not lock the money", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { id, terms } = await capturedOrder(network);
    const disputeId = disputeIdOf(network, id, 1n);
    await ledger.lockDispute(terms, 8_000n, 0n);

    await expect(ledger.connect(actors.outsider).payDispute(terms, [], 10_000n))
      .to.be.revertedWithCustomError(ledger, "DisputeCourtWrong")
      .withArgs(disputeId, actors.outsider.address, await ledger.court());
    await expectConservation(network);
  });

  it("rounds the payer's share down", async () => {
    const network = await withoutCourt();
    const { id } = await disputed(network, await capturedOrder(network, { feeBps: 0 }), 3n, 3_333n);

    expect(amountsOf(await network.ledger.orderWord(id)).refundable).to.equal(10_000n);
    await expectConservation(network);
  });

  it("gives everything back: captured money as an award, held money as a void", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const order = await authorizedOrder(network);
    await ledger.connect(actors.operator).capture(order.terms, 3_000n);

    await disputed(network, order, 10_000n, 10_000n);

    expect(amountsOf(await ledger.orderWord(order.id))).to.deep.equal({
      capturable: 0n,
      refundable: 0n,
      state: ORDER_STATE.refunded,
    });
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    await expectBalances(network, { available: 0n, pending: 0n });
    await expectConservation(network);
  });

  it("ends an order that was only held as voided", async () => {
    const network = await withoutCourt();
    const { id } = await disputed(network, await authorizedOrder(network), 10_000n, 10_000n);

    expect(amountsOf(await network.ledger.orderWord(id)).state).to.equal(ORDER_STATE.voided);
    await expectConservation(network);
  });

  it("takes a share of a mixed dispute from captured money first", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const order = await authorizedOrder(network, { feeBps: 0 });
    await ledger.connect(actors.operator).capture(order.terms, 3_000n);

    await disputed(network, order, 8_000n, 5_000n);

    expect(amountsOf(await ledger.orderWord(order.id))).to.deep.equal({
      capturable: 6_000n,
      refundable: 0n,
      state: ORDER_STATE.authorized,
    });
    await expectConservation(network);
  });

  it("leaves the merchant everything when the payer's share is 0, which is a ruling like any other", async () => {
    const network = await withoutCourt();
    const { id } = await disputed(network, await capturedOrder(network), 10_000n, 0n);

    expect(amountsOf(await network.ledger.orderWord(id)).refundable).to.equal(10_000n);
    await expectBalances(network, { available: 0n, pending: 9_500n });
    await expectConservation(network);
  });

  it("makes released money available when its cycle closed meanwhile", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);
    await ledger.lockDispute(terms, 10_000n, 0n);
    await closeOpenCycle(network, [actors.merchant.address]);

    await ledger.payDispute(terms, [], 0n);

    await expectBalances(network, { available: 9_500n, pending: 0n });
    await expectConservation(network);
  });

  it("does not make money of the open cycle available by losing a dispute over an older order", async () => {
    const network = await withoutCourt();
    const old = await paidOutOrder(network);
    await capturedOrder(network, { nonce: 1n });

    await disputed(network, old, 10_000n, 0n);

    const word = await readAccountWord(network, network.actors.merchant);
    expect(balancesOf(word)).to.deep.equal({ available: 0n, pending: 9_500n, fees: 0n });
    await expectConservation(network);
  });

  it("makes money locked before the book's cycle closed available, though the merchant was left out", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const { terms } = await capturedOrder(network);
    await ledger.lockDispute(terms, 10_000n, 0n);
    await closeOpenCycle(network, []);

    await ledger.payDispute(terms, [], 0n);

    const { available, pending } = balancesOf(await readAccountWord(network, actors.merchant));
    expect({ available, pending }).to.deep.equal({ available: 9_500n, pending: 0n });
    await expectConservation(network);
  });

  it("releases available money as available", async () => {
    const network = await withoutCourt();
    await disputed(network, await settledOrder(network), 10_000n, 0n);

    await expectBalances(network, { available: 9_500n, pending: 0n });
    await expectConservation(network);
  });

  it("lets the guarantee pay what a paid out merchant and fee receiver lack", async () => {
    const network = await withoutCourt();
    const { ledger, tokenAddress, actors } = network;
    await fundGuarantee(network, 50_000n);

    await disputed(network, await paidOutOrder(network), 10_000n, 10_000n);

    expect(debtOf(await ledger.coldWord(actors.operator, tokenAddress, actors.merchant))).to.equal(9_500n);
    expect(debtOf(await ledger.coldWord(actors.operator, tokenAddress, actors.feeReceiver))).to.equal(500n);
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });

  it("owes what the fund lacks, ahead of the merchant's payouts", async () => {
    const network = await withoutCourt();
    const { ledger, tokenAddress, actors } = network;
    const { id, terms } = await paidOutOrder(network, { feeBps: 0 });
    await ledger.lockDispute(terms, 10_000n, 0n);

    await expect(ledger.payDispute(terms, [], 10_000n))
      .to.emit(ledger, "AwardDeferred")
      .withArgs(
        actors.operator.address,
        actors.merchant.address,
        actors.payer.address,
        tokenAddress,
        id,
        10_000n,
        10_000n,
      );

    const owed = await ledger.unpaidAwardsOf(actors.operator, tokenAddress, actors.merchant);
    expect([owed.count, owed.total]).to.deep.equal([1n, 10_000n]);
    await expectConservation(network);
  });

  it("reverts with DisputeNotOpen given no dispute, and given one paid before", async () => {
    const network = await withoutCourt();
    const order = await capturedOrder(network);

    for (const given of [async () => order, () => disputed(network, order, 1n, 0n)]) {
      await given();
      await expect(network.ledger.payDispute(order.terms, [], 0n))
        .to.be.revertedWithCustomError(network.ledger, "DisputeNotOpen")
        .withArgs(order.id);
    }
    await expectConservation(network);
  });

  it("counts the dispute window of a later capture from that capture, not from before the dispute", async () => {
    const network = await withoutCourt();
    const { ledger, actors } = network;
    const given: Partial<OrderTerms> = { disputeWindow: 1_000 };
    const { id, terms } = await authorizedOrder(network, given);
    await ledger.lockDispute(terms, 1n, 0n);
    await time.increase(50_000);
    await ledger.payDispute(terms, [], 0n);
    await ledger.connect(actors.operator).capture(terms, 10_000n);
    const closesAt = (await time.latest()) + 1_000;

    await time.setNextBlockTimestamp(closesAt + 1);
    await expect(ledger.lockDispute(terms, 10_000n, 0n))
      .to.be.revertedWithCustomError(ledger, "DisputeWindowClosed")
      .withArgs(id, closesAt, closesAt + 1);
  });
});

async function expectBalances(
  network: TestNetwork,
  expected: { readonly available: bigint; readonly pending: bigint },
): Promise<void> {
  const { available, pending } = balancesOf(await readAccountWord(network, network.actors.merchant));
  expect({ available, pending }).to.deep.equal(expected);
}

function disputeIdOf({ ethers }: TestNetwork, orderId: string, ordinal: bigint): string {
  return ethers.solidityPackedKeccak256(["bytes32", "uint256"], [orderId, ordinal]);
}

/** A network whose admin is the court, so that a test can lock and pay at will. */
async function withoutCourt(): Promise<TestNetwork> {
  const network = await load();
  await network.ledger.setCourt(network.actors.admin);
  return network;
}

async function disputed(
  { ledger }: TestNetwork,
  order: TestOrder,
  amount: bigint,
  payerBps: bigint,
): Promise<TestOrder> {
  await ledger.lockDispute(order.terms, amount, 0n);
  await ledger.payDispute(order.terms, [], (amount * payerBps) / 10_000n);
  return order;
}
