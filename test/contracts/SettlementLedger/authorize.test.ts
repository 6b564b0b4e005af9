import { expect } from "chai";
import { ContractWallet__factory } from "../../../types/ethers-contracts/factories/mocks/ContractWallet__factory.ts";
import { authorizedOrder, readAccountWord, signedOrder } from "../../support/builders/order.ts";
import { signOrderTerms } from "../../support/builders/order-terms.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, registrationOf } from "../../support/deploy-contracts.ts";
import {
  ALL_SCOPES,
  accountWord,
  DAY,
  KIND,
  merchantWord,
  ORDER_STATE,
  orderWord,
  STATUS,
} from "../../support/words.ts";

const { load, time } = await openTestChain();

describe("SettlementLedger.authorize", () => {
  it("holds the payer's money and stores the order's word", async () => {
    const network = await load();
    const { ledger, tokenAddress } = network;
    const { operator, payer, merchant } = network.actors;
    const { id, terms, signature } = await signedOrder(network, { fixedFee: 7n });

    const authorized = await ledger.connect(operator).authorize(terms, signature);

    const order = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized });
    const account = accountWord({ available: PAYER_FUNDS - 10_000n });
    await expect(authorized)
      .to.emit(ledger, "OrderAuthorized")
      .withArgs(
        id,
        merchant.address,
        payer.address,
        operator.address,
        tokenAddress,
        10_000n,
        500n,
        7n,
        order,
        account,
      );
    expect(await ledger.orderWord(id)).to.equal(order);
    expect(await readAccountWord(network, payer)).to.equal(account);
    await expectConservation(network);
  });

  it("returns the EIP-712 digest of the terms, as a wallet computes it", async () => {
    const network = await load();
    const { ledger, ethers, actors } = network;
    const { id, terms, signature } = await signedOrder(network);

    const signer = ethers.recoverAddress(id, signature);

    expect(signer).to.equal(actors.payer.address);
    expect(await ledger.connect(actors.operator).authorize.staticCall(terms, signature)).to.equal(id);
  });

  it("holds the whole available balance", async () => {
    const network = await load();

    await authorizedOrder(network, { amount: PAYER_FUNDS });

    expect(await readAccountWord(network, network.actors.payer)).to.equal(accountWord({}));
    await expectConservation(network);
  });

  it("reverts with AccountsInsufficient when the amount is above what is available", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await signedOrder(network, { amount: PAYER_FUNDS + 1n });

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.payer.address, PAYER_FUNDS + 1n, PAYER_FUNDS);
  });

  it("reverts with LedgerForbidden when the terms name no operator, though a stranger is a key of none", async () => {
    const network = await load();
    const { ledger, actors, collector } = network;
    const { terms, signature } = await signedOrder(network, { operator: `0x${"00".repeat(20)}` });
    const stranger = ledger.connect(actors.outsider);

    for (const call of [
      stranger.authorize(terms, signature),
      stranger.charge(terms, signature),
      stranger.authorizeBatch([terms], [signature], true),
      stranger.authorizeThrough(terms, signature, collector, "0x"),
    ]) {
      await expect(call)
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(actors.outsider.address);
    }
  });

  it("reverts with LedgerForbidden when the caller is no key of the operator", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await signedOrder(network);

    for (const caller of [
      actors.payer,
      actors.merchant,
      actors.otherOperator,
      actors.settler,
      actors.admin,
    ]) {
      await expect(ledger.connect(caller).authorize(terms, signature))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });

  it("reverts with OrderAlreadyExists given the same terms authorized before", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms, signature } = await authorizedOrder(network);

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
      .withArgs(id);
    await expectConservation(network);
  });

  it("reverts with OrderAlreadyExists given an order that has ended", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms, signature } = await authorizedOrder(network);
    await ledger.connect(actors.operator).void(terms, terms.amount);

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
      .withArgs(id);
  });

  context("given the last second of authorizeBy", () => {
    it("holds the money", async () => {
      const network = await load();
      const { terms, signature } = await signedOrder(network);
      await time.setNextBlockTimestamp(terms.authorizeBy);

      await network.ledger.connect(network.actors.operator).authorize(terms, signature);

      await expectConservation(network);
    });

    it("reverts with OrderExpired one second later", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms, signature } = await signedOrder(network);
      await time.setNextBlockTimestamp(terms.authorizeBy + 1);

      await expect(ledger.connect(actors.operator).authorize(terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderExpired")
        .withArgs(id, terms.authorizeBy, terms.authorizeBy + 1);
    });
  });

  for (const role of ["payer", "merchant"] as const) {
    for (const status of [STATUS.restricted, STATUS.frozen]) {
      it(`reverts with AccountsNotActive given a ${role} in status ${status}`, async () => {
        const network = await load();
        const { ledger, registry, actors } = network;
        const act = status === STATUS.frozen ? "freeze" : "restrict";
        await registry.connect(actors.compliance)[act]([actors[role]]);
        const { terms, signature } = await signedOrder(network);

        await expect(ledger.connect(actors.operator).authorize(terms, signature))
          .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
          .withArgs(actors[role].address, status);
      });
    }
  }

  it("reverts with AccountsNotActive when the merchant is unknown to the book", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await signedOrder(network, { merchant: actors.outsider.address });

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.outsider.address, STATUS.none);
  });

  it("reverts with AccountsKycExpired from the second after the start of the day on which due diligence ends", async () => {
    const network = await load();
    const { ledger, token, registry, actors } = network;
    const { outsider, operator, registrar, issuer } = actors;
    const kycUntil = (BigInt(network.startedAt) / DAY + 1n) * DAY;
    const registration = registrationOf(outsider.address, KIND.payer, kycUntil + DAY - 1n);
    await registry.connect(registrar).register(registration);
    await ledger.connect(issuer).deposit(operator, token, outsider, 20_000n);
    const first = await signedOrder(network, { payer: outsider.address }, outsider);
    const second = await signedOrder(network, { payer: outsider.address, nonce: 1n }, outsider);

    await time.setNextBlockTimestamp(kycUntil);
    await ledger.connect(operator).authorize(first.terms, first.signature);
    await time.setNextBlockTimestamp(kycUntil + 1n);
    await expect(ledger.connect(operator).authorize(second.terms, second.signature))
      .to.be.revertedWithCustomError(ledger, "AccountsKycExpired")
      .withArgs(outsider.address, kycUntil, kycUntil + 1n);
    await expectConservation(network);
  });

  it("reverts with OrderOperatorNotAccepted given a merchant that withdrew its consent", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 0n);
    const { terms, signature } = await signedOrder(network);

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
      .withArgs(actors.merchant.address, actors.operator.address, 16n, STATUS.active | 8n);
  });

  it("reverts with OrderOperatorNotAccepted when the payee is no merchant", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await signedOrder(network, { merchant: actors.otherPayer.address });

    await expect(ledger.connect(actors.operator).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
      .withArgs(actors.otherPayer.address, actors.operator.address, 16n, STATUS.active);
  });

  context("when the payer is a contract wallet", () => {
    it("holds the money on an ERC-1271 signature of its owner", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const wallet = await fundedWallet(network);
      const { id, terms, signature } = await signedOrder(network, { payer: wallet }, actors.payer);

      await ledger.connect(actors.operator).authorize(terms, signature);

      expect(await ledger.orderWord(id)).not.to.equal(0n);
      await expectConservation(network);
    });

    it("reverts with OrderSignatureInvalid on a stranger's signature", async () => {
      const network = await load();
      const { ledger, actors } = network;
      const wallet = await fundedWallet(network);
      const { id, terms, signature } = await signedOrder(network, { payer: wallet }, actors.outsider);

      await expect(ledger.connect(actors.operator).authorize(terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
        .withArgs(id, wallet);
    });
  });

  for (const [name, forge] of Object.entries({
    "by another account": (_valid: string, forged: string) => forged,
    "without a byte": (valid: string) => valid.slice(0, -2),
    "of nothing": () => "0x",
    "of zeros": () => `0x${"00".repeat(65)}`,
  })) {
    it(`reverts with OrderSignatureInvalid on a signature ${name}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const { id, terms, signature } = await signedOrder(network);
      const forged = forge(signature, await signOrderTerms(network, terms, actors.outsider));

      await expect(ledger.connect(actors.operator).authorize(terms, forged))
        .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
        .withArgs(id, actors.payer.address);
    });
  }

  it("leaves what the merchant lets the operator do in the merchant's word", async () => {
    const network = await load();

    await authorizedOrder(network);

    const word = merchantWord({ scopes: ALL_SCOPES });
    expect(await readAccountWord(network, network.actors.merchant)).to.equal(word);
  });
});

async function fundedWallet(network: Awaited<ReturnType<typeof load>>): Promise<`0x${string}`> {
  const { ledger, token, registry, actors } = network;
  const wallet = await new ContractWallet__factory(actors.admin).deploy(actors.payer);
  const address = (await wallet.getAddress()) as `0x${string}`;
  await registry.connect(actors.registrar).register(registrationOf(address, KIND.payer));
  await ledger.connect(actors.issuer).deposit(actors.operator, token, address, 50_000n);
  return address;
}
