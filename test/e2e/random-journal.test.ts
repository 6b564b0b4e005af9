import { expect } from "chai";
import { journalBalances } from "../support/journal-arithmetic.ts";
import { startTestNetwork, type TestNetwork } from "../support/network.ts";
import { randomJournal } from "../support/random-journal.ts";

const SEEDS = Number.parseInt(process.env.RIALTO_TEST_JOURNALS ?? "3", 10);
const FIRST_SEED = Number.parseInt(process.env.RIALTO_TEST_SEED ?? `${Date.now() % 1_000_000}`, 10);

describe("a random journal", () => {
  let network: TestNetwork;

  before(async function startNetwork() {
    this.timeout(120_000);
    network = await startTestNetwork();
  });

  after(() => network.stop());

  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    it(`comes to what its arithmetic says, whatever was wrong with its lines (seed ${seed})`, async () => {
      const prefix = `s${seed}-`;
      const lines = randomJournal({ seed, length: 250, prefix });
      const expected = journalBalances(lines, 500);

      const result = await network.text(lines);

      expect(result.failed.map(({ line }) => line)).to.deep.equal(expected.failed);
      for (const [key, balance] of expected.balances) {
        const [merchant = "", currency = ""] = key.split("|");
        const actual = await network.balanceOf(merchant, currency);
        const amounts = Object.entries(balance).map(([name, amount]) => [name, amount.toString()]);
        expect(actual, key).to.include(Object.fromEntries(amounts));
        expect(conservedNet(actual), key).to.equal(balance.net);
      }
      expect((await network.audit()).breaks).to.deep.equal([]);
    });

    it(`changes nothing when it is imported again (seed ${seed})`, async () => {
      const lines = randomJournal({ seed, length: 250, prefix: `s${seed}-` });
      const before = await network.balances();

      const result = await network.text(lines);

      expect(result.executed).to.equal(0);
      expect(await network.balances()).to.deep.equal(before);
    });
  }
}).timeout(120_000);

type Amounts = { pending: string; available: string; paid: string; debt: string };

function conservedNet(row: Amounts | undefined): bigint | undefined {
  if (row === undefined) return undefined;
  return BigInt(row.pending) + BigInt(row.available) + BigInt(row.paid) - BigInt(row.debt);
}
