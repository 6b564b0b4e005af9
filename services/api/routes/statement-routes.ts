import { type Request, Router } from "express";
import { z } from "zod";
import { DomainError } from "../../domain/errors.ts";
import { MOVEMENT_KINDS, type MovementKind } from "../../domain/statement.ts";
import type { CurrentInstance } from "../../store/instance-read-model.ts";
import { toPage } from "../../store/page.ts";
import type { CycleRow } from "../../store/settlement-read-model.ts";
import {
  findCycle,
  findStatement,
  listStatementLines,
  type StatementHead,
} from "../../store/statement-read-model.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { findMerchant } from "../find-merchant.ts";
import { parseRequest } from "../problems.ts";
import { requireInstance } from "../require-instance.ts";
import { listRequest } from "../schemas/list-request.ts";
import { listResponse } from "../schemas/list-response.ts";
import { address, orderId } from "../schemas/scalars.ts";
import { cycleResponse, movementResponse, parseCycleId } from "../schemas/settlement-response.ts";
import {
  cycleStatementResponse,
  orderProofResponse,
  statementHeadResponse,
} from "../schemas/statement-response.ts";
import { proveOrder, proveStatement, readCycleTree } from "../statement-proofs.ts";

// Safe: the keys of a constant.
const KINDS = Object.keys(MOVEMENT_KINDS) as MovementKind[];

const statementsQuery = listRequest({}, address);
const linesQuery = listRequest(
  {},
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,8})$/, { error: "must be the index of a line" })
    .transform((value) => Number.parseInt(value, 10)),
);
const proofQuery = z.strictObject({ order: orderId, kind: z.enum(KINDS).optional() });

/** A cycle's statements, for merchants that check their own and for auditors that check all of them. */
export function createStatementRoutes({ store, chain }: ApiDependencies): Router {
  const { network } = chain;
  const router = Router();

  router.get("/cycles/:id", async (request, response) => {
    const { instance, cycle } = await findNamed(request);
    response.json(cycleResponse(cycle, { network, cursor: instance.cursor }));
  });

  router.get("/cycles/:id/statements", async (request, response) => {
    const { limit, startingAfter } = parseRequest(statementsQuery, request.query);
    const { instance, cycle } = await findNamed(request);
    const { entries } = await readTree(instance, cycle);
    const rest = entries.filter(({ merchant }) => startingAfter === undefined || merchant > startingAfter);
    response.json(listResponse(toPage(rest.slice(0, limit + 1), limit), cycleStatementResponse));
  });

  router.get("/cycles/:id/statements/:merchant", async (request, response) => {
    const { instance, cycle } = await findNamed(request);
    const head = await findHead(request, instance, cycle);
    const tree = await readTree(instance, cycle);
    const among = { cycle, tree, proof: proveStatement(tree, head.merchant) };
    response.json(statementHeadResponse(head, among, { network, cursor: instance.cursor }));
  });

  router.get("/cycles/:id/statements/:merchant/lines", async (request, response) => {
    const page = parseRequest(linesQuery, request.query);
    const { instance, cycle } = await findNamed(request);
    const head = await findHead(request, instance, cycle);
    const lines = await listStatementLines(store.db, instance.id, head, page);
    response.json(
      listResponse(lines, (line) => ({
        id: line.position.toString(),
        ...movementResponse(line, instance.cursor),
      })),
    );
  });

  router.get("/cycles/:id/statements/:merchant/proof", async (request, response) => {
    const { order, kind } = parseRequest(proofQuery, request.query);
    const { instance, cycle } = await findNamed(request);
    const head = await findHead(request, instance, cycle);
    const sought = { orderId: order, ...(kind && { kind: MOVEMENT_KINDS[kind] }) };
    const proof = await proveOrder(store.db, instance.id, network, head, sought);
    response.json(orderProofResponse(order, proof));
  });

  function readTree(instance: CurrentInstance, cycle: CycleRow) {
    return readCycleTree(store.db, instance.id, network, { ...cycle, cycle: cycle.number });
  }

  async function findNamed(request: Request) {
    const instance = await requireInstance(store, chain);
    const key = parseCycleId(String(request.params.id));
    const cycle = key && (await findCycle(store.db, instance.id, key));
    if (cycle === undefined) throw new DomainError("not_found", "There is no such closed cycle.");
    return { instance, cycle };
  }

  async function findHead(
    request: Request,
    { id }: CurrentInstance,
    { operator, token, number }: CycleRow,
  ): Promise<StatementHead> {
    const merchant = await findMerchant(store, id, String(request.params.merchant));
    const head = await findStatement(store.db, id, { operator, token, cycle: number, merchant });
    if (head !== undefined) return head;
    throw new DomainError("not_found", "The merchant was not settled in this cycle.", { merchant });
  }

  return router;
}
