import { existsSync, readFileSync } from "node:fs";
import { type Mutant, oneLine } from "./mutants.ts";
import type { Outcome, Verdict } from "./run.ts";

/**
 * A row of docs/mutation-survivors.json: which mutant may survive, and why no test can or should tell it apart. Lines
 * move too often to be in it.
 */
export type Explained = {
  /** `Contract.function`. */
  readonly place: string;
  readonly operator: string;
  readonly original: string;
  readonly replacement: string;
  /** Which of several alike in one place, from 1. */
  readonly occurrence: number;
  readonly reason: string;
};

export type Summary = {
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Killed and timed out, of all that were tried and are not explained, in per cent. */
  readonly score: number;
  readonly unexplained: readonly Verdict[];
  readonly explained: readonly Verdict[];
};

export const SURVIVORS = "docs/mutation-survivors.json";

/** Of the mutants that a test could notice. */
export const LEAST_SCORE = 95;

export function summarize(verdicts: readonly Verdict[], rows: readonly Explained[]): Summary {
  const counts = { killed: 0, survived: 0, timeout: 0 };
  for (const { outcome } of verdicts) counts[outcome]++;
  const keys = new Set(rows.filter(({ reason }) => reason.trim() !== "").map(keyOf));
  const survivors = verdicts.filter(({ outcome }) => outcome === "survived");
  const unexplained = survivors.filter(({ mutant }) => !keys.has(keyOf(rowOf(mutant))));
  const caught = counts.killed + counts.timeout;
  return {
    counts,
    // Nothing tried is nothing shown.
    score: verdicts.length === 0 ? 0 : (100 * caught) / (caught + unexplained.length),
    explained: survivors.filter((survivor) => !unexplained.includes(survivor)),
    unexplained,
  };
}

export function isGood({ score, unexplained }: Summary): boolean {
  return score >= LEAST_SCORE && unexplained.length === 0;
}

export function readExplained(): Explained[] {
  return existsSync(SURVIVORS) ? (JSON.parse(readFileSync(SURVIVORS, "utf8")) as Explained[]) : [];
}

/** As a row of the list of survivors, still without a reason. */
export function rowOf({ place, operator, original, replacement, occurrence }: Mutant): Explained {
  return { place, operator, original, replacement: oneLine(replacement), occurrence, reason: "" };
}

export function formatSummary({ counts, score, explained, unexplained }: Summary): string {
  const { killed, survived, timeout } = counts;
  return [
    ...unexplained.map(formatSurvivor),
    `score ${score.toFixed(1)} % of at least ${LEAST_SCORE} %: ${killed} killed, ${timeout} timed out, ${survived} survived (${explained.length} explained in ${SURVIVORS}, ${unexplained.length} not)`,
  ].join("\n");
}

export function formatSurvivor({ mutant, by }: Verdict): string {
  const replacement = oneLine(mutant.replacement);
  return [
    `${mutant.file}:${mutant.line} ${mutant.place}: ${mutant.operator} (${by})`,
    `  - ${mutant.original}`,
    `  + ${replacement === "" ? "(nothing)" : replacement}`,
  ].join("\n");
}

function keyOf({ place, operator, original, replacement, occurrence }: Explained): string {
  return JSON.stringify([place, operator, original, replacement, occurrence]);
}
