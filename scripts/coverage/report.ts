import { type Condition, tagsOf } from "./branches.ts";

export const LEAST_PER_CENT = 98;

type Branch = { readonly line: number; readonly way: "true" | "false"; readonly isTaken: boolean };

type FileCoverage = {
  readonly path: string;
  readonly lines: ReadonlyMap<number, boolean>;
  readonly branches: readonly Branch[];
};

/** The report in lcov's format with branches, which Hardhat's lacks: two for each condition, by the tags that were told. */
export function withBranches(
  lcov: string,
  conditions: readonly Condition[],
  told: ReadonlySet<string>,
): string {
  const byPath = Map.groupBy(conditions, ({ path }) => path);
  return lcov.replace(/^SF:(.+)$/gm, (head, path: string) => {
    const rows = (byPath.get(path) ?? []).flatMap((condition) =>
      tagsOf(condition).map((tag, side) => {
        return `BRDA:${condition.line},${condition.id},${side},${told.has(tag) ? 1 : 0}`;
      }),
    );
    return [head, ...rows].join("\n");
  });
}

/** The sentences to print, and whether enough lines and branches of the contracts without mocks were tested. */
export function judgeCoverage(lcov: string): { report: string; isEnough: boolean } {
  const files = readCoverage(lcov);
  const lines = files.flatMap((file) => [...file.lines.values()]);
  const branches = files.flatMap((file) => file.branches.map(({ isTaken }) => isTaken));
  // Without any line or branch the report is of something else, and that must not pass.
  const isEnough = [lines, branches].every((all) => all.length > 0 && shareOf(all) >= LEAST_PER_CENT);
  const report = [
    ...files.flatMap(missingIn),
    `lines ${formatShare(lines)} as Hardhat counts them, branches ${formatShare(branches)} by probes, for Hardhat 3 reports none; at least ${LEAST_PER_CENT} % of each`,
  ].join("\n");
  return { report, isEnough };
}

function readCoverage(lcov: string): FileCoverage[] {
  return lcov
    .split("end_of_record")
    .map(coverageOf)
    .filter(({ path }) => path.startsWith("contracts/") && !/^contracts\/(mocks\/|Condition\.sol)/.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function coverageOf(record: string): FileCoverage {
  const path = /^SF:(.+)$/m.exec(record)?.[1] ?? "";
  const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(
    ([, line = "", hits]) => [Number.parseInt(line, 10), hits !== "0"] as const,
  );
  const branches = [...record.matchAll(/^BRDA:(\d+),\d+,([01]),([01])$/gm)].map(
    ([, line = "", side, taken]): Branch => ({
      line: Number.parseInt(line, 10),
      way: side === "1" ? "true" : "false",
      isTaken: taken === "1",
    }),
  );
  return { path, lines: new Map(lines), branches };
}

function missingIn({ path, lines, branches }: FileCoverage): string[] {
  const unrun = [...lines].filter(([, isCovered]) => !isCovered).map(([line]) => `${path}:${line} not run`);
  const untaken = branches
    .filter(({ isTaken }) => !isTaken)
    .map(({ line, way }) => `${path}:${line} has a condition that was never ${way}`);
  return [...unrun, ...untaken];
}

function shareOf(covered: readonly boolean[]): number {
  return (100 * covered.filter(Boolean).length) / covered.length;
}

/** Rounded down: 97.999 must not look enough. */
function formatShare(covered: readonly boolean[]): string {
  const share = Math.floor(shareOf(covered) * 100) / 100;
  return `${share.toFixed(2)} % (${covered.filter(Boolean).length} of ${covered.length})`;
}
