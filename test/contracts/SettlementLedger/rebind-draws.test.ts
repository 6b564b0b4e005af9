import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { lockOrder, nameCourt } from "../../support/builders/locks.ts";
import {
  capturedOrder,
  payOut,
  readAccountWord,
  settledOrder,
  type TestOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

describe("SettlementLedger drawing on a successor", () => {
  it("takes what is pending first, and tells both words", async () => {
    const { network, order } = await reboundOrder(2_000n);
    const { ledger, actors, tokenAddress } = network;

    const refunded = await ledger.connect(actors.outsider).refund(order.terms, 4_000n);

    await expect(refunded)
      .to.emit(ledger, "SuccessorDrawn")
      .withArgs(
        actors.operator.address,
        actors.merchant.address,
        actors.outsider.address,
        tokenAddress,
        2_000n,
        2_000n,
        anyValue,
        await readAccountWord(network, actors.outsider),
      );
    expect(await holdingsOf(network, actors.outsider)).to.deep.equal(holding({ available: 8_000n }));
    await expectConservation(network);
  });

  it("takes its last unit", async () => {
    const { network, order } = await reboundOrder();
    const { ledger, token, actors } = network;
    await ledger.connect(actors.outsider).withdraw(actors.operator, token, 9_999n);

    const disputeId = await lockOrder(network, order, 5n);

    expect((await ledger.lockOf(disputeId)).lockedAvailable).to.equal(1n);
    expect(await holdingsOf(network, actors.outsider)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("tells nothing where the successor has nothing", async () => {
    const { network, order } = await reboundOrder();
    const { ledger, actors } = network;
    await payOut(network, [actors.outsider.address]);

    await expect(ledger.lockDispute(order.terms, 5n, 0n)).not.to.emit(ledger, "SuccessorDrawn");
    await expectConservation(network);
  });
});

/** An order of 10,000 that is settled, and `pending` of another one; what the merchant had is its successor's. */
async function reboundOrder(pending = 0n): Promise<{ network: TestNetwork; order: TestOrder }> {
  const network = await nameCourt(await load());
  const { ledger, registry, token, actors } = network;
  const order = await settledOrder(network, { feeBps: 0 });
  if (pending !== 0n) await capturedOrder(network, { amount: pending, feeBps: 0, nonce: 1n });
  await registry.recover(actors.merchant, actors.outsider, ethers.id("case 12"));
  await ledger.rebind(actors.operator, token, actors.merchant);
  return { network, order };
}
