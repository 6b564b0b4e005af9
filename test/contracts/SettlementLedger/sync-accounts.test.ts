import { expect } from "chai";
import { authorizedOrder, closeOpenCycle, readAccountWord } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, registrationOf } from "../../support/deploy-contracts.ts";
import { accountWord, KIND, merchantWord, STATUS } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.syncAccounts", () => {
  it("opens an account in the book's open cycle with the registry's standing, whoever calls", async () => {
    const network = await load();
    const { ledger, registry, tokenAddress, actors } = network;
    await closeOpenCycle(network, []);
    await registry.connect(actors.registrar).register(registrationOf(actors.outsider.address, KIND.merchant));

    const synced = await ledger
      .connect(actors.otherPayer)
      .syncAccounts(actors.operator, tokenAddress, [actors.outsider]);

    const word = merchantWord({ scopes: 0n, openCycle: 2n });
    await expect(synced)
      .to.emit(ledger, "AccountSynced")
      .withArgs(actors.operator.address, tokenAddress, actors.outsider.address, word);
    await expectConservation(network);
  });

  it("leaves balances and cycle of a known account", async () => {
    const network = await load();
    const { ledger, tokenAddress, actors } = network;
    await closeOpenCycle(network, []);

    await ledger.syncAccounts(actors.operator, tokenAddress, [actors.payer, actors.merchant]);

    expect(await readAccountWord(network, actors.payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    expect(await readAccountWord(network, actors.merchant)).to.equal(merchantWord({}));
    await expectConservation(network);
  });

  it("gives a stranger an account that can do nothing", async () => {
    const network = await load();
    const { ledger, tokenAddress, actors } = network;

    await ledger.syncAccounts(actors.operator, tokenAddress, [actors.outsider]);

    const word = accountWord({ status: STATUS.none, kycUntil: 0n });
    expect(await readAccountWord(network, actors.outsider)).to.equal(word);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, tokenAddress, actors } = await load();

    await expect(ledger.syncAccounts(actors.otherOperator, tokenAddress, [actors.payer]))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });
});

describe("SettlementLedger.refresh", () => {
  it("copies a freeze into every book that knows the account, within the registry's call", async () => {
    const network = await load();
    const { ledger, registry, tokenAddress, actors } = network;
    await ledger.openBook(actors.otherOperator, tokenAddress);
    await ledger.syncAccounts(actors.otherOperator, tokenAddress, [actors.payer]);

    await registry.connect(actors.compliance).freeze([actors.payer]);

    const own = accountWord({ available: PAYER_FUNDS, status: STATUS.frozen });
    expect(await readAccountWord(network, actors.payer)).to.equal(own);
    expect(await ledger.accountWord(actors.otherOperator, tokenAddress, actors.payer)).to.equal(
      accountWord({ status: STATUS.frozen }),
    );
    await expectConservation(network);
  });

  it("leaves books alone that do not know the account", async () => {
    const network = await load();
    const { ledger, registry, tokenAddress, actors } = network;
    await ledger.openBook(actors.otherOperator, tokenAddress);

    await registry.connect(actors.compliance).freeze([actors.payer]);

    expect(await ledger.accountWord(actors.otherOperator, tokenAddress, actors.payer)).to.equal(0n);
  });

  it("changes nothing when anyone calls it without cause", async () => {
    const network = await load();
    const { ledger, actors } = network;
    await authorizedOrder(network);
    const before = await readAccountWord(network, actors.payer);

    await ledger.connect(actors.outsider).refresh(actors.payer);

    expect(await readAccountWord(network, actors.payer)).to.equal(before);
    await expectConservation(network);
  });

  it("keeps scopes of one operator out of another's book", async () => {
    const network = await load();
    const { ledger, registry, tokenAddress, actors } = network;
    await ledger.openBook(actors.otherOperator, tokenAddress);
    await ledger.syncAccounts(actors.otherOperator, tokenAddress, [actors.merchant]);

    await registry.connect(actors.merchant).acceptOperator(actors.otherOperator, 1n);

    expect(await ledger.accountWord(actors.otherOperator, tokenAddress, actors.merchant)).to.equal(
      merchantWord({ scopes: 1n }),
    );
    expect(await readAccountWord(network, actors.merchant)).to.equal(merchantWord({}));
  });
});
