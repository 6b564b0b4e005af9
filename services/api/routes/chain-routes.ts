import { Router } from "express";
import { findCurrentInstance } from "../../store/instance-read-model.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { chainTime } from "../chain-time.ts";
import { chainResponse } from "../schemas/chain-response.ts";

/** The network itself. */
export function createChainRoutes({ store, chain, clock }: ApiDependencies): Router {
  const router = Router();

  router.get("/chain", async (_request, response) => {
    const { number } = await chain.head();
    const instance = await findCurrentInstance(store.db, chain.network.chainId);
    const now = await chainTime(chain, clock);
    response.json(chainResponse(chain.network, { head: number, chainTime: now, instance }));
  });

  return router;
}
