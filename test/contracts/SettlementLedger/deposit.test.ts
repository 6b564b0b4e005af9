import { expect } from "chai";
import { FalseReturningToken__factory } from "../../../types/ethers-contracts/factories/mocks/FalseReturningToken__factory.ts";
import { FeeOnTransferToken__factory } from "../../../types/ethers-contracts/factories/mocks/FeeOnTransferToken__factory.ts";
import { SeizableToken__factory } from "../../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { mintAndApprove, openBookIn, upgradeTo } from "../../support/builders/book.ts";
import { fundGuarantee, readAccountWord } from "../../support/builders/order.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, registrationOf } from "../../support/deploy-contracts.ts";
import { accountWord, KIND, MAX_U80, STATUS } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.deposit", () => {
  it("makes the amount available and counts it as owed", async () => {
    const network = await load();
    const { ledger, token, vault, tokenAddress } = network;
    const { issuer, operator, payer } = network.actors;

    const deposited = await ledger.connect(issuer).deposit(operator, token, payer, 500n);

    const word = accountWord({ available: PAYER_FUNDS + 500n });
    await expect(deposited)
      .to.emit(ledger, "Deposited")
      .withArgs(operator.address, payer.address, tokenAddress, issuer.address, 500n, word);
    await expect(deposited)
      .to.emit(token, "Transfer")
      .withArgs(issuer.address, await vault.getAddress(), 500n);
    await expectConservation(network);
  });

  it("opens an account at its first deposit, with the standing that the registry has", async () => {
    const network = await load();
    const { ledger, token, registry, tokenAddress } = network;
    const { issuer, operator, outsider, registrar } = network.actors;
    await registry.connect(registrar).register(registrationOf(outsider.address, KIND.payer, 4_000_000_000n));

    const deposited = await ledger.connect(issuer).deposit(operator, token, outsider, 1n);

    const opened = accountWord({ kycUntil: 4_000_000_000n });
    await expect(deposited)
      .to.emit(ledger, "AccountSynced")
      .withArgs(operator.address, tokenAddress, outsider.address, opened);
    expect(await readAccountWord(network, outsider)).to.equal(opened + 1n);
    await expectConservation(network);
  });

  it("takes as much as the book can hold", async () => {
    const network = await load();
    const { issuer, operator, payer } = network.actors;

    await network.ledger.connect(issuer).deposit(operator, network.token, payer, MAX_U80 - 2n * PAYER_FUNDS);

    expect(await readAccountWord(network, payer)).to.equal(accountWord({ available: MAX_U80 - PAYER_FUNDS }));
    await expectConservation(network);
  });

  it("takes money for a restricted account", async () => {
    const network = await load();
    const { issuer, operator, payer, compliance } = network.actors;
    await network.registry.connect(compliance).restrict([payer]);

    await network.ledger.connect(issuer).deposit(operator, network.token, payer, 1n);

    await expectConservation(network);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when the amount is ${amount}`, async () => {
      const { ledger, token, actors } = await load();

      await expect(ledger.connect(actors.issuer).deposit(actors.operator, token, actors.payer, amount))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with AccountsNotActive when the account is registered nowhere", async () => {
    const { ledger, token, actors } = await load();

    await expect(ledger.connect(actors.issuer).deposit(actors.operator, token, actors.outsider, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.outsider.address, STATUS.none);
  });

  it("reverts with AccountsNotActive given a frozen account", async () => {
    const { ledger, token, registry, actors } = await load();
    await registry.connect(actors.compliance).freeze([actors.payer]);

    await expect(ledger.connect(actors.issuer).deposit(actors.operator, token, actors.payer, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(actors.payer.address, STATUS.frozen);
  });

  it("reverts with AccountsBookUnknown when the operator has no book in the token", async () => {
    const { ledger, token, tokenAddress, actors } = await load();

    await expect(ledger.connect(actors.issuer).deposit(actors.otherOperator, token, actors.payer, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookUnknown")
      .withArgs(actors.otherOperator.address, tokenAddress);
  });

  it("reverts with AccountsBookLimit when the book would owe more than it may", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    await fundGuarantee(network, MAX_U80 - 2n * PAYER_FUNDS);

    await expect(ledger.connect(actors.issuer).deposit(actors.operator, token, actors.payer, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsBookLimit")
      .withArgs(MAX_U80 + 1n, MAX_U80);
    await expectConservation(network);
  });

  it("reverts with the token's error when the caller let the ledger take nothing", async () => {
    const { ledger, token, ledgerAddress, actors } = await load();

    await expect(ledger.connect(actors.payer).deposit(actors.operator, token, actors.payer, 1n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(ledgerAddress, 0n, 1n);
  });

  it("reverts with AccountsInexactTransfer given a token that keeps a part since an upgrade", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const token = await new SeizableToken__factory(actors.admin).deploy();
    await openBookIn(network, token);
    await upgradeTo(network, token, await new FeeOnTransferToken__factory(actors.admin).deploy());
    await mintAndApprove(network, token, actors.payer, 1_000n);

    await expect(ledger.connect(actors.payer).deposit(actors.operator, token, actors.payer, 1_000n))
      .to.be.revertedWithCustomError(ledger, "AccountsInexactTransfer")
      .withArgs(1_000n, 990n);
  });

  it("reverts with SafeERC20FailedOperation given a token that returns false since an upgrade", async () => {
    const network = await load();
    const { ledger, ledgerCode, actors } = network;
    const token = await new SeizableToken__factory(actors.admin).deploy();
    const book = await openBookIn(network, token);
    await upgradeTo(network, token, await new FalseReturningToken__factory(actors.admin).deploy());
    await mintAndApprove(network, token, actors.payer, 1_000n);

    await expect(ledger.connect(actors.payer).deposit(actors.operator, token, actors.payer, 1_000n))
      .to.be.revertedWithCustomError(ledgerCode, "SafeERC20FailedOperation")
      .withArgs(book.token);
  });
});

describe("SettlementLedger.depositBatch", () => {
  it("credits every line, the same account twice included", async () => {
    const network = await load();
    const { issuer, operator, payer, merchant } = network.actors;

    await network.ledger.connect(issuer).depositBatch(operator, network.token, [
      { account: payer, amount: 10n },
      { account: merchant, amount: 20n },
      { account: payer, amount: 30n },
    ]);

    expect(await readAccountWord(network, payer)).to.equal(accountWord({ available: PAYER_FUNDS + 40n }));
    await expectConservation(network);
  });

  it("credits nobody when one line is refused", async () => {
    const network = await load();
    const { ledger, token } = network;
    const { issuer, operator, payer, outsider } = network.actors;
    const deposits = [
      { account: payer, amount: 10n },
      { account: outsider, amount: 20n },
    ];

    await expect(ledger.connect(issuer).depositBatch(operator, token, deposits))
      .to.be.revertedWithCustomError(ledger, "AccountsNotActive")
      .withArgs(outsider.address, STATUS.none);
    expect(await readAccountWord(network, payer)).to.equal(accountWord({ available: PAYER_FUNDS }));
    await expectConservation(network);
  });

  for (const amount of [0n, MAX_U80 + 1n]) {
    it(`reverts with AmountInvalid when a line's amount is ${amount}`, async () => {
      const { ledger, token, actors } = await load();
      const deposits = [
        { account: actors.payer, amount: 1n },
        { account: actors.payer, amount },
      ];

      await expect(ledger.connect(actors.issuer).depositBatch(actors.operator, token, deposits))
        .to.be.revertedWithCustomError(ledger, "AmountInvalid")
        .withArgs(amount, MAX_U80);
    });
  }

  it("reverts with AmountInvalid when it has no line", async () => {
    const { ledger, token, actors } = await load();

    await expect(ledger.connect(actors.issuer).depositBatch(actors.operator, token, []))
      .to.be.revertedWithCustomError(ledger, "AmountInvalid")
      .withArgs(0n, MAX_U80);
  });
});
