import { readFileSync } from "node:fs";
import { productContracts } from "../solidity/compiler.ts";

export type Field = { readonly name: string; readonly shift: number; readonly bits: number };

/** What the bits of a word mean, as the comment at its type tells. */
export type PackedWord = {
  readonly name: string;
  readonly path: string;
  /** From the least significant bit. */
  readonly fields: readonly Field[];
  readonly notes: string;
};

/** The one packed word without a type of its own, so without a comment to read. */
const AUTHORITY: PackedWord = {
  name: "Values of _authorities",
  path: "contracts/ledger/Books.sol",
  fields: fieldsOf("_authorities", "operator u160 | settler u8 | paused u8 | place u80"),
  notes:
    "What a key may do: `settler` is 0 or 1, `paused` a copy of `_paused`, `place` counts from 1 in `_keys`.",
};

const DESCRIBED = /((?:^\/\/\/ .*\n)+)type (\w+) is uint256;/gm;
const FIELDS = /From the least significant bit: (.*?)\.(?: (.*))?$/;

/** Of every type in contracts/ whose comment lists its fields, `capturable u80 | refundable u80 | ...`. */
export function readPackedWords(): PackedWord[] {
  const described = productContracts().flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(DESCRIBED)].flatMap(([, comment = "", name = ""]) => {
      const [, list, notes = ""] = FIELDS.exec(textOf(comment)) ?? [];
      return list === undefined ? [] : [{ name, path, fields: fieldsOf(name, list), notes }];
    }),
  );
  return [...described, AUTHORITY];
}

export function fieldOf(word: bigint, { shift, bits }: Field): bigint {
  return (word >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n);
}

function textOf(comment: string): string {
  return comment
    .replace(/^\/\/\/ (@\w+ )?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

function fieldsOf(word: string, list: string): Field[] {
  let shift = 0;
  return list.split(" | ").map((item) => {
    const [, name = "", width = ""] = /^([\w ]+) u(\d+)\b/.exec(item) ?? [];
    if (name === "") throw new RangeError(`${word} has a field without a width: ${item}.`);
    const bits = Number.parseInt(width, 10);
    shift += bits;
    return { name, shift: shift - bits, bits };
  });
}
