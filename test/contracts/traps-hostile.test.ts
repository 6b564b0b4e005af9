import { expect } from "chai";
import type { Hex } from "../../services/domain/order-terms.ts";
import { EmptyDelegate__factory } from "../../types/ethers-contracts/factories/mocks/EmptyDelegate__factory.ts";
import { FalseReturningToken__factory } from "../../types/ethers-contracts/factories/mocks/FalseReturningToken__factory.ts";
import { GasBurningWallet__factory } from "../../types/ethers-contracts/factories/mocks/GasBurningWallet__factory.ts";
import { HookToken__factory } from "../../types/ethers-contracts/factories/mocks/HookToken__factory.ts";
import { HostileReceiptToken__factory } from "../../types/ethers-contracts/factories/mocks/HostileReceiptToken__factory.ts";
import { ReenteringReceiver__factory } from "../../types/ethers-contracts/factories/mocks/ReenteringReceiver__factory.ts";
import { SeizableToken__factory } from "../../types/ethers-contracts/factories/mocks/SeizableToken__factory.ts";
import { ShoutingWallet__factory } from "../../types/ethers-contracts/factories/mocks/ShoutingWallet__factory.ts";
import { mintAndApprove, openBookIn, settledOrderIn, upgradeTo } from "../support/builders/book.ts";
import { signedOrder } from "../support/builders/order.ts";
import { delegate } from "../support/builders/signers.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../support/deploy-contracts.ts";
import { ALL_SCOPES, KIND, MAX_U80 } from "../support/words.ts";

const { load, ethers } = await openTestChain();

/** The gas that one transaction may use on our chains. */
const TRANSACTION_GAS = 16_777_216n;

