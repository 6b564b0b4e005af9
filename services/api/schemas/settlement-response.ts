import type { Hex } from "../../domain/order-terms.ts";
import { formatHashId } from "../../platform/ids.ts";
import type { MerchantBalance } from "../../store/balance-read-model.ts";
import type { InstanceCursor } from "../../store/instance-read-model.ts";
import type {
  CycleKey,
  CycleRow,
  EventPlace,
  PayoutRow,
  StatementRow,
} from "../../store/settlement-read-model.ts";
import type { StatementLine } from "../../store/statement-lines.ts";
import { currencyOf, type Network } from "../api-chain.ts";
import { type Finality, finalityOf } from "./finality-response.ts";

/** What rows are shown against: the network's currencies and the mirror's position. */
export type View = { readonly network: Network; readonly cursor: InstanceCursor | undefined };

/** A payee's money in one currency: net = pending + available + paid - debt. */
export type BalanceResponse = Omit<MerchantBalance, "name" | "token"> & {
  /** The name, after the kind of who is no merchant, or the address of who was not registered here. */
  readonly merchant: string;
  readonly currency: string;
};

export type CycleResponse = {
  readonly object: "cycle";
  readonly id: string;
  readonly operator: Hex;
  readonly currency: string;
  readonly number: number;
  /** Unix seconds. */
  readonly closedAt: number;
  readonly net: string;
  readonly debtRepaid: string;
  readonly merchants: number;
  /** What the settler committed the cycle's statements to; null until it has. */
  readonly root: Hex | null;
  readonly finality: Finality;
};

export type StatementResponse = {
  readonly object: "statement";
  readonly id: string;
  readonly operator: Hex;
  readonly merchant: Hex;
  readonly currency: string;
  readonly cycle: number;
  readonly net: string;
  readonly debtRepaid: string;
  /** What the statement's lines, `lines` of them, are committed to. */
  readonly root: Hex;
  readonly lines: number;
  readonly items: readonly MovementResponse[];
  readonly finality: Finality;
};

export type MovementResponse = {
  readonly object: "movement";
  /** The place in the statement, from 0. */
  readonly index: number;
  readonly kind: string;
  readonly order: string | null;
  readonly gross: string;
  readonly fee: string;
  readonly net: string;
  /** The nets of all lines before it. */
  readonly runningBefore: string;
  readonly finality: Finality;
};

export type PayoutResponse = {
  readonly object: "payout";
  readonly id: string;
  readonly operator: Hex;
  readonly merchant: Hex;
  readonly recipient: Hex;
  readonly currency: string;
  readonly amount: string;
  readonly state: string;
  readonly reason: string | null;
  readonly finality: Finality;
};

export function balanceResponse(row: MerchantBalance, network: Network): BalanceResponse {
  const { name, token, ...amounts } = row;
  return { merchant: name ?? row.address, currency: currencyOf(network, token), ...amounts };
}

export function cycleResponse(row: CycleRow, { network, cursor }: View): CycleResponse {
  return {
    object: "cycle",
    id: formatCycleId(row),
    operator: row.operator,
    currency: currencyOf(network, row.token),
    number: row.number,
    closedAt: row.closed_at,
    net: row.net,
    debtRepaid: row.debt_repaid,
    merchants: row.merchants,
    root: row.root,
    finality: finalityOf(row, cursor),
  };
}

export function statementResponse(row: StatementRow, { network, cursor }: View): StatementResponse {
  return {
    object: "statement",
    id: formatCycleId({ ...row, number: row.cycle }),
    operator: row.operator,
    merchant: row.merchant,
    currency: currencyOf(network, row.token),
    cycle: row.cycle,
    net: row.net,
    debtRepaid: row.debt_repaid,
    root: row.root,
    lines: row.lines,
    items: row.items.map((item) => movementResponse(item, cursor)),
    finality: finalityOf(row, cursor),
  };
}

export function payoutResponse(row: PayoutRow, { network, cursor }: View): PayoutResponse {
  return {
    object: "payout",
    id: formatPayoutId({ txHash: row.tx_hash, logIndex: row.log_index }),
    operator: row.operator,
    merchant: row.merchant,
    recipient: row.recipient,
    currency: currencyOf(network, row.token),
    amount: row.amount,
    state: row.state,
    reason: row.reason,
    finality: finalityOf(row, cursor),
  };
}

/** The id of a cycle, and of a merchant's statement in it: `cyc_<operator>_<token>_<number>`. */
export function formatCycleId({ operator, token, number }: CycleKey): string {
  return `cyc_${operator.slice(2)}_${token.slice(2)}_${number}`;
}

export function parseCycleId(id: string): CycleKey | undefined {
  const [, operator, token, number] = /^cyc_([0-9a-f]{40})_([0-9a-f]{40})_([0-9]{1,9})$/.exec(id) ?? [];
  if (operator === undefined || token === undefined || number === undefined) return undefined;
  return { operator: `0x${operator}`, token: `0x${token}`, number: Number.parseInt(number, 10) };
}

/** The id of a payout: `pay_<transaction>_<log index>`. */
export function formatPayoutId({ txHash, logIndex }: EventPlace): string {
  return `pay_${txHash.slice(2)}_${logIndex}`;
}

export function parsePayoutId(id: string): EventPlace | undefined {
  const [, txHash, logIndex] = /^pay_([0-9a-f]{64})_([0-9]{1,9})$/.exec(id) ?? [];
  if (txHash === undefined || logIndex === undefined) return undefined;
  return { txHash: `0x${txHash}`, logIndex: Number.parseInt(logIndex, 10) };
}

/** A line of a statement. */
export function movementResponse(row: StatementLine, cursor: InstanceCursor | undefined): MovementResponse {
  return {
    object: "movement",
    index: row.position,
    kind: row.kind,
    order: row.order_id && formatHashId("ord", row.order_id),
    gross: row.gross,
    fee: row.fee,
    net: row.net,
    runningBefore: row.running_before,
    finality: finalityOf(row, cursor),
  };
}
