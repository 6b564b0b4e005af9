import type { Deployment } from "../chain/deployment.ts";
import { type JsonRpc, type RpcOutcome, toQuantity } from "../chain/json-rpc.ts";
import type { Lane } from "../chain/operation-call.ts";
import { type Refusal, refusalOf } from "../chain/reverts.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { QueuedEntry } from "../store/attempt-store.ts";
import { type PlannedCall, planCall } from "./calls.ts";

/** What a dry run found: calls that can be sent, and entries that the chain would refuse. */
export type Simulation = {
  readonly accepted: readonly PlannedCall[];
  readonly refused: readonly { readonly entry: QueuedEntry; readonly refusal: Refusal }[];
};

/** Whose calls are tried; those of a lane without a sender are not to be asked about. */
export type Senders = Readonly<Partial<Record<Lane, Hex>>>;

/**
 * Tries calls on the present state without sending them.
 *
 * They are run once with the gas they will have, rather than estimated: an estimate is of the state before its own
 * layer, where a slot may still be cheaper to write. A batch that is refused whole is taken apart: entries refused by
 * themselves are left out. What does not fit together afterwards is sent one by one, so that the chain decides on each.
 */
export async function simulate(options: {
  readonly rpc: JsonRpc;
  readonly deployment: Deployment;
  readonly senders: Senders;
  readonly calls: readonly PlannedCall[];
}): Promise<Simulation> {
  const first = await dryRun(options, options.calls);
  const accepted = first.filter(({ refusal }) => refusal === undefined).map(({ call }) => call);
  const refused: { entry: QueuedEntry; refusal: Refusal }[] = [];
  const doubtful: PlannedCall[] = [];
  for (const { call, refusal } of first) {
    const [entry, ...others] = call.entries;
    if (refusal === undefined || entry === undefined) continue;
    if (others.length === 0) refused.push({ entry, refusal });
    else doubtful.push(call);
  }

  const singles = doubtful.map((call) => call.entries.map((entry) => planCall([entry], options.deployment)));
  const results = await dryRun(options, singles.flat());
  const refusals = new Map(results.map(({ call, refusal }) => [call, refusal]));
  const rests: { whole: PlannedCall; parts: PlannedCall[] }[] = [];
  for (const parts of singles) {
    const rest = parts.filter((part) => refusals.get(part) === undefined);
    for (const part of parts) {
      const refusal = refusals.get(part);
      if (refusal !== undefined) refused.push(...part.entries.map((entry) => ({ entry, refusal })));
    }
    if (rest.length > 0) {
      const whole = planCall(
        rest.flatMap((part) => part.entries),
        options.deployment,
      );
      rests.push({ whole, parts: rest });
    }
  }

  const wholes = await dryRun(
    options,
    rests.map((rest) => rest.whole),
  );
  for (const [index, { whole, parts }] of rests.entries()) {
    if (wholes[index]?.refusal === undefined) accepted.push(whole);
    else accepted.push(...parts);
  }
  return { accepted, refused };
}

type DryRun = { readonly call: PlannedCall; readonly refusal: Refusal | undefined };

async function dryRun(
  { rpc, senders }: { readonly rpc: JsonRpc; readonly senders: Senders },
  calls: readonly PlannedCall[],
): Promise<DryRun[]> {
  const outcomes = await rpc.batchOutcomes<Hex>(
    calls.map((call) => ({
      method: "eth_call",
      params: [
        { from: senders[call.lane], to: call.to, data: call.data, gas: toQuantity(call.gasLimit) },
        "latest",
      ],
    })),
  );
  return calls.map((call, index) => ({ call, refusal: refusalIn(outcomes[index]) }));
}

/** A refusal that is not about the execution is the node's failure, not the call's. */
function refusalIn(outcome: RpcOutcome<Hex> | undefined): Refusal | undefined {
  if (outcome === undefined || outcome.ok) return undefined;
  const refusal = refusalOf(outcome.error);
  if (refusal === undefined) throw outcome.error;
  return refusal;
}
