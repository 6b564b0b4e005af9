import { type Request, Router } from "express";
import { z } from "zod";
import { DomainError } from "../../domain/errors.ts";
import type { OperationKind } from "../../domain/operation.ts";
import { parseHashId } from "../../platform/ids.ts";
import { OUTBOX_STATES } from "../../store/command-schema.ts";
import { listOperations, readProgress } from "../../store/operation-read-model.ts";
import { findOrderOfDispute } from "../../store/order-read-model.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { idempotencyKey } from "../idempotency.ts";
import { createSubmitOperations } from "../operations/submit-operations.ts";
import { parseRequest } from "../problems.ts";
import { requireInstance } from "../require-instance.ts";
import { listRequest } from "../schemas/list-request.ts";
import { listResponse } from "../schemas/list-response.ts";
import { operationsRequest } from "../schemas/operation-request.ts";
import {
  operationResponse,
  operationResultResponse,
  progressResponse,
} from "../schemas/operation-response.ts";
import { operationId } from "../schemas/scalars.ts";

type OneOperation = {
  readonly path: string;
  readonly kind: OperationKind;
  readonly about?: "order" | "dispute" | "account" | "seizure";
};

/** One route per operation; what is in the path is left out of the body. An account's id is its address. */
const ONE_OPERATION: readonly OneOperation[] = [
  { path: "/participants", kind: "register" },
  { path: "/acceptances", kind: "accept-operator" },
  { path: "/participants/:id/kyc", kind: "set-kyc", about: "account" },
  { path: "/participants/:id/restrictions", kind: "restrict", about: "account" },
  { path: "/participants/:id/freezes", kind: "freeze", about: "account" },
  { path: "/participants/:id/reactivations", kind: "reactivate", about: "account" },
  { path: "/participants/:id/closings", kind: "start-closing", about: "account" },
  { path: "/participants/:id/closures", kind: "close-account", about: "account" },
  { path: "/participants/:id/recoveries", kind: "recover", about: "account" },
  { path: "/participants/:id/payout-address-requests", kind: "request-payout-address", about: "account" },
  {
    path: "/participants/:id/payout-address-confirmations",
    kind: "confirm-payout-address",
    about: "account",
  },
  { path: "/participants/:id/payout-address-cancellations", kind: "cancel-payout-address", about: "account" },
  { path: "/participants/:id/accounts", kind: "open-account", about: "account" },
  { path: "/participants/:id/reserve-releases", kind: "release-reserve", about: "account" },
  { path: "/participants/:id/met-obligations", kind: "meet-obligations", about: "account" },
  { path: "/participants/:id/rebindings", kind: "rebind", about: "account" },
  { path: "/participants/:id/seizures", kind: "propose-seizure", about: "account" },
  { path: "/seizures/:id/cancellations", kind: "cancel-seizure", about: "seizure" },
  { path: "/seizures/:id/executions", kind: "execute-seizure", about: "seizure" },
  { path: "/mints", kind: "mint" },
  { path: "/deposits", kind: "deposit" },
  { path: "/orders", kind: "authorize" },
  { path: "/cancellations", kind: "cancel" },
  { path: "/orders/:id/captures", kind: "capture", about: "order" },
  { path: "/orders/:id/deliveries", kind: "deliver", about: "order" },
  { path: "/orders/:id/extensions", kind: "extend", about: "order" },
  { path: "/orders/:id/voids", kind: "void", about: "order" },
  { path: "/orders/:id/reclaims", kind: "reclaim", about: "order" },
  { path: "/orders/:id/refunds", kind: "refund", about: "order" },
  { path: "/orders/:id/consented-refunds", kind: "refund-by-consent", about: "order" },
  { path: "/orders/:id/disputes", kind: "open-dispute", about: "order" },
  { path: "/disputes/:id/contests", kind: "contest", about: "dispute" },
  { path: "/disputes/:id/evidence", kind: "submit-evidence", about: "dispute" },
  { path: "/disputes/:id/acceptances", kind: "accept-dispute", about: "dispute" },
  { path: "/disputes/:id/offers", kind: "offer", about: "dispute" },
  { path: "/disputes/:id/withdrawn-offers", kind: "withdraw-offer", about: "dispute" },
  { path: "/disputes/:id/accepted-offers", kind: "accept-offer", about: "dispute" },
  { path: "/disputes/:id/agreements", kind: "agree", about: "dispute" },
  { path: "/disputes/:id/rulings", kind: "rule", about: "dispute" },
  { path: "/disputes/:id/escalations", kind: "escalate", about: "dispute" },
  { path: "/disputes/:id/appeals", kind: "appeal", about: "dispute" },
  { path: "/disputes/:id/finalizations", kind: "finalize-dispute", about: "dispute" },
  { path: "/pauses", kind: "pause" },
  { path: "/unpauses", kind: "unpause" },
  { path: "/cycles", kind: "close-cycle" },
  { path: "/statement-publications", kind: "publish-statements" },
  { path: "/payouts", kind: "payout" },
];

