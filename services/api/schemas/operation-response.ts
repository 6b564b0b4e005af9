import type { OperationKind } from "../../domain/operation.ts";
import { formatHashId, formatSerialId } from "../../platform/ids.ts";
import type { OutboxState } from "../../store/command-schema.ts";
import type { OperationProgress, OperationRow } from "../../store/operation-read-model.ts";
import type { OperationResult } from "../operations/submit-operations.ts";
import { domainProblem, isDomainErrorCode, type Problem, toProblem } from "../problems.ts";

/** What became of one operation of a request. */
export type OperationResultResponse = {
  readonly key: string;
  readonly status: "accepted" | "replayed" | "rejected";
  readonly id?: string;
  readonly problem?: Problem;
};

/** An operation and how far it is. `key` is the client's; U+001F and a number behind it if it was asked for again. */
export type OperationResponse = {
  readonly object: "operation";
  readonly id: string;
  readonly key: string;
  readonly kind: OperationKind;
  readonly state: OutboxState;
  readonly order: string | null;
  readonly dispute: string | null;
  readonly blockNumber: number | null;
  /** Why it failed. */
  readonly problem: Problem | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type ProgressResponse = Omit<OperationProgress, "lastId"> & { readonly lastId: string | null };

export function operationResultResponse(result: OperationResult): OperationResultResponse {
  const { key, status } = result;
  return status === "rejected"
    ? { key, status, problem: toProblem(result.refusal) }
    : { key, status, id: formatSerialId("out", result.entryId) };
}

export function operationResponse(row: OperationRow): OperationResponse {
  return {
    object: "operation",
    id: formatSerialId("out", row.id),
    key: row.op_key,
    kind: row.kind,
    state: row.state,
    order: row.order_id && formatHashId("ord", row.order_id),
    dispute: row.dispute_id && formatHashId("dsp", row.dispute_id),
    blockNumber: row.block_number,
    problem: row.state === "failed" ? failureOf(row) : null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function progressResponse(progress: OperationProgress): ProgressResponse {
  const { lastId, ...counts } = progress;
  return { ...counts, lastId: lastId === null ? null : formatSerialId("out", lastId) };
}

function failureOf(row: OperationRow): Problem {
  const code = row.error_code ?? "chain_rejected";
  const detail = "The chain refused the operation.";
  return domainProblem(isDomainErrorCode(code) ? code : "chain_rejected", detail, row.error_context ?? {});
}
