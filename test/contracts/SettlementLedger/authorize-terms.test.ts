import { expect } from "chai";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import { signedOrder } from "../../support/builders/order.ts";
import { buildOrderTerms } from "../../support/builders/order-terms.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { MAX_U80 } from "../../support/words.ts";

const { load, time } = await openTestChain();
const MAX_HOLD = 180 * 86_400;
const ZERO = `0x${"00".repeat(20)}` as const;
const LAST_KEY = `0x${"ff".repeat(20)}` as const;

/** Terms that break one rule each, by the member that the ledger must name. */
const INVALID: Record<string, (terms: OrderTerms) => Partial<OrderTerms>> = {
  payer: ({ merchant }) => ({ payer: merchant }),
  merchant: () => ({ merchant: ZERO }),
  captureBy: ({ authorizeBy }) => ({ captureBy: authorizeBy - 1 }),
  reclaimFrom: ({ captureBy }) => ({ reclaimFrom: captureBy }),
  refundBy: ({ captureBy }) => ({ refundBy: captureBy - 1 }),
  feeBps: () => ({ feeBps: 10_001 }),
  fixedFee: () => ({ fixedFee: MAX_U80 + 1n }),
  feeReceiver: () => ({ feeReceiver: ZERO }),
  defaultPayerBps: () => ({ defaultPayerBps: 10_001 }),
  disputeWindow: () => ({ disputeWindow: MAX_HOLD + 1 }),
  holdbackClass: () => ({ holdbackClass: 1 }),
};

/** Terms at the very edge of what is accepted. */
const EDGES: Record<string, (terms: OrderTerms) => Partial<OrderTerms>> = {
  "all moments but the last the same": ({ authorizeBy }) => ({
    captureBy: authorizeBy,
    reclaimFrom: authorizeBy + 1,
    refundBy: authorizeBy,
  }),
  "the whole amount as a fee": () => ({ feeBps: 10_000 }),
  "the largest fixed fee": () => ({ feeBps: 0, fixedFee: MAX_U80 }),
  "no fee and nobody to receive one": () => ({ feeBps: 0, feeReceiver: ZERO }),
  "everything to the payer if the panel is silent": () => ({ defaultPayerBps: 10_000 }),
  "the smallest amount": () => ({ amount: 1n }),
  "the longest window for disputes": () => ({ disputeWindow: MAX_HOLD }),
  "the longest time for refunds": ({ captureBy }) => ({ refundBy: captureBy + MAX_HOLD }),
  "a key that proves deliveries": ({ payer }) => ({ deliveryKey: payer }),
};

