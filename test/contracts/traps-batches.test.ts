import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { DisputeCourt__factory } from "../../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import { NOT_RECEIVED } from "../support/builders/dispute.ts";
import {
  authorizedOrder,
  capturedOrder,
  closeOpenCycle,
  payOut,
  readAccountWord,
  signedOrder,
} from "../support/builders/order.ts";
import { setBonds } from "../support/builders/panels.ts";
import {
  capturedSplitOrder,
  registeredSplits,
  type Split,
  signedSplitOrder,
} from "../support/builders/splits.ts";
import { transferOrder } from "../support/builders/transfer-order.ts";
import { expectConservation } from "../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, POLICY } from "../support/deploy-contracts.ts";
import { accountWord, balancesOf } from "../support/words.ts";

const { load, time, ethers } = await openTestChain();

/** The gas that one transaction may use on our chains, and what each byte of its calldata costs at least. */
const TRANSACTION_GAS = 16_777_216n;
const CALLDATA_FLOOR = { zero: 10n, other: 40n } as const;

/** Interfaces of the contracts that hold or move money. */
const MONEY =
  /\bis\b[^{]*\b(IAccounts|IOrder\w+|IDispute\w+|ISettlement\w+|IObligations|IVault|ICollector)\b/;

/** Many orders, many payees, and money that nobody asked for. The number is that of the trap. */
describe("traps: batches, payees and real contracts", () => {
  it("(8) must not have a mock that stands in for a contract which moves money", () => {
    const standIns = globSync("contracts/mocks/*.sol").filter((file) =>
      MONEY.test(readFileSync(file, "utf8")),
    );

    expect(standIns).to.deep.equal([]);
  });

  it("(8) must not report another amount or receiver than the real contracts moved money by", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const { operator, merchant, payer } = actors;
    const { terms } = await authorizedOrder(network);
    await ledger.connect(operator).capture(terms, 5_000n);

    let available = PAYER_FUNDS - 10_000n;
    for (const [event, amount, send] of [
      ["OrderVoided", 1_000n, () => ledger.connect(merchant).void(terms, 1_000n)],
      ["OrderRefunded", 2_000n, () => ledger.connect(merchant).refund(terms, 2_000n)],
      ["OrderReclaimed", 4_000n, () => ledger.connect(payer).reclaim(terms)],
    ] as const) {
      if (event === "OrderReclaimed") await time.setNextBlockTimestamp(terms.reclaimFrom);
      const receipt = await (await send()).wait();
      const logs = receipt?.logs.map((log) => ledger.interface.parseLog(log)) ?? [];
      const told = logs.find((log) => log?.name === event)?.args;
      available += amount;

      expect({ payer: told?.payer, amount: told?.amount }).to.deep.equal({ payer: payer.address, amount });
      expect(await readAccountWord(network, payer)).to.equal(accountWord({ available }));
      expect(told?.payerWord).to.equal(accountWord({ available }));
    }
    await expectConservation(network);
  });

  it("(9) must not sweep what somebody sent to the vault into the next order", async () => {
    const network = await load();
    const { ledger, token, vault, actors } = network;
    await token.connect(actors.issuer).transfer(vault, 777n);
    const { id, terms, signature } = await transferOrder(network, { feeBps: 0 });

    await ledger.authorizeByTransfer(terms, signature);
    await ledger.connect(actors.operator).capture(terms, 10_000n);
    await closeOpenCycle(network, [terms.merchant]);
    await payOut(network, [terms.merchant]);

    expect(await token.balanceOf(terms.merchant)).to.equal(10_000n);
    await expect(ledger.connect(actors.operator).capture(terms, 777n))
      .to.be.revertedWithCustomError(ledger, "OrderExceedsCapturable")
      .withArgs(id, 777n, 0n);
    await expectConservation(network, 777n);
  });

  it("(11) must not let a forged court block a dispute, nor forge one", async () => {
    const network = await load();
    const { ledger, registry, access, court, actors } = network;
    const { terms } = await capturedOrder(network);
    const forged = await new DisputeCourt__factory(actors.outsider).deploy(access, ledger, registry);
    await forged.connect(actors.admin).setPolicy(POLICY);
    await forged.connect(actors.admin).defineArbiterSet(
      1,
      actors.arbiters.map(({ address }) => address),
      2n,
      0,
      0,
    );

    await expect(
      forged.connect(actors.payer).open(terms, 10_000n, NOT_RECEIVED, ethers.ZeroHash),
    ).to.be.revertedWithCustomError(ledger, "LedgerForbidden");
    await court.connect(actors.payer).open(terms, 10_000n, NOT_RECEIVED, ethers.ZeroHash);

    await expectConservation(network);
  });

  it("(11) must not let a forged operator's order take the id of the real one", async () => {
    const network = await load();
    const { ledger, court, actors } = network;
    const { id, terms } = await capturedOrder(network);
    const forged = { ...terms, operator: actors.outsider.address };

    expect(await ledger.orderIdOf(forged)).not.to.equal(id);
    await expect(
      court.connect(actors.payer).open(forged, 1n, NOT_RECEIVED, ethers.ZeroHash),
    ).to.be.revertedWithCustomError(ledger, "OrderUnknown");
  });

  it("(13) must not need more than one transaction's gas for 100 authorizations, or 100 captures", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const nonces = Array.from({ length: 100 }, (_, index) => BigInt(index));
    const orders = await Promise.all(nonces.map((nonce) => signedOrder(network, { nonce })));
    const terms = orders.map((order) => order.terms);
    const asOperator = ledger.connect(actors.operator);
    const limit = { gasLimit: TRANSACTION_GAS };

    const sent = [
      await asOperator.authorizeBatch(
        terms,
        orders.map((order) => order.signature),
        true,
        limit,
      ),
      await asOperator.captureBatch(
        terms,
        terms.map(({ amount }) => amount),
        true,
        limit,
      ),
    ];

    for (const transaction of sent) {
      expect((await transaction.wait())?.gasUsed).to.be.lessThan(TRANSACTION_GAS);
      expect(21_000n + floorOf(transaction.data)).to.be.lessThan(TRANSACTION_GAS);
    }
    await expectConservation(network);
  });

  it("(20) must not let a barred payee block the other payees", async () => {
    const network = await load();
    const { ledger, token, registry, actors } = network;
    const splits = await registeredSplits(network, [1_000, 1_000]);
    const [barred, other] = splits as [Split, Split];
    await capturedSplitOrder(network, splits, { feeBps: 0 });
    await registry.connect(actors.compliance).freeze([barred.payee]);
    const payees = splits.map(({ payee }) => payee);
    await closeOpenCycle(network, payees);

    await expect(payOut(network, payees)).to.emit(ledger, "PayoutHeld");

    expect(await token.balanceOf(other.payee)).to.equal(1_000n);
    expect(balancesOf(await readAccountWord(network, barred.payee)).available).to.equal(1_000n);
    await expectConservation(network);
  });

  it("(20) must not let a payee skim by rounding, whoever cuts the captures", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const splits = await registeredSplits(network, [9_999]);
    const [{ payee }] = splits as [Split];
    const { terms, signature } = await signedSplitOrder(network, splits, { amount: 100n, feeBps: 0 });
    await ledger.connect(actors.operator).authorizeWithSplits(terms, splits, signature);

    for (let piece = 0; piece < 50; ++piece) {
      await ledger.connect(actors.operator).captureWithSplits(terms, splits, 2n);
      await ledger.connect(actors.operator).refundWithSplits(terms, splits, 1n);
    }

    expect(balancesOf(await readAccountWord(network, payee)).pending).to.equal(49n);
    expect(balancesOf(await readAccountWord(network, terms.merchant)).pending).to.equal(1n);
    await expectConservation(network);
  });

  it("(34) must not let anyone sweep what lies in a vault", async () => {
    const network = await load();
    const { token, vault, tokenAddress, actors } = network;
    await token.connect(actors.issuer).transfer(vault, 777n);

    for (const caller of [actors.admin, actors.operator, actors.settler, actors.treasurer, actors.guardian]) {
      await expect(vault.connect(caller).pay(tokenAddress, caller, 777n))
        .to.be.revertedWithCustomError(vault, "VaultForbidden")
        .withArgs(caller.address);
    }
    await expectConservation(network, 777n);
  });

  it("(39) must not let disputes be opened for nothing where the policy asks for a bond", async () => {
    const network = await load();
    const { ledger, court, token, actors } = network;
    await setBonds(network, 500n, 0n);
    const { terms } = await capturedOrder(network);
    await ledger.connect(actors.payer).withdraw(actors.operator, token, PAYER_FUNDS - 10_000n);

    await expect(court.connect(actors.payer).open(terms, 10_000n, NOT_RECEIVED, ethers.ZeroHash))
      .to.be.revertedWithCustomError(ledger, "AccountsInsufficient")
      .withArgs(actors.payer.address, 500n, 0n);
    await expectConservation(network);
  });

  it("(42) must not emit an event of an order without its id to find it by, and its word to copy", async () => {
    const { ledger } = await load();
    const wrong: string[] = [];
    ledger.interface.forEachEvent(({ name, inputs }) => {
      if (!/^Order/.test(name) || ["OrderSkipped", "OrderCollected"].includes(name)) return;
      const hasWord = inputs.some((input) => input.name === "orderWord");
      if (inputs[0]?.name !== "orderId" || !inputs[0].indexed || !hasWord) wrong.push(name);
    });

    expect(wrong).to.deep.equal([]);
  });
});

function floorOf(data: string): bigint {
  const bytes = ethers.getBytes(data);
  const zeros = BigInt(bytes.filter((byte) => byte === 0).length);
  return zeros * CALLDATA_FLOOR.zero + (BigInt(bytes.length) - zeros) * CALLDATA_FLOOR.other;
}
