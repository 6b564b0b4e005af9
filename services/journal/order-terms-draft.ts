import type { Hex, OrderTerms } from "../domain/order-terms.ts";
import { digest } from "./digest.ts";
import type { JournalChain } from "./journal-api.ts";

const DAY = 86_400;
/** The longest that the ledger holds money, and keeps it refundable or disputable after that. */
const LONGEST = 180 * DAY;
/** How much of that is left for extensions. */
const SPARE = 60 * DAY;
const ZERO_ADDRESS: Hex = `0x${"0".repeat(40)}`;
const ZERO_HASH: Hex = `0x${"0".repeat(64)}`;

/** What an imported order says of itself; `salt` keeps its commitment from being guessed. */
export type OrderTermsDraft = {
  readonly chain: JournalChain;
  readonly payer: Hex;
  readonly merchant: Hex;
  readonly token: Hex;
  readonly amount: bigint;
  readonly feeBps: number;
  readonly reference: readonly [merchant: string, order: string];
  readonly salt: string;
  readonly splitsHash?: Hex;
  readonly deliveryKey?: Hex;
};

/**
 * Terms for an order of a journal. A journal has no deadlines, so they are long enough that none lapses while the
 * journal, which may tell of years, is imported.
 */
export function draftOrderTerms(draft: OrderTermsDraft): OrderTerms {
  const { chain } = draft;
  // The chain may be some seconds further when the order reaches it.
  const reclaimFrom = chain.chainTime + LONGEST - SPARE;
  const captureBy = reclaimFrom - DAY;
  return {
    payer: draft.payer,
    merchant: draft.merchant,
    operator: chain.operator,
    token: draft.token,
    amount: draft.amount,
    fixedFee: 0n,
    feeBps: draft.feeBps,
    feeReceiver: chain.feeReceiver,
    splitsHash: draft.splitsHash ?? ZERO_HASH,
    authorizeBy: captureBy,
    captureBy,
    reclaimFrom,
    refundBy: captureBy + LONGEST,
    disputeWindow: LONGEST,
    defaultPayerBps: 5_000,
    arbiterSetId: chain.arbiterSetId,
    holdbackClass: 0,
    deliveryKey: draft.deliveryKey ?? ZERO_ADDRESS,
    merchantMayCapture: true,
    commitment: digest([draft.salt, ...draft.reference]),
    nonce: 0n,
  };
}
