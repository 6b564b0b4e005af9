import type { SyntaxNode } from "../solidity/compiler.ts";
import {
  childOf,
  importInto,
  lineOf,
  listOf,
  rangeOf,
  readContracts,
  type Source,
  walk,
} from "../solidity/syntax.ts";

/** Something that is asked in a contract, and can come out both ways. */
export type Condition = {
  readonly id: number;
  readonly path: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
};

export const PROBE_PATH = "contracts/Condition.sol";

/**
 * Tells the coverage hook of the chain which way a condition came out, as Hardhat's own library tells of statements. The
 * cast lets pure functions do so too.
 */
export const PROBE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

library Condition {
    function is_(uint256 id, bool outcome) internal pure returns (bool) {
        _asPure(_tell)(id * 2 + (outcome ? 1 : 0));
        return outcome;
    }

    function _tell(uint256 tag) private view {
        assembly ("memory-safe") {
            mstore(0, tag)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
        }
    }

    function _asPure(function(uint256) view given) private pure returns (function(uint256) pure taken) {
        assembly ("memory-safe") {
            taken := given
        }
    }
}
`;

/** Every condition of the contracts without mocks, and all sources of contracts/ with a probe around each. */
export function weaveProbes(): { conditions: Condition[]; contents: Record<string, Buffer> } {
  const { sources } = readContracts();
  const conditions: Condition[] = [];
  const contents: Record<string, Buffer> = { [PROBE_PATH]: Buffer.from(PROBE) };
  for (const source of sources) {
    const own = source.path.startsWith("contracts/mocks/") ? [] : conditionsIn(source, conditions.length);
    conditions.push(...own);
    contents[source.path] = Buffer.from(weave(source, own), "latin1");
  }
  return { conditions, contents };
}

/** By id of a condition, the tags that tell that it was false, and that it was true. */
export function tagsOf({ id }: Condition): readonly [no: string, yes: string] {
  const tag = (outcome: number) => (id * 2 + outcome).toString(16).padStart(64, "0");
  return [tag(0), tag(1)];
}

function conditionsIn(source: Source, from: number): Condition[] {
  const nodes = [...walk(source.tree)].flatMap(({ node }) => askedBy(node));
  return nodes.map((node, index) => {
    const [start, end] = rangeOf(node);
    return { id: from + index + 1, path: source.path, line: lineOf(source, start), start, end };
  });
}

/** Of `if`, `?:` and requirements what they ask; of `&&` and `||` both sides. Loops end, so they ask nothing. */
function askedBy(node: SyntaxNode): SyntaxNode[] {
  if (/^(IfStatement|Conditional)$/.test(node.nodeType)) return leavesOf(childOf(node, "condition"));
  if (node.nodeType === "BinaryOperation" && isConnective(node)) {
    return [childOf(node, "leftExpression"), childOf(node, "rightExpression")].flatMap(leavesOf);
  }
  const isRequirement =
    node.nodeType === "FunctionCall" && /^(require|assert)$/.test(String(childOf(node, "expression")?.name));
  return isRequirement ? leavesOf(listOf(node, "arguments")[0]) : [];
}

/** A connective is asked by its sides: they come out both ways only if it does. */
function leavesOf(node: SyntaxNode | undefined): SyntaxNode[] {
  return node === undefined || isConnective(node) ? [] : [node];
}

function isConnective({ operator }: SyntaxNode): boolean {
  return operator === "&&" || operator === "||";
}

function weave(source: Source, conditions: readonly Condition[]): string {
  if (conditions.length === 0) return source.text;
  const { offset, text } = importInto(source, "Condition", PROBE_PATH);
  const insertions = [
    { offset, text, rank: 0 },
    ...conditions.flatMap(({ id, start, end }) => [
      { offset: start, text: `Condition.is_(${id}, `, rank: start - end },
      { offset: end, text: ")", rank: end - start },
    ]),
  ];
  // Of two that begin together the longer opens first; of two that end together the shorter closes first.
  insertions.sort((a, b) => a.offset - b.offset || a.rank - b.rank);
  let woven = "";
  let done = 0;
  for (const insertion of insertions) {
    woven += source.text.slice(done, insertion.offset) + insertion.text;
    done = insertion.offset;
  }
  return woven + source.text.slice(done);
}
