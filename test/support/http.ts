import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** What came back. `body` is parsed JSON, or undefined where there was none. */
export type Answer<Body = unknown> = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
};

export type Send = <Body = unknown>(
  method: "GET" | "POST",
  path: string,
  options?: { body?: unknown; text?: string; headers?: Record<string, string> },
) => Promise<Answer<Body>>;

/** A listening server on a real port of this machine. */
export type TestServer = { readonly url: string; readonly send: Send; close(): Promise<void> };

/** Listens with `listener` on any free port. */
export async function listen(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    send: sendTo(url),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Requests to a server, with a JSON body or with `text` as it is. */
export function sendTo(url: string): Send {
  return async <Body>(
    method: string,
    path: string,
    { body, text, headers = {} }: { body?: unknown; text?: string; headers?: Record<string, string> } = {},
  ) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(sent === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const received = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (received === "" ? undefined : JSON.parse(received)) as Body,
    };
  };
}
