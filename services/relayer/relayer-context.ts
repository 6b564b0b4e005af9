import type { Chain } from "../chain/chain.ts";
import type { LANES, OptionalLane } from "../chain/operation-call.ts";
import type { Signer } from "../chain/signer.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import type { Store } from "../store/store.ts";

/** Who signs in each lane. Lanes may share a signer; what belongs to a lane without one is refused. */
export type RelayerSigners = Readonly<
  Record<(typeof LANES)[number], Signer> & Partial<Record<OptionalLane, Signer>>
>;

/** What every part of the relayer works with. */
export type RelayerContext = {
  readonly store: Store;
  readonly chain: Chain;
  readonly signers: RelayerSigners;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instanceId: number;
  /** Ends every wait. */
  readonly signal?: AbortSignal;
};
