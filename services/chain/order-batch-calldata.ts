import type { Hex, OrderTerms } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS } from "./abi.ts";
import { bytesWords, sizeWord, uintWord } from "./abi-words.ts";
import { orderTermsWords } from "./order-signing.ts";

/*
 * The calldata of the batches that carry whole terms, which is nearly all the calldata there is: written directly it
 * takes a tenth of the time of a general encoder.
 */

/** An order and what the payer signed it with. */
export type SignedOrder = { readonly terms: OrderTerms; readonly signature: Hex };

/** An order and how much of it to capture. */
export type OrderAmount = { readonly terms: OrderTerms; readonly amount: bigint };

const WORD_BYTES = 32;

/** Calldata of `authorizeBatch` or `chargeBatch`; a refused item is skipped, the others go on. */
export function encodeNewOrders(
  functionName: "authorizeBatch" | "chargeBatch",
  orders: readonly SignedOrder[],
): Hex {
  const signatures = orders.map((order) => bytesWords(order.signature));
  let offset = orders.length * WORD_BYTES;
  const offsets = signatures.map((words) => {
    const position = sizeWord(offset);
    offset += words.length / 2;
    return position;
  });
  return encodeBatch(functionName, orders, offsets.join("") + signatures.join(""));
}

/** Calldata of `captureBatch`; a refused item is skipped, the others go on. */
export function encodeCaptures(captures: readonly OrderAmount[]): Hex {
  const amounts = captures.map((capture) => uintWord(capture.amount, 256));
  return encodeBatch("captureBatch", captures, amounts.join(""));
}

/** `(OrderTerms[] terms, T[] others, bool atomic)` with `others` as the words after its length. */
function encodeBatch(
  functionName: string,
  orders: readonly { readonly terms: OrderTerms }[],
  others: string,
): Hex {
  const terms = orders.map((order) => orderTermsWords(order.terms)).join("");
  const count = sizeWord(orders.length);
  const headBytes = 3 * WORD_BYTES;
  const othersOffset = headBytes + WORD_BYTES + terms.length / 2;
  const isAtomic = uintWord(0, 8);
  return `${selectorOf(functionName)}${sizeWord(headBytes)}${sizeWord(othersOffset)}${isAtomic}${count}${terms}${count}${others}`;
}

function selectorOf(functionName: string): Hex {
  const selector = CONTRACT_ARTIFACTS.settlementLedger.abi.getFunction(functionName)?.selector;
  if (selector === undefined) throw new RangeError(`The ledger has no function ${functionName}.`);
  return selector as Hex;
}
