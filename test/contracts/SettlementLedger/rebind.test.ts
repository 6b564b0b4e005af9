import { expect } from "chai";
import { setClass } from "../../support/builders/holdback.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { awardOrder, lockOrder, nameCourt } from "../../support/builders/locks.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  paidOutOrder,
  payOut,
  readAccountWord,
  settledOrder,
  type TestOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

const CASE = ethers.id("case 12");

describe("SettlementLedger.rebind", () => {
  it("moves what a recovered account has to its successor, whoever calls", async () => {
    const network = await load();
    const { ledger, tokenAddress, actors } = network;
    const { operator, merchant, outsider, payer } = actors;
    await settledOrder(network, { feeBps: 0 });
    await capturedOrder(network, { amount: 2_000n, feeBps: 0, nonce: 1n });
    await recover(network);

    const rebound = await rebind(network, payer);

    await expect(rebound)
      .to.emit(ledger, "AccountRebound")
      .withArgs(
        operator.address,
        merchant.address,
        outsider.address,
        tokenAddress,
        await readAccountWord(network, merchant),
        await readAccountWord(network, outsider),
        0n,
        0n,
      );
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect(await holdingsOf(network, outsider)).to.deep.equal(
      holding({ available: 10_000n, pending: 2_000n }),
    );
    await expectConservation(network);
  });

  it("settles and pays the successor what the recovered account earned", async () => {
    const network = await load();
    const { token, actors } = network;
    await capturedOrder(network, { feeBps: 0 });
    await recover(network);
    await rebind(network);

    await closeOpenCycle(network, [actors.merchant.address, actors.outsider.address]);
    await payOut(network, [actors.merchant.address, actors.outsider.address]);

    expect(await token.balanceOf(actors.outsider)).to.equal(10_000n);
    expect(await token.balanceOf(actors.merchant)).to.equal(0n);
    await expectConservation(network);
  });

  it("moves again what older orders earn later", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms } = await authorizedOrder(network, { feeBps: 0 });
    await recover(network);
    await rebind(network);
    await ledger.connect(actors.operator).capture(terms, 10_000n);

    await rebind(network);
    await rebind(network);

    expect(await holdingsOf(network, actors.outsider)).to.deep.equal(holding({ pending: 10_000n }));
    await expectConservation(network);
  });

  it("keeps the merchant exposed to disputes for as long under its new address", async () => {
    const network = await load();
    const { terms } = await capturedOrder(network);
    const exposedUntil = BigInt((await time.latest()) + terms.disputeWindow);
    await recover(network);

    await rebind(network);

    const exposedDay = BigInt.asUintN(16, (await readAccountWord(network, network.actors.outsider)) >> 232n);
    expect(exposedDay * 86_400n).to.be.greaterThanOrEqual(exposedUntil);
  });

  it("leaves the operator its fees, which come with the next settlement", async () => {
    const network = await load();
    const { operator, merchant, outsider } = network.actors;
    await capturedOrder(network, { feeReceiver: operator.address });
    await recover(network);

    await rebind(network);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ fees: 500n }));
    await closeOpenCycle(network, [merchant.address]);

    expect(await holdingsOf(network, operator)).to.deep.equal(holding({ available: 500n }));
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ pending: 9_500n }));
    await expectConservation(network);
  });

  it("meets obligations first and moves the debt that is left", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { operator, merchant, outsider, issuer } = actors;
    await fundGuarantee(network, 50_000n);
    const { terms } = await paidOutOrder(network, { feeBps: 0 });
    await ledger.connect(merchant).refund(terms, 6_000n);
    await ledger.connect(issuer).deposit(operator, token, merchant, 1_000n);
    await recover(network);

    await rebind(network);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ debt: 5_000n }));
    expect((await ledger.bookOf(operator, token)).guarantee).to.equal(45_000n);
    await expectConservation(network);
  });

  it("moves waiting awards behind those of the successor, eight in a call, and no money before all", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant, outsider, payer } = actors;
    const orders: TestOrder[] = [];
    for (let nonce = 0n; nonce < 9n; ++nonce) {
      orders.push(await paidOutOrder(network, { amount: 100n, feeBps: 0, nonce }));
    }
    for (const order of orders) await awardOrder(network, order);
    await capturedOrder(network, { amount: 2_000n, feeBps: 0, nonce: 9n });
    await recover(network);

    await rebind(network);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ pending: 2_000n, unpaid: 100n }));
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ unpaid: 800n }));
    await rebind(network);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ pending: 2_000n, unpaid: 900n }));

    const before = (await holdingsOf(network, payer)).available;
    await closeOpenCycle(network, [outsider.address]);
    await ledger.meetObligations(operator, token, outsider);
    expect((await holdingsOf(network, payer)).available).to.equal(before + 900n);
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ available: 1_100n }));
    await expectConservation(network);
  });

  it("leaves reserve until it is released", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { operator, merchant, outsider } = actors;
    await setClass(network);
    await capturedOrder(network, { feeBps: 0, holdbackClass: 1 });
    await recover(network);
    await rebind(network);
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({ reserve: 1_000n }));

    await time.increase(60 * 86_400);
    await ledger.releaseReserve(operator, token, merchant);
    await rebind(network);

    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ pending: 10_000n }));
    await expectConservation(network);
  });

  it("follows a payer: what comes back for its orders goes on to its successor", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { payer, outsider, operator } = actors;
    const { terms } = await authorizedOrder(network);
    await registry.recover(payer, outsider, CASE);
    await rebind(network, outsider, payer.address);
    await ledger.connect(operator).void(terms, 10_000n);

    await rebind(network, outsider, payer.address);

    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });

  it("reverts with RebindUnknown when the registry recovered the account to no one", async () => {
    const network = await load();
    const { ledger, actors } = network;

    await expect(rebind(network))
      .to.be.revertedWithCustomError(ledger, "RebindUnknown")
      .withArgs(actors.merchant.address);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await recover(network);

    await expect(ledger.rebind(actors.otherOperator, token, actors.merchant)).to.be.revertedWithCustomError(
      ledger,
      "AccountsBookUnknown",
    );
  });
});

