import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import {
  createJsonRpc,
  fromQuantity,
  RpcError,
  RpcUnreachableError,
  toQuantity,
} from "../../../services/chain/json-rpc.ts";
import { RetryableError } from "../../../services/platform/errors.ts";

type Call = { readonly id: number; readonly method: string; readonly params: unknown[] };
type Respond = (calls: Call[]) => { status?: number; body: string } | undefined;

describe("json-rpc", () => {
  let server: Server;
  let url: string;
  let respond: Respond;
  let bodies: Call[][];

  beforeEach(async () => {
    bodies = [];
    server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const calls = [JSON.parse(text)].flat();
      bodies.push(calls);
      const answer = respond(calls);
      if (answer === undefined) return;
      response.writeHead(answer.status ?? 200).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const echo = (call: Call) => ({ jsonrpc: "2.0", id: call.id, result: call.params[0] });
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );
  const numbers = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ method: "echo", params: [index] }));

  it("answers a batch in its order, though the node does not, and in chunks", async () => {
    respond = (calls) => ({ body: JSON.stringify(calls.map(echo).reverse()) });

    const results = await createJsonRpc({ url, maxBatchCalls: 10 }).batch(numbers(25));

    expect(results).to.deep.equal(Array.from({ length: 25 }, (_, index) => index));
    expect(bodies.map((calls) => calls.length)).to.deep.equal([10, 10, 5]);
  });

  it("keeps bodies below what nodes accept", async () => {
    respond = (calls) => ({
      body: JSON.stringify(calls.map(({ id }) => ({ jsonrpc: "2.0", id, result: 0 }))),
    });
    const large = { method: "send", params: ["x".repeat(400_000)] };

    await createJsonRpc({ url }).batch([large, large, large]);

    expect(bodies.map((calls) => calls.length)).to.deep.equal([2, 1]);
  });

  it("throws what the node refuses, with code and data", async () => {
    const error = { code: 3, message: "execution reverted", data: "0x1234" };
    respond = ([call]) => ({ body: JSON.stringify({ jsonrpc: "2.0", id: call?.id, error }) });

    const failure = await failureOf(createJsonRpc({ url }).request("eth_call", []));

    expect(failure)
      .to.be.instanceOf(RpcError)
      .and.to.include({ code: 3, data: "0x1234", method: "eth_call" });
  });

  it("leaves refusals among the outcomes of a batch", async () => {
    respond = (calls) => ({
      body: JSON.stringify(
        calls.map((call) =>
          call.params[0] === 1
            ? { jsonrpc: "2.0", id: call.id, error: { code: -1, message: "no" } }
            : echo(call),
        ),
      ),
    });

    const outcomes = await createJsonRpc({ url }).batchOutcomes(numbers(3));

    expect(outcomes.map((outcome) => outcome.ok)).to.deep.equal([true, false, true]);
  });

  const unusable: Record<string, Respond> = {
    "an error page": () => ({ status: 502, body: "Bad gateway" }),
    "no JSON": () => ({ body: "<html>" }),
    "an answer to something else": () => ({ body: JSON.stringify({ jsonrpc: "2.0", id: 999_999 }) }),
    "no answer in time": () => undefined,
  };
  for (const [name, answer] of Object.entries(unusable)) {
    it(`is retryable and names the host alone when there is ${name}`, async () => {
      respond = answer;
      const failure = await failureOf(createJsonRpc({ url, timeoutMs: 100 }).request("eth_chainId"));
      expect(failure).to.be.instanceOf(RpcUnreachableError).and.to.be.instanceOf(RetryableError);
      expect(failure).to.include({ host: new URL(url).host });
      expect(String(failure)).to.not.include("secret-path");
    });
  }

  it("is retryable when nobody listens", async () => {
    server.close();
    server.closeAllConnections();
    const failure = await failureOf(createJsonRpc({ url }).batch(numbers(1)));
    expect(failure).to.be.instanceOf(RpcUnreachableError);
  });

  it("reads and writes quantities, and refuses unsafe ones", () => {
    expect(toQuantity(0)).to.equal("0x0");
    expect(toQuantity(2n ** 64n)).to.equal("0x10000000000000000");
    expect(fromQuantity("0x1fffffffffffff")).to.equal(Number.MAX_SAFE_INTEGER);
    expect(() => fromQuantity("0x20000000000000")).to.throw(RangeError);
    expect(() => fromQuantity("")).to.throw(RangeError);
  });
});
