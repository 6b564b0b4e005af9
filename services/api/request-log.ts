import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";

/** A request's id is also the `instance` of its problem, so that a client's report leads to our log. */
export const REQUEST_ID = "X-Request-Id";

const ACCEPTED_ID = /^[\x21-\x7e]{1,128}$/;

/** Gives every request an id, the client's if it sent one, and logs its end: never a body, a query or a header. */
export function requestLog({ logger, clock }: { logger: Logger; clock: Clock }): RequestHandler {
  return (request, response, next) => {
    const given = request.get(REQUEST_ID);
    const requestId = given !== undefined && ACCEPTED_ID.test(given) ? given : randomUUID();
    const startedAt = clock.now().getTime();
    response.set(REQUEST_ID, requestId);
    response.on("finish", () => {
      const durationMs = clock.now().getTime() - startedAt;
      const { method, path } = request;
      logger.debug({ requestId, method, path, status: response.statusCode, durationMs }, "Answered request");
    });
    next();
  };
}
