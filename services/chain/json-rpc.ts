import { RetryableError } from "../platform/errors.ts";

export type RpcCall = { readonly method: string; readonly params: readonly unknown[] };

/** What became of one call of a batch. */
export type RpcOutcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: RpcError };

/** JSON-RPC 2.0 over HTTP. Every method throws `RpcUnreachableError` when there is no usable answer in time. */
export interface JsonRpc {
  readonly url: string;
  /** One call; throws `RpcError` if the node refuses it. */
  request<Result>(method: string, params?: readonly unknown[]): Promise<Result>;
  /** Many calls, answered in their order; throws the first refusal as `RpcError`. */
  batch<Result>(calls: readonly RpcCall[]): Promise<Result[]>;
  /** Many calls, answered in their order; refusals stand among the outcomes. */
  batchOutcomes<Result>(calls: readonly RpcCall[]): Promise<RpcOutcome<Result>[]>;
}

/** The node refused a call; `data` is the revert data of a failed execution, if the node passes it on. */
export class RpcError extends Error {
  readonly method: string;
  readonly code: number;
  readonly data: unknown;

  constructor(method: string, code: number, message: string, data?: unknown) {
    super(`${method}: ${message}`);
    this.name = "RpcError";
    this.method = method;
    this.code = code;
    this.data = data;
  }
}

/** No usable answer came from the node. Whether a call had an effect is unknown: ask the chain. */
export class RpcUnreachableError extends RetryableError {
  /** Host and port only: a URL may carry a secret. */
  readonly host: string;

  constructor(host: string, reason: string, cause?: unknown) {
    super(`The chain's RPC at ${host} did not answer: ${reason}.`, { cause });
    this.name = "RpcUnreachableError";
    this.host = host;
  }
}

type Answer = {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
};

type Request = { readonly id: number; readonly method: string; readonly body: string };

/** Nodes commonly refuse bodies above 2 MB. */
const MAX_BODY_CHARACTERS = 1_000_000;

/** A client of the node at `url`; connections are kept alive by `fetch`. */
export function createJsonRpc(options: {
  readonly url: string;
  readonly timeoutMs?: number;
  readonly maxBatchCalls?: number;
  readonly fetch?: typeof fetch;
}): JsonRpc {
  const { url, timeoutMs = 30_000, maxBatchCalls = 300 } = options;
  const send = options.fetch ?? fetch;
  const host = new URL(url).host;
  let lastId = 0;

  function prepare(call: RpcCall): Request {
    lastId += 1;
    const body = JSON.stringify({ jsonrpc: "2.0", id: lastId, method: call.method, params: call.params });
    return { id: lastId, method: call.method, body };
  }

  async function post(body: string): Promise<unknown> {
    const text = await exchange(send, { url, host, body, timeoutMs });
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new RpcUnreachableError(host, "the answer is not JSON", error);
    }
  }

  async function postChunk(chunk: readonly Request[]): Promise<RpcOutcome<unknown>[]> {
    const answers = await post(`[${chunk.map((request) => request.body).join(",")}]`);
    // A node that refuses the batch as a whole answers with a single error.
    if (!Array.isArray(answers)) return chunk.map((request) => toOutcome(host, request, answers as Answer));

    const byId = new Map((answers as Answer[]).map((answer) => [answer.id, answer]));
    return chunk.map((request) => toOutcome(host, request, byId.get(request.id)));
  }

  async function batchOutcomes<Result>(calls: readonly RpcCall[]): Promise<RpcOutcome<Result>[]> {
    const outcomes: RpcOutcome<unknown>[] = [];
    for (const chunk of chunksOf(calls.map(prepare), maxBatchCalls))
      outcomes.push(...(await postChunk(chunk)));
    return outcomes as RpcOutcome<Result>[];
  }

  return {
    url,
    async request<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
      const request = prepare({ method, params });
      return unwrap(toOutcome(host, request, (await post(request.body)) as Answer)) as Result;
    },
    async batch<Result>(calls: readonly RpcCall[]): Promise<Result[]> {
      return (await batchOutcomes<Result>(calls)).map(unwrap);
    },
    batchOutcomes,
  };
}

/** A block number or amount as a JSON-RPC quantity. */
export function toQuantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** A JSON-RPC quantity of at most 53 bits. */
export function fromQuantity(quantity: string): number {
  const value = Number.parseInt(quantity, 16);
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a safe quantity: ${quantity}`);
  return value;
}

async function exchange(
  send: typeof fetch,
  request: { url: string; host: string; body: string; timeoutMs: number },
): Promise<string> {
  try {
    const response = await send(request.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: request.body,
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const text = await response.text();
    // Some nodes send a proper JSON-RPC error with a status of 400 or 500.
    if (!response.ok && !text.startsWith("{") && !text.startsWith("[")) {
      throw new RpcUnreachableError(request.host, `HTTP status ${response.status}`);
    }
    return text;
  } catch (error) {
    if (error instanceof RpcUnreachableError) throw error;
    throw new RpcUnreachableError(request.host, reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown failure";
  const code = error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : undefined;
  return code ?? error.name;
}

function toOutcome(host: string, request: Request, answer: Answer | undefined): RpcOutcome<unknown> {
  if (answer?.error) {
    const { code, message, data } = answer.error;
    const error = new RpcError(request.method, typeof code === "number" ? code : 0, String(message), data);
    return { ok: false, error };
  }
  if (answer === undefined || !("result" in answer)) {
    throw new RpcUnreachableError(host, `no answer to ${request.method}`);
  }
  return { ok: true, result: answer.result };
}

function unwrap<Result>(outcome: RpcOutcome<Result>): Result {
  if (!outcome.ok) throw outcome.error;
  return outcome.result;
}

function* chunksOf(requests: readonly Request[], maxCalls: number): Generator<Request[]> {
  let chunk: Request[] = [];
  let characters = 0;
  for (const request of requests) {
    const isFull = chunk.length === maxCalls || characters + request.body.length > MAX_BODY_CHARACTERS;
    if (chunk.length > 0 && isFull) {
      yield chunk;
      chunk = [];
      characters = 0;
    }
    chunk.push(request);
    characters += request.body.length;
  }
  if (chunk.length > 0) yield chunk;
}
