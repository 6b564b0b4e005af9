/** A 20-byte address, 32-byte hash or other byte string as lower-case hex with 0x. */
export type Hex = `0x${string}`;

/**
 * What a payer signs for one order; the EIP-712 digest of these terms is the order's id.
 *
 * Amounts in token base units (at most 80 bits), times in Unix seconds, shares in basis points.
 * Member for member the Solidity struct `OrderTerms` in contracts/types/OrderTerms.sol.
 */
export type OrderTerms = {
  readonly payer: Hex;
  readonly merchant: Hex;
  readonly operator: Hex;
  readonly token: Hex;
  readonly amount: bigint;
  readonly fixedFee: bigint;
  readonly feeBps: number;
  readonly feeReceiver: Hex;
  readonly splitsHash: Hex;
  readonly authorizeBy: number;
  readonly captureBy: number;
  readonly reclaimFrom: number;
  readonly refundBy: number;
  readonly disputeWindow: number;
  readonly defaultPayerBps: number;
  readonly arbiterSetId: number;
  readonly holdbackClass: number;
  readonly deliveryKey: Hex;
  readonly merchantMayCapture: boolean;
  readonly commitment: Hex;
  readonly nonce: bigint;
};

/** A payee's share of what an order earns after fees, in basis points; the terms have the hash of all of them. */
export type Split = { readonly payee: Hex; readonly bps: number };

/** Order terms as they stand in JSON: amounts and nonce as decimal strings. */
export type OrderTermsJson = Omit<OrderTerms, "amount" | "fixedFee" | "nonce"> & {
  readonly amount: string;
  readonly fixedFee: string;
  readonly nonce: string;
};

/** Order terms to JSON. */
export function orderTermsToJson(terms: OrderTerms): OrderTermsJson {
  return {
    ...terms,
    amount: terms.amount.toString(),
    fixedFee: terms.fixedFee.toString(),
    nonce: terms.nonce.toString(),
  };
}

/** Order terms from JSON whose shape was checked before. */
export function orderTermsFromJson(json: OrderTermsJson): OrderTerms {
  return { ...json, amount: BigInt(json.amount), fixedFee: BigInt(json.fixedFee), nonce: BigInt(json.nonce) };
}
