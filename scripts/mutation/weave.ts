import type { SyntaxNode } from "../solidity/compiler.ts";
import { childOf, importInto, listOf, rangeOf, type Source, textOf } from "../solidity/syntax.ts";
import type { Mutation } from "./operators.ts";

export type Numbered = Mutation & { readonly id: number };

/** Where the switch is in the mutated project: the library that knows which mutant is on. */
export const SWITCH_PATH = "contracts/Mutant.sol";

/** The block's beneficiary says which mutant is on: any contract can read it, and every test network can set it. */
const BASE = 0x4d555441n << 64n;
/** As a beneficiary: no mutant is on, and each one that is met is reported to the coverage hook. */
export const RECORDING = BASE;

export function beneficiaryOf(id: number): string {
  return `0x${(BASE + BigInt(id)).toString(16).padStart(40, "0")}`;
}

/** What the coverage hook of the chain hears of a mutant that was met. */
export function idOfTag(tag: string): number {
  return Number.parseInt(tag, 16);
}

/** The cast lets pure functions read it too, as the coverage library of Hardhat does; memory below 0x40 is scratch. */
export const SWITCH = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

library Mutant {
    function on(uint256 id) internal pure returns (bool) {
        return _asPure(_on)(id);
    }

    function _on(uint256 id) private view returns (bool isOn) {
        assembly ("memory-safe") {
            let active := sub(coinbase(), ${BASE})
            isOn := eq(active, id)
            if iszero(active) {
                mstore(0, id)
                pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
            }
        }
    }

    function _asPure(
        function(uint256) view returns (bool) given
    ) private pure returns (function(uint256) pure returns (bool) taken) {
        assembly ("memory-safe") {
            taken := given
        }
    }
}
`;

type Point = {
  readonly start: number;
  readonly end: number;
  readonly rank: number;
  wrap(inner: string): string;
};

/** One source in which every mutant is there at once, each behind a question whether it is the one that is on. */
export function weave(source: Source, mutants: readonly Numbered[]): string {
  if (mutants.length === 0) return source.text;
  const groups = Map.groupBy(mutants, (mutant) => {
    const key = mutant.owner ? rangeOf(mutant.owner) : [mutant.start, mutant.end];
    return `${mutant.shape} ${key.join("-")}`;
  });
  const points = [...groups.values()].flatMap((group) => pointsOf(source, group));
  points.push(importPoint(source));
  points.sort((a, b) => a.start - b.start || b.end - a.end || a.rank - b.rank);
  return splice(source.text, 0, source.text.length, points);
}

function splice(text: string, start: number, end: number, points: readonly Point[]): string {
  let done = start;
  let woven = "";
  for (let index = 0; index < points.length; ) {
    const point = points[index] as Point;
    const inside: Point[] = [];
    for (index++; index < points.length && (points[index] as Point).end <= point.end; index++) {
      inside.push(points[index] as Point);
    }
    woven += text.slice(done, point.start) + point.wrap(splice(text, point.start, point.end, inside));
    done = point.end;
  }
  return woven + text.slice(done, end);
}

function pointsOf(source: Source, group: readonly Numbered[]): Point[] {
  const [first] = group;
  if (first === undefined) return [];
  const { start, end, shape, owner } = first;
  const name = `${first.id}`;
  const mark = (text: string) => `/*@${name}*/${text}/*${name}@*/`;
  if (shape === "modifier" && owner) return headPoints(source, owner, group, mark);
  if (shape === "statement") {
    // The compiler counts the semicolon in for some statements only.
    const semicolon = source.text.indexOf(";", end - 1) + 1;
    return [{ start, end: semicolon, rank: 0, wrap: (inner) => mark(statementOf(group, inner)) }];
  }
  if (shape === "negation") {
    return [{ start, end, rank: 1, wrap: (inner) => mark(`(Mutant.on(${first.id}) != (${inner}))`) }];
  }
  const choices = group.map(({ id, replacement }) => `Mutant.on(${id}) ? ${marked(id, replacement)} : `);
  return [{ start, end, rank: 2, wrap: (inner) => mark(`(${choices.join("")}${inner})`) }];
}

function statementOf(group: readonly Numbered[], inner: string): string {
  const choices = group.map(({ id, replacement }) => {
    const body = replacement === "" ? "" : `${replacement};`;
    return `if (Mutant.on(${id})) { ${marked(id, body)} } else `;
  });
  return `{ ${choices.join("")}{ ${inner} } }`;
}

function marked(id: number, text: string): string {
  return `/*#${id}*/${text}/*${id}#*/`;
}

/** The function becomes a choice between itself, as it was, and copies of it that each lack one modifier. */
function headPoints(
  source: Source,
  owner: SyntaxNode,
  group: readonly Numbered[],
  mark: (text: string) => string,
): Point[] {
  const body = childOf(owner, "body") as SyntaxNode;
  const [start, end] = rangeOf(owner);
  const [bodyStart] = rangeOf(body);
  const modifiers = listOf(owner, "modifiers");
  const calls = modifiers.filter(({ kind }) => kind === "modifierInvocation");
  const list = owner.parameters as SyntaxNode;
  const returned = owner.returnParameters as SyntaxNode;
  const returns = listOf(returned, "parameters").length > 0 ? `returns ${textOf(source, returned)} ` : "";
  const mutability = /^(view|pure)$/.test(String(owner.stateMutability)) ? `${owner.stateMutability} ` : "";
  const handedOn = listOf(list, "parameters").map(({ name }) => name);

  const copy = (name: string, without?: Numbered) => {
    const kept = calls.filter((call) => rangeOf(call)[0] !== without?.start);
    const names = kept.map((call) => `${textOf(source, call)} `).join("");
    return `function ${name}${textOf(source, list)} private ${mutability}${names}${returns}`;
  };
  const call = (name: string) => `${returns === "" ? "" : "return "}${name}(${handedOn.join(", ")});`;
  const original = `original${owner.id}`;
  const without = (id: number) => `without${id}`;
  const head = calls.reduceRight(
    (text, modifier) => {
      const [from, to] = rangeOf(modifier);
      return text.slice(0, from - start) + text.slice(to - start);
    },
    source.text.slice(start, bodyStart),
  );
  const choices = group.map(({ id }) => `if (Mutant.on(${id})) { ${call(without(id))} } else `).join("");
  const copies = group
    .map((mutant) => ` ${copy(without(mutant.id), mutant)}${textOf(source, body)}`)
    .join("");

  return [
    {
      start,
      end: bodyStart,
      rank: 0,
      wrap: () => mark(`${head}{ ${choices}{ ${call(original)} } } ${copy(original)}`),
    },
    { start: end, end, rank: 0, wrap: () => mark(copies) },
  ];
}

function importPoint(source: Source): Point {
  const { offset, text } = importInto(source, "Mutant", SWITCH_PATH);
  return { start: offset, end: offset, rank: 0, wrap: () => text };
}

type Mark = { readonly kind: string; readonly id: string; readonly start: number; readonly end: number };

/**
 * The mutants to blame for an error in woven text: what is refused itself, else the choices inside of it, which have
 * another type than what they stand for, else the one alternative that it is in, or all around it.
 */
export function blamedFor(woven: string, start: number, end: number): number[] {
  const marks = marksOf(woven);
  const isWhole = (mark: Mark) => mark.kind === "@" && mark.start >= start - 1 && mark.end <= end + 1;
  const inside = marks.filter((mark) => mark.kind === "@" && mark.start >= start && mark.end <= end);
  const around = marks
    .filter((mark) => mark.start <= start && mark.end >= end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const [innermost] = around;
  const own = innermost !== undefined && (innermost.kind === "#" || isWhole(innermost));
  if (own || inside.length === 0) return innermost === undefined ? [] : idsOf(woven, innermost);
  return inside.flatMap((mark) => idsOf(woven, mark));
}

function marksOf(woven: string): Mark[] {
  return [...woven.matchAll(/\/\*([#@])(\d+)\*\//g)].map((match) => {
    const [opening, kind = "", id = ""] = match;
    const end = woven.indexOf(`/*${id}${kind}*/`, match.index);
    return { kind, id, start: match.index + opening.length, end };
  });
}

/** Of an alternative itself; of a choice those that it asks for, not those that are asked for inside it. */
function idsOf(woven: string, mark: Mark): number[] {
  if (mark.kind === "#") return [Number.parseInt(mark.id, 10)];
  let outer = woven.slice(mark.start, mark.end);
  for (let next = ""; next !== outer; ) {
    next = outer;
    outer = outer.replace(/\/\*@(\d+)\*\/(?:(?!\/\*@)[\s\S])*?\/\*\1@\*\//g, "");
  }
  return [...outer.matchAll(/Mutant\.on\((\d+)\)/g)].map(([, id = ""]) => Number.parseInt(id, 10));
}
