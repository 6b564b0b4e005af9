import type { ChainEvent, ChainEventOf } from "../../chain/events.ts";
import type { ProjectionKey, ProjectionRow } from "../../store/projection-store.ts";
import { type Projection, placeOf, plus, toCount, toSeconds, UnknownSubjectError } from "./projection.ts";

/** Closed cycles with the sums of their statements, which may come in any number of later transactions. */
export const settlementCycleProjection: Projection<"settlement_cycle"> = {
  table: "settlement_cycle",
  events: ["CycleClosed", "NetSettled", "StatementsPublished"],
  keysOf: (event) => (isOfCycle(event) ? [keyOf(event)] : []),
  apply(event, rows, { previous }) {
    if (event.name === "CycleClosed") {
      rows.put({
        ...keyOf(event),
        closed_at: toSeconds(event.args.closedAt),
        net: "0",
        debt_repaid: "0",
        fees: "0",
        root: null,
        merchants: 0,
        ...placeOf(event),
      });
    }
    if (event.name === "NetSettled") {
      const before = rows.get(keyOf(event));
      if (before === undefined) throw new UnknownSubjectError("cycle", event.args.cycle.toString());
      rows.put({
        ...before,
        net: plus(before.net, event.args.net),
        debt_repaid: plus(before.debt_repaid, debtRepaidOutOf(event, previous)),
        fees: plus(before.fees, event.args.fees),
        merchants: before.merchants + 1,
        ...placeOf(event),
      });
    }
    if (event.name === "StatementsPublished") {
      const before = rows.get(keyOf(event));
      if (before === undefined) throw new UnknownSubjectError("cycle", event.args.cycle.toString());
      rows.put({ ...before, root: event.args.root, ...placeOf(event) });
    }
  },
};

/** What each merchant was owed in each closed cycle; `headOf` knows what the statement's lines come to. */
export function createStatementProjection(headOf: StatementHeadLookup): Projection<"statement"> {
  return {
    table: "statement",
    events: ["NetSettled"],
    keysOf: () => [],
    apply(event, rows, { previous }) {
      if (event.name !== "NetSettled") return;

      const { operator, token, merchant, net, fees } = event.args;
      const key = { operator, token, cycle: toCount(event.args.cycle), merchant };
      rows.put({
        ...key,
        net: net.toString(),
        debt_repaid: debtRepaidOutOf(event, previous).toString(),
        fees: fees.toString(),
        ...headOf(key),
        ...placeOf(event),
      });
    },
  };
}

/** The root over a statement's lines and how many there are. */
export type StatementHeadLookup = (
  key: ProjectionKey<"statement">,
) => Pick<ProjectionRow<"statement">, "root" | "lines">;

type OfCycle = ChainEventOf<"NetSettled" | "CycleClosed" | "StatementsPublished">;

function isOfCycle(event: ChainEvent): event is OfCycle {
  return ["NetSettled", "CycleClosed", "StatementsPublished"].includes(event.name);
}

/** Debt that was repaid out of a merchant's pending money stands in the log right before the settlement. */
function debtRepaidOutOf(settled: ChainEventOf<"NetSettled">, previous: ChainEvent | undefined): bigint {
  if (previous?.name !== "DebtRepaid") return 0n;

  const isRightBefore =
    previous.log.txHash === settled.log.txHash && previous.log.logIndex === settled.log.logIndex - 1;
  const isSameAccount =
    previous.args.account === settled.args.merchant &&
    previous.args.operator === settled.args.operator &&
    previous.args.token === settled.args.token;
  return isRightBefore && isSameAccount ? previous.args.amount : 0n;
}

function keyOf({ args }: OfCycle) {
  return { operator: args.operator, token: args.token, number: toCount(args.cycle) };
}
