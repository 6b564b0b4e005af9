import fc from "fast-check";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";

const hex = (bytes: number): fc.Arbitrary<Hex> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((value): Hex => `0x${Buffer.from(value).toString("hex")}`);

const address = hex(20);
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const uint40 = fc.maxSafeNat().map((value) => value % 2 ** 40);

/** Any terms that the types can express, sensible or not. */
export const anyOrderTerms: fc.Arbitrary<OrderTerms> = fc.record({
  payer: address,
  merchant: address,
  operator: address,
  token: address,
  amount: fc.bigInt({ min: 0n, max: 2n ** 80n - 1n }),
  fixedFee: fc.bigInt({ min: 0n, max: 2n ** 80n - 1n }),
  feeBps: uint(16),
  feeReceiver: address,
  splitsHash: hex(32),
  authorizeBy: uint40,
  captureBy: uint40,
  reclaimFrom: uint40,
  refundBy: uint40,
  disputeWindow: uint(31),
  defaultPayerBps: uint(16),
  arbiterSetId: uint(31),
  holdbackClass: uint(8),
  deliveryKey: address,
  merchantMayCapture: fc.boolean(),
  commitment: hex(32),
  nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
});

/** Any private key. */
export const anyPrivateKey: fc.Arbitrary<Hex> = fc
  .bigInt({ min: 1n, max: 2n ** 255n })
  .map((value): Hex => `0x${value.toString(16).padStart(64, "0")}`);

/** Terms that differ from this only in what a test is about. */
export const PLAIN_TERMS: OrderTerms = {
  payer: `0x${"11".repeat(20)}`,
  merchant: `0x${"22".repeat(20)}`,
  operator: `0x${"33".repeat(20)}`,
  token: `0x${"44".repeat(20)}`,
  amount: 1n,
  fixedFee: 0n,
  feeBps: 0,
  feeReceiver: `0x${"00".repeat(20)}`,
  splitsHash: `0x${"00".repeat(32)}`,
  authorizeBy: 0,
  captureBy: 0,
  reclaimFrom: 0,
  refundBy: 0,
  disputeWindow: 0,
  defaultPayerBps: 0,
  arbiterSetId: 0,
  holdbackClass: 0,
  deliveryKey: `0x${"00".repeat(20)}`,
  merchantMayCapture: false,
  commitment: `0x${"00".repeat(32)}`,
  nonce: 0n,
};
