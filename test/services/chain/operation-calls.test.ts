import { expect } from "chai";
import fc from "fast-check";
import { encodeCall } from "../../../services/chain/abi.ts";
import { BASE_GAS, MAX_TRANSACTION_GAS, OPERATION_CALLS } from "../../../services/chain/operation-calls.ts";
import { encodeCaptures, encodeNewOrders } from "../../../services/chain/order-batch-calldata.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { anyOrderTerms } from "./order-builder.ts";

const anySignature = fc
  .uint8Array({ minLength: 0, maxLength: 130 })
  .map((bytes): Hex => `0x${Buffer.from(bytes).toString("hex")}`);

describe("operation calls", () => {
  it("encode batches of new orders as ethers does, whatever the signatures' lengths", () => {
    const orders = fc.array(fc.record({ terms: anyOrderTerms, signature: anySignature }), { maxLength: 5 });
    fc.assert(
      fc.property(orders, fc.constantFrom("authorizeBatch", "chargeBatch"), (batch, name) => {
        const args = [batch.map(({ terms }) => terms), batch.map(({ signature }) => signature), false];
        expect(encodeNewOrders(name, batch)).to.equal(encodeCall("settlementLedger", name, args));
      }),
      { numRuns: 50, verbose: true },
    );
  });

  it("encode captures as ethers does", () => {
    const captures = fc.array(
      fc.record({ terms: anyOrderTerms, amount: fc.bigInt({ min: 0n, max: 2n ** 80n }) }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(captures, (batch) => {
        const args = [batch.map(({ terms }) => terms), batch.map(({ amount }) => amount), false];
        expect(encodeCaptures(batch)).to.equal(encodeCall("settlementLedger", "captureBatch", args));
      }),
      { numRuns: 50, verbose: true },
    );
  });

  it("never need more gas than a transaction may ask for", () => {
    for (const { maxItems, gasPerItem } of Object.values(OPERATION_CALLS)) {
      expect(BASE_GAS + maxItems * gasPerItem).to.be.at.most(MAX_TRANSACTION_GAS);
    }
  });
});
