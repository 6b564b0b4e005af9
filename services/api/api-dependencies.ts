import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import type { Store } from "../store/store.ts";
import type { ApiChain } from "./api-chain.ts";

/** What every route is given. */
export type ApiDependencies = {
  readonly store: Store;
  readonly chain: ApiChain;
  readonly clock: Clock;
  readonly logger: Logger;
};
