import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { DomainError } from "../../../services/domain/errors.ts";
import { createHttpJournalApi } from "../../../services/journal/http-api.ts";
import { UnreachableError } from "../../../services/journal/http-request.ts";
import type { JournalApi } from "../../../services/journal/journal-api.ts";

type Answer = { readonly status?: number; readonly body: unknown };
type Request = Pick<IncomingMessage, "method" | "url" | "headers"> & { readonly body: string };

const PROBLEM = { type: "/problems/malformed", title: "Malformed", status: 400, instance: "req_1" };

describe("createHttpJournalApi", () => {
  let server: Server;
  let requests: Request[];
  let answers: Answer[];
  let api: JournalApi;

  beforeEach(async () => {
    requests = [];
    answers = [];
    server = createServer(async (request, response) => {
      requests.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: await text(request),
      });
      const { status = 200, body } = answers.shift() ?? { body: {} };
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    api = createHttpJournalApi({
      baseUrl: `http://127.0.0.1:${port}/`,
      fetch,
      apiToken: "secret-of-the-test",
    });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("sends operations as JSON with its token", async () => {
    const results = [{ key: "k", id: "out_1", status: "accepted" }];
    answers.push({ body: { results } });
    const operations = [{ key: "k", kind: "payout", group: 1 }] as const;

    expect(await api.sendOperations({ operations, stopOnError: true })).to.deep.equal(results);
    expect(requests[0]).to.include({ method: "POST", url: "/v1/operations" });
    expect(requests[0]?.headers).to.include({ authorization: "Bearer secret-of-the-test" });
    expect(JSON.parse(requests[0]?.body ?? "")).to.deep.equal({ operations, stopOnError: true });
  });

  it("takes the party that a problem is about for the journal's field", async () => {
    const problem = { ...PROBLEM, code: "participant_not_active", detail: "d", kind: "payer" };
    answers.push({ body: { results: [{ key: "k", status: "rejected", problem }] } });
    const [result] = await api.sendOperations({ operations: [], stopOnError: false });

    expect(result?.problem).to.deep.equal({ code: "participant_not_active", detail: "d", field: "payer" });
  });

  it("reads failed operations page by page", async () => {
    const problem = { code: "kyc_expired", detail: "d" };
    answers.push({ body: { object: "list", data: [{ id: "out_3", problem }], hasMore: true } });
    answers.push({ body: { object: "list", data: [{ id: "out_8", problem }], hasMore: false } });

    const failed: string[] = [];
    for await (const { id, code } of api.failedOperations()) failed.push(`${id} ${code}`);
    expect(failed).to.deep.equal(["out_3 kyc_expired", "out_8 kyc_expired"]);
    expect(requests.map(({ url }) => url)).to.deep.equal([
      "/v1/operations?state=failed&limit=100",
      "/v1/operations?state=failed&limit=100&startingAfter=out_3",
    ]);
  });

  context("when asking for an order's dispute", () => {
    const dispute = (id: string, state: string) => ({ id: `dsp_${id.repeat(64)}`, state, evidence: "0x01" });

    it("prefers the one that is not final", async () => {
      answers.push({
        body: { data: [dispute("1", "final"), dispute("2", "open"), dispute("3", "final")], hasMore: false },
      });

      const found = await api.latestDispute({ merchant: "M & Co", reference: "A" });
      expect(found).to.deep.equal({ disputeId: `0x${"2".repeat(64)}`, state: "open", evidence: "0x01" });
      expect(requests[0]?.url).to.equal("/v1/disputes?merchant=M+%26+Co&reference=A&limit=100");
    });

    it("knows nothing where there was never one", async () => {
      answers.push({ body: { data: [], hasMore: false } });

      expect(await api.latestDispute({ merchant: "M", reference: "A" })).to.equal(undefined);
    });
  });

  it("throws a refused request's problem as the domain error that it is", async () => {
    const body = { ...PROBLEM, code: "malformed", detail: "Too many.", limit: 1_000, errors: [] };
    answers.push({ status: 400, body });

    const error = await failure(api.progress());
    expect(error).to.be.instanceOf(DomainError);
    expect(error).to.deep.include({ code: "malformed", message: "Too many.", context: { limit: 1_000 } });
  });

  for (const [what, answer] of [
    ["an error without a problem", { status: 503, body: {} }],
    ["something else than JSON", { body: "<html>" }],
    ["another response than the API's", { body: { queued: "none" } }],
  ] as const) {
    it(`counts ${what} as unreachable`, async () => {
      answers.push(answer);

      expect(await failure(api.progress())).to.be.instanceOf(UnreachableError);
    });
  }

  it("counts a refused connection as unreachable, and names the URL", async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));

    const error = await failure(api.chain());
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error).to.include({ url: `http://127.0.0.1:${port}/v1/chain` });
  });
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
