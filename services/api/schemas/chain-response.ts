import type { CurrentInstance } from "../../store/instance-read-model.ts";
import type { Network } from "../api-chain.ts";

/** The network as clients need to know it. `head` is the chain's latest block, `cursor` the mirror's. */
export type ChainResponse = Omit<Network, "ledger" | "registry" | "court"> & {
  readonly object: "chain";
  readonly head: number;
  readonly cursor: CurrentInstance["cursor"] | null;
  readonly instance: { readonly id: number; readonly genesisHash: string } | null;
  /** Unix seconds. */
  readonly chainTime: number;
};

export function chainResponse(
  network: Network,
  { head, chainTime, instance }: { head: number; chainTime: number; instance: CurrentInstance | undefined },
): ChainResponse {
  const { ledger: _ledger, registry: _registry, court: _court, ...rest } = network;
  return {
    object: "chain",
    ...rest,
    head,
    cursor: instance?.cursor ?? null,
    instance: instance === undefined ? null : { id: instance.id, genesisHash: instance.genesisHash },
    chainTime,
  };
}
