import {
  type JournalApi,
  OPERATIONS_LIMIT,
  type OperationProblem,
  type OperationResult,
} from "./journal-api.ts";
import type { LinePlan } from "./line-plan.ts";

/** What the network made of a line; `failed` lines changed nothing. */
export type LineOutcome =
  | {
      readonly plan: LinePlan;
      readonly outcome: "executed" | "replayed";
      /** Of all the line's operations. */
      readonly operationIds: readonly string[];
    }
  | { readonly plan: LinePlan; readonly outcome: "failed"; readonly problem: OperationProblem };

/** Collects planned lines into requests as large as the network takes, and hands every line's outcome on. */
export interface LineSender {
  /** Adds a line; sends what was collected before it if it would not fit any more. */
  add(plan: LinePlan): Promise<void>;

  flush(): Promise<void>;

  /** Whether a line failed and the import was to end there; nothing is sent after that. */
  isStopped(): boolean;
}

/** `onOutcome` is called in the order of the lines, for every line that the network decided on. */
export function createLineSender(options: {
  readonly api: Pick<JournalApi, "sendOperations">;
  readonly stopOnError: boolean;
  readonly onOutcome: (outcome: LineOutcome) => void;
}): LineSender {
  const { api, stopOnError, onOutcome } = options;
  let plans: LinePlan[] = [];
  let size = 0;
  let stopped = false;

  async function flush(): Promise<void> {
    const sent = plans;
    plans = [];
    size = 0;
    if (stopped || sent.length === 0) return;

    const operations = sent.flatMap(({ line, operations }) =>
      operations.map((operation) => ({ ...operation, group: line })),
    );
    const results = await api.sendOperations({ operations, stopOnError });
    let offset = 0;
    for (const plan of sent) {
      const outcome = outcomeOf(plan, results.slice(offset, offset + plan.operations.length));
      offset += plan.operations.length;
      if (outcome === undefined) {
        stopped = true;
        return;
      }
      onOutcome(outcome);
      if (outcome.outcome === "failed" && stopOnError) {
        stopped = true;
        return;
      }
    }
  }

  return {
    async add(plan) {
      if (size + plan.operations.length > OPERATIONS_LIMIT) await flush();
      plans.push(plan);
      size += plan.operations.length;
    },
    flush,
    isStopped: () => stopped,
  };
}

/** Undefined where the network stopped before the line. */
function outcomeOf(plan: LinePlan, results: readonly OperationResult[]): LineOutcome | undefined {
  if (results.some(({ status }) => status === "rejected")) {
    return { plan, outcome: "failed", problem: problemOf(plan, results) };
  }
  if (results.length < plan.operations.length) return undefined;
  return {
    plan,
    outcome: results.at(-1)?.status === "replayed" ? "replayed" : "executed",
    operationIds: results.flatMap(({ id }) => id ?? []),
  };
}

/**
 * Why a line was refused. An order's key comes from its reference, so a key that stands for something else means that
 * the reference is repeated with other terms.
 */
function problemOf(plan: LinePlan, results: readonly OperationResult[]): OperationProblem {
  const problem = results.find((result) => result.problem !== undefined)?.problem;
  if (problem === undefined) return { code: "chain_rejected", detail: "The network gave no reason." };
  const isAboutReference = plan.effect?.kind === "opens" || plan.effect?.kind === "cancels";
  if (problem.code !== "key_reused" || !isAboutReference) return problem;
  return { code: "reference_reused", detail: "The order's reference is in use with other terms." };
}
