import type { Hex, OrderTerms } from "../domain/order-terms.ts";

/** A result that may come at once or later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Signs in the name of participants and arbiters and computes what the contracts derive by hashing.
 *
 * Names are those of the journal. Which keys stand behind them is the implementation's affair.
 */
export interface JournalSigner {
  /** The address of a participant. */
  addressOf(kind: "payer" | "merchant", name: string): Awaitable<Hex>;

  /** The payer's EIP-712 signature of the terms, and the order's id: the digest that was signed. */
  signOrder(request: {
    readonly payer: string;
    readonly terms: OrderTerms;
  }): Awaitable<{ readonly orderId: Hex; readonly signature: Hex }>;

  /** The merchant's EIP-712 `Acceptance` of an operator. `issuedAt` in Unix seconds. */
  signAcceptance(request: {
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
