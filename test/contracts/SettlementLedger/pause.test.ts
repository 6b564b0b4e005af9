import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { signDelivery, signExtension } from "../../support/builders/consents.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  fundGuarantee,
  payOut,
  signedOrder,
} from "../../support/builders/order.ts";
import { authorizedSplitOrder, registeredSplits, signedSplitOrder } from "../../support/builders/splits.ts";
import { signPermit } from "../../support/builders/token-signatures.ts";
import { transferOrder } from "../../support/builders/transfer-order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

const INFLOW = 1n;
const CAPTURE = 2n;
const PAYOUT = 4n;
const ALL = 7n;

type Call = (network: TestNetwork) => Promise<() => Promise<ContractTransactionResponse>>;

/** What each region stops: everything that is fine but for the pause. */
const STOPPED: readonly (readonly [name: string, region: bigint, call: Call])[] = [
  ["deposit", INFLOW, async (network) => () => deposit(network)],
  ["depositBatch", INFLOW, async (network) => () => depositBatch(network)],
  ["fundGuarantee", INFLOW, async (network) => () => fundGuarantee(network, 1n)],
  ["authorize", INFLOW, async (network) => submitOf(network, "authorize")],
  ["authorizeByTransfer", INFLOW, async (network) => submitOf(network, "authorizeByTransfer")],
  ["authorizeThrough", INFLOW, async (network) => authorizeThrough(network)],
  ["authorizeWithSplits", INFLOW, async (network) => authorizeWithSplits(network)],
  ["charge", INFLOW, async (network) => submitOf(network, "charge")],
  ["charge", CAPTURE, async (network) => submitOf(network, "charge")],
  ["capture", CAPTURE, async (network) => captureBy(network, "operator")],
  ["the merchant's capture", CAPTURE, async (network) => captureBy(network, "merchant")],
  ["captureWithSplits", CAPTURE, async (network) => captureWithSplits(network)],
  ["captureDelivered", CAPTURE, async (network) => captureDelivered(network)],
  ["payout", PAYOUT, async (network) => () => payOut(network, [])],
];

/** What nothing stops. */
const UNSTOPPED: Readonly<Record<string, Call>> = {
  withdraw: async ({ ledger, token, actors }) => {
    return () => ledger.connect(actors.payer).withdraw(actors.operator, token, 1n);
  },
  void: async (network) => {
    const { terms } = await authorizedOrder(network);
    return () => network.ledger.connect(network.actors.operator).void(terms, 1n);
  },
  reclaim: async (network) => {
    const { terms } = await authorizedOrder(network);
    return async () => {
      await time.setNextBlockTimestamp(terms.reclaimFrom);
      return network.ledger.connect(network.actors.payer).reclaim(terms);
    };
  },
  refund: async (network) => {
    const { terms } = await capturedOrder(network);
    return () => network.ledger.connect(network.actors.operator).refund(terms, 1n);
  },
  extend: async (network) => {
    const { id, terms } = await authorizedOrder(network);
    const { payer, merchant } = network.actors;
    const byPayer = await signExtension(network, id, terms.captureBy + 1, payer);
    const byMerchant = await signExtension(network, id, terms.captureBy + 1, merchant);
    return () => network.ledger.extend(terms, terms.captureBy + 1, byPayer, byMerchant);
  },
  cancel: async (network) => {
    const { terms } = await signedOrder(network);
    return () => network.ledger.connect(network.actors.payer).cancel(terms, "0x");
  },
  "opening of a dispute": async (network) => {
    const { terms } = await capturedOrder(network);
    return () => network.court.connect(network.actors.payer).open(terms, 1n, 1, ethers.ZeroHash);
  },
  "payment of a dispute's outcome": async (network) => {
    const { terms } = await capturedOrder(network);
    await network.court.connect(network.actors.payer).open(terms, 10_000n, 1, ethers.ZeroHash);
    await network.court.connect(network.actors.merchant).accept(terms);
    return () => network.court.finalize(terms, []);
  },
  closeCycle: async (network) => () => closeOpenCycle(network, [network.actors.merchant.address]),
};

