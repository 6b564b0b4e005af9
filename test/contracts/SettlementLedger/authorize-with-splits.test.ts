import { expect } from "chai";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { readAccountWord, signedOrder } from "../../support/builders/order.ts";
import {
  authorizedSplitOrder,
  registeredSplits,
  registerPayees,
  type Split,
  signedSplitOrder,
  splitsHashOf,
} from "../../support/builders/splits.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS } from "../../support/deploy-contracts.ts";
import { accountWord, DAY, ORDER_STATE, orderWord, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

/** Splits that break one rule each. */
const INVALID: Record<string, (splits: Split[], merchant: Hex) => Split[]> = {
  "nine payees": (splits) => splits,
  "payees that do not ascend": ([first, second]) => [second, first] as Split[],
  "the same payee twice": ([first]) => [first, first] as Split[],
  "the merchant as a payee": ([first], merchant) => ascending([first as Split, { payee: merchant, bps: 1 }]),
  "the zero address as a payee": ([first]) => [{ payee: ethers.ZeroAddress as Hex, bps: 1 }, first as Split],
  "a payee with nothing": ([first, second]) => [first, { ...second, bps: 0 }] as Split[],
  "more than the whole": ([first, second]) => [
    { ...first, bps: 9_000 } as Split,
    { ...second, bps: 1_001 } as Split,
  ],
};

describe("SettlementLedger.authorizeWithSplits", () => {
  it("holds the payer's money like any other order", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000, 2_000]);
    const { id, terms, signature } = await signedSplitOrder(network, splits);

    const authorized = await ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature);

    const word = orderWord({ capturable: 10_000n, state: ORDER_STATE.authorized });
    const payerWord = accountWord({ available: PAYER_FUNDS - 10_000n });
    const parties = [id, terms.merchant, terms.payer, terms.operator, terms.token];
    await expect(authorized)
      .to.emit(ledger, "OrderAuthorized")
      .withArgs(...parties, 10_000n, 500n, 0n, word, payerWord);
    expect(await readAccountWord(network, actors.payer)).to.equal(payerWord);
    await expectConservation(network);
  });

  it("accepts eight payees that get the whole", async () => {
    const network = await load();
    const splits = await registeredSplits(
      network,
      Array.from({ length: 8 }, () => 1_250),
    );

    const { id } = await authorizedSplitOrder(network, splits);

    expect(await network.ledger.orderWord(id)).not.to.equal(0n);
    await expectConservation(network);
  });

  for (const [name, break_] of Object.entries(INVALID)) {
    it(`reverts with OrderSplitsInvalid given ${name}`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const good = await registeredSplits(
        network,
        Array.from({ length: 9 }, () => 100),
      );
      const splits = break_(good, actors.merchant.address);
      const { id, terms, signature } = await signedSplitOrder(network, splits);

      await expect(ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature))
        .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
        .withArgs(id, splitsHashOf(splits), splitsHashOf(splits));
    });
  }

  it("reverts with OrderSplitsInvalid when the payees are not those that the payer signed", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const [only] = splits as [Split];
    const more = [{ ...only, bps: 1_001 }];
    const { id, terms, signature } = await signedSplitOrder(network, splits);
    const plain = await signedOrder(network, { nonce: 1n });
    const call = ledger.connect(actors.operator).authorizeWithSplits;

    await expect(call(terms, more, signature))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), splitsHashOf(more));
    await expect(call(terms, [], signature))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(id, splitsHashOf(splits), ethers.ZeroHash);
    await expect(call(plain.terms, splits, plain.signature))
      .to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid")
      .withArgs(plain.id, ethers.ZeroHash, splitsHashOf(splits));
  });

  it("reverts with OrderOperatorNotAccepted given a payee that did not accept the operator, or no longer", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const [payee] = await registerPayees(network, 1);
    if (payee === undefined) throw new RangeError("There is no payee.");
    await registry.connect(payee).acceptOperator(actors.operator, 0n, { gasPrice: 0n });

    for (const { address, flags } of [
      { address: payee.address, flags: STATUS.active | 8n },
      { address: actors.otherPayer.address, flags: STATUS.active },
    ]) {
      const splits = [{ payee: address as Hex, bps: 1 }];
      const { terms, signature } = await signedSplitOrder(network, splits);
      await expect(ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature))
        .to.be.revertedWithCustomError(ledger, "OrderOperatorNotAccepted")
        .withArgs(address, actors.operator.address, 16n, flags);
    }
  });

  it("reverts with AccountsNotActive given a payee that is frozen or unknown", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const [split] = (await registeredSplits(network, [1_000])) as [Split];
    await registry.connect(actors.compliance).freeze([split.payee]);

    for (const [payee, status] of [
      [split.payee, STATUS.frozen],
      [actors.outsider.address, STATUS.none],
    ] as const) {
      const splits = [{ payee, bps: 1 }];
      const { terms, signature } = await signedSplitOrder(network, splits);
      await expect(ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature))
        .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
        .withArgs(payee, status);
    }
  });

  it("reverts with AccountsKycExpired given a payee whose due diligence has expired", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const [{ payee }] = splits as [Split];
    await registry.connect(actors.registrar).setKyc(payee, 1n, (BigInt(network.startedAt) / DAY) * DAY);
    const { terms, signature } = await signedSplitOrder(network, splits);

    await expect(
      ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature),
    ).to.be.revertedWithCustomError(ledger, "AccountsKycExpired");
  });

  it("reverts with LedgerForbidden when the caller is no key of the operator", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const { terms, signature } = await signedSplitOrder(network, splits);

    for (const caller of [actors.payer, actors.merchant, actors.otherOperator, actors.settler]) {
      await expect(ledger.connect(caller).authorizeWithSplits(terms, splits, signature))
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(caller.address);
    }
  });

  it("reverts with OrderAlreadyExists given the same terms, and OrderSignatureInvalid on another's signature", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const used = await authorizedSplitOrder(network, splits);
    const next = await signedSplitOrder(network, splits, { nonce: 1n });
    const call = ledger.connect(actors.operator).authorizeWithSplits;

    await expect(call(used.terms, splits, used.signature))
      .to.be.revertedWithCustomError(ledger, "OrderAlreadyExists")
      .withArgs(used.id);
    await expect(call(next.terms, splits, used.signature))
      .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
      .withArgs(next.id, actors.payer.address);
  });

  it("holds in the last second of authorizeBy, and reverts with OrderExpired one second later", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [1_000]);
    const first = await signedSplitOrder(network, splits);
    const second = await signedSplitOrder(network, splits, { nonce: 1n });
    const { authorizeBy } = first.terms;
    const call = ledger.connect(actors.operator).authorizeWithSplits;
    await time.setNextBlockTimestamp(authorizeBy);
    await call(first.terms, splits, first.signature);

    await time.setNextBlockTimestamp(authorizeBy + 1);
    await expect(call(second.terms, splits, second.signature))
      .to.be.revertedWithCustomError(ledger, "OrderExpired")
      .withArgs(second.id, authorizeBy, authorizeBy + 1);
  });
});

function ascending(splits: Split[]): Split[] {
  return splits.sort((a, b) => (a.payee.toLowerCase() < b.payee.toLowerCase() ? -1 : 1));
}
