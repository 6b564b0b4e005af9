import { z } from "zod";
import type { Hex } from "../domain/order-terms.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { listJson, requestJson } from "../journal/http-request.ts";

/** Where a network's API is, and the bearer token that it asks for, if it does. */
export type ApiAddress = { readonly baseUrl: string; readonly apiToken: string | undefined };

const hex = z.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]*$/.test(value));
const amount = z.string().regex(/^-?\d+$/);

const network = z.object({
  chainId: z.number().int(),
  contracts: z.object({ settlementLedger: hex, participantRegistry: hex, disputeCourt: hex }),
});

const balance = z.object({
  id: z.string(),
  merchant: z.string(),
  currency: z.string(),
  captured: amount,
  refunded: amount,
  awarded: amount,
  fees: amount,
  net: amount,
  pending: amount,
  available: amount,
  paid: amount,
  debt: amount,
});

/** The network as its API describes it. */
export type NetworkDescription = {
  readonly chainId: number;
  readonly ledger: Hex;
  readonly registry: Hex;
  readonly court: Hex;
};

/** One merchant's money in one currency; amounts are decimal strings in minor units. */
export type MerchantBalanceRow = z.output<typeof balance>;

/** What the command line reads of a network; every method throws `UnreachableError` or `DomainError`. */
export function createApiClient(address: ApiAddress) {
  const get = <Output>(path: string, schema: z.ZodType<Output>) =>
    requestJson({ ...address, fetch }, { path, schema });

  return {
    async chain(): Promise<NetworkDescription> {
      const { chainId, contracts } = await get("/v1/chain", network);
      return {
        chainId,
        ledger: contracts.settlementLedger,
        registry: contracts.participantRegistry,
        court: contracts.disputeCourt,
      };
    },

    /** Every balance, sorted by merchant, then currency. */
    async balances(): Promise<MerchantBalanceRow[]> {
      const rows: MerchantBalanceRow[] = [];
      for await (const row of listJson({ ...address, fetch }, { path: "/v1/balances", item: balance }))
        rows.push(row);
      return rows;
    },

    /** What the mirror holds at one block. The audit checks every value of it against the chain. */
    snapshot: () =>
      get(
        "/v1/snapshot",
        z.custom<Snapshot>((value) => typeof value === "object" && value !== null),
      ),
  };
}