describe("SettlementLedger.pause", () => {
  it("adds regions on the guardian's call, and unpause takes them away on the admin's", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { guardian, admin } = actors;

    await expect(ledger.connect(guardian).pause(INFLOW))
      .to.emit(ledger, "RegionsPaused")
      .withArgs(guardian.address, INFLOW);
    await expect(ledger.connect(guardian).pause(PAYOUT))
      .to.emit(ledger, "RegionsPaused")
      .withArgs(guardian.address, INFLOW | PAYOUT);
    await expect(ledger.connect(admin).unpause(INFLOW))
      .to.emit(ledger, "RegionsPaused")
      .withArgs(admin.address, PAYOUT);
    expect(await ledger.paused()).to.equal(PAYOUT);
  });

  it("reverts with AccessManagedUnauthorized when another than the guardian pauses, or than the admin unpauses", async () => {
    const { ledger, ledgerCode, actors } = await load();
    const { admin, guardian, operator, settler, compliance, outsider } = actors;

    for (const caller of [admin, operator, settler, compliance, outsider]) {
      await expect(ledger.connect(caller).pause(ALL))
        .to.be.revertedWithCustomError(ledgerCode, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
    for (const caller of [guardian, operator, settler, compliance, outsider]) {
      await expect(ledger.connect(caller).unpause(ALL))
        .to.be.revertedWithCustomError(ledgerCode, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });

  for (const [name, region, prepare] of STOPPED) {
    it(`reverts with LedgerPaused on ${name} while region ${region} is paused, and not otherwise`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const call = await prepare(network);

      await ledger.connect(actors.guardian).pause(region);
      await expect(call()).to.be.revertedWithCustomError(ledger, "LedgerPaused").withArgs(region, region);
      await ledger.unpause(region);
      const needed = name === "charge" ? INFLOW | CAPTURE : region;
      await ledger.connect(actors.guardian).pause(ALL & ~needed);

      await call();
      await expectConservation(network);
    });
  }

  for (const [name, prepare] of Object.entries(UNSTOPPED)) {
    it(`does not stop ${name}`, async () => {
      const network = await load();
      const call = await prepare(network);
      await network.ledger.connect(network.actors.guardian).pause(255n);

      await call();

      await expectConservation(network);
    });
  }

  it("skips every item of a batch with the reason", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const held = await authorizedOrder(network);
    const order = await signedOrder(network, { nonce: 1n });
    await ledger.connect(actors.guardian).pause(ALL);
    const asOperator = ledger.connect(actors.operator);

    for (const [region, batch] of [
      [1n, () => asOperator.authorizeBatch([order.terms], [order.signature], false)],
      [3n, () => asOperator.chargeBatch([order.terms], [order.signature], false)],
      [2n, () => asOperator.captureBatch([held.terms], [1n], false)],
    ] as const) {
      const reason = ledger.interface.encodeErrorResult("LedgerPaused", [region, ALL]);
      await expect(batch()).to.emit(ledger, "OrderSkipped").withArgs(anyId, reason);
    }
  });

  it("stops a key that comes to act for the operator while it lasts, and lets it go on afterwards", async () => {
    const network = await load();
    const { ledger, access, actors } = network;
    const { outsider, operator, guardian } = actors;
    const { terms, signature } = await signedOrder(network);
    await ledger.connect(guardian).pause(INFLOW);
    await access.grantRole(await access.operatorRole(operator), outsider, 0);
    await ledger.syncAuthority(outsider, operator);

    await expect(ledger.connect(outsider).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "LedgerPaused")
      .withArgs(INFLOW, INFLOW);
    await ledger.unpause(INFLOW);
    await ledger.connect(outsider).authorize(terms, signature);

    await expectConservation(network);
  });
});

const anyId = (id: unknown) => typeof id === "string" && id.length === 66;

function deposit({ ledger, token, actors }: TestNetwork) {
  return ledger.connect(actors.issuer).deposit(actors.operator, token, actors.payer, 1n);
}

function depositBatch({ ledger, token, actors }: TestNetwork) {
  const deposits = [{ account: actors.payer, amount: 1n }];
  return ledger.connect(actors.issuer).depositBatch(actors.operator, token, deposits);
}

async function submitOf(network: TestNetwork, verb: "authorize" | "authorizeByTransfer" | "charge") {
  const { ledger, actors } = network;
  const order = verb === "authorizeByTransfer" ? await transferOrder(network) : await signedOrder(network);
  return () => ledger.connect(actors.operator)[verb](order.terms, order.signature);
}

async function authorizeThrough(network: TestNetwork) {
  const { ledger, token, collector, actors } = network;
  const { terms, signature } = await signedOrder(network);
  await token.connect(actors.issuer).transfer(actors.payer, terms.amount);
  const { data } = await signPermit(network, terms.amount, terms.authorizeBy, actors.payer);
  return () => ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, data);
}

async function authorizeWithSplits(network: TestNetwork) {
  const { ledger, actors } = network;
  const splits = await registeredSplits(network, [1_000]);
  const { terms, signature } = await signedSplitOrder(network, splits);
  return () => ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature);
}

async function captureBy(network: TestNetwork, role: "operator" | "merchant") {
  const { terms } = await authorizedOrder(network, { merchantMayCapture: true });
  return () => network.ledger.connect(network.actors[role]).capture(terms, 1n);
}

async function captureWithSplits(network: TestNetwork) {
  const splits = await registeredSplits(network, [1_000]);
  const { terms } = await authorizedSplitOrder(network, splits);
  return () => network.ledger.connect(network.actors.operator).captureWithSplits(terms, splits, 1n);
}

async function captureDelivered(network: TestNetwork) {
  const { outsider } = network.actors;
  const { id, terms } = await authorizedOrder(network, { deliveryKey: outsider.address });
  const deliveredAt = network.startedAt;
  const proof = await signDelivery(
    network,
    { orderId: id, deliveredAt, location: ethers.ZeroHash },
    outsider,
  );
  return () => network.ledger.captureDelivered(terms, [], deliveredAt, ethers.ZeroHash, proof);
}
