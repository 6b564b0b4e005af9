import { type CurrentInstance, findCurrentInstance } from "../store/instance-read-model.ts";
import type { Store } from "../store/store.ts";
import type { ApiChain } from "./api-chain.ts";
import { TransportError } from "./problems.ts";

/** The instance that is served; throws `unavailable` until the mirror has made one. */
export async function requireInstance(store: Store, chain: ApiChain): Promise<CurrentInstance> {
  const instance = await findCurrentInstance(store.db, chain.network.chainId);
  if (instance !== undefined) return instance;
  throw new TransportError("unavailable", "The chain is not mirrored yet.");
}
