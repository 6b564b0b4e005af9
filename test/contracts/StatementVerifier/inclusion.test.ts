import { expect } from "chai";
import fc from "fast-check";
import {
  buildLevels,
  EMPTY_TREE,
  siblingsOf,
  treeRootFrom,
  treeRootOf,
} from "../../../services/chain/positional-tree.ts";
import {
  buildStatement,
  type CommittedRoot,
  hashLeaf,
  type LeafProof,
  proveLeaf,
  type StatementTree,
} from "../../../services/chain/statement-tree.ts";
import { typeHash } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import type { StatementLeaf } from "../../../services/domain/statement.ts";
import {
  anyHash,
  anyMovements,
  anyPlace,
  capturesOf,
  movement,
  OWNER,
} from "../../support/builders/statement.ts";
import { openVerifiers } from "./verifier-fixture.ts";

const verifiers = await openVerifiers();
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17];
const LARGE_SIZES = [255, 256, 257];
const NODE_TAG = typeHash("rialto.statement.node");

describe("StatementVerifier.verifyInclusion", () => {
  for (const size of SIZES) {
    it(`proves each movement of ${size} at its place and at no other`, async () => {
      const statement = buildStatement(OWNER, capturesOf(size));
      for (let index = 0; index < size; ++index) {
        const proof = proveLeaf(statement, index);
        expect(await verifiers.inclusion(statement, proof)).to.equal(true);
        for (let other = 0; other < size; ++other) {
          if (other === index) continue;
          const moved = { ...proof, leaf: { ...proof.leaf, index: other } };
          expect(await verifiers.inclusion(statement, moved)).to.not.equal(true);
        }
      }
    });
  }

  for (const size of LARGE_SIZES) {
    it(`proves the movements at both ends and in the middle of ${size}`, async () => {
      const statement = buildStatement(OWNER, capturesOf(size));
      for (const index of [0, 1, 127, 128, size - 2, size - 1]) {
        expect(await verifiers.inclusion(statement, proveLeaf(statement, index))).to.equal(true);
      }
    });
  }

  it("hashes leaves and roots as the contract does, at both ends of every range", async () => {
    const edge = 2n ** 255n;
    const [low, high] = buildStatement(OWNER, [movement(), movement()]).leaves as [
      StatementLeaf,
      StatementLeaf,
    ];
    const extremes = [
      { ...low, kind: 0, gross: -edge, fee: -edge, net: -edge, runningBefore: -edge },
      { ...high, kind: 255, gross: edge - 1n, fee: edge - 1n, net: edge - 1n, runningBefore: edge - 1n },
    ];
    for (const leaf of extremes) expect(await verifiers.contract.hashLeaf(leaf)).to.equal(hashLeaf(leaf));
    const statement = buildStatement(OWNER, capturesOf(3));
    expect(await verifiers.contract.statementRoot(statement)).to.equal(statement.root);
  });

  it("proves every movement of any statement", async () => {
    await fc.assert(
      fc.asyncProperty(anyMovements, anyPlace, async (movements, place) => {
        const statement = buildStatement(OWNER, movements);
        const proof = proveLeaf(statement, place % statement.count);
        expect(await verifiers.contract.statementRoot(statement)).to.equal(statement.root);
        expect(await verifiers.inclusion(statement, proof)).to.equal(true);
      }),
      { numRuns: 150 },
    );
  });

  it("refuses whatever was changed in a proof, its leaf or the root's numbers", async () => {
    await fc.assert(
      fc.asyncProperty(anyMovements, anyPlace, anyPlace, anyHash, async (movements, place, choice, hash) => {
        const statement = buildStatement(OWNER, movements);
        const proof = proveLeaf(statement, place % statement.count);
        const forgeries = forgeriesOf(statement, proof, hash);
        const forged = forgeries[choice % forgeries.length] as Forgery;
        expect(await verifiers.inclusion(forged.root, forged.proof)).to.not.equal(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe("StatementVerifier.verifyInclusion, malformed and hostile", () => {
  it("reverts with StatementIndexOutOfRange beyond the last movement and in an empty statement", async () => {
    const statement = buildStatement(OWNER, capturesOf(3));
    const proof = proveLeaf(statement, 2);
    const beyond = { ...proof, leaf: { ...proof.leaf, index: 3 } };
    expect(await verifiers.inclusion(statement, beyond)).to.equal("StatementIndexOutOfRange(3, 3)");
    const empty = buildStatement(OWNER, []);
    const first = proveLeaf(statement, 0);
    expect(await verifiers.inclusion(empty, first)).to.equal("StatementIndexOutOfRange(0, 0)");
  });

  it("reverts with StatementProofLengthWrong for siblings left out or added", async () => {
    const statement = buildStatement(OWNER, capturesOf(3));
    const proof = proveLeaf(statement, 0);
    const short = { ...proof, siblings: proof.siblings.slice(1) };
    const long = { ...proof, siblings: [...proof.siblings, EMPTY_TREE] };
    expect(await verifiers.inclusion(statement, short)).to.equal("StatementProofLengthWrong(1, 2)");
    expect(await verifiers.inclusion(statement, long)).to.equal("StatementProofLengthWrong(3, 2)");
    expect(proveLeaf(statement, 2).siblings).to.have.length(1);
  });

  it("answers for the largest count and place that can be written", async () => {
    const { contract } = verifiers;
    const [leaf] = buildStatement(OWNER, [movement()]).leaves;
    const largest = 2n ** 256n - 1n;
    const last = { ...(leaf as StatementLeaf), index: largest - 1n };
    const asked = contract.verifyInclusion(EMPTY_TREE, largest, 0n, last, []);
    await expect(asked)
      .to.be.revertedWithCustomError(contract, "StatementProofLengthWrong")
      .withArgs(0n, 255n);
  });

  it("tells equal movements apart by their index", async () => {
    const statement = buildStatement(OWNER, [movement(), movement(), movement()]);
    const proofs = [0, 1, 2].map((index) => proveLeaf(statement, index));
    for (const proof of proofs) expect(await verifiers.inclusion(statement, proof)).to.equal(true);
    expect(new Set(statement.leaves.map(hashLeaf)).size).to.equal(3);
    const swapped = { leaf: (proofs[0] as LeafProof).leaf, siblings: (proofs[2] as LeafProof).siblings };
    expect(await verifiers.inclusion(statement, swapped)).to.equal("StatementProofLengthWrong(1, 2)");
  });

  it("does not read an odd last leaf as standing there twice", async () => {
    const three = buildStatement(OWNER, capturesOf(3));
    const doubled = [...three.leaves, three.leaves[2] as StatementLeaf].map(hashLeaf);
    const levels = buildLevels(NODE_TAG, doubled);
    expect(treeRootOf(levels)).to.not.equal(three.treeRoot);
    const last = proveLeaf(three, 2);
    const again = { leaf: { ...last.leaf, index: 3 }, siblings: siblingsOf(levels, 3) };
    expect(await verifiers.inclusion({ ...three, count: 4 }, again)).to.equal(false);
  });

  it("does not read an inner node as a leaf, nor a tree as a smaller one", async () => {
    const four = buildStatement(OWNER, capturesOf(4));
    const [left, right] = four.levels[1] as [Hex, Hex];
    const asLeaf = treeRootFrom({ tag: NODE_TAG, count: 2, position: 0, leaf: left, siblings: [right] });
    // The bare tree could be read so: that the root commits to the count and leaves are hashed twice forbids it.
    expect(asLeaf).to.equal(four.treeRoot);
    for (const leaf of four.leaves.slice(0, 2)) {
      const siblings = [right];
      expect(await verifiers.inclusion({ ...four, count: 2 }, { leaf, siblings })).to.equal(false);
    }
    expect(hashLeaf(four.leaves[0] as StatementLeaf)).to.not.equal(left);
  });
});

type Forgery = { readonly root: CommittedRoot; readonly proof: LeafProof };

function forgeriesOf(statement: StatementTree, proof: LeafProof, hash: Hex): Forgery[] {
  const { leaf, siblings } = proof;
  const changed: Partial<StatementLeaf>[] = [
    { chainId: leaf.chainId + 1 },
    { ledger: OWNER.operator },
    { operator: OWNER.ledger },
    { token: OWNER.ledger },
    { cycle: leaf.cycle + 1 },
    { merchant: OWNER.ledger },
    { index: leaf.index + 1 },
    { orderId: hash === leaf.orderId ? EMPTY_TREE : hash },
    { kind: leaf.kind + 1 },
    { gross: leaf.gross + 1n },
    { fee: leaf.fee - 1n },
    { net: -leaf.net - 1n },
    { runningBefore: leaf.runningBefore + 1n },
  ];
  const { root, count, total } = statement;
  return [
    ...changed.map((change) => ({ root: statement, proof: { leaf: { ...leaf, ...change }, siblings } })),
    ...siblings.map((_, at) => ({ root: statement, proof: { leaf, siblings: siblings.with(at, hash) } })),
    ...siblings.map((_, at) => ({ root: statement, proof: { leaf, siblings: siblings.toSpliced(at, 1) } })),
    ...(siblings.length > 1 ? [{ root: statement, proof: { leaf, siblings: siblings.toReversed() } }] : []),
    { root: statement, proof: { leaf, siblings: [...siblings, hash] } },
    { root: { root, count: count + 1, total }, proof },
    { root: { root, count: count - 1, total }, proof },
    { root: { root, count, total: total + 1n }, proof },
    { root: { root: hash, count, total }, proof },
  ];
}
