import type { ChainEvent, ChainEventOf } from "../../chain/events.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { ProjectionRow } from "../../store/projection-store.ts";
import {
  CLOSING_LINES,
  HELPING_LINES,
  LINES_AHEAD,
  type Line,
  lineOf,
  OWN_LINES,
  sumOf,
} from "./movement-lines.ts";
import {
  type AccountStep,
  type BookKey,
  choose,
  eventsOf,
  type Projection,
  partiesOf,
  placeOf,
  type Surroundings,
} from "./projection.ts";

/** A line, the event that says it, and the open cycle of its account. */
type PlacedLine = Line & { readonly event: ChainEvent; readonly cycle: number };

/** What an event says of one account: the lines that its change comes from, and those that can be written now. */
type Explanation = { readonly lines: readonly Line[]; readonly written: readonly PlacedLine[] };

/**
 * The lines of statements, not yet in their places; see docs/statements.md.
 *
 * The lines of an account add up to what it has pending, whatever happened: where an event moved pending money by
 * something else than the lines say, the difference is a carry. That is money of earlier cycles that was brought in,
 * money that a dispute took aside or gave back, or that of a recovered account. An audit works carries out by itself.
 */
export function createMovementProjection(): Projection<"movement"> {
  const help = createWaitingLines();
  const ahead = createWaitingLines();
  const shares = createWaitingLines();
  const untold = createUntold();

  /** A payee or fee receiver gives its share back; what the line is called shows when the refund is complete. */
  function explainShare(event: ChainEventOf<"ShareReturned">, step: AccountStep): Explanation {
    const { account, orderId, amount } = event.args;
    const helped = help.take(nameOf(step), event);
    const owed = sumOf(helped.filter(({ kind }) => kind === "awardPaidLater"));
    const share = lineOf(event.args, account, "refund", orderId, -amount - owed);
    shares.add(orderId, { ...share, event, cycle: step.cycleBefore });
    return {
      lines: [share, ...helped],
      written: helped.map((line) => ({ ...line, cycle: step.cycleBefore })),
    };
  }

  function explainClosing(closing: Line, event: ChainEvent, step: AccountStep): Explanation {
    const given = nameShares(shares.take(closing.orderId, event), closing, step);
    const lines = [
      ...given.filter(({ kind }) => kind === "refund").map((share) => lessPaidOut(share, step)),
      ...[...ahead.take(closing.orderId, event), ...help.take(nameOf(step), event)],
      { ...closing, event },
    ];
    return { lines, written: [...given, ...lines.map((line) => ({ ...line, cycle: step.cycleBefore }))] };
  }

  function explain(event: ChainEvent, step: AccountStep, around: Surroundings): Explanation {
    if (event.name === "ShareReturned") return explainShare(event, step);
    const closing = choose(CLOSING_LINES, event, around);
    if (closing?.address === step.address) return explainClosing(closing, event, step);
    const own = (choose(OWN_LINES, event, around) ?? []).filter(({ address }) => address === step.address);
    return { lines: own, written: own.map((line) => ({ ...line, event, cycle: step.cycleBefore })) };
  }

  return {
    table: "movement",
    events: [
      ...[OWN_LINES, HELPING_LINES, LINES_AHEAD, CLOSING_LINES].flatMap(eventsOf),
      ...(["ShareReturned", "AccountRebound"] as const),
    ],
    keysOf: () => [],
    apply(event, rows, around) {
      const helping = choose(HELPING_LINES, event, around);
      if (helping !== undefined) help.add(nameOf(helping), { ...helping, event, cycle: 0 });
      const coming = choose(LINES_AHEAD, event, around);
      if (coming !== undefined) ahead.add(coming.orderId, { ...coming, event, cycle: 0 });
      // What is settled leaves pending without being a line.
      if (event.name === "NetSettled") return;

      const orderId = orderIdOf(event);
      for (const last of around.steps()) {
        const step = untold.continue(last, event);
        const { lines, written } = explain(event, step, around);
        const rest = step.pending - step.pendingBefore - sumOf(lines);
        const isMore = isMoreToCome(event, step, around);
        if (isMore) untold.add(step, event, rest);
        const carry = lineOf(step, step.address, "carry", orderId, isMore ? 0n : rest);
        for (const line of [...written, { ...carry, event, cycle: step.cycleBefore }]) {
          if (line.gross !== 0n || line.fee !== 0n) rows.put(rowOf(line, orderId));
        }
      }
    },
  };
}

