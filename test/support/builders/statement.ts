import fc from "fast-check";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { MOVEMENT_KINDS, type Movement, type StatementOwner } from "../../../services/domain/statement.ts";

export const OWNER: StatementOwner = {
  chainId: 31_337,
  ledger: `0x${"1e".repeat(20)}`,
  operator: `0x${"09".repeat(20)}`,
  token: `0x${"70".repeat(20)}`,
  cycle: 7,
  merchant: `0x${"3e".repeat(20)}`,
};

/** The order id that reads as a number. */
export function orderIdOf(number: number): Hex {
  return `0x${number.toString(16).padStart(64, "0")}`;
}

/** An address that reads as a number. */
export function addressOf(number: number): Hex {
  return `0x${number.toString(16).padStart(40, "0")}`;
}

/** A capture of 100 with a fee of 5; override what a test is about. */
export function movement(overrides: Partial<Movement> = {}): Movement {
  return { orderId: orderIdOf(1), kind: "capture", gross: 100n, fee: 5n, ...overrides };
}

/** Captures of the orders 10, 20, 30, ... */
export function capturesOf(count: number): Movement[] {
  return Array.from({ length: count }, (_, index) => movement({ orderId: orderIdOf((index + 1) * 10) }));
}

const LARGEST = 2n ** 200n;

/** Amounts whose sums stay far inside an int256. */
export const anyAmount = fc.oneof(
  fc.bigInt({ min: -1_000n, max: 1_000n }),
  fc.bigInt({ min: -LARGEST, max: LARGEST }),
);

export const anyHash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes): Hex => `0x${Buffer.from(bytes).toString("hex")}`);

/** Few ids, so that many movements are of one order, and some from the whole range. */
const anyOrderId = fc.oneof(fc.integer({ min: 0, max: 12 }).map(orderIdOf), anyHash);

export const anyMovement: fc.Arbitrary<Movement> = fc.record({
  orderId: anyOrderId,
  kind: fc.constantFrom(...(Object.keys(MOVEMENT_KINDS) as Movement["kind"][])),
  gross: anyAmount,
  fee: anyAmount,
});

export const anyMovements = fc.array(anyMovement, { minLength: 1, maxLength: 24 });

/** A place in a list of any length: `at` of it. */
export const anyPlace = fc.nat({ max: 999_999 });
