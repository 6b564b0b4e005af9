import { expect } from "chai";
import { setClass } from "../../support/builders/holdback.ts";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { authorizedOrder, capturedOrder } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

const DAY = 86_400;

describe("SettlementLedger.setHoldbackClass", () => {
  it("sets a class, from the first to the last, within its bounds", async () => {
    const network = await load();
    const { ledger } = network;

    for (const [holdbackClass, bps, delay] of [
      [1, 0, DAY],
      [4, 1_500, 90 * DAY],
      [7, 10_000, 540 * DAY],
    ] as const) {
      await expect(setClass(network, holdbackClass, bps, delay))
        .to.emit(ledger, "HoldbackClassSet")
        .withArgs(holdbackClass, bps, delay);
      expect([...(await ledger.holdbackClassOf(holdbackClass))]).to.deep.equal([BigInt(bps), BigInt(delay)]);
    }
  });

  for (const [what, holdbackClass, bps, delay] of [
    ["class 0, which means none", 0, 1_000, DAY],
    ["a class beyond the last", 8, 1_000, DAY],
    ["more than everything", 1, 10_001, DAY],
    ["less than a day", 1, 1_000, DAY - 1],
    ["more than 540 days", 1, 1_000, 540 * DAY + 1],
  ] as const) {
    it(`reverts with HoldbackClassInvalid given ${what}`, async () => {
      const network = await load();

      await expect(setClass(network, holdbackClass, bps, delay))
        .to.be.revertedWithCustomError(network.ledger, "HoldbackClassInvalid")
        .withArgs(holdbackClass, bps, delay);
    });
  }

  context("given a class that was set", () => {
    it("changes its share for later captures only", async () => {
      const network = await load();
      await setClass(network, 1, 1_000);
      await capturedOrder(network, { feeBps: 0, holdbackClass: 1 });

      await setClass(network, 1, 5_000);
      await capturedOrder(network, { feeBps: 0, holdbackClass: 1, nonce: 1n });

      expect(await holdingsOf(network, network.actors.merchant)).to.deep.equal(
        holding({ pending: 14_000n, reserve: 6_000n }),
      );
      await expectConservation(network);
    });

    it("keeps its delay: what it withheld keeps its moment of release", async () => {
      const network = await load();
      await setClass(network, 1, 1_000, 40 * DAY);

      for (const delay of [40 * DAY - 1, 40 * DAY + 1, 80 * DAY]) {
        await expect(setClass(network, 1, 1_000, delay))
          .to.be.revertedWithCustomError(network.ledger, "HoldbackClassInvalid")
          .withArgs(1, 1_000, delay);
      }
    });

    it("can withhold nothing any more, for orders that name it already", async () => {
      const network = await load();
      const { ledger, actors } = network;
      await setClass(network);
      const { terms } = await authorizedOrder(network, { feeBps: 0, holdbackClass: 1 });

      await setClass(network, 1, 0);
      await ledger.connect(actors.operator).capture(terms, 10_000n);

      expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({ pending: 10_000n }));
      await expectConservation(network);
    });
  });

  it("reverts with AccessManagedUnauthorized when the caller is not risk", async () => {
    const { ledger, actors } = await load();

    for (const caller of [actors.operator, actors.treasurer, actors.admin]) {
      await expect(ledger.connect(caller).setHoldbackClass(1, 1_000, DAY))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});
