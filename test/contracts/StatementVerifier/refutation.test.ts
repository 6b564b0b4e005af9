import { expect } from "chai";
import fc from "fast-check";
import { EMPTY_TREE } from "../../../services/chain/positional-tree.ts";
import {
  buildStatement,
  commitLeaves,
  type LeafProof,
  proveAbsence,
  proveLeaf,
  type StatementTree,
  statementRoot,
} from "../../../services/chain/statement-tree.ts";
import {
  listMovements,
  MOVEMENT_KINDS,
  type MovementKind,
  type StatementLeaf,
} from "../../../services/domain/statement.ts";
import {
  anyHash,
  anyMovements,
  anyPlace,
  capturesOf,
  OWNER,
  orderIdOf,
} from "../../support/builders/statement.ts";
import { openVerifiers } from "./verifier-fixture.ts";

const verifiers = await openVerifiers();
const MAX = 2n ** 255n - 1n;
const MIN = -(2n ** 255n);

type Change = Partial<StatementLeaf>;

describe("StatementVerifier.refutesSum", () => {
  it("refutes no statement that adds up, anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(anyMovements, async (movements) => {
        expect(await placesRefuted(buildStatement(OWNER, movements))).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });

  it("refutes exactly the statements that do not list their own movements", async () => {
    await fc.assert(
      fc.asyncProperty(anyMovements, anyPlace, anyPlace, anyHash, async (movements, place, choice, hash) => {
        const { leaves, total } = buildStatement(OWNER, movements);
        const at = place % leaves.length;
        const leaf = leaves[at] as StatementLeaf;
        const changes = changesOf(leaf);
        const changed = choice % (changes.length + 4);
        const forged = [
          { leaves: leaves.with(at, { ...leaf, orderId: hash }), total },
          { leaves, total: total + 1n },
          { leaves: leaves.toSpliced(at, 1), total },
          { leaves: leaves.toReversed(), total },
        ][changed - changes.length] ?? {
          leaves: leaves.with(at, { ...leaf, ...changes[changed] }),
          total,
        };
        if (forged.leaves.length === 0) return;

        const statement = commitLeaves(forged.leaves, forged.total);
        expect((await placesRefuted(statement)).length > 0).to.equal(!listsItsMovements(statement));
      }),
      { numRuns: 150 },
    );
  });

  for (const [name, at, change, places] of [
    ["a first running total other than zero", 0, { runningBefore: 1n }, [0, "0+1"]],
    ["a running total that does not follow", 2, { runningBefore: 191n }, ["1+2", "2+3"]],
    ["a net that is not gross less fee", 2, { gross: 101n }, [2]],
    ["a net that its successor did not count", 2, { gross: 101n, net: 96n }, ["2+3"]],
    ["a last net that the total did not count", 4, { gross: 101n, net: 96n }, [4]],
    ["an order out of place", 2, { orderId: orderIdOf(99) }, ["2+3"]],
    ["a leaf that names another index", 2, { index: 3 }, [2]],
    ["a leaf of another merchant", 2, { merchant: OWNER.operator }, ["1+2", "2+3"]],
    ["a leaf of another cycle", 4, { cycle: 8 }, ["3+4"]],
    ["a leaf of another chain", 0, { chainId: 1 }, ["0+1"]],
    ["a leaf of another ledger", 0, { ledger: OWNER.token }, ["0+1"]],
    ["a leaf of another token", 0, { token: OWNER.ledger }, ["0+1"]],
    ["a leaf of another operator", 0, { operator: OWNER.ledger }, ["0+1"]],
  ] as [string, number, Change, (number | string)[]][]) {
    it(`refutes ${name}, where it stands`, async () => {
      const { leaves, total } = buildStatement(OWNER, capturesOf(5));
      const forged = leaves.with(at, { ...(leaves[at] as StatementLeaf), ...change });
      const alone = places.filter((place) => typeof place === "number");
      const found = await placesRefuted(commitLeaves(forged, total));
      expect(found.filter((place) => typeof place === "number")).to.deep.equal(alone);
      expect(found).to.include.members(places);
    });
  }

  it("refutes a total that the movements do not add up to", async () => {
    const { leaves, total } = buildStatement(OWNER, capturesOf(1));
    expect(await placesRefuted(commitLeaves(leaves, total + 1n))).to.deep.equal([0]);
  });

  it("refutes an order hidden from its place, where its absence seems proven", async () => {
    const { leaves, total } = buildStatement(OWNER, capturesOf(5));
    const hidden = leaves.with(4, { ...(leaves[4] as StatementLeaf), orderId: orderIdOf(15) });
    const statement = commitLeaves(hidden, total);
    const sought = { orderId: orderIdOf(15) };
    const around = [proveLeaf(statement, 0), proveLeaf(statement, 1)];
    expect(proveAbsence(statement, sought)).to.equal(undefined);
    expect(await verifiers.absence(statement, sought, around)).to.equal(true);
    expect(await placesRefuted(statement)).to.deep.equal(["3+4"]);
  });
});

