import { expect } from "chai";
import { HDNodeWallet, Mnemonic, type TransactionResponse } from "ethers";
import { hashWords } from "../../../services/chain/abi-words.ts";
import { ledgerDomain, ORDER_TYPE_MEMBERS, orderTermsWords } from "../../../services/chain/order-signing.ts";
import { signDigest, typedDataDigest, typeHash } from "../../../services/chain/typed-data.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { buildOrderTerms } from "../../support/builders/order-terms.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

type Member = keyof OrderTerms;

const TYPE = `Order(${ORDER_TYPE_MEMBERS.map(({ type, name }) => `${type} ${name}`).join(",")})`;
const WORD = 64;

/** Members narrower than a word that every new order is asked for. */
const ASKED = [
  "payer",
  "merchant",
  "operator",
  "token",
  "feeBps",
  "feeReceiver",
  "authorizeBy",
  "captureBy",
  "reclaimFrom",
  "refundBy",
  "disputeWindow",
  "defaultPayerBps",
  "holdbackClass",
] as const;

/** Members that only some later verb reads. */
const READ_LATER = ["arbiterSetId", "deliveryKey", "merchantMayCapture"] as const;

/** The lowest bit above a member's type, and the highest of its word. */
function dirtyBits(member: Member): bigint[] {
  const type = ORDER_TYPE_MEMBERS.find(({ name }) => name === member)?.type ?? "uint256";
  const widths: Record<string, bigint> = { address: 160n, bool: 1n };
  const width = widths[type] ?? BigInt(type.slice("uint".length));
  return [width, 255n];
}

/** The ABI words of terms; addresses of the actors have capitals. */
function wordsOf(terms: OrderTerms): string {
  return orderTermsWords(terms).toLowerCase();
}

/** The ABI words of terms with one bit set that the member's type does not have. */
function dirtyWords(terms: OrderTerms, member: Member, bit: bigint): string {
  const words = wordsOf(terms);
  const start = ORDER_TYPE_MEMBERS.findIndex(({ name }) => name === member) * WORD;
  const word = BigInt(`0x${words.slice(start, start + WORD)}`) | (1n << bit);
  return words.slice(0, start) + word.toString(16).padStart(WORD, "0") + words.slice(start + WORD);
}

function orderIdOf(network: TestNetwork, words: string): Hex {
  const domain = ledgerDomain(Number(network.chainId), network.ledgerAddress as Hex);
  return typedDataDigest(domain, hashWords(typeHash(TYPE).slice(2) + words));
}

/** The payer's signature of words as they are. */
function sign(network: TestNetwork, words: string): Hex {
  return signDigest(orderIdOf(network, words), keyOf(network.actors.payer.address));
}

function keyOf(address: string): Hex {
  const mnemonic = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
  for (let index = 0; index < 32; index++) {
    const wallet = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
    if (wallet.address === address) return wallet.privateKey as Hex;
  }
  throw new RangeError(`${address} is no account of the node.`);
}

type Verb = "authorize" | "charge" | "authorizeByTransfer" | "authorizeBatch" | "chargeBatch";

/** Calls a verb with `words` in the place of a clean order's terms; a batch has a good order behind. */
async function send(
  network: TestNetwork,
  verb: Verb,
  words: string,
  signature: Hex,
  sender = network.actors.operator,
): Promise<TransactionResponse> {
  const { ledger, ledgerAddress } = network;
  const clean = buildOrderTerms(network, { nonce: 77n });
  const next = { ...clean, nonce: 78n };
  const good = sign(network, wordsOf(next));
  const data =
    verb === "authorizeBatch" || verb === "chargeBatch"
      ? ledger.interface.encodeFunctionData(verb as "authorizeBatch", [
          [clean, next],
          [signature, good],
          false,
        ])
      : ledger.interface.encodeFunctionData(verb as "authorize", [clean, signature]);
  return sender.sendTransaction({ to: ledgerAddress, data: data.replace(wordsOf(clean), words) });
}

