import { Router } from "express";
import { z } from "zod";
import { PARTICIPANT_KINDS } from "../../domain/operation.ts";
import { listParticipants } from "../../store/participant-read-model.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { parseRequest } from "../problems.ts";
import { requireInstance } from "../require-instance.ts";
import { listRequest } from "../schemas/list-request.ts";
import { listResponse } from "../schemas/list-response.ts";
import { participantResponse } from "../schemas/participant-response.ts";
import { address } from "../schemas/scalars.ts";

const participantsQuery = listRequest(
  { kind: z.enum(PARTICIPANT_KINDS).optional(), name: z.string().optional() },
  address,
);

/** Who takes part in the network. */
export function createParticipantRoutes({ store, chain }: ApiDependencies): Router {
  const router = Router();

  router.get("/participants", async (request, response) => {
    const { limit, startingAfter, ...filter } = parseRequest(participantsQuery, request.query);
    const { id } = await requireInstance(store, chain);
    const page = await listParticipants(store.db, id, filter, { limit, startingAfter });
    response.json(listResponse(page, participantResponse));
  });

  return router;
}
