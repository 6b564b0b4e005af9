import type { Hex, OrderTerms } from "../domain/order-terms.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";
import {
  recoverSigner,
  signDigest,
  type TypedDataDomain,
  typedDataDigest,
  typedDataDomain,
  typeHash,
} from "./typed-data.ts";

/** Member for member the struct in contracts/types/OrderTerms.sol, whose type is hashed as `Order`. */
export const ORDER_TYPE_MEMBERS = [
  { name: "payer", type: "address" },
  { name: "merchant", type: "address" },
  { name: "operator", type: "address" },
  { name: "token", type: "address" },
  { name: "amount", type: "uint256" },
  { name: "fixedFee", type: "uint256" },
  { name: "feeBps", type: "uint16" },
  { name: "feeReceiver", type: "address" },
  { name: "splitsHash", type: "bytes32" },
  { name: "authorizeBy", type: "uint40" },
  { name: "captureBy", type: "uint40" },
  { name: "reclaimFrom", type: "uint40" },
  { name: "refundBy", type: "uint40" },
  { name: "disputeWindow", type: "uint32" },
  { name: "defaultPayerBps", type: "uint16" },
  { name: "arbiterSetId", type: "uint32" },
  { name: "holdbackClass", type: "uint8" },
  { name: "deliveryKey", type: "address" },
  { name: "merchantMayCapture", type: "bool" },
  { name: "commitment", type: "bytes32" },
  { name: "nonce", type: "uint256" },
] as const satisfies readonly { name: keyof OrderTerms; type: string }[];

const ORDER_TYPE_WORD = bytes32Word(
  typeHash(`Order(${ORDER_TYPE_MEMBERS.map((member) => `${member.type} ${member.name}`).join(",")})`),
);

/** The domain under which orders of a ledger are signed. */
export function ledgerDomain(chainId: number, ledger: Hex): TypedDataDomain {
  return typedDataDomain({ name: "Rialto", version: "1", chainId, verifyingContract: ledger });
}

/** The ABI encoding of order terms, which equals EIP-712's; throws a RangeError on a value too large for its type. */
export function orderTermsWords(terms: OrderTerms): string {
  return (
    addressWord(terms.payer) +
    addressWord(terms.merchant) +
    addressWord(terms.operator) +
    addressWord(terms.token) +
    uintWord(terms.amount, 256) +
    uintWord(terms.fixedFee, 256) +
    uintWord(terms.feeBps, 16) +
    addressWord(terms.feeReceiver) +
    bytes32Word(terms.splitsHash) +
    uintWord(terms.authorizeBy, 40) +
    uintWord(terms.captureBy, 40) +
    uintWord(terms.reclaimFrom, 40) +
    uintWord(terms.refundBy, 40) +
    uintWord(terms.disputeWindow, 32) +
    uintWord(terms.defaultPayerBps, 16) +
    uintWord(terms.arbiterSetId, 32) +
    uintWord(terms.holdbackClass, 8) +
    addressWord(terms.deliveryKey) +
    uintWord(terms.merchantMayCapture ? 1 : 0, 8) +
    bytes32Word(terms.commitment) +
    uintWord(terms.nonce, 256)
  );
}

/** The id of an order: the EIP-712 digest of its terms under the ledger's domain. */
export function orderIdOf(terms: OrderTerms, domain: TypedDataDomain): Hex {
  return typedDataDigest(domain, hashWords(ORDER_TYPE_WORD + orderTermsWords(terms)));
}

/** Signs an order as its payer. */
export function signOrder(
  terms: OrderTerms,
  domain: TypedDataDomain,
  privateKey: Hex,
): { orderId: Hex; signature: Hex } {
  const orderId = orderIdOf(terms, domain);
  return { orderId, signature: signDigest(orderId, privateKey) };
}

/** The address that signed an order; undefined if the signature has no valid form. Contract wallets are not asked. */
export function recoverOrderSigner(orderId: Hex, signature: string): Hex | undefined {
  return recoverSigner(orderId, signature);
}
