import { expect } from "chai";
import type { TestNetwork } from "./deploy-contracts.ts";
import { bookKey, type LedgerReplay, type ReplayedOrder, replayLedger } from "./ledger-replay.ts";
import { amountsOf, balancesOf, reserveOf } from "./words.ts";

/**
 * Asserts that no money appeared or vanished: in every book the vault's balance is what the ledger owes, and what it
 * owes is the sum of all balances, locks, held money and the guarantee. Also that events repeat storage exactly and
 * that every order keeps within its amounts. Cites docs/invariants.md (a), (b), (f), (k).
 *
 * `donated` is what somebody sent to the vault without a deposit.
 */
export async function expectConservation(network: TestNetwork, donated = 0n): Promise<void> {
  const replay = await replayLedger(network);
  await expectWordsAsStored(network, replay);
  for (const [id, order] of replay.orders) expectOrderWithinItsAmounts(id, order);

  for (const [key, { operator, token, inflow, guarantee }] of replay.books) {
    const book = await network.ledger.bookOf(operator, token);
    const balance = await network.token.attach(token).getFunction("balanceOf").staticCall(book.vault);
    const shared = key === bookKey(network.actors.operator.address, network.tokenAddress) ? donated : 0n;

    expect(book.guarantee, "guarantee").to.equal(guarantee);
    expect(book.liabilities, "liabilities").to.equal(inflow);
    expect(book.liabilities, "liabilities and claims").to.equal(claimsOn(replay, key) + guarantee);
    expect(balance, "vault").to.equal(book.liabilities + shared);
  }
}

/** Everything that accounts, orders and disputes are owed out of a book. */
function claimsOn(replay: LedgerReplay, key: string): bigint {
  let sum = 0n;
  for (const [account, word] of replay.accounts) {
    if (!account.startsWith(`${key}|`)) continue;
    const { available, pending, fees } = balancesOf(word);
    sum += available + pending + fees;
  }
  for (const [account, word] of replay.coldWords) {
    if (account.startsWith(`${key}|`)) sum += reserveOf(word);
  }
  for (const order of replay.orders.values()) {
    if (bookKey(order.operator, order.token) === key) sum += amountsOf(order.word).capturable;
  }
  for (const lock of replay.locks.values()) {
    if (lock.book === key) sum += lock.amount;
  }
  for (const bond of replay.bonds.values()) {
    if (bond.book === key) sum += bond.amount;
  }
  return sum;
}

async function expectWordsAsStored({ ledger }: TestNetwork, replay: LedgerReplay): Promise<void> {
  for (const [id, order] of replay.orders) {
    expect(await ledger.orderWord(id), `word of order ${id}`).to.equal(order.word);
  }
  for (const [key, word] of replay.accounts) {
    const [operator = "", token = "", account = ""] = key.split("|");
    expect(await ledger.accountWord(operator, token, account), `word of ${account}`).to.equal(word);
  }
  for (const [key, word] of replay.coldWords) {
    const [operator = "", token = "", account = ""] = key.split("|");
    expect(await ledger.coldWord(operator, token, account), `cold word of ${account}`).to.equal(word);
  }
}

function expectOrderWithinItsAmounts(id: string, order: ReplayedOrder): void {
  const { capturable, refundable } = amountsOf(order.word);
  const net = order.captured - order.refunded - order.awarded;
  const share = order.fixedFee + (net * order.feeBps) / 10_000n;
  const fee = share < net ? share : net;

  expect(capturable, `capturable of ${id}`).to.equal(
    order.amount - order.captured - order.voided - order.reclaimed,
  );
  expect(refundable, `refundable of ${id}`).to.equal(net);
  expect(order.fees, `fees of ${id}`).to.equal(net === 0n ? 0n : fee);
}