/** Tokens, wallets and receivers that do their worst. The number is that of the trap. */
describe("traps: hostile tokens and wallets", () => {
  for (const verb of ["refund", "capture"] as const) {
    it(`(14) must not let a merchant ${verb} while its payout is being sent`, async () => {
      const network = await load();
      const { ledger, actors } = network;
      const token = await new HookToken__factory(actors.admin).deploy();
      await openBookIn(network, token);
      const { merchant, receiver } = await reenteringMerchant(network, await token.getAddress());
      const paid = await settledOrderIn(network, token, { merchant });
      const held = await heldOrder(network, token, merchant);
      const calls = {
        refund: ledger.interface.encodeFunctionData("refund", [paid.terms, 10_000n]),
        capture: ledger.interface.encodeFunctionData("capture", [held.terms, 10_000n]),
      };
      await receiver.arm(ledger, calls[verb], true);

      await ledger.connect(actors.settler).payout(actors.operator, token, [merchant]);

      await expectConservation(network);
    });
  }

  it("(14) must not let a receiver withdraw again while a withdrawal is being sent", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const token = await new HookToken__factory(actors.admin).deploy();
    await openBookIn(network, token);
    const { merchant, receiver } = await reenteringMerchant(network, await token.getAddress());
    await settledOrderIn(network, token, { merchant });
    const again = ledger.interface.encodeFunctionData("withdraw", [
      actors.operator.address,
      await token.getAddress(),
      5_000n,
    ]);
    await receiver.arm(ledger, again, true);

    await receiver.execute(ledger, again);

    const reentrant = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
    expect(await receiver.hasReentered()).to.equal(false);
    expect(await receiver.refusal()).to.equal(reentrant);
    await expectConservation(network);
  });

  for (const [name, deploy] of Object.entries({
    "burns all gas": (network: TestNetwork) => new GasBurningWallet__factory(network.actors.admin).deploy(),
    "answers without end": (network: TestNetwork) =>
      new ShoutingWallet__factory(network.actors.admin).deploy(280_000n),
  })) {
    it(`(18) must not let a wallet that ${name} at its signature stop a batch`, async () => {
      const network = await load();
      const { ledger, token, registry, actors } = network;
      const payer = (await (await deploy(network)).getAddress()) as Hex;
      await registry.connect(actors.registrar).register(registrationOf(payer, KIND.payer));
      await ledger.connect(actors.issuer).deposit(actors.operator, token, payer, 10_000n);
      const nonces = Array.from({ length: 20 }, (_, index) => BigInt(index));
      const hostile = await Promise.all(nonces.map((nonce) => signedOrder(network, { payer, nonce })));
      const orders = await Promise.all(nonces.map((nonce) => signedOrder(network, { nonce })));

      const batch = ledger.connect(actors.operator).authorizeBatch(
        [...hostile, ...orders].map((order) => order.terms),
        [...hostile, ...orders].map((order) => order.signature),
        false,
        { gasLimit: TRANSACTION_GAS },
      );

      await expect(batch).to.emit(ledger, "OrderSkipped");
      for (const { id } of orders) expect(await ledger.orderWord(id)).not.to.equal(0n);
      await expectConservation(network);
    });
  }

  it("(19) must not let a huge error of one receipt use the gas of the other payouts", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { merchant, otherMerchant, operator, settler, admin } = actors;
    const token = await new HostileReceiptToken__factory(admin).deploy();
    await openBookIn(network, token);
    await settledOrderIn(network, token);
    await settledOrderIn(network, token, { merchant: otherMerchant.address, nonce: 1n });
    await token.shoutAt(merchant, 200_000n);

    const paid = await ledger.connect(settler).payout(operator, token, [merchant, otherMerchant]);

    expect(await token.balanceOf(otherMerchant)).to.equal(10_000n);
    expect((await paid.wait())?.gasUsed).to.be.lessThan(700_000n);
    await expectConservation(network);
  });

  it("(37) must not pay anybody out of a vault that lost tokens, nor stop deposits, captures and voids", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { operator, payer, merchant, settler } = actors;
    const token = await new SeizableToken__factory(actors.admin).deploy();
    const { vault } = await openBookIn(network, token);
    await settledOrderIn(network, token);
    const held = await heldOrder(network, token, merchant.address);
    await token.seize(vault, 1n);

    await expect(ledger.connect(settler).payout(operator, token, [merchant])).to.be.revertedWithCustomError(
      ledger,
      "AccountsInsolvent",
    );
    await ledger.connect(operator).capture(held.terms, 4_000n);
    await ledger.connect(operator).void(held.terms, 6_000n);
    await token.mint(payer, 1n);
    await token.connect(payer).approve(ledger, 1n);
    await ledger.connect(payer).deposit(operator, token, payer, 1n);
    await token.mint(vault, 1n);
    await ledger.connect(settler).payout(operator, token, [merchant]);

    await expectConservation(network);
  });

  context("given an EIP-7702 account whose delegate validates no signature", () => {
    it("(43) must not refuse its payment", async () => {
      const network = await load();
      const { ledger, actors } = network;
      await delegateToNothing(network, actors.payer.address);
      const order = await signedOrder(network);

      await ledger.connect(actors.operator).authorize(order.terms, order.signature);

      await expectConservation(network);
    });

    it("(43) must not refuse its acceptance of an operator", async () => {
      const network = await load();
      const { registry, actors, chainId } = network;
      await delegateToNothing(network, actors.merchant.address);
      const issuedAt = BigInt(network.startedAt);
      const { merchant, operator } = actors;
      const acceptance = { merchant: merchant.address, operator: operator.address, scopes: 1n, issuedAt };
      const domain = {
        name: "RialtoParticipants",
        version: "1",
        chainId,
        verifyingContract: await registry.getAddress(),
      };
      const types = {
        Acceptance: [
          { name: "merchant", type: "address" },
          { name: "operator", type: "address" },
          { name: "scopes", type: "uint8" },
          { name: "issuedAt", type: "uint40" },
        ],
      };

      await registry.acceptOperatorBatch(
        [acceptance],
        [await merchant.signTypedData(domain, types, acceptance)],
      );

      expect(await registry.scopesOf(merchant, operator)).to.equal(1n);
    });
  });

  it("(6) must not credit anything on a token's word that turns out false", async () => {
    const network = await load();
    const { ledger, ledgerCode, actors } = network;
    const { admin, operator, payer } = actors;
    const token = await new SeizableToken__factory(admin).deploy();
    await openBookIn(network, token);
    await upgradeTo(network, token, await new FalseReturningToken__factory(admin).deploy());
    await mintAndApprove(network, token, payer, 1_000n);

    const deposits = [
      () => ledger.connect(payer).deposit(operator, token, payer, 1_000n),
      () => ledger.connect(payer).fundGuarantee(operator, token, 1_000n),
    ];

    for (const deposit of deposits) {
      await expect(deposit()).to.be.revertedWithCustomError(ledgerCode, "SafeERC20FailedOperation");
    }
    expect((await ledger.bookOf(operator, token)).liabilities).to.equal(0n);
  });

  it("(6) must not credit an amount above 80 bits, which would be cut in a word", async () => {
    const { ledger, token, actors } = await load();

    await expect(ledger.connect(actors.issuer).deposit(actors.operator, token, actors.payer, 2n ** 88n))
      .to.be.revertedWithCustomError(ledger, "AmountInvalid")
      .withArgs(2n ** 88n, MAX_U80);
  });
});

async function reenteringMerchant({ ledger, registry, actors }: TestNetwork, token: string) {
  const receiver = await new ReenteringReceiver__factory(actors.admin).deploy();
  const merchant = (await receiver.getAddress()) as Hex;
  await registry.connect(actors.registrar).register(registrationOf(merchant, KIND.merchant));
  const accept = registry.interface.encodeFunctionData("acceptOperator", [
    actors.operator.address,
    ALL_SCOPES,
  ]);
  await receiver.execute(registry, accept);
  await ledger.syncAccounts(actors.operator, token, [merchant]);
  return { merchant, receiver };
}

type MockToken = Parameters<typeof settledOrderIn>[1];

async function heldOrder(network: TestNetwork, token: MockToken, merchant: Hex) {
  const { ledger, actors } = network;
  const address = (await token.getAddress()) as Hex;
  const order = await signedOrder(network, {
    token: address,
    merchant,
    feeBps: 0,
    merchantMayCapture: true,
    nonce: 99n,
  });
  await token.mint(actors.payer.address, 10_000n);
  await token.connect(actors.payer).approve(network.ledgerAddress, 10_000n);
  await ledger.connect(actors.payer).deposit(actors.operator, address, actors.payer, 10_000n);
  await ledger.connect(actors.operator).authorize(order.terms, order.signature);
  return order;
}

async function delegateToNothing(network: TestNetwork, account: string): Promise<void> {
  const code = await new EmptyDelegate__factory(network.actors.admin).deploy();
  await delegate(network, account, await code.getAddress());
}
