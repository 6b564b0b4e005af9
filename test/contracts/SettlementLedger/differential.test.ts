import { expect } from "chai";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";
import { accountOf, PlainRefusal } from "../../support/plain-ledger/book.ts";
import { createHistory, type Plain } from "../../support/plain-ledger/history.ts";
import { expectSameStorage } from "../../support/plain-ledger/storage.ts";

const { load, time } = await openTestChain();

const DAY = 86_400;
const CLASSES = [
  { id: 1, bps: 1_000, delay: 8 * DAY },
  { id: 2, bps: 2_500, delay: 30 * DAY },
] as const;

/** RIALTO_TEST_HISTORIES=N runs N random histories, RIALTO_TEST_SEED=S begins with that seed. */
const HISTORIES = Number.parseInt(process.env.RIALTO_TEST_HISTORIES ?? "2", 10);
const FIRST_SEED = Number.parseInt(process.env.RIALTO_TEST_SEED ?? `${Date.now() % 1_000_000}`, 10);
const CALLS = 100;

describe("SettlementLedger beside a plain ledger", () => {
  for (let index = 0; index < HISTORIES; index++) {
    const seed = FIRST_SEED + index;

    it(`stores the same after each of ${CALLS} random calls (seed ${seed})`, async () => {
      const network = await load();
      let plain = await open(network);
      const history = createHistory(network, seed);
      let now = await time.latest();
      let accepted = 0;

      for (let call = 0; call < CALLS; call++) {
        const step = await history.next(plain, now);
        now += step.name === "closeCycle" ? DAY : 600 * (1 + (call % 29));
        await time.setNextBlockTimestamp(now);
        const next = structuredClone(plain);
        next.book.now = BigInt(now);
        const expected = outcome(() => step.apply(next));
        const actual = await step.send().then(
          () => "accepted",
          (error: Error) => `refused: ${error.message}`,
        );
        expect(actual.slice(0, 7), `call ${call}, ${step.name}: ${expected}; ${actual}`).to.equal(
          expected.slice(0, 7),
        );
        if (expected !== "accepted") continue;
        plain = next;
        accepted += 1;
        await expectSameStorage(network, plain.book, plain.orders, plain.locks);
      }
      // A history that is refused throughout would prove nothing.
      expect(accepted).to.be.greaterThan(CALLS / 4);
      await expectConservation(network);
    });
  }
});

function outcome(apply: () => void): string {
  try {
    apply();
    return "accepted";
  } catch (error) {
    if (error instanceof PlainRefusal) return `refused: ${error.message}`;
    throw error;
  }
}

/** The network with its admin as the court and two holdback classes, and the plain ledger that matches it. */
async function open(network: TestNetwork): Promise<Plain> {
  const { ledger, token, actors } = network;
  const operator = actors.operator.address;
  await ledger.setCourt(actors.admin);
  for (const { id, bps, delay } of CLASSES)
    await ledger.connect(actors.risk).setHoldbackClass(id, bps, delay);
  await ledger.setAdvanceLimit(operator, token, 2_000n);
  await ledger.syncAccounts(operator, token, [operator]);
  const stored = await ledger.bookOf(operator, token);
  const plain: Plain = {
    book: {
      operator,
      accounts: new Map(),
      classes: new Map(CLASSES.map(({ id, bps, delay }) => [id, { bps: BigInt(bps), delay: BigInt(delay) }])),
      liabilities: stored.liabilities,
      guarantee: stored.guarantee,
      advanceLimit: 2_000n,
      openCycle: stored.openCycle,
      now: 0n,
    },
    orders: new Map(),
    locks: new Map(),
  };
  for (const { address } of [
    actors.payer,
    actors.otherPayer,
    actors.merchant,
    actors.otherMerchant,
    actors.feeReceiver,
    actors.operator,
  ]) {
    const word = await ledger.accountWord(operator, token, address);
    accountOf(plain.book, address).available = word & ((1n << 80n) - 1n);
  }
  return plain;
}
