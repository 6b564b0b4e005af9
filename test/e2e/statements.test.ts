import { expect } from "chai";
import { verifyStatement } from "../../services/chain/cycle-tree.ts";
import {
  type CommittedRoot,
  type LeafProof,
  verifyAbsence,
  verifyInclusion,
} from "../../services/chain/statement-tree.ts";
import type { Hex } from "../../services/domain/order-terms.ts";
import type { CycleEntry, StatementLeaf } from "../../services/domain/statement.ts";
import { startTestNetwork, type TestNetwork } from "../support/network.ts";
import { type AskVerifier, deployStatementVerifier } from "../support/statement-verifier.ts";

type List<T> = { data: T[]; hasMore: boolean };
type Root = { root: Hex; count: number; total: string };
type Line = { id: string; index: number; kind: string; order: string; net: string; runningBefore: string };
type Head = {
  statement: Root;
  proof: { entry: Record<keyof CycleEntry, string>; siblings: Hex[] };
  cycleStatements: Root;
  publishedRoot: Hex | null;
};
type Proof = {
  isIncluded: boolean;
  statement: Root;
  leaves: { leaf: Record<keyof StatementLeaf, string>; siblings: Hex[] }[];
};

const ORDERS = 7;

describe("a merchant's statement", () => {
  let network: TestNetwork;
  let ask: AskVerifier;
  let cycleId: string;
  let path: string;

  before(async function settle() {
    this.timeout(120_000);
    network = await startTestNetwork();
    const { rpc, deployment } = network.opened.chain;
    ask = await deployStatementVerifier(rpc, deployment.chainId);
    const orders = Array.from({ length: ORDERS }, (_, index) => charge("Mill", `m-${index}`));
    const { failed } = await network.journal([
      ...orders,
      charge("Forge", "f-0"),
      { op: "refund", merchant: "Mill", order: "m-3", amount: "4000" },
      { op: "close-cycle" },
    ]);
    expect(failed).to.deep.equal([]);
    await network.audit();
    const { data } = await get<List<{ id: string }>>("/v1/cycles?currency=BRL");
    cycleId = data[0]?.id ?? "";
    path = `/v1/cycles/${cycleId}/statements/Mill`;
  });
  after(() => network.stop());

  async function get<T>(route: string): Promise<T> {
    const { status, body } = await network.send<T>("GET", route);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  }

  const linesOf = () => get<List<Line>>(`${path}/lines`);
  const proofOf = (order: string, kind = "") => get<Proof>(`${path}/proof?order=${order}${kind}`);

  it("is published without anybody asking for it, with its cycle", async () => {
    const head = await get<Head>(path);
    const cycle = await get<{ root: Hex; merchants: number }>(`/v1/cycles/${cycleId}`);

    expect(head.publishedRoot).to.equal(head.cycleStatements.root);
    expect(cycle).to.include({ root: head.publishedRoot, merchants: head.cycleStatements.count });
  });

  it("lists its lines page by page, each with the total before it", async () => {
    const all = await linesOf();
    const head = await get<Head>(path);
    const paged: Line[] = [];
    for (let after = ""; ; ) {
      const page = await get<List<Line>>(`${path}/lines?limit=3${after}`);
      paged.push(...page.data);
      after = `&startingAfter=${page.data.at(-1)?.id}`;
      if (!page.hasMore) break;
    }

    expect(paged).to.deep.equal(all.data);
    expect(all.data.map(({ index }) => index)).to.deep.equal(all.data.map((_, place) => place));
    let total = 0n;
    for (const { runningBefore, net } of all.data) {
      expect(BigInt(runningBefore)).to.equal(total);
      total += BigInt(net);
    }
    expect(head.statement).to.deep.include({ count: ORDERS + 1, total: total.toString() });
  });

  it("proves each movement of an order to the verifiers off and on chain", async () => {
    const refunded = (await linesOf()).data.find(({ kind }) => kind === "refund")?.order ?? "";
    const { isIncluded, leaves, statement } = await proofOf(refunded);

    expect(isIncluded).to.equal(true);
    expect(leaves.map(({ leaf }) => leaf.kind)).to.deep.equal([1, 2]);
    for (const proof of leaves) {
      expect(verifyInclusion(committed(statement), leafProof(proof))).to.equal(true);
      expect(await ask("verifyInclusion", [...values(statement), proof.leaf, proof.siblings])).to.equal(true);
    }
  });

  it("proves that it is in the published cycle", async () => {
    const { proof, cycleStatements, statement } = await get<Head>(path);
    const { entry, siblings } = proof;
    const parsed = { ...entry, net: BigInt(entry.net), runningBefore: BigInt(entry.runningBefore) };

    expect(entry.statementRoot).to.equal(statement.root);
    const proven = { entry: parsed as unknown as CycleEntry, siblings };
    expect(verifyStatement(committed(cycleStatements), proven)).to.equal(true);
    expect(await ask("verifyStatement", [...values(cycleStatements), entry, siblings])).to.equal(true);
  });

  for (const { what, orderOf, kind } of [
    { what: "of another merchant's order", orderOf: () => foreignOrder(), kind: undefined },
    { what: "of an order below all", orderOf: async () => `ord_${"0".repeat(63)}1`, kind: undefined },
    { what: "of an order above all", orderOf: async () => `ord_${"f".repeat(64)}`, kind: undefined },
    { what: "of an award for an order", orderOf: () => ownOrder(), kind: 3 },
  ]) {
    it(`proves the absence ${what} by neighbours`, async () => {
      const order = await orderOf();
      const { isIncluded, leaves, statement } = await proofOf(order, kind ? "&kind=award" : "");
      const orderId = `0x${order.slice(4)}` as Hex;

      expect(isIncluded).to.equal(false);
      const sought = { orderId, ...(kind && { kind }) };
      expect(verifyAbsence(committed(statement), sought, leaves.map(leafProof))).to.equal(true);
      const question = kind ? "verifyKindAbsence" : "verifyAbsence";
      const args = [...values(statement), orderId, ...(kind ? [kind] : []), leaves];
      expect(await ask(question, args)).to.equal(true);
    });
  }

  it("stands among all statements of the cycle, page by page", async () => {
    const all = await get<List<{ id: Hex; root: Hex; net: string }>>(`/v1/cycles/${cycleId}/statements`);
    const first = await get<List<{ id: Hex }>>(`/v1/cycles/${cycleId}/statements?limit=1`);
    const second = await get<List<{ id: Hex }>>(
      `/v1/cycles/${cycleId}/statements?limit=1&startingAfter=${first.data[0]?.id}`,
    );
    const { cycleStatements } = await get<Head>(path);

    expect([...first.data, ...second.data]).to.deep.equal(all.data);
    expect([first.hasMore, second.hasMore]).to.deep.equal([true, false]);
    expect(all.data.reduce((sum, { net }) => sum + BigInt(net), 0n)).to.equal(BigInt(cycleStatements.total));
  });

  it("is not found where there is none", async () => {
    for (const route of [
      `/v1/cycles/${cycleId.replace(/_1$/, "_2")}`,
      "/v1/cycles/nonsense/statements",
      `/v1/cycles/${cycleId}/statements/0x${"7".repeat(40)}`,
      `/v1/cycles/${cycleId}/statements/0x${"7".repeat(40)}/proof?order=ord_${"0".repeat(64)}`,
    ]) {
      const { status, body } = await network.send<{ code: string }>("GET", route);
      expect([status, body.code], route).to.deep.equal([404, "not_found"]);
    }
  });

  it("stands an audit that compares the published root", async () => {
    expect((await network.audit()).breaks).to.deep.equal([]);
  });

  async function ownOrder(): Promise<string> {
    return (await linesOf()).data[2]?.order ?? "";
  }

  async function foreignOrder(): Promise<string> {
    const { data } = await get<List<{ id: string }>>("/v1/orders?merchant=Forge");
    return data[0]?.id ?? "";
  }
});

function charge(merchant: string, order: string) {
  return { op: "charge", merchant, order, payer: "ada", amount: "10000", currency: "BRL" };
}

function committed({ root, count, total }: Root): CommittedRoot {
  return { root, count, total: BigInt(total) };
}

function values({ root, count, total }: Root): unknown[] {
  return [root, count, total];
}

function leafProof({ leaf, siblings }: Proof["leaves"][number]): LeafProof {
  const amounts = ["gross", "fee", "net", "runningBefore"] as const;
  const parsed = Object.fromEntries(amounts.map((name) => [name, BigInt(leaf[name])]));
  return { leaf: { ...leaf, ...parsed } as unknown as StatementLeaf, siblings };
}
