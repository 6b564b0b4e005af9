import { expect } from "chai";
import fc from "fast-check";
import {
  buildCycle,
  type CycleTree,
  commitEntries,
  cycleRoot,
  type EntryProof,
  hashEntry,
  proveEntry,
  proveNoStatement,
} from "../../../services/chain/cycle-tree.ts";
import { EMPTY_TREE } from "../../../services/chain/positional-tree.ts";
import {
  buildStatement,
  commitLeaves,
  proveLeaf,
  type StatementTree,
} from "../../../services/chain/statement-tree.ts";
import type { CycleEntry, StatementLeaf } from "../../../services/domain/statement.ts";
import {
  addressOf,
  anyAmount,
  anyHash,
  anyPlace,
  capturesOf,
  OWNER,
} from "../../support/builders/statement.ts";
import { openVerifiers } from "./verifier-fixture.ts";

const verifiers = await openVerifiers();
const { merchant: _, ...BOOK_CYCLE } = OWNER;
const SIZES = [1, 2, 3, 4, 5, 8, 9, 255, 256, 257];

const anyStatements = fc.uniqueArray(
  fc.record({
    merchant: fc.integer({ min: 1, max: 40 }).map((number) => addressOf(number * 2)),
    statementRoot: anyHash,
    net: anyAmount,
  }),
  { minLength: 1, maxLength: 20, selector: ({ merchant }) => merchant },
);