describe("StatementVerifier.refutesSum, sums beyond an int256", () => {
  const [first, second] = buildStatement(OWNER, capturesOf(2)).leaves as [StatementLeaf, StatementLeaf];
  const largest = { ...first, gross: MAX, fee: 0n, net: MAX };
  const least = { ...first, gross: MIN, fee: 0n, net: MIN };

  it("refutes running totals that wrap", async () => {
    const wrapped = { ...second, gross: 1n, fee: 0n, net: 1n, runningBefore: MAX };
    expect(await placesRefuted(commitLeaves([largest, wrapped], MIN))).to.deep.equal(["0+1", 1]);
    const below = { ...second, gross: -1n, fee: 0n, net: -1n, runningBefore: MIN };
    expect(await placesRefuted(commitLeaves([least, below], MAX))).to.deep.equal(["0+1", 1]);
  });

  it("refutes a difference of gross and fee that wraps", async () => {
    const wrapped = { ...first, gross: MIN, fee: 1n, net: MAX };
    expect(await placesRefuted(commitLeaves([wrapped], MAX))).to.deep.equal([0]);
    const above = { ...first, gross: MAX, fee: -1n, net: MIN };
    expect(await placesRefuted(commitLeaves([above], MIN))).to.deep.equal([0]);
  });

  it("does not refute sums at the ends of the range", async () => {
    for (const leaf of [largest, least, { ...first, gross: 0n, fee: MAX, net: -MAX }]) {
      expect(await placesRefuted(commitLeaves([leaf], leaf.net))).to.deep.equal([]);
    }
    const down = { ...second, gross: MIN, fee: 0n, net: MIN, runningBefore: MAX };
    expect(await placesRefuted(commitLeaves([largest, down], -1n))).to.deep.equal([]);
  });
});

describe("StatementVerifier.refutesSum, unproven and malformed", () => {
  const statement = buildStatement(OWNER, capturesOf(5));
  const proofs = [0, 1, 2, 3, 4].map((index) => proveLeaf(statement, index)) as [LeafProof, ...LeafProof[]];

  it("refutes nothing by a fault that is not in the statement", async () => {
    for (const change of changesOf(proofs[0].leaf)) {
      const forged = { ...proofs[0], leaf: { ...proofs[0].leaf, ...change } };
      expect(await verifiers.refutation(statement, 0, [forged])).to.equal(false);
      expect(await verifiers.refutation(statement, 0, [forged, proofs[1] as LeafProof])).to.equal(false);
    }
    expect(await verifiers.refutation({ ...statement, total: 0n }, 4, [proofs[4] as LeafProof])).to.equal(
      false,
    );
  });

  it("refutes nothing by leaves that are no neighbours, or by none", async () => {
    const [first, , third] = proofs;
    expect(await verifiers.refutation(statement, 0, [first, third as LeafProof])).to.equal(false);
    expect(await verifiers.refutation(statement, 0, [first, first])).to.equal(false);
    expect(await verifiers.refutation(statement, 0, [])).to.equal(false);
  });

  it("reverts with StatementIndexOutOfRange and StatementTooManyLeaves", async () => {
    const last = proofs[4] as LeafProof;
    expect(await verifiers.refutation(statement, 5, [last])).to.equal("StatementIndexOutOfRange(5, 5)");
    expect(await verifiers.refutation(statement, 4, [last, last])).to.equal("StatementIndexOutOfRange(5, 5)");
    expect(await verifiers.refutation(statement, 0, proofs)).to.equal("StatementTooManyLeaves(5, 2)");
  });

  it("refutes an empty statement with a total or a tree, and no other", async () => {
    const filled = statement.treeRoot;
    for (const [total, treeRoot, expected] of [
      [0n, EMPTY_TREE, false],
      [1n, EMPTY_TREE, true],
      [0n, filled, true],
    ] as const) {
      const root = statementRoot({ count: 0, total, treeRoot });
      expect(await verifiers.emptyRefutation(root, total, treeRoot)).to.equal(expected);
    }
    expect(await verifiers.emptyRefutation(statement.root, statement.total, filled)).to.equal(false);
  });
});

/** Every place that refutes: a number for a leaf alone, `n+m` for neighbours. */
async function placesRefuted(statement: StatementTree): Promise<(number | string)[]> {
  const refuted: (number | string)[] = [];
  const proofs = statement.leaves.map((_, position) => proveLeaf(statement, position));
  for (const [place, proof] of proofs.entries()) {
    if (await verifiers.refutation(statement, place, [proof])) refuted.push(place);
    const next = proofs[place + 1];
    if (next !== undefined && (await verifiers.refutation(statement, place, [proof, next]))) {
      refuted.push(`${place}+${place + 1}`);
    }
  }
  return refuted;
}

/** Lists the movements of the leaves anew and compares: knows nothing of neighbours. */
function listsItsMovements({ leaves, total }: StatementTree): boolean {
  const names = Object.keys(MOVEMENT_KINDS) as MovementKind[];
  const movements = leaves.map(({ orderId, kind, gross, fee }) => ({
    orderId,
    kind: names.find((name) => MOVEMENT_KINDS[name] === kind) as MovementKind,
    gross,
    fee,
  }));
  const { chainId, ledger, operator, token, cycle, merchant } = leaves[0] as StatementLeaf;
  const owner = { chainId, ledger, operator, token, cycle, merchant };
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}` : each));
  const sortKeys = (leaf: StatementLeaf) =>
    Object.entries(leaf).sort(([left], [right]) => (left < right ? -1 : 1));
  const listed = listMovements(owner, movements);
  return listed.total === total && text(listed.leaves.map(sortKeys)) === text(leaves.map(sortKeys));
}

function changesOf(leaf: StatementLeaf): Change[] {
  return [
    { index: leaf.index + 1 },
    { gross: leaf.gross + 1n },
    { fee: leaf.fee + 1n },
    { net: leaf.net + 1n },
    { gross: leaf.gross + 1n, net: leaf.net + 1n },
    { runningBefore: leaf.runningBefore - 1n },
    { kind: leaf.kind === 1 ? 9 : leaf.kind - 1 },
    { cycle: leaf.cycle + 1 },
    { merchant: OWNER.ledger },
  ];
}
