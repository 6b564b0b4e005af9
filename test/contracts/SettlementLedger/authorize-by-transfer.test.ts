import { expect } from "chai";
import { fundGuarantee, readAccountWord, signedOrder, type TestOrder } from "../../support/builders/order.ts";
import { signCancelAuthorization, signReceive } from "../../support/builders/token-signatures.ts";
import { transferOrder } from "../../support/builders/transfer-order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
import { accountWord, DAY, MAX_U80, ORDER_STATE, orderWord, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

describe("SettlementLedger.authorizeByTransfer", () => {
  it("holds money that the payer's one signature sends, whoever submits it", async () => {
    const network = await load();
    const { ledger, token, vault, actors } = network;
    const { id, terms, signature } = await transferOrder(network);

    const authorized = await ledger.connect(actors.outsider).authorizeByTransfer(terms, signature);

    const word = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized });
    await expect(authorized)
      .to.emit(ledger, "OrderAuthorized")
      .withArgs(id, terms.merchant, terms.payer, terms.operator, terms.token, 10_000n, 500n, 0n, word, 0n);
    await expect(authorized)
      .to.emit(token, "Transfer")
      .withArgs(terms.payer, await vault.getAddress(), 10_000n);
    await expect(authorized).to.emit(token, "AuthorizationUsed").withArgs(terms.payer, id);
    expect(await ledger.orderWord(id)).to.equal(word);
    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });

  it("is captured and given back like any other order", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, signature } = await transferOrder(network);
    await ledger.authorizeByTransfer(terms, signature);

    await ledger.connect(actors.operator).capture(terms, 4_000n);
    await ledger.connect(actors.merchant).refund(terms, 1_000n);
    await ledger.connect(actors.operator).void(terms, 6_000n);

    expect(await readAccountWord(network, actors.payer)).to.equal(
      accountWord({ available: PAYER_FUNDS + 7_000n }),
    );
    await expectConservation(network);
  });

  for (const [name, alter] of Object.entries({
    nonce: () => ({ nonce: ethers.id("another order") }),
    amount: () => ({ value: 9_999n }),
    vault: ({ actors }: TestNetwork) => ({ to: actors.outsider.address }),
    "last second": (_: TestNetwork, { terms }: TestOrder) => ({ validBefore: BigInt(terms.authorizeBy) }),
    "first second": () => ({ validAfter: 1n }),
  })) {
    it(`reverts when the payer signed another ${name}`, async () => {
      const network = await load();
      const { ledger, token, actors } = network;
      const order = await transferOrder(network);
      const altered = { ...order.authorization, ...alter(network, order) };
      const signature = await signReceive(network, altered, actors.payer);

      await expect(ledger.authorizeByTransfer(order.terms, signature)).to.be.revertedWithCustomError(
        token,
        "ERC3009InvalidSignature",
      );
      expect(await ledger.orderWord(order.id)).to.equal(0n);
    });
  }

  it("reverts when the signature is another's, or is not 65 bytes", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { terms, authorization, signature } = await transferOrder(network);

    for (const wrong of [
      await signReceive(network, authorization, actors.otherPayer),
      "0x",
      signature.slice(0, -2),
    ]) {
      await expect(ledger.authorizeByTransfer(terms, wrong)).to.be.revert(ethers);
    }
  });

  it("reverts on the payer's signature of the terms, which sends nothing", async () => {
    const network = await load();
    const { ledger, token } = network;
    const { terms } = await transferOrder(network);
    const { signature } = await signedOrder(network);

    await expect(ledger.authorizeByTransfer(terms, signature)).to.be.revertedWithCustomError(
      token,
      "ERC3009InvalidSignature",
    );
  });

  it("lets nobody bring the money in before its order, nor for other terms", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { id, terms, authorization, signature } = await transferOrder(network);
    const { v, r, s } = ethers.Signature.from(signature);
    const { from, to, value, validAfter, validBefore, nonce } = authorization;

    for (const verb of ["receiveWithAuthorization", "transferWithAuthorization"] as const) {
      const ahead = token
        .connect(actors.outsider)
        .getFunction(`${verb}(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)`)(
        from,
        to,
        value,
        validAfter,
        validBefore,
        nonce,
        v,
        r,
        s,
      );
      await expect(ahead).to.be.revert(ethers);
    }
    for (const theft of [{ merchant: actors.otherMerchant.address }, { feeBps: 10_000 }, { amount: 1n }]) {
      await expect(
        ledger.authorizeByTransfer({ ...terms, ...theft }, signature),
      ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
    }
    await ledger.authorizeByTransfer(terms, signature);

    expect(await ledger.orderWord(id)).not.to.equal(0n);
    await expectConservation(network);
  });

  it("reverts with OrderAlreadyExists given the same terms authorized or canceled before", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const used = await transferOrder(network);
    await ledger.authorizeByTransfer(used.terms, used.signature);
    const canceled = await transferOrder(network, { nonce: 1n });
    await ledger.connect(actors.payer).cancel(canceled.terms, "0x");

    for (const { id, terms, signature } of [used, canceled]) {
      await expect(ledger.authorizeByTransfer(terms, signature))
        .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
        .withArgs(id);
    }
    await expectConservation(network);
  });

  it("reverts when the payer canceled the authorization at the token", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { id, terms, signature } = await transferOrder(network);
    const cancellation = ethers.Signature.from(await signCancelAuthorization(network, id, actors.payer));
    await token.cancelAuthorization(actors.payer, id, cancellation.v, cancellation.r, cancellation.s);

    await expect(ledger.authorizeByTransfer(terms, signature)).to.be.revert(ethers);
  });

  it("holds in the last second of authorizeBy, and reverts with OrderExpired one second later", async () => {
    const network = await load();
    const { ledger } = network;
    const first = await transferOrder(network);
    const second = await transferOrder(network, { nonce: 1n });
    const { authorizeBy } = first.terms;
    await time.setNextBlockTimestamp(authorizeBy);
    await ledger.authorizeByTransfer(first.terms, first.signature);

    await time.setNextBlockTimestamp(authorizeBy + 1);
    await expect(ledger.authorizeByTransfer(second.terms, second.signature))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(second.id, authorizeBy, authorizeBy + 1);
  });

  it("reverts with AmountInvalid on an amount above 80 bits, and with AccountsBookLimit beyond the book", async () => {
    const network = await load();
    const { ledger } = network;
    const tooWide = await transferOrder(network, { amount: MAX_U80 + 1n });
    await fundGuarantee(network, MAX_U80 - 2n * PAYER_FUNDS);
    const tooMuch = await transferOrder(network, { amount: 1n });

    await expect(ledger.authorizeByTransfer(tooWide.terms, tooWide.signature))
      .to.be.revertedWithCustomError(ledger, "AmountInvalid")
      .withArgs(MAX_U80 + 1n, MAX_U80);
    await expect(ledger.authorizeByTransfer(tooMuch.terms, tooMuch.signature))
      .to.be.revertedWithCustomError(ledger, "AccountsBookLimit")
      .withArgs(MAX_U80 + 1n, MAX_U80);
  });

  it("reverts with OrderOperatorNotAccepted given a merchant that withdrew its consent", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    await registry.connect(actors.merchant).acceptOperator(actors.operator, 0n);
    const { terms, signature } = await transferOrder(network);

    await expect(ledger.authorizeByTransfer(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
      .withArgs(actors.merchant.address, actors.operator.address, 16n, STATUS.active | 8n);
  });

  it("reverts with OrderSplitsInvalid on terms that name payees", async () => {
    const network = await load();
    const { ledger } = network;
    const splitsHash = ethers.id("payees") as `0x${string}`;
    const { id, terms, signature } = await transferOrder(network, { splitsHash });

    await expect(ledger.authorizeByTransfer(terms, signature))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHash, ethers.ZeroHash);
  });

  it("reverts with AccountsKycExpired given a payer whose due diligence has expired", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { terms, signature } = await transferOrder(network);
    const today = (BigInt(network.startedAt) / DAY) * DAY;
    await registry.connect(actors.registrar).setKyc(actors.payer, 1n, today);

    await expect(ledger.authorizeByTransfer(terms, signature)).to.be.revertedWithCustomError(
      ledger,
      "AccountsKycExpired",
    );
  });
});