describe("SettlementLedger given a recovered merchant", () => {
  it("pays refunds of older orders with the money that its successor took over", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { merchant, outsider, payer } = actors;
    const { terms } = await settledOrder(network, { feeBps: 0 });
    await recover(network);
    await rebind(network);

    await ledger.connect(outsider).refund(terms, 4_000n);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ available: 6_000n }));
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 6_000n);
    await expectConservation(network);
  });

  it("locks it for disputes of older orders, and pays them with it", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    const { outsider, payer, merchant } = actors;
    const order = await settledOrder(network, { feeBps: 0 });
    await recover(network);
    await rebind(network);

    const disputeId = await lockOrder(network, order, 7_000n);
    expect((await ledger.lockOf(disputeId)).lockedAvailable).to.equal(7_000n);
    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ available: 3_000n }));
    await ledger.payDispute(order.terms, [], 5_000n);
    await rebind(network);

    expect(await holdingsOf(network, outsider)).to.deep.equal(holding({ available: 5_000n }));
    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 5_000n);
    await expectConservation(network);
  });

  it("owes under its old address only what its successor lacks as well", async () => {
    const network = await nameCourt(await load());
    const { actors } = network;
    const order = await settledOrder(network, { feeBps: 0 });
    await recover(network);
    await rebind(network);
    await payOut(network, [actors.outsider.address]);
    await capturedOrder(network, { amount: 1n, merchant: actors.otherMerchant.address, nonce: 1n });

    await awardOrder(network, order);

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ unpaid: 10_000n }));
    await rebind(network);
    expect(await holdingsOf(network, actors.outsider)).to.deep.equal(holding({ unpaid: 10_000n }));
    await expectConservation(network);
  });
});

function recover({ registry, actors }: TestNetwork) {
  return registry.recover(actors.merchant, actors.outsider, CASE);
}

function rebind(
  { ledger, token, actors }: TestNetwork,
  caller = actors.outsider,
  account: string = actors.merchant.address,
) {
  return ledger.connect(caller).rebind(actors.operator, token, account);
}
