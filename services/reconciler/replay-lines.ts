import { buildCycle } from "../chain/cycle-tree.ts";
import { buildStatement, type StatementTree } from "../chain/statement-tree.ts";
import type { Hex } from "../domain/order-terms.ts";
import { type MovementKind, NO_ORDER } from "../domain/statement.ts";
import {
  accountName,
  announcedFor,
  type Replay,
  type ReplayedAccount,
  type ReplayedCycle,
  type ReplayedLine,
  type ReplayedStatement,
} from "./replay-state.ts";

/** The ledger that is audited: part of every leaf of its statements. */
export type LedgerIdentity = { readonly chainId: number; readonly ledger: Hex };

/** Adds a line to what the account is settled for next. */
export function addLine(
  replay: Replay,
  account: ReplayedAccount,
  kind: MovementKind,
  orderId: Hex | null,
  amounts: { readonly gross?: bigint; readonly fee?: bigint },
): ReplayedLine {
  const line = { kind, orderId: orderId ?? NO_ORDER, gross: amounts.gross ?? 0n, fee: amounts.fee ?? 0n };
  if (line.gross === 0n && line.fee === 0n) return line;
  linesOf(replay, account).push(line);
  return line;
}

/** Takes a line back that turned out to be none. */
export function dropLine(replay: Replay, account: ReplayedAccount, line: ReplayedLine): void {
  const lines = linesOf(replay, account);
  const place = lines.indexOf(line);
  if (place !== -1) lines.splice(place, 1);
}

/** Adds a line of what helps an account in a refund or award that the log has yet to name. */
export function addHelp(replay: Replay, account: ReplayedAccount, kind: MovementKind, gross: bigint): void {
  announcedFor(replay, account).lines.push(addLine(replay, account, kind, null, { gross }));
}

/** Says which order the help was for. */
export function nameHelp(replay: Replay, account: ReplayedAccount, orderId: Hex): void {
  const announced = announcedFor(replay, account);
  for (const line of announced.lines.splice(0)) line.orderId = orderId;
}

/** Notes pending money that an event moves by something that no other line says. */
export function carry(replay: Replay, account: ReplayedAccount, orderId: Hex | null, amount: bigint): void {
  const carried = replay.carried.get(account);
  replay.carried.set(account, { orderId, amount: (carried?.amount ?? 0n) + amount });
}

/** Adds the carries of one event, at its end: one for each account. */
export function addCarries(replay: Replay): void {
  for (const [account, { orderId, amount }] of replay.carried) {
    addLine(replay, account, "carry", orderId, { gross: amount });
  }
  replay.carried.clear();
}

/** The lines that an account is settled for now; it begins anew. */
export function takeLines(replay: Replay, account: ReplayedAccount): ReplayedLine[] {
  const lines = linesOf(replay, account);
  replay.lines.delete(accountName(account, account.address));
  return lines;
}

/** The lines of an account that no statement has yet. */
export function linesOf(replay: Replay, account: ReplayedAccount): ReplayedLine[] {
  const name = accountName(account, account.address);
  const lines = replay.lines.get(name) ?? [];
  replay.lines.set(name, lines);
  return lines;
}

/** The sum of the nets. */
export function sumOf(lines: readonly ReplayedLine[]): bigint {
  return lines.reduce((sum, { gross, fee }) => sum + gross - fee, 0n);
}

/** The statement's tree, built when it is first asked for. */
export function treeOf(identity: LedgerIdentity, statement: ReplayedStatement): StatementTree {
  statement.tree ??= buildTree(identity, statement);
  return statement.tree;
}

function buildTree(identity: LedgerIdentity, statement: ReplayedStatement): StatementTree {
  const { operator, token, merchant, lines } = statement;
  const cycle = Number.parseInt(statement.cycle.toString(), 10);
  return buildStatement({ ...identity, operator, token, cycle, merchant }, lines);
}

/** The root that a cycle must have. */
export function rootOf(identity: LedgerIdentity, replayed: ReplayedCycle): Hex {
  const { operator, token, statements } = replayed;
  const cycle = Number.parseInt(replayed.number.toString(), 10);
  const nets = [...statements.values()].map((statement) => {
    const { root, total } = treeOf(identity, statement);
    return { merchant: statement.merchant, statementRoot: root, net: total };
  });
  return buildCycle({ ...identity, operator, token, cycle }, nets).root;
}
