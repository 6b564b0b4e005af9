import { DomainError } from "./errors.ts";

/** The largest amount an order or a movement may have: contracts keep amounts in 80 bits. */
export const AMOUNT_LIMIT = 2n ** 80n - 1n;

/** 100 % in basis points. */
export const ONE_IN_BPS = 10_000;

const DECIMAL = /^[1-9][0-9]{0,24}$/;

/**
 * Reads an amount in minor units from outside: a decimal string of digits without sign, leading zero, fraction
 * or exponent, greater than 0 and at most {@link AMOUNT_LIMIT}.
 *
 * Throws `amount_invalid` with what was given and the limit.
 */
export function parseAmount(value: unknown): bigint {
  if (typeof value === "string" && DECIMAL.test(value)) {
    const amount = BigInt(value);
    if (amount <= AMOUNT_LIMIT) return amount;
  }
  throw new DomainError("amount_invalid", "The amount is not a positive whole number within the limit.", {
    amount: excerpt(value),
    limit: AMOUNT_LIMIT.toString(),
  });
}

/** An amount as it stands in JSON. */
export function formatAmount(amount: bigint): string {
  return amount.toString();
}

/** `amount * bps / 10,000`, rounded down, as contracts/types/BasisPoints.sol. */
export function shareDown(amount: bigint, bps: number): bigint {
  return (amount * BigInt(bps)) / BigInt(ONE_IN_BPS);
}

/**
 * The fee on `amount` of net captured money: the fixed fee plus a share rounded down, never above `amount`,
 * as contracts/types/BasisPoints.sol.
 */
export function feeDown(amount: bigint, feeBps: number, fixedFee: bigint): bigint {
  if (amount === 0n) return 0n;

  const fee = fixedFee + shareDown(amount, feeBps);
  return fee < amount ? fee : amount;
}

/** Whether a value is a share of 0 to 10,000 basis points. */
export function isShare(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= ONE_IN_BPS;
}

/** What was given, short enough for an error message. */
function excerpt(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