/**
 * Whether the account's word may be in the middle of a capture, refund or award, with changes that its last event alone
 * explains: what a dispute gave free stands in every word after.
 */
function isMoreToCome(event: ChainEvent, { address }: AccountStep, { orders }: Surroundings): boolean {
  if (event.name === "ShareReturned") return partiesOf(event.args.orderId, orders).merchant === address;
  return event.name === "FeeAccrued" || event.name === "SplitAccrued" || event.name === "SuccessorDrawn";
}

/** The operator's fee waits in the merchant's word; what is not there any more comes last, from a fee receiver. */
function nameShares(shares: readonly PlacedLine[], closing: Line, step: AccountStep): PlacedLine[] {
  const isFeeLast = -closing.fee > step.feesBefore - step.fees;
  return shares.map((share, index) =>
    isFeeLast && index === shares.length - 1 ? { ...share, kind: "fee" } : share,
  );
}

/** What a payee gives back was a fee of the merchant beside the one of the capture. */
function lessPaidOut(share: PlacedLine, { address }: AccountStep): PlacedLine {
  return { ...share, ...lineOf(share, address, "fee", share.orderId, 0n, share.gross) };
}

type WaitingLines = {
  add(key: string | null, line: PlacedLine): void;
  /** Those under a key of the event's own transaction. */
  take(key: string | null, event: ChainEvent): readonly PlacedLine[];
};

function createWaitingLines(): WaitingLines {
  const waiting = new Map<string | null, PlacedLine[]>();
  return {
    add(key, line) {
      waiting.set(key, [...(waiting.get(key) ?? []), line]);
    },
    take(key, { log }) {
      const lines = waiting.get(key) ?? [];
      waiting.delete(key);
      return lines.filter(({ event }) => event.log.txHash === log.txHash);
    },
  };
}

/** Changes of accounts that no event of the transaction has explained so far. */
function createUntold() {
  const changes = new Map<
    string,
    { readonly txHash: Hex; readonly pending: bigint; readonly fees: bigint }
  >();
  return {
    add(step: AccountStep, { log }: ChainEvent, pending: bigint): void {
      changes.set(nameOf(step), { txHash: log.txHash, pending, fees: step.fees - step.feesBefore });
    },
    /** The step with what was untold so far: it begins as much earlier. */
    continue(step: AccountStep, { log }: ChainEvent): AccountStep {
      const change = changes.get(nameOf(step));
      changes.delete(nameOf(step));
      if (change?.txHash !== log.txHash) return step;
      const { pendingBefore, feesBefore } = step;
      return {
        ...step,
        pendingBefore: pendingBefore - change.pending,
        feesBefore: feesBefore - change.fees,
      };
    },
  };
}

/** What helped an account is of the order that it helped with. */
function rowOf(line: PlacedLine, orderId: Hex | null): ProjectionRow<"movement"> {
  const { operator, token, address, kind, cycle, gross, fee } = line;
  return {
    ...placeOf(line.event),
    operator,
    token,
    merchant: address,
    kind,
    order_id: line.orderId ?? orderId,
    cycle,
    gross: gross.toString(),
    fee: fee.toString(),
    net: (gross - fee).toString(),
    statement_cycle: null,
    position: null,
    running_before: null,
  };
}

function orderIdOf({ args }: ChainEvent): Hex | null {
  return "orderId" in args ? args.orderId : null;
}

function nameOf({ operator, token, address }: BookKey & { readonly address: Hex }): string {
  return `${operator} ${token} ${address}`;
}
