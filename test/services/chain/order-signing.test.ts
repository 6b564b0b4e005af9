import { expect } from "chai";
import { TypedDataEncoder, verifyTypedData, Wallet } from "ethers";
import fc from "fast-check";
import {
  ledgerDomain,
  ORDER_TYPE_MEMBERS,
  orderIdOf,
  recoverOrderSigner,
  signOrder,
} from "../../../services/chain/order-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { anyOrderTerms, anyPrivateKey, PLAIN_TERMS } from "./order-builder.ts";

const LEDGER: Hex = `0x${"ab".repeat(20)}`;
const DOMAIN = ledgerDomain(31337, LEDGER);
const ORACLE_DOMAIN = { name: "Rialto", version: "1", chainId: 31337, verifyingContract: LEDGER };
const ORACLE_TYPES = { Order: [...ORDER_TYPE_MEMBERS] };
const KEY: Hex = `0x${"01".repeat(32)}`;

/** The edges of every member's range. */
const EDGES: Record<string, Partial<OrderTerms>> = {
  "all zero": {},
  "the largest amount": { amount: 2n ** 80n - 1n, fixedFee: 2n ** 80n - 1n },
  "an amount that contracts refuse": { amount: 2n ** 256n - 1n, fixedFee: 2n ** 256n - 1n },
  "the largest shares": { feeBps: 65_535, defaultPayerBps: 65_535, holdbackClass: 255 },
  "the latest times": {
    authorizeBy: 2 ** 40 - 1,
    captureBy: 2 ** 40 - 1,
    reclaimFrom: 2 ** 40 - 1,
    refundBy: 2 ** 40 - 1,
  },
  "the largest window and set": { disputeWindow: 2 ** 32 - 1, arbiterSetId: 2 ** 32 - 1 },
  "the largest nonce": { nonce: 2n ** 256n - 1n, merchantMayCapture: true },
};

describe("order signing", () => {
  it("computes the ids and signatures that ethers computes, for any terms", async () => {
    await fc.assert(
      fc.asyncProperty(anyOrderTerms, anyPrivateKey, async (terms, key) => {
        const { orderId, signature } = signOrder(terms, DOMAIN, key);
        expect(orderId).to.equal(TypedDataEncoder.hash(ORACLE_DOMAIN, ORACLE_TYPES, terms));
        expect(signature).to.equal(await new Wallet(key).signTypedData(ORACLE_DOMAIN, ORACLE_TYPES, terms));
        expect(recoverOrderSigner(orderId, signature)).to.equal(addressOfKey(key));
      }),
      { numRuns: 100, verbose: true },
    );
  });

  for (const [name, edge] of Object.entries(EDGES)) {
    it(`computes the id that ethers computes for ${name}`, () => {
      const terms = { ...PLAIN_TERMS, ...edge };
      const { orderId, signature } = signOrder(terms, DOMAIN, KEY);
      expect(orderId).to.equal(TypedDataEncoder.hash(ORACLE_DOMAIN, ORACLE_TYPES, terms));
      const signer = verifyTypedData(ORACLE_DOMAIN, ORACLE_TYPES, terms, signature);
      expect(signer.toLowerCase()).to.equal(addressOfKey(KEY));
    });
  }

  it("gives another ledger or chain another id", () => {
    const here = orderIdOf(PLAIN_TERMS, DOMAIN);
    expect(orderIdOf(PLAIN_TERMS, ledgerDomain(1, LEDGER))).to.not.equal(here);
    expect(orderIdOf(PLAIN_TERMS, ledgerDomain(31337, PLAIN_TERMS.token))).to.not.equal(here);
  });

  context("when a value does not fit its type", () => {
    const misfits: Partial<OrderTerms>[] = [
      { amount: -1n },
      { amount: 2n ** 256n },
      { feeBps: 65_536 },
      { captureBy: 2 ** 40 },
      { holdbackClass: 256 },
      { payer: "0x12" },
      { commitment: "0x12" },
      { token: `0x${"zz".repeat(20)}` },
    ];
    for (const misfit of misfits) {
      it(`throws instead of signing something else: ${Object.keys(misfit)}`, () => {
        expect(() => signOrder({ ...PLAIN_TERMS, ...misfit }, DOMAIN, KEY)).to.throw(RangeError);
      });
    }
  });

  context("when a signature has a form that contracts refuse", () => {
    const { orderId, signature } = signOrder(PLAIN_TERMS, DOMAIN, KEY);
    const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = BigInt(`0x${signature.slice(66, 130)}`);
    const mirrored = (curveOrder - s).toString(16).padStart(64, "0");
    const flipped = signature.endsWith("1b") ? "1c" : "1b";
    const forms: Record<string, string> = {
      "nothing at all": "0x",
      "too short": signature.slice(0, -2),
      "too long": `${signature}00`,
      "no hex": `0x${"zz".repeat(65)}`,
      "a v of 0": `${signature.slice(0, -2)}00`,
      "its malleable twin": `${signature.slice(0, 66)}${mirrored}${flipped}`,
      "r and s of zero": `0x${"00".repeat(64)}1b`,
    };
    for (const [name, form] of Object.entries(forms)) {
      it(`recovers nobody: ${name}`, () => {
        expect(recoverOrderSigner(orderId, form)).to.equal(undefined);
      });
    }
  });

  it("recovers another address when a member of the terms was changed", () => {
    const { signature } = signOrder(PLAIN_TERMS, DOMAIN, KEY);
    const other = orderIdOf({ ...PLAIN_TERMS, amount: 2n }, DOMAIN);
    expect(recoverOrderSigner(other, signature)).to.not.equal(addressOfKey(KEY));
  });
});
