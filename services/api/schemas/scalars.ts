import { z } from "zod";
import { DomainError } from "../../domain/errors.ts";
import { parseAmount } from "../../domain/money.ts";
import type { Hex, OrderTerms } from "../../domain/order-terms.ts";
import { parseName } from "../../domain/participant.ts";
import { parseHashId, parseSerialId } from "../../platform/ids.ts";

/** Takes a domain parser in: its refusal becomes an issue that keeps the domain's code, see `requestError`. */
function parsedBy<T>(parse: (value: unknown) => T) {
  return z.unknown().transform((value, context): T => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      context.issues.push({ code: "custom", message: error.message, input: value, params: { error } });
      return z.NEVER;
    }
  });
}

function hexOf(digits: number) {
  return z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${digits}}$`), { error: `must be 0x and ${digits} hexadecimal digits` })
    .transform((value) => value.toLowerCase() as Hex);
}

function unsigned(bits: 8 | 16 | 32 | 40) {
  return z
    .int()
    .min(0)
    .max(2 ** bits - 1);
}

function unsignedDecimal(bits: 80 | 256) {
  const limit = 2n ** BigInt(bits);
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/, { error: "must be a whole number as a decimal string" })
    .transform((value) => BigInt(value))
    .refine((value) => value < limit, { error: `must be below 2^${bits}` });
}

export const amount = parsedBy(parseAmount);
export const name = (field: string) => parsedBy((value) => parseName(value, field));
export const address = hexOf(40);
export const hash = hexOf(64);
export const signature = hexOf(130);
/** May be 0, unlike other amounts: an offer to give nothing is an offer. */
export const offeredAmount = unsignedDecimal(80);
export const currency = z.string().min(1).max(16);
export const share = unsigned(16);
export const scopes = unsigned(8);
export const kycLevel = unsigned(8);
export const unixTime = unsigned(40);

export const orderId = z.string().transform((value, context): Hex => {
  const parsed = parseHashId("ord", value);
  if (parsed !== undefined) return parsed;
  context.issues.push({ code: "custom", message: "must be ord_ and 64 digits", input: value });
  return z.NEVER;
});

export const disputeId = z.string().transform((value, context): Hex => {
  const parsed = parseHashId("dsp", value);
  if (parsed !== undefined) return parsed;
  context.issues.push({ code: "custom", message: "must be dsp_ and 64 digits", input: value });
  return z.NEVER;
});

export const operationId = z.string().transform((value, context): number => {
  const parsed = parseSerialId("out", value);
  if (parsed !== undefined) return parsed;
  context.issues.push({ code: "custom", message: "must be out_ and a number", input: value });
  return z.NEVER;
});

/** A seizure by its id on the chain, or by the id of the operation that proposed it. */
export const seizureSelector = z.union([hash, operationId]);

/** A payer's ERC-2612 permit to the network's collector. */
export const permit = z.strictObject({ value: unsignedDecimal(256), deadline: unixTime, signature });

/** An order by its merchant's reference or by its id. */
export const orderSelector = z.union([
  z.strictObject({ merchant: name("merchant"), reference: name("reference") }),
  z.strictObject({ id: orderId }),
]);
export type OrderSelector = z.output<typeof orderSelector>;

/** The payees of an order; what they may be is decided later. */
export const splits = z
  .array(z.strictObject({ payee: address, bps: unsigned(16) }))
  .min(1)
  .max(8);

/** Every member of the terms by name; what they may be is decided later. */
export const orderTerms = z.strictObject({
  payer: address,
  merchant: address,
  operator: address,
  token: address,
  amount: unsignedDecimal(80),
  fixedFee: unsignedDecimal(80),
  feeBps: unsigned(16),
  feeReceiver: address,
  splitsHash: hash,
  authorizeBy: unixTime,
  captureBy: unixTime,
  reclaimFrom: unixTime,
  refundBy: unixTime,
  disputeWindow: unsigned(32),
  defaultPayerBps: share,
  arbiterSetId: unsigned(32),
  holdbackClass: unsigned(8),
  deliveryKey: address,
  merchantMayCapture: z.boolean(),
  commitment: hash,
  nonce: unsignedDecimal(256),
}) satisfies z.ZodType<OrderTerms>;
