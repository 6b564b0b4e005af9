import { expect } from "chai";
import type { TestNetwork } from "../deploy-contracts.ts";
import { type PlainBook, reserveOf, unpaidOf } from "./book.ts";
import type { PlainLock } from "./disputes.ts";
import type { PlainOrders } from "./orders.ts";

/** Everything of the book as the contracts store it equals what the plain ledger says. */
export async function expectSameStorage(
  network: TestNetwork,
  book: PlainBook,
  orders: PlainOrders,
  locks: ReadonlyMap<string, PlainLock>,
): Promise<void> {
  const { ledger, token, actors } = network;
  const operator = actors.operator.address;
  const stored = await ledger.bookOf(operator, token);
  expect({
    liabilities: stored.liabilities,
    guarantee: stored.guarantee,
    openCycle: stored.openCycle,
  }).to.deep.equal({
    liabilities: book.liabilities,
    guarantee: book.guarantee,
    openCycle: book.openCycle,
  });

  for (const [name, account] of book.accounts) {
    const word = await ledger.accountWord(operator, token, name);
    const cold = await ledger.coldWord(operator, token, name);
    const { total, count } = await ledger.unpaidAwardsOf(operator, token, name);
    const owes = account.debt > 0n || account.parcels.length > 0 || account.awards.length > 0;
    expect({
      available: bits(word, 0n, 80n),
      pending: bits(word, 80n, 80n),
      fees: bits(word, 160n, 32n),
      openCycle: bits(word, 192n, 24n),
      exposedDay: bits(word, 232n, 16n),
      isCold: bits(word, 255n, 1n),
      debt: bits(cold, 0n, 80n),
      reserve: bits(cold, 80n, 80n),
      unpaid: [count, total, bits(cold, 168n, 1n)],
    }).to.deep.equal(
      {
        available: account.available,
        pending: account.pending,
        fees: account.fees,
        openCycle: account.openCycle,
        exposedDay: account.exposedDay,
        isCold: owes ? 1n : 0n,
        debt: account.debt,
        reserve: reserveOf(account),
        unpaid: [BigInt(account.awards.length), unpaidOf(account), account.awards.length > 0 ? 1n : 0n],
      },
      `account ${name}`,
    );
  }

  for (const [id, order] of orders) {
    const word = await ledger.orderWord(id);
    const flags = (order.isDisputed ? 1n : 0n) | (order.isShifted ? 2n : 0n) | (order.disputes << 8n);
    expect({
      capturable: bits(word, 0n, 80n),
      refundable: bits(word, 80n, 80n),
      capturedAt: bits(word, 160n, 40n),
      cycle: bits(word, 200n, 32n),
      state: bits(word, 232n, 8n),
      flags: bits(word, 240n, 16n),
      shift: await ledger.shiftOf(id),
    }).to.deep.equal(
      {
        capturable: order.capturable,
        refundable: order.refundable,
        capturedAt: order.capturedAt,
        cycle: order.cycle,
        state: order.state,
        flags,
        shift: order.shift,
      },
      `order ${id}`,
    );
  }
  await expectSameLocks(network, orders, locks);
}

async function expectSameLocks(
  { ledger, ethers }: TestNetwork,
  orders: PlainOrders,
  locks: ReadonlyMap<string, PlainLock>,
): Promise<void> {
  for (const [id, lock] of locks) {
    const ordinal = orders.get(id)?.disputes ?? 0n;
    const disputeId = ethers.solidityPackedKeccak256(["bytes32", "uint256"], [id, ordinal]);
    const stored = await ledger.lockOf(disputeId);
    expect({
      captured: stored.captured,
      pending: stored.lockedPending,
      available: stored.lockedAvailable,
      reserve: stored.lockedReserve,
      at: stored.lockedAt,
      cycle: stored.lockedCycle,
      bond: await ledger.bondOf(disputeId),
    }).to.deep.equal(
      {
        captured: lock.captured,
        pending: lock.pending,
        available: lock.available,
        reserve: lock.reserve,
        at: lock.at,
        cycle: lock.cycle,
        bond: lock.bond,
      },
      `lock of ${id}`,
    );
  }
}

function bits(word: bigint, from: bigint, width: bigint): bigint {
  return (word >> from) & ((1n << width) - 1n);
}
