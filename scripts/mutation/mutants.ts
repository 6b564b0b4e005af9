import { analyzeBytes, type CompilerOutput, utf8Of } from "../solidity/compiler.ts";
import { declarationsOf, lineOf, placeOf, readContracts, type Source, walk } from "../solidity/syntax.ts";
import { type Mutation, mutationsOf } from "./operators.ts";
import { blamedFor, type Numbered, SWITCH, SWITCH_PATH, weave } from "./weave.ts";

/** A mutant as people and lists know it; `id` is its number in this run only. */
export type Mutant = Numbered & {
  readonly file: string;
  readonly line: number;
  /** `Contract.function`. */
  readonly place: string;
  readonly original: string;
  /** Which of several alike in the same place, from 1. */
  readonly occurrence: number;
};

export type Woven = {
  /** Every source of contracts/, by path, in latin1. */
  readonly sources: Readonly<Record<string, string>>;
  readonly mutants: readonly Mutant[];
  /** What the compiler refused. */
  readonly invalid: readonly Mutant[];
};

/** A round of dropping what the compiler refuses; each takes about two seconds. */
const MAX_ROUNDS = 30;

/** Finds all mutants of the contracts under the given paths. */
export function findMutants(paths: readonly string[]): { all: Mutant[]; sources: Source[] } {
  const { sources, output } = readContracts();
  const declarations = declarationsOf(output);
  const chosen = sources.filter((source) =>
    paths.some((path) => source.path === path || source.path.startsWith(`${path.replace(/\/$/, "")}/`)),
  );
  if (chosen.length === 0) throw new RangeError(`No contract in ${paths.join(", ")}.`);
  const all: Mutant[] = [];
  for (const source of chosen) {
    for (const visit of walk(source.tree)) {
      const place = placeOf([visit.node, ...visit.ancestors]);
      for (const mutation of mutationsOf(visit, { source, declarations })) {
        all.push(describe(source, mutation, place, all));
      }
    }
  }
  return { all, sources };
}

/** Weaves the mutants in, and takes out again whatever the compiler refuses. */
export function weaveAll(sources: readonly Source[], chosen: readonly Mutant[]): Woven {
  let mutants = [...chosen];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const byFile = Map.groupBy(mutants, ({ file }) => file);
    const woven: Record<string, string> = Object.fromEntries(
      sources.map((source) => [source.path, weave(source, byFile.get(source.path) ?? [])]),
    );
    const refused = refusedIn(analyzeBytes({ ...woven, [SWITCH_PATH]: SWITCH }), woven);
    if (refused.size === 0) {
      const invalid = chosen.filter((mutant) => !mutants.includes(mutant));
      return { sources: { ...woven, [SWITCH_PATH]: SWITCH }, mutants, invalid };
    }
    mutants = mutants.filter(({ id }) => !refused.has(id));
  }
  throw new RangeError(`After ${MAX_ROUNDS} rounds the compiler still refuses mutants.`);
}

function refusedIn({ errors }: CompilerOutput, woven: Readonly<Record<string, string>>): Set<number> {
  const refused = new Set<number>();
  for (const { severity, sourceLocation, formattedMessage } of errors) {
    if (severity !== "error") continue;
    const text = woven[sourceLocation?.file ?? ""];
    const blamed = sourceLocation && text ? blamedFor(text, sourceLocation.start, sourceLocation.end) : [];
    if (blamed.length === 0) throw new Error(formattedMessage);
    for (const id of blamed) refused.add(id);
  }
  return refused;
}

function describe(source: Source, mutation: Mutation, place: string, before: readonly Mutant[]): Mutant {
  const original = oneLine(source.text.slice(mutation.start, mutation.end));
  const replacement = oneLine(mutation.replacement);
  const alike = before.filter(
    (other) =>
      other.file === source.path &&
      other.place === place &&
      other.operator === mutation.operator &&
      other.original === original &&
      oneLine(other.replacement) === replacement,
  );
  return {
    ...mutation,
    id: before.length + 1,
    file: source.path,
    line: lineOf(source, mutation.start),
    place,
    original,
    occurrence: alike.length + 1,
  };
}

export function oneLine(text: string): string {
  return utf8Of(text.replace(/\s+/g, " ")).trim();
}
