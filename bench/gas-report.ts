import type { GasDetails, GasFigures } from "./gas.ts";

type Row = {
  readonly name: string;
  readonly figure: keyof GasFigures;
  /** The design's floor: one slot per order and nothing else. */
  readonly floor?: number;
  readonly atMost?: number;
  /** The best comparable figure of others, and whose it is. */
  readonly peer?: readonly [gas: number, name: string];
};

/** Peers, floors and limits as in the table of the contracts' design: whole transactions, warm accounts. */
const ROWS: readonly Row[] = [
  {
    name: "authorize",
    figure: "authorize",
    floor: 62_897,
    atMost: 70_000,
    peer: [122_262, "commerce-payments, ERC-3009"],
  },
  {
    name: "capture",
    figure: "capture",
    floor: 40_839,
    atMost: 46_000,
    peer: [67_116, "commerce-payments, ERC-3009"],
  },
  {
    name: "refund",
    figure: "refund",
    floor: 45_619,
    atMost: 52_000,
    peer: [71_147, "commerce-payments, ERC-3009"],
  },
  { name: "void", figure: "void", atMost: 46_000, peer: [55_094, "commerce-payments, ERC-3009"] },
  {
    name: "charge",
    figure: "charge",
    floor: 70_173,
    atMost: 77_000,
    peer: [144_144, "commerce-payments, ERC-3009"],
  },
  {
    name: "authorize, ERC-3009",
    figure: "authorizeErc3009",
    atMost: 106_000,
    peer: [122_262, "commerce-payments"],
  },
  { name: "authorize, of 100", figure: "batchAuthorize", floor: 34_484, atMost: 39_000 },
  { name: "charge, of 100", figure: "batchCharge", floor: 36_773, atMost: 42_000 },
  {
    name: "capture, of 100",
    figure: "batchCapture",
    floor: 13_393,
    atMost: 15_000,
    peer: [38_885, "Circle refund-protocol, of 10"],
  },
  { name: "payout credit, of 20", figure: "payout", floor: 10_708, atMost: 13_000 },
  { name: "vote, each more", figure: "vote", floor: 7_400, atMost: 8_000 },
  { name: "open a dispute, no bond", figure: "openDispute", atMost: 150_000 },
];

/** The table that people read: ours beside the floor, our limit, the distance to it, and the best of the peers. */
export function formatGasReport(figures: GasFigures, details: GasDetails): string {
  const lines = [
    ["gas", "ours", "floor", "at most", "distance", "best peer"],
    ...ROWS.map((row) => lineOf(row, figures[row.figure])),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  const table = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 || column === line.length - 1
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return [...table, "", detailLine(details)].join("\n");
}

/** The same in Markdown, for the README. */
export function formatGasTable(figures: GasFigures): string {
  const rows = ROWS.map(({ name, figure, atMost, peer }) => {
    const limit = atMost === undefined ? "" : grouped(atMost);
    const best = peer === undefined ? "" : `${grouped(peer[0])} (${peer[1]})`;
    return `| ${name} | ${grouped(figures[figure])} | ${limit} | ${best} |`;
  });
  return ["| gas | ours | aim, at most | best peer, as published |", "|---|---:|---:|---|", ...rows].join(
    "\n",
  );
}

function lineOf({ name, floor, atMost, peer }: Row, gas: number): string[] {
  return [
    name,
    grouped(gas),
    floor === undefined ? "" : grouped(floor),
    atMost === undefined ? "" : grouped(atMost),
    atMost === undefined ? "" : distance(gas - atMost),
    peer === undefined ? "" : `${grouped(peer[0])}  ${peer[1]}`,
  ];
}

function detailLine(details: GasDetails): string {
  const { batchAuthorize, batchCharge, batchCapture } = details.amongMany;
  return [
    `of 100 among 100 payers and 20 merchants: authorize ${grouped(batchAuthorize)}, charge ${grouped(
      batchCharge,
    )}, capture ${grouped(batchCapture)}`,
    `capture without a fee ${grouped(details.captureWithoutFee)}`,
    `payout credit of 100 ${grouped(details.payoutOf100)} each`,
    `payout push of 20 ${grouped(details.pushOf20)} each, of 100 ${grouped(details.pushOf100)} each`,
    `ruling by three ${grouped(details.ruleByThree)}`,
    `finalize ${grouped(details.finalize)}`,
  ].join("\n");
}

function distance(gas: number): string {
  return gas <= 0 ? `${grouped(gas)}` : `+${grouped(gas)} over`;
}

function grouped(gas: number): string {
  return gas.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
