import { Router } from "express";
import { z } from "zod";
import { DomainError } from "../../domain/errors.ts";
import { DISPUTE_STATES, ORDER_STATES } from "../../domain/operation.ts";
import { listDisputes } from "../../store/dispute-read-model.ts";
import { listOrders } from "../../store/order-read-model.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { parseRequest } from "../problems.ts";
import { requireInstance } from "../require-instance.ts";
import { listRequest } from "../schemas/list-request.ts";
import { listResponse } from "../schemas/list-response.ts";
import { disputeResponse, orderResponse } from "../schemas/order-response.ts";
import { disputeId, orderId } from "../schemas/scalars.ts";

const ofMerchant = { merchant: z.string().optional(), reference: z.string().optional() };
const ordersQuery = listRequest({ ...ofMerchant, state: z.enum(ORDER_STATES).optional() }, orderId);
const disputesQuery = listRequest(
  { ...ofMerchant, order: orderId.optional(), state: z.enum(DISPUTE_STATES).optional() },
  disputeId,
);

/** Orders and disputes as they stand. */
export function createOrderRoutes({ store, chain }: ApiDependencies): Router {
  const router = Router();

  router.get("/orders", async (request, response) => {
    const { limit, startingAfter, ...filter } = parseRequest(ordersQuery, request.query);
    const { id, cursor } = await requireInstance(store, chain);
    const page = await listOrders(store.db, id, filter, { limit, startingAfter });
    response.json(listResponse(page, (row) => orderResponse(row, cursor)));
  });

  router.get("/orders/:id", async (request, response) => {
    const parsed = orderId.safeParse(request.params.id);
    const { id, cursor } = await requireInstance(store, chain);
    const { data } = parsed.success
      ? await listOrders(store.db, id, { orderId: parsed.data }, { limit: 1 })
      : { data: [] };
    const [order] = data;
    if (order === undefined) throw new DomainError("not_found", "There is no such order.");
    response.json(orderResponse(order, cursor));
  });

  router.get("/disputes", async (request, response) => {
    const { limit, startingAfter, order, ...filter } = parseRequest(disputesQuery, request.query);
    const { id, cursor } = await requireInstance(store, chain);
    const page = await listDisputes(store.db, id, { ...filter, orderId: order }, { limit, startingAfter });
    response.json(listResponse(page, (row) => disputeResponse(row, cursor)));
  });

  router.get("/disputes/:id", async (request, response) => {
    const parsed = disputeId.safeParse(request.params.id);
    const { id, cursor } = await requireInstance(store, chain);
    const { data } = parsed.success
      ? await listDisputes(store.db, id, { disputeId: parsed.data }, { limit: 1 })
      : { data: [] };
    const [dispute] = data;
    if (dispute === undefined) throw new DomainError("not_found", "There is no such dispute.");
    response.json(disputeResponse(dispute, cursor));
  });

  return router;
}
