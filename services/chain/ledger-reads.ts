import type { Hex } from "../domain/order-terms.ts";
import { type BlockTag, readContracts } from "./contract-calls.ts";
import type { JsonRpc } from "./json-rpc.ts";

/** An account's place: whose, at which operator, in which token. */
export type AccountPlace = { readonly operator: Hex; readonly token: Hex; readonly account: Hex };

/** The words of an account as stored, see words.ts. */
export type AccountWords = { readonly accountWord: bigint; readonly coldWord: bigint };

/** A book as the ledger stores it; all zero if there is none. */
export type StoredBook = {
  readonly vault: Hex;
  readonly liabilities: bigint;
  readonly guarantee: bigint;
  readonly openCycle: number;
};

/** The words of orders, in the order of their ids; 0 for an order that does not exist. */
export async function readOrderWords(
  rpc: JsonRpc,
  ledger: Hex,
  orderIds: readonly Hex[],
  blockTag: BlockTag,
): Promise<bigint[]> {
  const results = await readContracts(
    rpc,
    orderIds.map((orderId) => ledgerCall(ledger, "orderWord", [orderId])),
    blockTag,
  );
  return results.map((result) => result[0]);
}

/** The words of accounts, in the order of their places. */
export async function readAccountWords(
  rpc: JsonRpc,
  ledger: Hex,
  places: readonly AccountPlace[],
  blockTag: BlockTag,
): Promise<AccountWords[]> {
  const calls = places.flatMap(({ operator, token, account }) => [
    ledgerCall(ledger, "accountWord", [operator, token, account]),
    ledgerCall(ledger, "coldWord", [operator, token, account]),
  ]);
  const results = await readContracts(rpc, calls, blockTag);
  return places.map((_, index) => ({
    accountWord: results[2 * index]?.[0],
    coldWord: results[2 * index + 1]?.[0],
  }));
}

/** Books as stored, in the order of the keys. */
export async function readBooks(
  rpc: JsonRpc,
  ledger: Hex,
  keys: readonly { readonly operator: Hex; readonly token: Hex }[],
  blockTag: BlockTag,
): Promise<StoredBook[]> {
  const calls = keys.map(({ operator, token }) => ledgerCall(ledger, "bookOf", [operator, token]));
  const results = await readContracts(rpc, calls, blockTag);
  return results.map(([book]) => ({
    vault: book.vault.toLowerCase(),
    liabilities: book.liabilities,
    guarantee: book.guarantee,
    openCycle: Number.parseInt(book.openCycle.toString(), 10),
  }));
}

/** Token balances, in the order of the holders. */
export async function readTokenBalances(
  rpc: JsonRpc,
  holders: readonly { readonly token: Hex; readonly holder: Hex }[],
  blockTag: BlockTag,
): Promise<bigint[]> {
  const calls = holders.map(({ token, holder }) => ({
    contract: "token" as const,
    address: token,
    functionName: "balanceOf",
    args: [holder],
  }));
  const results = await readContracts(rpc, calls, blockTag);
  return results.map((result) => result[0]);
}

function ledgerCall(ledger: Hex, functionName: string, args: readonly unknown[]) {
  return { contract: "settlementLedger" as const, address: ledger, functionName, args };
}
