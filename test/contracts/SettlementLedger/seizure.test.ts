import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { awardOrder, nameCourt, unpaidAward } from "../../support/builders/locks.ts";
import {
  fundGuarantee,
  paidOutOrder,
  readAccountWord,
  type TestOrder,
} from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
import { DAY, MAX_U80, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const REFERENCE = ethers.id("case 4711");

describe("SettlementLedger.proposeSeizure", () => {
  it("announces what may be seized in three days", async () => {
    const network = await frozenPayer();
    const { ledger, tokenAddress, actors } = network;
    const { operator, payer, compliance } = actors;

    const { id, proposed, at } = await proposal(network, 4_000n);

    await expect(proposed)
      .to.emit(ledger, "SeizureProposed")
      .withArgs(id, operator.address, payer.address, tokenAddress, 4_000n, REFERENCE, at + 3n * DAY);
    expect([...(await ledger.seizureOf(id))]).to.deep.equal([
      operator.address,
      4_000n,
      tokenAddress,
      at + 3n * DAY,
      payer.address,
      compliance.address,
      REFERENCE,
    ]);
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS);
  });

  it("can be proposed of an account that is not frozen yet, and of more than it has", async () => {
    const network = await load();

    await proposal(network, MAX_U80);
  });

  it("reverts with SeizureAlreadyProposed when the same was proposed in this block", async () => {
    const { ledger, token, actors } = await load();
    const { compliance, operator, payer } = actors;
    const propose = (gasLimit: bigint) =>
      ledger.connect(compliance).proposeSeizure(operator, token, payer, 1n, REFERENCE, { gasLimit });

    await ethers.provider.send("evm_setAutomine", [false]);
    const first = await propose(400_000n);
    const again = await propose(400_000n);
    await ethers.provider.send("evm_mine", []);
    await ethers.provider.send("evm_setAutomine", [true]);

    const [event] = await ledger.queryFilter(ledger.filters.SeizureProposed(), -1);
    expect((await first.getBlock())?.transactions).to.deep.equal([first.hash, again.hash]);
    await expect(again)
      .to.be.revertedWithCustomError(ledger, "SeizureAlreadyProposed")
      .withArgs(event?.args.seizureId);
  });

  it("reverts with AmountInvalid when the amount is 0", async () => {
    const network = await load();

    await expect(proposal(network, 0n))
      .to.be.revertedWithCustomError(network.ledger, "AmountInvalid")
      .withArgs(0n, MAX_U80);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, actors } = await load();
    const { compliance, otherOperator, payer } = actors;

    await expect(
      ledger.connect(compliance).proposeSeizure(otherOperator, token, payer, 1n, REFERENCE),
    ).to.be.revertedWithCustomError(ledger, "AccountsBookUnknown");
  });

  it("reverts with AccessManagedUnauthorized when the caller is not compliance", async () => {
    const { ledger, token, actors } = await load();

    for (const caller of [actors.operator, actors.admin, actors.seizer]) {
      await expect(ledger.connect(caller).proposeSeizure(actors.operator, token, actors.payer, 1n, REFERENCE))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("SettlementLedger.executeSeizure", () => {
  it("moves the money of a frozen account to the statutory account from the third day on", async () => {
    const network = await frozenPayer();
    const { ledger, tokenAddress, actors } = network;
    const { operator, payer, seizer, issuer } = actors;
    const { id, at } = await proposal(network, 4_000n);

    await time.setNextBlockTimestamp(at + 3n * DAY - 1n);
    await expect(ledger.connect(seizer).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureTooEarly")
      .withArgs(id, at + 3n * DAY, at + 3n * DAY - 1n);
    await time.setNextBlockTimestamp(at + 3n * DAY);
    const seized = await ledger.connect(seizer).executeSeizure(id);

    const words = [await readAccountWord(network, payer), await readAccountWord(network, issuer)];
    await expect(seized)
      .to.emit(ledger, "AccountSeized")
      .withArgs(id, operator.address, payer.address, tokenAddress, issuer.address, 4_000n, ...words);
    expect((await holdingsOf(network, payer)).available).to.equal(PAYER_FUNDS - 4_000n);
    expect((await holdingsOf(network, issuer)).available).to.equal(4_000n);
    await expect(ledger.connect(seizer).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureUnknown")
      .withArgs(id);
    await expectConservation(network);
  });

  it("reverts with SeizureSamePerson when the proposer has both roles", async () => {
    const network = await frozenPayer();
    const { ledger, actors } = network;
    const { id } = await due(network, 1n);

    await expect(ledger.connect(actors.compliance).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureSamePerson")
      .withArgs(id, actors.compliance.address);
  });

  it("reverts with SeizureForbidden when the account is frozen no more, or never was", async () => {
    const network = await frozenPayer();
    const { ledger, registry, actors } = network;
    const { payer, compliance, issuer } = actors;
    const { id } = await due(network, 1n);

    await registry.connect(compliance).reactivate([payer]);
    for (const [change, status] of [
      [async () => {}, STATUS.active],
      [() => registry.connect(compliance).restrict([payer]), STATUS.restricted],
    ] as const) {
      await change();
      await expect(ledger.connect(actors.seizer).executeSeizure(id))
        .to.be.revertedWithCustomError(ledger, "SeizureForbidden")
        .withArgs(payer.address, status, issuer.address);
    }
    await expectConservation(network);
  });

  it("reverts with SeizureForbidden when no statutory account is named", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    await registry.connect(actors.compliance).freeze([actors.payer]);
    const { id } = await due(network, 1n);

    await expect(ledger.connect(actors.seizer).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureForbidden")
      .withArgs(actors.payer.address, STATUS.frozen, ethers.ZeroAddress);
  });

  it("reverts with AccountsInsufficient when the account has less, and takes the last unit", async () => {
    const network = await frozenPayer();
    const { ledger, actors } = network;
    const more = await due(network, PAYER_FUNDS + 1n);

    await expect(ledger.connect(actors.seizer).executeSeizure(more.id))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.payer.address, PAYER_FUNDS + 1n, PAYER_FUNDS);
    await ledger.connect(actors.seizer).executeSeizure((await due(network, PAYER_FUNDS)).id);
    expect(await holdingsOf(network, actors.payer)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("meets what the account owes first: awards and debt come before the state", async () => {
    const network = await nameCourt(await load());
    const { ledger, actors } = network;
    await fundGuarantee(network, 2_000n);
    await unpaidAward(network, { amount: 5_000n });
    await frozenMerchant(network, 6_000n);
    const { id } = await due(network, 1_000n, actors.merchant.address);

    await ledger.connect(actors.seizer).executeSeizure(id);

    expect(await holdingsOf(network, actors.merchant)).to.deep.equal(holding({}));
    expect((await holdingsOf(network, actors.issuer)).available).to.equal(1_000n);
    expect((await holdingsOf(network, actors.payer)).available).to.equal(PAYER_FUNDS);
    await expectConservation(network);
  });

  it("reverts with AccountsAwardsUnpaid while more awards wait than one call pays", async () => {
    const network = await nameCourt(await load());
    const { ledger, token, actors } = network;
    const { operator, merchant, seizer } = actors;
    const orders: TestOrder[] = [];
    for (let nonce = 0n; nonce < 9n; ++nonce) {
      orders.push(await paidOutOrder(network, { amount: 100n, feeBps: 0, nonce }));
    }
    for (const order of orders) await awardOrder(network, order);
    await frozenMerchant(network, 1_000n);
    const { id } = await due(network, 100n, merchant.address);

    await expect(ledger.connect(seizer).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "AccountsAwardsUnpaid")
      .withArgs(merchant.address, 100n);
    await ledger.meetObligations(operator, token, merchant);
    await ledger.meetObligations(operator, token, merchant);
    await ledger.connect(seizer).executeSeizure(id);

    expect(await holdingsOf(network, merchant)).to.deep.equal(holding({}));
    await expectConservation(network);
  });

  it("reverts with AccessManagedUnauthorized when the caller has not the role", async () => {
    const network = await frozenPayer();
    const { ledger, actors } = network;
    const { id } = await due(network, 1n);

    for (const caller of [actors.operator, actors.admin, actors.outsider]) {
      await expect(ledger.connect(caller).executeSeizure(id))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("SettlementLedger.cancelSeizure", () => {
  it("gives a proposal up", async () => {
    const network = await frozenPayer();
    const { ledger, actors } = network;
    const { id } = await due(network, 1n);

    await expect(ledger.connect(actors.compliance).cancelSeizure(id))
      .to.emit(ledger, "SeizureCanceled")
      .withArgs(id);

    await expect(ledger.connect(actors.seizer).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureUnknown")
      .withArgs(id);
    await expect(ledger.connect(actors.compliance).cancelSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureUnknown")
      .withArgs(id);
  });

  it("reverts with AccessManagedUnauthorized when the caller is not compliance", async () => {
    const network = await frozenPayer();
    const { ledger, actors } = network;
    const { id } = await due(network, 1n);

    await expect(ledger.connect(actors.seizer).cancelSeizure(id))
      .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
      .withArgs(actors.seizer.address);
  });
});

/** A network with a statutory account, the issuer, whose payer is frozen. */
async function frozenPayer(): Promise<TestNetwork> {
  const network = await load();
  const { registry, actors } = network;
  await registry.setStatutoryAccount(actors.issuer);
  await registry.connect(actors.compliance).freeze([actors.payer]);
  return network;
}

/** The same of the merchant, which has `available`. */
async function frozenMerchant(network: TestNetwork, available: bigint): Promise<void> {
  const { registry, ledger, token, actors } = network;
  await ledger.connect(actors.issuer).deposit(actors.operator, token, actors.merchant, available);
  await registry.setStatutoryAccount(actors.issuer);
  await registry.connect(actors.compliance).freeze([actors.merchant]);
}

async function proposal(
  { ledger, token, actors }: TestNetwork,
  amount: bigint,
  account: string = actors.payer.address,
) {
  const compliance = ledger.connect(actors.compliance);
  const proposed = await compliance.proposeSeizure(actors.operator, token, account, amount, REFERENCE);
  const [log] = await ledger.queryFilter(ledger.filters.SeizureProposed, proposed.blockNumber ?? undefined);
  return { id: log?.args.seizureId ?? "", proposed, at: BigInt(await time.latest()) };
}

/** A proposal whose three days are over. */
async function due(network: TestNetwork, amount: bigint, account?: string) {
  const given = await proposal(network, amount, account);
  await time.increase(3n * DAY);
  return given;
}
