import { Router } from "express";
import { toError } from "../../platform/errors.ts";
import { findCurrentInstance } from "../../store/instance-read-model.ts";
import type { ApiDependencies } from "../api-dependencies.ts";

/** Blocks that the mirror may be behind while requests are still welcome. */
const LAG_LIMIT_BLOCKS = 100;

/** Why this process cannot serve; each says where to look. */
export type UnreadyReason = "store_failed" | "chain_unreachable" | "not_mirrored" | "mirror_lags";

/** Whether this process runs, and whether it can serve. */
export function createHealthRoutes({ store, chain, logger }: ApiDependencies): Router {
  const router = Router();

  router.get("/livez", (_request, response) => void response.json({ status: "live" }));

  router.get("/readyz", async (_request, response) => {
    const reasons = await unreadyReasons();
    const isReady = reasons.length === 0;
    response.status(isReady ? 200 : 503).json({ status: isReady ? "ready" : "unready", reasons });
  });

  async function unreadyReasons(): Promise<UnreadyReason[]> {
    const [head, instance] = await Promise.all([
      chain.head().catch(failed("Failed to reach the chain")),
      findCurrentInstance(store.db, chain.network.chainId).catch(failed("Failed to read the store")),
    ]);
    const reasons: UnreadyReason[] = [];
    if (head === "failed") reasons.push("chain_unreachable");
    if (instance === "failed") reasons.push("store_failed");
    else if (instance?.cursor === undefined) reasons.push("not_mirrored");
    else if (head !== "failed" && head.number - instance.cursor.number > LAG_LIMIT_BLOCKS) {
      reasons.push("mirror_lags");
    }
    return reasons;
  }

  function failed(message: string) {
    return (error: unknown): "failed" => {
      logger.warn({ err: toError(error) }, message);
      return "failed";
    };
  }

  return router;
}
