import { expect } from "chai";
import { concat, keccak256 } from "ethers";
import fc from "fast-check";
import {
  buildLevels,
  EMPTY_TREE,
  MalformedProofError,
  siblingsOf,
  treeRootFrom,
  treeRootOf,
} from "../../../services/chain/positional-tree.ts";
import { typeHash } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { anyHash, anyPlace } from "../../support/builders/statement.ts";

const TAG = typeHash("a tag");
const anyLeaves = fc.array(anyHash, { minLength: 1, maxLength: 70 });

describe("positional trees", () => {
  it("have the shape of RFC 6962's", () => {
    fc.assert(
      fc.property(anyLeaves, (leaves) => {
        expect(treeRootOf(buildLevels(TAG, leaves))).to.equal(oracleRoot(leaves));
      }),
    );
  });

  it("prove every place, and no leaf at another place", () => {
    fc.assert(
      fc.property(anyLeaves, anyPlace, anyPlace, (leaves, from, to) => {
        const count = leaves.length;
        const levels = buildLevels(TAG, leaves);
        const [position, other] = [from % count, to % count];
        const leaf = leaves[position] as Hex;
        const siblings = siblingsOf(levels, position);
        expect(treeRootFrom({ tag: TAG, count, position, leaf, siblings })).to.equal(treeRootOf(levels));
        if (leaves[other] === leaf) return;
        const moved = { tag: TAG, count, position: other, leaf, siblings: siblingsOf(levels, other) };
        expect(treeRootFrom(moved)).to.not.equal(treeRootOf(levels));
      }),
    );
  });

  it("are 0 without leaves and the leaf itself for one", () => {
    expect(treeRootOf(buildLevels(TAG, []))).to.equal(EMPTY_TREE);
    expect(treeRootOf(buildLevels(TAG, [TAG]))).to.equal(TAG);
    expect(siblingsOf(buildLevels(TAG, [TAG]), 0)).to.deep.equal([]);
  });

  it("depend on the tag", () => {
    const roots = [TAG, typeHash("another")].map((tag) => treeRootOf(buildLevels(tag, [TAG, TAG])));
    expect(roots[0]).to.not.equal(roots[1]);
  });

  it("tell what was malformed", () => {
    const levels = buildLevels(TAG, [TAG, TAG, TAG]);
    const ask = { tag: TAG, count: 3, position: 0, leaf: TAG, siblings: siblingsOf(levels, 0) };
    for (const [input, error, actual, limit] of [
      [{ ...ask, position: 3 }, "StatementIndexOutOfRange", 3, 3],
      [{ ...ask, position: -1 }, "StatementIndexOutOfRange", -1, 3],
      [{ ...ask, siblings: [] }, "StatementProofLengthWrong", 0, 2],
      [{ ...ask, position: 2 }, "StatementProofLengthWrong", 2, 1],
    ] as const) {
      expect(() => treeRootFrom(input))
        .to.throw(MalformedProofError)
        .that.includes({ error, actual, limit });
    }
    expect(() => siblingsOf(levels, 3)).to.throw(MalformedProofError);
  });
});

/** Split at the largest power of two below the width, as RFC 6962 section 2.1 does. */
function oracleRoot(leaves: readonly Hex[]): string {
  if (leaves.length === 1) return leaves[0] as Hex;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return keccak256(concat([TAG, oracleRoot(leaves.slice(0, split)), oracleRoot(leaves.slice(split))]));
}