/** `POST /orders` takes every way to open an order. */
const orderKind = z.object({
  kind: z.enum(["authorize", "authorize-by-transfer", "authorize-through", "charge"]).default("authorize"),
});
const body = z.record(z.string(), z.unknown()).default({});
const operationsQuery = listRequest({ state: z.enum(OUTBOX_STATES).optional() }, operationId);

/** Asking for operations, and looking at what became of them. */
export function createOperationRoutes({ store, chain, clock }: ApiDependencies): Router {
  const submit = createSubmitOperations({ store, chain, clock });
  const router = Router();

  router.post("/operations", async (request, response) => {
    const results = await submit(parseRequest(operationsRequest, request.body));
    response.json({ results: results.map(operationResultResponse) });
  });

  for (const route of ONE_OPERATION) {
    router.post(route.path, async (request, response) => {
      const key = idempotencyKey(request.get("idempotency-key"));
      const instance = await requireInstance(store, chain);
      const operation = { ...(await bodyOf(route, request, instance.id)), key };
      const [result] = await submit({ operations: [operation], stopOnError: false });
      if (result === undefined) throw new Error("Every operation has a result.");
      if (result.status === "rejected") throw result.refusal;

      const { data } = await listOperations(store.db, instance.id, { id: result.entryId }, { limit: 1 });
      if (result.status === "replayed") response.set("Idempotent-Replayed", "true");
      response.status(202).json(data.map(operationResponse)[0]);
    });
  }

  async function bodyOf(route: OneOperation, request: Request, instanceId: number) {
    const given = parseRequest(body, request.body);
    if (route.path === "/orders") return { ...given, ...parseRequest(orderKind, given) };
    if (route.about === undefined) return { ...given, kind: route.kind };

    const id = String(request.params.id);
    if (route.about === "account" || route.about === "seizure") {
      return { ...given, kind: route.kind, [route.about]: id };
    }
    const order = route.about === "order" ? id : await orderOfDispute(id, instanceId);
    return { ...given, kind: route.kind, order: { id: order } };
  }

  async function orderOfDispute(id: string, instanceId: number): Promise<string> {
    const disputeId = parseHashId("dsp", id);
    const orderId = disputeId && (await findOrderOfDispute(store.db, instanceId, disputeId));
    if (orderId === undefined) throw new DomainError("not_found", "There is no such dispute.", { id });
    return `ord_${orderId.slice(2)}`;
  }

  router.get("/operations", async (request, response) => {
    const { state, ...page } = parseRequest(operationsQuery, request.query);
    const instance = await requireInstance(store, chain);
    response.json(
      listResponse(await listOperations(store.db, instance.id, { state }, page), operationResponse),
    );
  });

  router.get("/operations/progress", async (_request, response) => {
    const instance = await requireInstance(store, chain);
    response.json(progressResponse(await readProgress(store.db, instance.id)));
  });

  router.get("/operations/:id", async (request, response) => {
    const parsed = operationId.safeParse(request.params.id);
    const instance = await requireInstance(store, chain);
    const { data } = parsed.success
      ? await listOperations(store.db, instance.id, { id: parsed.data }, { limit: 1 })
      : { data: [] };
    const [operation] = data.map(operationResponse);
    if (operation === undefined) throw new DomainError("not_found", "There is no such operation.");
    response.json(operation);
  });

  return router;
}