describe("SettlementLedger given terms with bits that their types do not have", () => {
  it("takes the same words without such a bit, which shows that only the bit is refused below", async () => {
    for (const verb of ["authorize", "charge", "authorizeBatch", "chargeBatch"] as const) {
      const network = await load();
      const words = wordsOf(buildOrderTerms(network));

      const sent = await send(network, verb, words, sign(network, words));

      await expect(sent).to.emit(network.ledger, "OrderAuthorized");
    }
  });

  for (const member of ASKED) {
    for (const bit of dirtyBits(member)) {
      it(`refuses bit ${bit} of ${member} without a reason, in whole batches as well`, async () => {
        const network = await load();
        const words = dirtyWords(buildOrderTerms(network), member, bit);
        const signature = sign(network, words);

        for (const verb of [
          "authorize",
          "charge",
          "authorizeByTransfer",
          "authorizeBatch",
          "chargeBatch",
        ] as const)
          await expect(send(network, verb, words, signature)).to.be.revertedWithoutReason(ethers);
      });
    }
  }

  for (const member of READ_LATER) {
    for (const bit of dirtyBits(member)) {
      it(`refuses bit ${bit} of ${member}, which would keep the order from a court or a delivery`, async () => {
        const network = await load();
        const { ledger } = network;
        const words = dirtyWords(buildOrderTerms(network), member, bit);
        const signature = sign(network, words);

        for (const verb of ["authorize", "charge", "authorizeByTransfer"] as const) {
          await expect(send(network, verb, words, signature))
            .to.be.revertedWithCustomError(ledger, "OrderTermsInvalid")
            .withArgs(orderIdOf(network, words), member);
        }
        for (const verb of ["authorizeBatch", "chargeBatch"] as const) {
          const sent = await send(await load(), verb, words, signature);
          await expect(sent).to.emit(ledger, "OrderSkipped").and.to.emit(ledger, "OrderAuthorized");
        }
        await expectConservation(network);
      });
    }
  }

  it("asks in the order of its checks: who calls, when, then for what is wrong with the terms", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const terms = buildOrderTerms(network);
    const late = { ...terms, authorizeBy: network.startedAt - 1 };
    const forbidden = dirtyWords(terms, "payer", 200n);
    await expect(
      send(network, "authorize", forbidden, sign(network, forbidden), actors.outsider),
    ).to.be.revertedWithCustomError(ledger, "LedgerForbidden");
    const unreadable = dirtyWords(terms, "operator", 200n);
    await expect(
      send(network, "authorize", unreadable, sign(network, unreadable), actors.outsider),
    ).to.be.revertedWithoutReason(ethers);
    for (const member of ["payer", "token", "refundBy", "holdbackClass"] as const) {
      const expired = dirtyWords(late, member, 200n);
      await expect(send(network, "authorize", expired, sign(network, expired))).to.be.revertedWithCustomError(
        ledger,
        "OrderExpired",
      );
    }
    const invalid = dirtyWords({ ...terms, feeBps: 10_001 }, "defaultPayerBps", 200n);
    await expect(send(network, "authorize", invalid, sign(network, invalid))).to.be.revertedWithCustomError(
      ledger,
      "OrderTermsInvalid",
    );
    const wrongSplits = dirtyWords({ ...terms, splitsHash: ethers.id("x") as Hex }, "token", 200n);
    await expect(
      send(network, "authorize", wrongSplits, sign(network, wrongSplits)),
    ).to.be.revertedWithCustomError(ledger, "OrderSplitsInvalid");
    const tooMuch = dirtyWords({ ...terms, amount: 1n << 80n }, "token", 200n);
    await expect(send(network, "authorize", tooMuch, sign(network, tooMuch))).to.be.revertedWithCustomError(
      ledger,
      "AmountInvalid",
    );
  });

  it("skips an order that is refused before its unreadable member is asked for", async () => {
    const network = await load();
    const { ledger } = network;
    const words = dirtyWords(
      { ...buildOrderTerms(network), authorizeBy: network.startedAt - 1 },
      "payer",
      160n,
    );
    await time.increase(1);

    const sent = await send(network, "authorizeBatch", words, sign(network, words));

    await expect(sent).to.emit(ledger, "OrderSkipped");
    await expect(sent).to.emit(ledger, "OrderAuthorized");
    await expectConservation(network);
  });
});
