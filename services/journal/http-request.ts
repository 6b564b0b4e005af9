import { z } from "zod";
import { DOMAIN_ERROR_CODES, DomainError, type ErrorContext } from "../domain/errors.ts";
import { RetryableError } from "../platform/errors.ts";

/** Where the API is; `fetch` is the platform's, `apiToken` is sent as a bearer token. */
export type HttpAddress = {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly apiToken?: string | undefined;
};

const PAGE_SIZE = 100;

/** Why something was refused or failed, as problem documents and failed operations carry it. */
export const problem = z.object({ code: z.enum(DOMAIN_ERROR_CODES), detail: z.string() });

/** The network's API did not answer, or not as the API that it should be. Trying again later may help. */
export class UnreachableError extends RetryableError {
  readonly url: string;

  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url} ${reason}`, options);
    this.name = "UnreachableError";
    this.url = url;
  }
}

/** A path below the base URL and what is expected back. */
export type JsonRequest<Output> = {
  readonly path: string;
  readonly schema: z.ZodType<Output>;
  readonly body?: unknown;
};

/**
 * One request: a POST if there is a body, else a GET. The answer is checked against `schema`.
 *
 * @throws UnreachableError, or the `DomainError` of the problem document that refuses the request.
 */
export async function requestJson<Output>(
  options: HttpAddress,
  { path, schema, body }: JsonRequest<Output>,
): Promise<Output> {
  const url = `${options.baseUrl.replace(/\/+$/, "")}${path}`;
  const { apiToken } = options;
  const response = await fetchOrThrow(options.fetch, url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(apiToken === undefined ? {} : { authorization: `Bearer ${apiToken}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content = await readJson(url, response);
  if (!response.ok) throw refusal(url, response.status, content);

  const parsed = schema.safeParse(content);
  if (!parsed.success)
    throw new UnreachableError(url, "answered with something else than the API's response.");
  return parsed.data;
}

/** Every object of a list, page by page; throws as `requestJson` does. */
export async function* listJson<Item extends { readonly id: string }>(
  options: HttpAddress,
  list: { readonly path: string; readonly filter?: Record<string, string>; readonly item: z.ZodType<Item> },
): AsyncGenerator<Item, undefined> {
  const schema = z.object({ data: z.array(list.item), hasMore: z.boolean() });
  let parameters: Record<string, string> = { ...list.filter, limit: PAGE_SIZE.toString() };
  for (;;) {
    const page = await requestJson(options, {
      path: `${list.path}?${new URLSearchParams(parameters)}`,
      schema,
    });
    yield* page.data;
    const last = page.data.at(-1);
    if (!page.hasMore || last === undefined) return undefined;
    parameters = { ...parameters, startingAfter: last.id };
  }
}

async function fetchOrThrow(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch (cause) {
    throw new UnreachableError(url, "cannot be reached.", { cause });
  }
}

async function readJson(url: string, response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new UnreachableError(url, `answered ${response.status} without JSON.`, { cause });
  }
}

/** What an error response stands for: a domain error as problem+json tells it, else trouble with the server. */
function refusal(url: string, status: number, content: unknown): Error {
  const parsed = problem.loose().safeParse(content);
  if (!parsed.success) return new UnreachableError(url, `answered ${status}.`);

  const { code, detail, type, title, status: _, instance, ...extensions } = parsed.data;
  const scalars = Object.entries(extensions).filter(
    ([, value]) => value === null || typeof value !== "object",
  );
  return new DomainError(code, detail, Object.fromEntries(scalars) as ErrorContext);
}