describe("StatementVerifier.verifyStatement", () => {
  for (const size of SIZES) {
    it(`proves statements of ${size} merchants, and merchants around them to have none`, async () => {
      const cycle = cycleOf(size);
      expect(await verifiers.contract.cycleRoot(cycle)).to.equal(cycle.root);
      for (const index of new Set([0, Math.floor(size / 2), size - 1])) {
        const proof = proveEntry(cycle, index);
        expect(await verifiers.contract.hashEntry(proof.entry)).to.equal(hashEntry(proof.entry));
        expect(await verifiers.statement(cycle, proof)).to.equal(true);
        const between = addressOf(proof.entry.index * 2 + 1);
        const around = proveNoStatement(cycle, between) as EntryProof[];
        expect(await verifiers.noStatement(cycle, between, around)).to.equal(true);
      }
      const beyond = addressOf(size * 2 + 1);
      const last = proveNoStatement(cycle, beyond) as EntryProof[];
      expect(await verifiers.noStatement(cycle, beyond, last)).to.equal(true);
    });
  }

  it("proves that nobody has a statement in an empty cycle", async () => {
    const empty = buildCycle(BOOK_CYCLE, []);
    expect(await verifiers.noStatement(empty, OWNER.merchant, [])).to.equal(true);
    expect(await verifiers.noStatement({ ...cycleOf(3), count: 0 }, OWNER.merchant, [])).to.equal(false);
  });

  it("proves the statements of any cycle, refuses changed ones, and never denies one that is there", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyStatements,
        anyPlace,
        anyPlace,
        anyHash,
        async (statements, place, choice, hash) => {
          const cycle = buildCycle(BOOK_CYCLE, statements);
          const proof = proveEntry(cycle, place % cycle.count);
          expect(await verifiers.statement(cycle, proof)).to.equal(true);

          const changes = [
            ...changesOf(proof.entry),
            { statementRoot: hash },
            { index: proof.entry.index + 1 },
          ];
          const forged = { ...proof, entry: { ...proof.entry, ...changes[choice % changes.length] } };
          expect(await verifiers.statement(cycle, forged)).to.not.equal(true);

          const other = proveEntry(cycle, choice % cycle.count);
          for (const proofs of [[], [proof], [other], [other, proof], [proof, other]]) {
            expect(await verifiers.noStatement(cycle, proof.entry.merchant, proofs)).to.equal(false);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("finds for every merchant what the list itself says", async () => {
    const anyMerchant = fc.integer({ min: 0, max: 82 }).map(addressOf);
    await fc.assert(
      fc.asyncProperty(anyStatements, anyMerchant, async (statements, merchant) => {
        const cycle = buildCycle(BOOK_CYCLE, statements);
        const proofs = proveNoStatement(cycle, merchant);
        expect(proofs === undefined).to.equal(statements.some((each) => each.merchant === merchant));
        if (proofs !== undefined) {
          expect(await verifiers.noStatement(cycle, merchant, proofs)).to.equal(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("denies nobody a statement by an entry that is not in the cycle", async () => {
    const cycle = cycleOf(3);
    const [first, second] = [0, 1].map((index) => proveEntry(cycle, index)) as [EntryProof, EntryProof];
    const between = addressOf(3);
    const forged = { ...second, entry: { ...second.entry, merchant: addressOf(5) } };

    expect(await verifiers.noStatement(cycle, between, [first, second])).to.equal(true);
    expect(await verifiers.noStatement(cycle, second.entry.merchant, [first, forged])).to.equal(false);
  });

  it("reverts as for movements where input is no proof at all", async () => {
    const cycle = cycleOf(3);
    const [first, second, third] = [0, 1, 2].map((index) => proveEntry(cycle, index)) as [
      EntryProof,
      EntryProof,
      EntryProof,
    ];
    const beyond = { ...third, entry: { ...third.entry, index: 3 } };
    expect(await verifiers.statement(cycle, beyond)).to.equal("StatementIndexOutOfRange(3, 3)");
    const short = { ...first, siblings: [] };
    expect(await verifiers.statement(cycle, short)).to.equal("StatementProofLengthWrong(0, 2)");
    const all = [first, second, third];
    const tooMany = "StatementTooManyLeaves(3, 2)";
    expect(await verifiers.noStatement(cycle, OWNER.merchant, all)).to.equal(tooMany);
    expect(await verifiers.cycleRefutation(cycle, 0, all)).to.equal(tooMany);
  });

  it("does not take a statement's root for a cycle's, nor a cycle's for a statement's", async () => {
    const statement = buildStatement(OWNER, capturesOf(2));
    const cycle = cycleOf(2);
    expect(await verifiers.contract.cycleRoot(statement)).to.not.equal(statement.root);
    expect(await verifiers.inclusion(cycle, proveLeaf(statement, 0))).to.equal(false);
    expect(await verifiers.statement(statement, proveEntry(cycle, 0))).to.equal(false);
  });
});

describe("StatementVerifier.refutesCycle", () => {
  it("refutes no cycle that adds up", async () => {
    await fc.assert(
      fc.asyncProperty(anyStatements, async (statements) => {
        expect(await isRefuted(buildCycle(BOOK_CYCLE, statements))).to.equal(false);
      }),
      { numRuns: 30 },
    );
  });

  for (const [name, at, change] of [
    ["a first running total other than zero", 0, { runningBefore: 1n }],
    ["a running total that does not follow", 2, { runningBefore: 1n }],
    ["a net that its successor did not count", 1, { net: 1n }],
    ["a last net that the total did not count", 4, { net: 1n }],
    ["an entry that names another index", 2, { index: 1 }],
    ["a merchant out of order", 2, { merchant: addressOf(99) }],
    ["a merchant listed twice", 2, { merchant: addressOf(4) }],
    ["an entry of another cycle", 2, { cycle: 8 }],
    ["an entry of another chain", 2, { chainId: 1 }],
    ["an entry of another ledger", 2, { ledger: OWNER.token }],
    ["an entry of another token", 2, { token: OWNER.ledger }],
    ["an entry of another operator", 2, { operator: OWNER.ledger }],
  ] as [string, number, Partial<CycleEntry>][]) {
    it(`refutes ${name}`, async () => {
      const { entries, total } = cycleOf(5);
      const forged = entries.with(at, { ...(entries[at] as CycleEntry), ...change });
      expect(await isRefuted(commitEntries(forged, total))).to.equal(true);
    });
  }

  it("refutes nothing by an entry that is not in the cycle", async () => {
    const cycle = cycleOf(3);
    const first = proveEntry(cycle, 0);
    const forged = { ...first, entry: { ...first.entry, runningBefore: 1n } };

    expect(await verifiers.cycleRefutation(cycle, 0, [forged])).to.equal(false);
    expect(await verifiers.emptyCycleRefutation(cycle.root, 1n, EMPTY_TREE)).to.equal(false);
  });

  it("refutes by the first of two entries, however good the second", async () => {
    const { entries, total } = cycleOf(3);
    const wrong = { ...(entries[0] as CycleEntry), runningBefore: 1n };
    const cycle = commitEntries(entries.with(0, wrong), total);

    expect(await verifiers.cycleRefutation(cycle, 0, [proveEntry(cycle, 0), proveEntry(cycle, 1)])).to.equal(
      true,
    );
  });

  it("refutes an empty cycle with a total or a tree, and no other", async () => {
    for (const [total, treeRoot, expected] of [
      [0n, EMPTY_TREE, false],
      [1n, EMPTY_TREE, true],
      [0n, cycleOf(1).treeRoot, true],
    ] as const) {
      const root = cycleRoot({ count: 0, total, treeRoot });
      expect(await verifiers.emptyCycleRefutation(root, total, treeRoot)).to.equal(expected);
    }
  });
});

describe("StatementVerifier.refutesNet and refutesOwner", () => {
  const statement = buildStatement(OWNER, capturesOf(3));

  it("refute nothing of a statement that the cycle states as it is", async () => {
    const cycle = cycleWith(statement, {});
    const entry = proveEntry(cycle, 0);
    expect(await verifiers.netRefutation(cycle, entry, statement)).to.equal(false);
    for (const position of [0, 1, 2]) {
      const leaf = proveLeaf(statement, position);
      expect(await verifiers.ownerRefutation(cycle, entry, statement, leaf)).to.equal(false);
    }
  });

  it("refute another net than the statement's total", async () => {
    const cycle = cycleWith(statement, { net: statement.total - 1n });
    const entry = proveEntry(cycle, 0);
    expect(await verifiers.netRefutation(cycle, entry, statement)).to.equal(true);
    expect(await verifiers.netRefutation(cycle, entry, { ...statement, total: 0n })).to.equal(false);
    const unproven = { ...entry, entry: { ...entry.entry, net: 7n } };
    expect(await verifiers.netRefutation(cycle, unproven, statement)).to.equal(false);
  });

  for (const [name, change] of [
    ["merchant", { merchant: addressOf(1) }],
    ["cycle", { cycle: 8 }],
    ["chain", { chainId: 1 }],
    ["ledger", { ledger: addressOf(1) }],
    ["operator", { operator: addressOf(1) }],
    ["token", { token: addressOf(1) }],
  ] as [string, Partial<StatementLeaf>][]) {
    it(`refute a whole statement of another ${name}`, async () => {
      const leaves = statement.leaves.map((leaf) => ({ ...leaf, ...change }));
      const foreign = commitLeaves(leaves, statement.total);
      const cycle = cycleWith(foreign, {});
      const entry = proveEntry(cycle, 0);
      const leaf = proveLeaf(foreign, 1);
      expect(await verifiers.ownerRefutation(cycle, entry, foreign, leaf)).to.equal(true);
      const unproven = { ...leaf, leaf: { ...leaf.leaf, gross: 7n } };
      expect(await verifiers.ownerRefutation(cycle, entry, foreign, unproven)).to.equal(false);
      const elsewhere = { ...entry, entry: { ...entry.entry, net: entry.entry.net + 1n } };
      expect(await verifiers.ownerRefutation(cycle, elsewhere, foreign, leaf)).to.equal(false);
    });
  }
});

/** Merchants 2, 4, 6, ... with nets 1, 2, 3, ... */
function cycleOf(size: number): CycleTree {
  const statements = Array.from({ length: size }, (_, index) => ({
    merchant: addressOf((index + 1) * 2),
    statementRoot: EMPTY_TREE,
    net: BigInt(index + 1),
  }));
  return buildCycle(BOOK_CYCLE, statements);
}

/** A cycle of two merchants; the first one's statement is given. */
function cycleWith(statement: StatementTree, change: Partial<CycleEntry>): CycleTree {
  const { merchant } = OWNER;
  return buildCycle(BOOK_CYCLE, [
    { merchant: `0x${"ff".repeat(20)}`, statementRoot: EMPTY_TREE, net: 0n },
    { merchant, statementRoot: statement.root, net: statement.total, ...change },
  ]);
}

async function isRefuted(cycle: CycleTree): Promise<boolean> {
  const proofs = cycle.entries.map((_, position) => proveEntry(cycle, position));
  for (const [place, proof] of proofs.entries()) {
    if ((await verifiers.cycleRefutation(cycle, place, [proof])) === true) return true;
    const next = proofs[place + 1];
    if (next !== undefined && (await verifiers.cycleRefutation(cycle, place, [proof, next])) === true)
      return true;
  }
  return false;
}

function changesOf(entry: CycleEntry): Partial<CycleEntry>[] {
  return [
    { chainId: entry.chainId + 1 },
    { ledger: OWNER.token },
    { operator: OWNER.token },
    { token: OWNER.ledger },
    { cycle: entry.cycle + 1 },
    { merchant: addressOf(1) },
    { net: entry.net + 1n },
    { runningBefore: entry.runningBefore + 1n },
  ];
}
