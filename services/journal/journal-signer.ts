import type { Hex, OrderTerms, Split } from "../domain/order-terms.ts";
import type { NamedKind } from "./journal-api.ts";

/** A result that may come at once or later. */
export type Awaitable<T> = T | Promise<T>;

/** Who settles between themselves, by name. */
export type Parties = { readonly payer: string; readonly merchant: string };

export type BothSignatures = { readonly payerSignature: Hex; readonly merchantSignature: Hex };

/**
 * Signs in the name of participants and arbiters and computes what the contracts derive by hashing.
 *
 * Names are those of the journal. Which keys stand behind them is the implementation's affair.
 */
export interface JournalSigner {
  /** The address of a participant. */
  addressOf(kind: NamedKind, name: string): Awaitable<Hex>;

  /** The payer's EIP-712 signature of the terms, and the order's id: the digest that was signed. */
  signOrder(request: {
    readonly payer: string;
    readonly terms: OrderTerms;
  }): Awaitable<{ readonly orderId: Hex; readonly signature: Hex }>;

  /** What the terms say of an order's payees, who ascend by address: zero without any. */
  splitsHash(splits: readonly Split[] | undefined): Awaitable<Hex>;

  /** The payer's EIP-712 `Cancel` of an order's id. */
  signCancel(request: { readonly payer: string; readonly orderId: Hex }): Awaitable<Hex>;

  /** The courier's EIP-712 `Delivery`. `deliveredAt` in Unix seconds. */
  signDelivery(request: {
    readonly courier: string;
    readonly orderId: Hex;
    readonly deliveredAt: number;
    readonly location: Hex;
  }): Awaitable<Hex>;

  /** Both parties' EIP-712 `Extension`. `captureBy` in Unix seconds. */
  signExtension(
    request: Parties & { readonly orderId: Hex; readonly captureBy: number },
  ): Awaitable<BothSignatures>;

  /** Both parties' EIP-712 `SettlementOffer` of a dispute that nobody has decided yet. */
  signSettlement(
    request: Parties & { readonly disputeId: Hex; readonly amount: bigint; readonly deadline: number },
  ): Awaitable<BothSignatures>;

  /** The EIP-712 `Acceptance` of an operator by a payee: a merchant, unless it is a courier. `issuedAt` in Unix seconds. */
  signAcceptance(request: {
    readonly kind?: "merchant" | "courier";
    readonly merchant: string;
    readonly operator: Hex;
    readonly scopes: number;
    readonly issuedAt: number;
  }): Awaitable<Hex>;

  /** The id of an order's n-th dispute, counted from 1. */
  disputeId(orderId: Hex, ordinal: number): Awaitable<Hex>;

  /** The evidence accumulator after `party` added `hash`; it starts as 32 zero bytes. */
  evidenceAfter(evidence: Hex, party: Hex, hash: Hex): Awaitable<Hex>;

  /** The votes of enough arbiters for a ruling, ordered by ascending signer as the court wants them. */
  signVotes(request: {
    readonly disputeId: Hex;
    readonly payerBps: number;
    readonly evidence: Hex;
  }): Awaitable<readonly Hex[]>;
}
