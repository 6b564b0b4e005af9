import { expect } from "chai";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { HookToken__factory } from "../../../types/ethers-contracts/factories/mocks/HookToken__factory.ts";
import { ReenteringReceiver__factory } from "../../../types/ethers-contracts/factories/mocks/ReenteringReceiver__factory.ts";
import { SeizableToken__factory } from "../../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { mintAndApprove, openBookIn, settledOrderIn } from "../../support/builders/book.ts";
import { nameCourt } from "../../support/builders/locks.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../../support/deploy-contracts.ts";
import { ALL_SCOPES, balancesOf, KIND } from "../../support/words.ts";

const { load } = await openTestChain();

describe("SettlementLedger.payout to a receiver that calls back", () => {
  it("finds its money gone and takes nothing twice: it withdraws in vain, and others are paid (i)", async () => {
    const network = await load();
    const { ledger, ledgerAddress, actors } = network;
    const { operator, settler, otherMerchant } = actors;
    const { token, receiver, address } = await reenteringMerchant(network);
    await settledOrderIn(network, token, { merchant: otherMerchant.address, nonce: 1n });
    const withdrawal = ledger.interface.encodeFunctionData("withdraw", [
      operator.address,
      await token.getAddress(),
      10_000n,
    ]);
    await receiver.arm(ledgerAddress, withdrawal, true);

    await ledger.connect(settler).payout(operator, token, [address, otherMerchant]);

    expect(await receiver.hasReentered()).to.equal(false);
    expect(await token.balanceOf(address)).to.equal(10_000n);
    expect(await token.balanceOf(otherMerchant)).to.equal(10_000n);
    await expectConservation(network);
  });

  it("may call what moves no tokens, and the payout's event tells its word after that", async () => {
    const network = await load();
    const { ledger, ledgerAddress, actors } = network;
    const { operator, settler } = actors;
    const { token, receiver, address } = await reenteringMerchant(network);
    const tokenAddress = await token.getAddress();
    const sync = ledger.interface.encodeFunctionData("syncAccounts", [
      operator.address,
      tokenAddress,
      [address],
    ]);
    await receiver.arm(ledgerAddress, sync, true);

    const paid = await ledger.connect(settler).payout(operator, token, [address]);

    expect(await receiver.hasReentered()).to.equal(true);
    await expect(paid)
      .to.emit(ledger, "PayoutPaid")
      .withArgs(
        operator.address,
        address,
        tokenAddress,
        address,
        10_000n,
        await ledger.accountWord(operator, token, address),
      );
    await expectConservation(network);
  });
});

describe("SettlementLedger given a vault whose tokens were taken", () => {
  it("stops withdrawals and payouts, of everybody alike", async () => {
    const { network, token, vault } = await robbedVault();
    const { ledger, actors } = network;
    const { operator, settler, merchant } = actors;

    await expect(ledger.connect(settler).payout(operator, token, [merchant]))
      .to.be.revertedWithCustomError(ledger, "AccountsInsolvent")
      .withArgs(vault, 9_999n, 10_000n);
    await expect(ledger.connect(merchant).withdraw(operator, token, 1n))
      .to.be.revertedWithCustomError(ledger, "AccountsInsolvent")
      .withArgs(vault, 19_998n, 19_999n);
  });

  it("goes on with disputes, settlements and inflows", async () => {
    const { network, token, order } = await robbedVault();
    const { ledger, actors } = await nameCourt(network);
    const { operator, settler, payer, merchant } = actors;

    await ledger.lockDispute(order.terms, 4_000n, 0n);
    await ledger.payDispute(order.terms, [], 3_000n);
    await ledger.connect(settler).closeCycle(operator, token, 3n, [merchant]);
    await mintAndApprove(network, token, payer, 500n);
    await ledger.connect(payer).deposit(operator, token, payer, 500n);

    const { available } = balancesOf(await ledger.accountWord(operator, token, payer));
    expect(available).to.equal(3_500n);
    expect(balancesOf(await ledger.accountWord(operator, token, merchant)).available).to.equal(7_000n);
  });

  it("pays again once the missing tokens are back, given by anyone", async () => {
    const { network, token, vault } = await robbedVault();
    const { ledger, actors } = network;
    await token.mint(vault, 1n);

    await ledger.connect(actors.settler).payout(actors.operator, token, [actors.merchant]);

    expect(await token.balanceOf(actors.merchant)).to.equal(10_000n);
    await expectConservation(network);
  });
});

/** A merchant with 10,000 available that is a contract and is told of every token it gets. */
async function reenteringMerchant(network: TestNetwork) {
  const { registry, ledger, actors } = network;
  const token = await new HookToken__factory(actors.admin).deploy();
  const receiver = await new ReenteringReceiver__factory(actors.admin).deploy();
  const address = (await receiver.getAddress()) as Hex;
  await registry.connect(actors.registrar).register(registrationOf(address, KIND.merchant));
  const acceptance = registry.interface.encodeFunctionData("acceptOperator", [
    actors.operator.address,
    ALL_SCOPES,
  ]);
  await receiver.execute(registry, acceptance);
  await openBookIn(network, token);
  await ledger.syncAccounts(actors.operator, token, [address]);
  await settledOrderIn(network, token, { merchant: address });
  return { token, receiver, address };
}

/** Two merchants with 10,000 each, in a token whose issuer took one unit out of the vault. */
async function robbedVault() {
  const network = await load();
  const token = await new SeizableToken__factory(network.actors.admin).deploy();
  const { vault } = await openBookIn(network, token);
  const order = await settledOrderIn(network, token);
  await settledOrderIn(network, token, { merchant: network.actors.otherMerchant.address, nonce: 1n });
  await token.seize(vault, 1n);
  return { network, token, vault, order };
}
