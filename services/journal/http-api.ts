import { z } from "zod";
import { DISPUTE_STATES } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import { type HttpAddress, listJson, problem, requestJson } from "./http-request.ts";
import type { FailedOperation, JournalApi, MirroredDispute } from "./journal-api.ts";

const hex = z.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]*$/.test(value));
const count = z.number().int().nonnegative();
const operationProblem = problem
  .extend({ kind: z.enum(["payer", "merchant"]).optional().catch(undefined) })
  .transform(({ kind, ...rest }) => ({ ...rest, ...(kind === undefined ? {} : { field: kind }) }));

const chainResponse = z.object({
  operator: hex,
  feeReceiver: hex,
  arbiterSetId: count,
  tokens: z.record(z.string(), hex),
  isDevelopment: z.boolean(),
  chainTime: count,
});
const resultsResponse = z.object({
  results: z.array(
    z.object({
      key: z.string(),
      id: z.string().exactOptional(),
      status: z.enum(["accepted", "replayed", "rejected"]),
      problem: operationProblem.exactOptional(),
    }),
  ),
});
const progressResponse = z.object({
  queued: count,
  submitted: count,
  included: count,
  failed: count,
  unmirrored: count,
  lastId: z.string().nullable(),
});
const failedOperation = z.object({ id: z.string(), problem });
const orderObject = z.object({ id: z.string(), payer: z.string(), terms: z.object({ captureBy: count }) });
const disputeObject = z.object({ id: z.string(), state: z.enum(DISPUTE_STATES), evidence: hex });

/**
 * The journal's side of the network's HTTP API.
 *
 * A refused request throws the `DomainError` of its problem document. `fetch` is the platform's; `apiToken` is sent as
 * a bearer token.
 */
export function createHttpJournalApi(options: HttpAddress): JournalApi {
  const get = <Output>(path: string, schema: z.ZodType<Output>) => requestJson(options, { path, schema });

  return {
    chain: () => get("/v1/chain", chainResponse),
    progress: () => get("/v1/operations/progress", progressResponse),

    async sendOperations(body) {
      const { results } = await requestJson(options, {
        path: "/v1/operations",
        body,
        schema: resultsResponse,
      });
      return results;
    },

    async *failedOperations(): AsyncGenerator<FailedOperation> {
      const list = { path: "/v1/operations", filter: { state: "failed" }, item: failedOperation };
      for await (const { id, problem } of listJson(options, list)) {
        yield { id, ...problem };
      }
    },

    async findOrder({ merchant, reference }) {
      const list = { path: "/v1/orders", filter: { merchant, reference }, item: orderObject };
      for await (const { id, payer, terms } of listJson(options, list)) {
        return { orderId: toHash(id), payerName: payer, captureBy: terms.captureBy };
      }
      return undefined;
    },

    async latestDispute({ merchant, reference }) {
      let latest: MirroredDispute | undefined;
      const list = { path: "/v1/disputes", filter: { merchant, reference }, item: disputeObject };
      for await (const dispute of listJson(options, list)) {
        latest = { disputeId: toHash(dispute.id), state: dispute.state, evidence: dispute.evidence };
        if (dispute.state !== "final") return latest;
      }
      return latest;
    },
  };
}

/** `dsp_<hex>` or `ord_<hex>` as the hash that it stands for. */
function toHash(id: string): Hex {
  return `0x${id.slice(id.indexOf("_") + 1)}`;
}
