import { expect } from "chai";
import { FeeOnTransferToken__factory } from "../../../types/ethers-contracts/factories/mocks/FeeOnTransferToken__factory.ts";
import { SeizableToken__factory } from "../../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { openBookIn, upgradeTo } from "../../support/builders/book.ts";
import { fundGuarantee, readAccountWord, signedOrder } from "../../support/builders/order.ts";
import { signPermit } from "../../support/builders/token-signatures.ts";
import { expectConservation } from "../../support/conservation.ts";
import {
  openTestChain,
  PAYER_FUNDS,
  registrationOf,
  type TestNetwork,
} from "../../support/deploy-contracts.ts";
import { accountWord, DAY, KIND, MAX_U80, ORDER_STATE, orderWord, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

describe("SettlementLedger.authorizeThrough", () => {
  it("holds money that the payer's permit brings in from its wallet", async () => {
    const network = await load();
    const { ledger, token, vault, collector, actors } = network;
    const { id, terms, signature } = await fundedOrder(network);
    const { data } = await signPermit(network, 10_000n, terms.authorizeBy, actors.payer);

    const authorized = await ledger
      .connect(actors.operator)
      .authorizeThrough(terms, signature, collector, data);

    const word = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized });
    await expect(authorized)
      .to.emit(ledger, "OrderCollected")
      .withArgs(id, await collector.getAddress(), 10_000n);
    await expect(authorized)
      .to.emit(ledger, "OrderAuthorized")
      .withArgs(id, terms.merchant, terms.payer, terms.operator, terms.token, 10_000n, 500n, 0n, word, 0n);
    await expect(authorized)
      .to.emit(token, "Transfer")
      .withArgs(terms.payer, await vault.getAddress(), 10_000n);
    expect(await ledger.orderWord(id)).to.equal(word);
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });

  it("gives the money back to the payer's available balance", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);
    const { data } = await signPermit(network, 10_000n, terms.authorizeBy, actors.payer);
    await ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, data);

    await ledger.connect(actors.merchant).void(terms, 10_000n);

    await ledger.connect(actors.payer).withdraw(actors.operator, token, PAYER_FUNDS + 10_000n);
    await expectConservation(network);
  });

  it("opens the account of a payer that the book does not know", async () => {
    const network = await load();
    const { ledger, token, registry, collector, actors } = network;
    const { outsider, operator, registrar, issuer } = actors;
    await registry.connect(registrar).register(registrationOf(outsider.address, KIND.payer));
    await token.connect(issuer).transfer(outsider, 10_000n);
    const { terms, signature } = await signedOrder(network, { payer: outsider.address }, outsider);
    const { data } = await signPermit(network, 10_000n, terms.authorizeBy, outsider);

    await ledger.connect(operator).authorizeThrough(terms, signature, collector, data);

    expect(await readAccountWord(network, outsider)).to.equal(accountWord({}));
    await expectConservation(network);
  });

  it("spends an allowance that was given before", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);
    await token.connect(actors.payer).approve(collector, 10_000n);

    await ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x");

    await expectConservation(network);
  });

  it("does not mind that somebody submitted the permit before", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);
    const permit = await signPermit(network, 10_000n, terms.authorizeBy, actors.payer);
    const { v, r, s } = permit.signature;
    await token.connect(actors.outsider).permit(actors.payer, collector, 10_000n, terms.authorizeBy, v, r, s);

    await ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, permit.data);

    await expectConservation(network);
  });

  it("reverts with OrderOperatorNotAccepted given a merchant that withdrew its consent", async () => {
    const network = await load();
    const { ledger, registry, collector, actors } = network;
    const { operator, merchant } = actors;
    const { terms, signature } = await fundedOrder(network);
    await registry.connect(merchant).acceptOperator(operator, 0n);

    await expect(ledger.connect(operator).authorizeThrough(terms, signature, collector, "0x"))
      .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
      .withArgs(merchant.address, operator.address, 16n, STATUS.active | 8n);
  });

  it("reverts with the token's error when the permit is another's and nothing was allowed", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);
    const { data } = await signPermit(network, 10_000n, terms.authorizeBy, actors.otherPayer);

    await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, data))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(await collector.getAddress(), 0n, 10_000n);
  });

  it("reverts with LedgerForbidden when the caller is no key of the operator", async () => {
    const network = await load();
    const { ledger, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);

    for (const caller of [actors.payer, actors.merchant, actors.otherOperator, actors.settler]) {
      await expect(ledger.connect(caller).authorizeThrough(terms, signature, collector, "0x"))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });

  it("reverts with CollectorForbidden when the collector is unknown, or no longer allowed", async () => {
    const network = await load();
    const { ledger, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);
    await ledger.setCollector(collector, false);

    for (const refused of [actors.outsider.address, await collector.getAddress()]) {
      await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, refused, "0x"))
        .to.be.revertedWithCustomError(ledger, "CollectorForbidden")
        .withArgs(refused);
    }
  });

  it("reverts with OrderSignatureInvalid when the payer did not sign the terms", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    await token.connect(actors.payer).approve(collector, MAX_U80);
    const { id, terms, signature } = await signedOrder(network, {}, actors.outsider);

    await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x"))
      .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
      .withArgs(id, actors.payer.address);
  });

  it("reverts with OrderAlreadyExists given the same terms authorized or canceled before", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    await token.connect(actors.payer).approve(collector, MAX_U80);
    const used = await fundedOrder(network);
    const canceled = await signedOrder(network, { nonce: 1n });
    await ledger.connect(actors.operator).authorizeThrough(used.terms, used.signature, collector, "0x");
    await ledger.connect(actors.payer).cancel(canceled.terms, "0x");

    for (const { id, terms, signature } of [used, canceled]) {
      await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x"))
        .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
        .withArgs(id);
    }
    await expectConservation(network);
  });

  it("holds in the last second of authorizeBy, and reverts with OrderExpired one second later", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const first = await fundedOrder(network);
    const second = await signedOrder(network, { nonce: 1n });
    const { authorizeBy } = first.terms;
    await token.connect(actors.payer).approve(collector, MAX_U80);
    await time.setNextBlockTimestamp(authorizeBy);
    await ledger.connect(actors.operator).authorizeThrough(first.terms, first.signature, collector, "0x");

    await time.setNextBlockTimestamp(authorizeBy + 1);
    await expect(
      ledger.connect(actors.operator).authorizeThrough(second.terms, second.signature, collector, "0x"),
    )
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(second.id, authorizeBy, authorizeBy + 1);
  });

  it("reverts with AccountsBookLimit when the book would owe more than it may", async () => {
    const network = await load();
    const { ledger, collector, actors } = network;
    await fundGuarantee(network, MAX_U80 - 2n * PAYER_FUNDS);
    const { terms, signature } = await fundedOrder(network);

    await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x"))
      .to.be.revertedWithCustomError(ledger, "AccountsBookLimit")
      .withArgs(MAX_U80 + 10_000n, MAX_U80);
  });

  it("reverts with AccountsInexactTransfer when the collector brings less", async () => {
    const network = await load();
    const { ledger, collector, actors } = network;
    const token = await new SeizableToken__factory(actors.admin).deploy();
    await openBookIn(network, token);
    await upgradeTo(network, token, await new FeeOnTransferToken__factory(actors.admin).deploy());
    await token.mint(actors.payer, 10_000n);
    await token.connect(actors.payer).approve(collector, 10_000n);
    const address = (await token.getAddress()) as `0x${string}`;
    const { terms, signature } = await signedOrder(network, { token: address });

    await expect(ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x"))
      .to.be.revertedWithCustomError(ledger, "AccountsInexactTransfer")
      .withArgs(10_000n, 9_900n);
  });

  it("reverts with AccountsNotActive given a frozen payer, in a token that knows nothing of it", async () => {
    const network = await load();
    const { ledger, registry, collector, actors } = network;
    const order = await orderInAllowedToken(network);
    await registry.connect(actors.compliance).freeze([actors.payer]);

    await expect(
      ledger.connect(actors.operator).authorizeThrough(order.terms, order.signature, collector, "0x"),
    )
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.payer.address, STATUS.frozen);
  });

  it("reverts with AccountsKycExpired given a payer whose due diligence has expired", async () => {
    const network = await load();
    const { ledger, registry, collector, actors } = network;
    const { terms, signature } = await fundedOrder(network);
    const today = (BigInt(network.startedAt) / DAY) * DAY;
    await registry.connect(actors.registrar).setKyc(actors.payer, 1n, today);

    await expect(
      ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, "0x"),
    ).to.be.revertedWithCustomError(ledger, "AccountsKycExpired");
  });
});

describe("PermitCollector.collect", () => {
  it("reverts with CollectorNotLedger when anyone but the ledger calls", async () => {
    const { collector, tokenAddress, actors } = await load();
    const { payer, operator, outsider } = actors;

    for (const caller of [payer, operator, outsider]) {
      const collect = collector
        .connect(caller)
        .collect(ethers.ZeroHash, tokenAddress, payer, outsider, 1n, "0x");
      await expect(collect)
        .to.be.revertedWithCustomError(collector, "CollectorNotLedger")
        .withArgs(caller.address);
    }
  });
});

/** An order whose payer has the money in its wallet. */
async function fundedOrder(network: TestNetwork) {
  await network.token.connect(network.actors.issuer).transfer(network.actors.payer, 10_000n);
  return signedOrder(network);
}

/** An order in a token without permissions, which its payer lets the collector take. */
async function orderInAllowedToken(network: TestNetwork) {
  const { collector, actors } = network;
  const token = await new SeizableToken__factory(actors.admin).deploy();
  await openBookIn(network, token);
  await token.mint(actors.payer, 10_000n);
  await token.connect(actors.payer).approve(collector, 10_000n);
  return signedOrder(network, { token: (await token.getAddress()) as `0x${string}` });
}
