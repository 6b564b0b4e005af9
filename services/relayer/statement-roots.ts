import { buildCycle } from "../chain/cycle-tree.ts";
import type { Hex } from "../domain/order-terms.ts";
import { readUnpublishedCycles } from "../store/statement-work-read-model.ts";
import type { RelayerContext } from "./relayer-context.ts";

/** A closed cycle and the root over its statements. */
export type CycleRoot = {
  readonly operator: Hex;
  readonly token: Hex;
  readonly cycle: number;
  readonly root: Hex;
};

/** The statements of a cycle do not add up to what the ledger settled in it: a root over them could be refuted. */
export class CycleUnbalancedError extends Error {
  readonly cycle: number;
  readonly net: bigint;
  readonly total: bigint;

  constructor(cycle: number, net: bigint, total: bigint) {
    super(`The statements of cycle ${cycle} add up to ${total}, and ${net} was settled.`);
    this.name = "CycleUnbalancedError";
    this.cycle = cycle;
    this.net = net;
    this.total = total;
  }
}

/**
 * The roots of the closed cycles that have none on the chain and are complete, from what the mirror holds.
 *
 * @throws CycleUnbalancedError rather than to publish a root that is wrong: it is published once and for all.
 */
export async function readStatementRoots({
  store,
  chain,
  instanceId,
}: Pick<RelayerContext, "store" | "chain" | "instanceId">): Promise<CycleRoot[]> {
  const ledger = chain.deployment.contracts.settlementLedger.address;
  const cycles = await readUnpublishedCycles(store.db, instanceId);
  return cycles.map(({ net, statements, ...key }) => {
    const { total, root } = buildCycle({ chainId: chain.chainId, ledger, ...key }, statements);
    if (total !== net) throw new CycleUnbalancedError(key.cycle, net, total);
    return { ...key, root };
  });
}
