import express, { type ErrorRequestHandler, type Express, type Response } from "express";
import helmet from "helmet";
import { DomainError } from "../domain/errors.ts";
import { toError } from "../platform/errors.ts";
import type { Logger } from "../platform/logger.ts";
import type { ApiDependencies } from "./api-dependencies.ts";
import { authenticate } from "./authenticate.ts";
import { MalformedError, type Problem, TransportError, toProblem } from "./problems.ts";
import { REQUEST_ID, requestLog } from "./request-log.ts";
import { createChainRoutes } from "./routes/chain-routes.ts";
import { createHealthRoutes } from "./routes/health-routes.ts";
import { createOperationRoutes } from "./routes/operation-routes.ts";
import { createOrderRoutes } from "./routes/order-routes.ts";
import { createParticipantRoutes } from "./routes/participant-routes.ts";
import { createSettlementRoutes } from "./routes/settlement-routes.ts";
import { createStatementRoutes } from "./routes/statement-routes.ts";

/** Room for a full request of operations: an order with its terms takes about 2 kB. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

export type AppOptions = ApiDependencies & {
  /** The bearer token that requests must carry; without one the app must listen on loopback alone. */
  readonly token?: string | undefined;
};

/** The HTTP API. It decides and queues; it never writes what the chain owns. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use(requestLog(options));
  app.use(helmet());
  app.use(createHealthRoutes(options));
  app.use(authenticate(options.token));
  app.use(express.json({ limit: BODY_LIMIT_BYTES }));
  app.use(
    "/v1",
    createChainRoutes(options),
    createOperationRoutes(options),
    createOrderRoutes(options),
    createSettlementRoutes(options),
    createStatementRoutes(options),
    createParticipantRoutes(options),
  );
  app.use(() => {
    throw new DomainError("not_found", "There is no such resource.");
  });
  app.use(answerError(options.logger));
  return app;
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    const error = fromBodyParser(thrown) ?? thrown;
    const requestId = response.get(REQUEST_ID);
    const problem = toProblem(error, requestId);
    if (problem.status === 500) logger.error({ err: toError(error), requestId }, "Failed to answer");
    if (problem.status === 503) logger.warn({ reason: problem.detail, requestId }, "Could not answer");
    if (response.headersSent) return next(error);
    sendProblem(response, problem);
  };
}

function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryable) response.set("Retry-After", "1");
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}

/** What express.json and the router throw about a request, by the `type` or `status` that they document. */
function fromBodyParser(thrown: unknown): Error | undefined {
  if (!(thrown instanceof Error) || thrown instanceof DomainError) return undefined;

  const type = "type" in thrown ? thrown.type : undefined;
  if (type === "entity.too.large") {
    return new TransportError("body_too_large", `The body exceeds ${BODY_LIMIT_BYTES} bytes.`);
  }
  if (type === "charset.unsupported" || type === "encoding.unsupported") {
    return new TransportError("media_type_unsupported", "The body must be JSON in UTF-8.");
  }
  const isClientError = "status" in thrown && thrown.status === 400;
  return isClientError
    ? new MalformedError("The request cannot be read: its path must be valid and its body JSON.", [])
    : undefined;
}