describe("SettlementLedger.authorize: terms", () => {
  for (const [field, break_] of Object.entries(INVALID)) {
    it(`reverts with OrderTermsInvalid naming ${field}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms, signature } = await signedOrder(network, break_(buildOrderTerms(network)));

      await expect(ledger.connect(actors.operator).authorize(terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
        .withArgs(id, field);
    });
  }

  for (const [edge, field, given] of [
    ["the longest window for disputes", "feeBps", { disputeWindow: MAX_HOLD, feeBps: 10_001 }],
    ["the largest fixed fee", "feeReceiver", { feeBps: 0, fixedFee: MAX_U80, feeReceiver: ZERO }],
    ["the last arbiter set", "holdbackClass", { arbiterSetId: 2 ** 32 - 1, holdbackClass: 5 }],
    ["the last delivery key", "holdbackClass", { deliveryKey: LAST_KEY, holdbackClass: 5 }],
    ["the merchant's captures", "holdbackClass", { merchantMayCapture: true, holdbackClass: 5 }],
  ] as const) {
    it(`names ${field}, which is wrong, and not ${edge}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms, signature } = await signedOrder(network, given);

      await expect(ledger.connect(actors.operator).authorize(terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
        .withArgs(id, field);
    });
  }

  it("reverts with OrderTermsInvalid when a fixed fee has no receiver", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms, signature } = await signedOrder(network, {
      feeBps: 0,
      fixedFee: 1n,
      feeReceiver: ZERO,
    });

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
      .withArgs(id, "feeReceiver");
  });

  it("reverts with OrderTermsInvalid naming refundBy when refunds may come too late", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { captureBy } = buildOrderTerms(network);
    const { id, terms, signature } = await signedOrder(network, { refundBy: captureBy + MAX_HOLD + 1 });

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
      .withArgs(id, "refundBy");
  });

  it("holds money for 180 days, and refuses to hold it a second longer", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const now = network.startedAt + 1_000;
    const longest = await signedOrder(network, { reclaimFrom: now + MAX_HOLD });
    const longer = await signedOrder(network, { reclaimFrom: now + MAX_HOLD + 2, nonce: 1n });

    await time.setNextBlockTimestamp(now);
    await ledger.connect(actors.operator).authorize(longest.terms, longest.signature);
    await time.setNextBlockTimestamp(now + 1);
    await expect(ledger.connect(actors.operator).authorize(longer.terms, longer.signature))
      .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
      .withArgs(longer.id, "reclaimFrom");
  });

  it("reverts with OrderSplitsInvalid when the terms name payees that the call does not", async () => {
    const network = await load();
    const { ledger, actors, ethers } = network;
    const splitsHash = ethers.id("some payees") as `0x${string}`;
    const { id, terms, signature } = await signedOrder(network, { splitsHash });

    for (const verb of ["authorize", "charge"] as const) {
      await expect(ledger.connect(actors.operator)[verb](terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
        .withArgs(id, splitsHash, ethers.ZeroHash);
    }
  });

  it("accepts the highest holdback class once it is set, and none above", async () => {
    const network = await load();
    const { ledger, actors } = network;
    await ledger.connect(actors.risk).setHoldbackClass(7, 1_000, 30 * 86_400);
    const highest = await signedOrder(network, { holdbackClass: 7 });
    const above = await signedOrder(network, { holdbackClass: 255 });

    await ledger.connect(actors.operator).authorize(highest.terms, highest.signature);
    await expect(ledger.connect(actors.operator).authorize(above.terms, above.signature))
      .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
      .withArgs(above.id, "holdbackClass");
  });

  for (const amount of [0n, MAX_U80 + 1n, 2n ** 256n - 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { terms, signature } = await signedOrder(network, { amount });

      await expect(ledger.connect(actors.operator).authorize(terms, signature))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  for (const [name, take] of Object.entries(EDGES)) {
    it(`accepts ${name}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms, signature } = await signedOrder(network, take(buildOrderTerms(network)));

      await ledger.connect(actors.operator).authorize(terms, signature);

      expect(await ledger.orderWord(id)).not.to.equal(0n);
    });
  }

  it("gives every member of the terms a part in the id", async () => {
    const network = await load();
    const terms = buildOrderTerms(network);
    const ids = new Set<string>();

    for (const variant of [terms, ...variantsOf(network, terms)]) {
      ids.add(await network.ledger.orderIdOf(variant));
    }

    expect(ids.size).to.equal(Object.keys(terms).length + 1);
  });

  it("refuses the payer's signature for terms with any member changed", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { signature } = await signedOrder(network);

    for (const variant of variantsOf(network, buildOrderTerms(network))) {
      await expect(ledger.connect(actors.operator).authorize(variant, signature)).to.be.revert(
        network.ethers,
      );
    }
  });
});

/** The same terms with one member changed at a time. */
function variantsOf({ actors }: TestNetwork, terms: OrderTerms): OrderTerms[] {
  const other: OrderTerms = {
    payer: actors.otherPayer.address,
    merchant: actors.otherMerchant.address,
    operator: actors.otherOperator.address,
    token: actors.outsider.address,
    amount: terms.amount + 1n,
    fixedFee: terms.fixedFee + 1n,
    feeBps: terms.feeBps + 1,
    feeReceiver: actors.outsider.address,
    splitsHash: `0x${"02".repeat(32)}`,
    authorizeBy: terms.authorizeBy + 1,
    captureBy: terms.captureBy + 1,
    reclaimFrom: terms.reclaimFrom + 1,
    refundBy: terms.refundBy + 1,
    disputeWindow: terms.disputeWindow + 1,
    defaultPayerBps: terms.defaultPayerBps + 1,
    arbiterSetId: terms.arbiterSetId + 1,
    holdbackClass: 2,
    deliveryKey: actors.outsider.address,
    merchantMayCapture: !terms.merchantMayCapture,
    commitment: `0x${"02".repeat(32)}`,
    nonce: terms.nonce + 1n,
  };
  return Object.keys(terms).map((member) => ({ ...terms, [member]: other[member as keyof OrderTerms] }));
}
