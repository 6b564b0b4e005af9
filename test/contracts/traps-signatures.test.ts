import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import type { Hex } from "../../services/domain/order-terms.ts";
import { ContractWallet__factory } from "../../types/ethers-contracts/factories/mocks/ContractWallet__factory.ts";
import { authorizedOrder, readAccountWord, signedOrder } from "../support/builders/order.ts";
import { buildOrderTerms, ORDER_TYPES, signOrderTerms } from "../support/builders/order-terms.ts";
import { registerPayer } from "../support/builders/signers.ts";
import { signPermit } from "../support/builders/token-signatures.ts";
import { transferOrder } from "../support/builders/transfer-order.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../support/deploy-contracts.ts";
import { accountWord, MAX_U80 } from "../support/words.ts";

const { load, ethers } = await openTestChain();

/** What a signature is good for, and for nothing else. The number is that of the trap. */
describe("traps: signatures", () => {
  it("(5) must not hash terms otherwise than wallets do", async () => {
    const network = await load();
    const { ledger, actors, chainId, ledgerAddress } = network;
    const domain = { name: "Rialto", version: "1", chainId, verifyingContract: ledgerAddress };
    const extremes = {
      amount: 2n ** 256n - 1n,
      authorizeBy: 2 ** 40 - 1,
      disputeWindow: 2 ** 32 - 1,
      holdbackClass: 255,
      deliveryKey: actors.outsider.address,
      merchantMayCapture: true,
      splitsHash: ethers.id("payees") as Hex,
    };

    for (const terms of [buildOrderTerms(network), buildOrderTerms(network, extremes)]) {
      expect(await ledger.orderIdOf(terms)).to.equal(TypedDataEncoder.hash(domain, ORDER_TYPES, terms));
    }
    expect(await ledger.domainSeparator()).to.equal(TypedDataEncoder.hashDomain(domain));
  });

  it("(5) must not refuse what a contract wallet's owner signs as a wallet shows it", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const payer = await fundedWallet(network);
    const { id, terms, signature } = await signedOrder(network, { payer }, actors.outsider);

    await ledger.connect(actors.operator).charge(terms, signature);

    expect(await ledger.orderWord(id)).not.to.equal(0n);
    await expectConservation(network);
  });

  it("(9) must not let a stranger squat the id of another's order", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { id, terms, signature } = await signedOrder(network);
    const own = { ...terms, payer: actors.outsider.address };

    await ledger.connect(actors.outsider).cancel(own, "0x");
    await expect(ledger.connect(actors.outsider).cancel(terms, "0x"))
      .to.be.revertedWithCustomError(ledger, "ConsentSignatureInvalid")
      .withArgs(id, terms.payer);

    await ledger.connect(actors.operator).authorize(terms, signature);
    await expectConservation(network);
  });

  it("(12) must not spend what a payer allowed the collector without the payer's signature of an order", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const { payer, operator, otherPayer, issuer } = actors;
    await token.connect(issuer).transfer(payer, 1_000n);
    await token.connect(payer).approve(collector, 1_000n);
    const terms = buildOrderTerms(network, { amount: 1_000n, feeBps: 10_000, feeReceiver: operator.address });

    for (const thief of [operator, otherPayer]) {
      const signature = await signOrderTerms(network, terms, thief);
      await expect(
        ledger.connect(operator).authorizeThrough(terms, signature, collector, "0x"),
      ).to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid");
    }
    expect(await token.balanceOf(payer)).to.equal(1_000n);
  });

  it("(17) must not take a signature for one wallet as one for another wallet of the same owner", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const first = await fundedWallet(network);
    const second = await fundedWallet(network);
    const { terms, signature } = await signedOrder(network, { payer: first }, actors.outsider);
    const replayed = { ...terms, payer: second };

    await expect(ledger.connect(actors.operator).authorize(replayed, signature))
      .to.be.revertedWithCustomError(ledger, "OrderSignatureInvalid")
      .withArgs(await ledger.orderIdOf(replayed), second);
    expect(await readAccountWord(network, second)).to.equal(accountWord({ available: 20_000n }));
  });

  it("(18) must not settle another amount than was signed, whoever submits first", async () => {
    const network = await load();
    const { ledger, token } = network;
    const { terms, signature } = await transferOrder(network);

    for (const amount of [1n, 9_999n, 10_001n]) {
      await expect(ledger.authorizeByTransfer({ ...terms, amount }, signature)).to.be.revertedWithCustomError(
        token,
        "ERC3009InvalidSignature",
      );
    }
    await ledger.authorizeByTransfer(terms, signature);

    await expectConservation(network);
  });

  it("(18) must not use up a signature for nothing", async () => {
    const network = await load();
    const { ledger, token, actors } = network;
    const { id, terms, signature } = await transferOrder(network, { amount: 0n });

    await expect(ledger.authorizeByTransfer(terms, signature))
      .to.be.revertedWithCustomError(ledger, "AmountInvalid")
      .withArgs(0n, MAX_U80);
    expect(await token.authorizationState(actors.payer, id)).to.equal(false);
    expect(await ledger.orderWord(id)).to.equal(0n);
  });

  it("(18) must not count money as come because a failed permit was passed over", async () => {
    const network = await load();
    const { ledger, token, collector, actors } = network;
    const { id, terms, signature } = await signedOrder(network);
    await token.connect(actors.issuer).transfer(actors.payer, 10_000n);
    const expired = await signPermit(network, 10_000n, network.startedAt - 1, actors.payer);

    await expect(
      ledger.connect(actors.operator).authorizeThrough(terms, signature, collector, expired.data),
    ).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
    expect(await ledger.orderWord(id)).to.equal(0n);
  });

  it("(34) must not give back anywhere but to the payer, nor pay a fee to anyone but who was signed", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { operator, merchant, payer, feeReceiver } = actors;
    const { terms } = await authorizedOrder(network);
    await ledger.connect(operator).capture(terms, 6_000n);
    await ledger.connect(operator).refund(terms, 1_000n);
    await ledger.connect(merchant).void(terms, 4_000n);

    expect(await readAccountWord(network, payer)).to.equal(accountWord({ available: PAYER_FUNDS - 5_000n }));
    expect(await readAccountWord(network, feeReceiver)).to.equal(accountWord({ pending: 250n }));
    await expect(
      ledger.connect(operator).refund({ ...terms, payer: operator.address }, 1n),
    ).to.be.revertedWithCustomError(ledger, "OrderUnknown");
    await expect(
      ledger.connect(operator).refund({ ...terms, feeReceiver: operator.address }, 1n),
    ).to.be.revertedWithCustomError(ledger, "OrderUnknown");
    await expectConservation(network);
  });

  it("(41) must not let a transfer's time bounds be taken for block numbers", async () => {
    const network = await load();
    const { ledger } = network;
    const far = await transferOrder(network, { authorizeBy: 2 ** 40 - 1 });

    // The token counts blocks from bit 47 on; the latest `authorizeBy` has 40 bits, and is refused as well.
    await expect(ledger.authorizeByTransfer(far.terms, far.signature))
      .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
      .withArgs(far.id, "captureBy");
  });

  it("(41) must not let the access manager hand the ledger to another authority in one step", async () => {
    const { access, ledgerAddress, ledgerCode, actors } = await load();
    const move = ledgerCode.interface.encodeFunctionData("setAuthority", [actors.outsider.address]);

    await expect(access.connect(actors.admin).execute(ledgerAddress, move)).to.be.revert(ethers);
    for (const caller of [actors.admin, actors.operator, actors.outsider]) {
      await expect(ledgerCode.connect(caller).setAuthority(actors.outsider))
        .to.be.revertedWithCustomError(ledgerCode, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

/** A contract wallet of the outsider with money available. */
async function fundedWallet(network: TestNetwork): Promise<Hex> {
  const { admin, outsider } = network.actors;
  const wallet = await new ContractWallet__factory(admin).deploy(outsider);
  const address = (await wallet.getAddress()) as Hex;
  await registerPayer(network, address, 20_000n);
  return address;
}
