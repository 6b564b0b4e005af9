import { readFileSync, writeFileSync } from "node:fs";
import type { GasFigures } from "./gas.ts";
import { formatGasTable } from "./gas-report.ts";

const SNAPSHOT = new URL("gas-snapshot.json", import.meta.url);
const README = new URL("../README.md", import.meta.url);
const MARKERS = { start: "<!-- gas:start -->", end: "<!-- gas:end -->" } as const;

/** What a figure may differ by before somebody must say that it is meant, in per cent. */
const TOLERANCE = 1n;

export const HOW_TO_UPDATE = "If that is meant: npm run bench -- gas --write";

export function readSnapshot(): GasFigures {
  return JSON.parse(readFileSync(SNAPSHOT, "utf8")) as GasFigures;
}

/** Writes the snapshot, and the README's table out of it. */
export function writeSnapshot(figures: GasFigures): void {
  writeFileSync(SNAPSHOT, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(README, withTable(readFileSync(README, "utf8"), figures));
}

/** One sentence for each figure that is no longer what the snapshot says: dearer, cheaper, new or gone. */
export function changesSince(snapshot: Readonly<Record<string, number>>, figures: GasFigures): string[] {
  const measured: Readonly<Record<string, number>> = figures;
  const names = new Set([...Object.keys(snapshot), ...Object.keys(measured)]);
  return [...names].flatMap((name) => {
    const before = snapshot[name];
    const gas = measured[name];
    if (before === undefined) return [`${name} is not in the snapshot.`];
    if (gas === undefined) return [`${name} is in the snapshot, but not measured.`];
    const isNear = 100n * distance(BigInt(before), BigInt(gas)) <= TOLERANCE * BigInt(before);
    if (isNear) return [];
    return [`${name} costs ${gas}, more than ${TOLERANCE} % ${gas > before ? "above" : "below"} ${before}.`];
  });
}

/** The page with another table between its markers. */
export function withTable(page: string, figures: GasFigures): string {
  const start = page.indexOf(MARKERS.start);
  const end = page.indexOf(MARKERS.end);
  if (start < 0 || end < start) throw new RangeError(`The page lacks ${MARKERS.start} or ${MARKERS.end}.`);
  const table = formatGasTable(figures);
  return `${page.slice(0, start + MARKERS.start.length)}\n${table}\n${page.slice(end)}`;
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}
