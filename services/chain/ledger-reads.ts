import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS } from "./abi.ts";
import { addressWord, bytes32Word } from "./abi-words.ts";
import { type BlockTag, readContracts } from "./contract-calls.ts";
import { type JsonRpc, type RpcCall, toQuantity } from "./json-rpc.ts";

const WORD_CHARACTERS = 64;
const WORD_SELECTORS = {
  orderWord: selectorOf("orderWord"),
  accountWord: selectorOf("accountWord"),
  coldWord: selectorOf("coldWord"),
  unpaidAwardsOf: selectorOf("unpaidAwardsOf"),
} as const;

/** An account's place: whose, at which operator, in which token. */
export type AccountPlace = { readonly operator: Hex; readonly token: Hex; readonly account: Hex };

/** The words of an account as stored, see words.ts. */
export type AccountWords = { readonly accountWord: bigint; readonly coldWord: bigint };

/** Awards that wait for an account to have money. */
export type UnpaidAwards = { readonly count: bigint; readonly total: bigint };

/** A book as the ledger stores it; all zero if there is none. */
export type StoredBook = {
  readonly vault: Hex;
  readonly liabilities: bigint;
  readonly guarantee: bigint;
  readonly advanceLimit: bigint;
  readonly openCycle: number;
};

/** The words of orders, in the order of their ids; 0 for an order that does not exist. */
export async function readOrderWords(
  rpc: JsonRpc,
  ledger: Hex,
  orderIds: readonly Hex[],
  blockTag: BlockTag,
): Promise<bigint[]> {
  const calls = orderIds.map((orderId) => wordCall("orderWord", bytes32Word(orderId)));
  return readWords(rpc, ledger, calls, blockTag);
}

/** The words of accounts, in the order of their places. */
export async function readAccountWords(
  rpc: JsonRpc,
  ledger: Hex,
  places: readonly AccountPlace[],
  blockTag: BlockTag,
): Promise<AccountWords[]> {
  const args = places.map(placeWords);
  const accountWords = args.map((words) => wordCall("accountWord", words));
  const coldWords = args.map((words) => wordCall("coldWord", words));
  const words = await readWords(rpc, ledger, [...accountWords, ...coldWords], blockTag);
  return places.map((_, index) => ({
    accountWord: wordAt(words, index),
    coldWord: wordAt(words, places.length + index),
  }));
}

/** How many awards accounts owe, and their sums, in the order of their places. */
export async function readUnpaidAwards(
  rpc: JsonRpc,
  ledger: Hex,
  places: readonly AccountPlace[],
  blockTag: BlockTag,
): Promise<UnpaidAwards[]> {
  const calls = places.map((place) => wordCall("unpaidAwardsOf", placeWords(place)));
  const answers = await readAnswers(rpc, ledger, calls, { blockTag, words: 2 });
  return answers.map((answer) => {
    const middle = 2 + WORD_CHARACTERS;
    return { count: BigInt(answer.slice(0, middle)), total: BigInt(`0x${answer.slice(middle)}`) };
  });
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
    advanceLimit: book.advanceLimit,
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

/** Calldata of a view that takes static words. There are thousands of these, which ethers takes seconds to encode. */
function wordCall(functionName: keyof typeof WORD_SELECTORS, words: string): Hex {
  return `${WORD_SELECTORS[functionName]}${words}`;
}

/** What views of the ledger answer that give one word each. */
async function readWords(
  rpc: JsonRpc,
  ledger: Hex,
  calls: readonly Hex[],
  blockTag: BlockTag,
): Promise<bigint[]> {
  return (await readAnswers(rpc, ledger, calls, { blockTag, words: 1 })).map(BigInt);
}

async function readAnswers(
  rpc: JsonRpc,
  ledger: Hex,
  calls: readonly Hex[],
  { blockTag, words }: { readonly blockTag: BlockTag; readonly words: number },
): Promise<Hex[]> {
  const tag = blockTag === "latest" ? blockTag : toQuantity(blockTag);
  const answers = await rpc.batch<Hex>(
    calls.map((data): RpcCall => ({ method: "eth_call", params: [{ to: ledger, data }, tag] })),
  );
  for (const answer of answers) {
    if (answer.length !== 2 + words * WORD_CHARACTERS) throw new RangeError(`Not ${words} words: ${answer}`);
  }
  return answers;
}

function placeWords({ operator, token, account }: AccountPlace): string {
  return addressWord(operator) + addressWord(token) + addressWord(account);
}

function wordAt(words: readonly bigint[], index: number): bigint {
  const word = words[index];
  if (word === undefined) throw new RangeError("A call without an answer.");
  return word;
}

function ledgerCall(ledger: Hex, functionName: string, args: readonly unknown[]) {
  return { contract: "settlementLedger" as const, address: ledger, functionName, args };
}

function selectorOf(functionName: string): Hex {
  const selector = CONTRACT_ARTIFACTS.settlementLedger.abi.getFunction(functionName)?.selector;
  if (selector === undefined) throw new RangeError(`The ledger has no ${functionName}.`);
  return selector as Hex;
}
