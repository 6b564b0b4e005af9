import type { Hex } from "../domain/order-terms.ts";

/** The network that the API serves. `tokens` go by currency code. */
export type Network = {
  readonly chainId: number;
  readonly engine: string;
  readonly isDevelopment: boolean;
  readonly ledger: Hex;
  readonly registry: Hex;
  readonly court: Hex;
  /** Every contract by name, for clients to look at. */
  readonly contracts: Readonly<Record<string, Hex>>;
  readonly operator: Hex;
  readonly feeReceiver: Hex;
  /** Whom mints go to; undefined if this process does not know, and mints are refused then. */
  readonly issuer: Hex | undefined;
  readonly arbiterSetId: number;
  readonly arbiters: readonly Hex[];
  readonly tokens: Readonly<Record<string, Hex>>;
};

/** The latest block of the chain; `timestamp` in Unix seconds. */
export type ChainHead = { readonly number: number; readonly timestamp: number };

/** What the API needs of a chain. It never sends anything to it. */
export interface ApiChain {
  readonly network: Network;
  /** Throws a RetryableError if the node does not answer. */
  head(): Promise<ChainHead>;
}

/** The token of a currency; undefined if the network has none. */
export function tokenOf(network: Network, currency: string): Hex | undefined {
  return Object.hasOwn(network.tokens, currency) ? network.tokens[currency] : undefined;
}

/** The currency of a token, or the token itself if the network does not name it. */
export function currencyOf(network: Network, token: Hex): string {
  return Object.entries(network.tokens).find(([, address]) => address === token)?.[0] ?? token;
}
