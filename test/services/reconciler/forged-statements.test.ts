import { expect } from "chai";
import { commitEntries, proveEntry } from "../../../services/chain/cycle-tree.ts";
import {
  buildStatement,
  commitLeaves,
  proveAbsence,
  proveLeaf,
  type StatementTree,
} from "../../../services/chain/statement-tree.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import {
  type BookCycle,
  listStatements,
  MOVEMENT_KINDS,
  type Movement,
  type MovementKind,
  type StatementLeaf,
} from "../../../services/domain/statement.ts";
import type { Mirror } from "../../../services/mirror/mirror.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import { movementOf, readStatementLines } from "../../../services/store/statement-lines.ts";
import type { Store } from "../../../services/store/store.ts";
import { forEachEngine } from "../../support/database.ts";
import { type AskVerifier, deployStatementVerifier } from "../../support/statement-verifier.ts";
import { follow } from "../mirror/follow.ts";
import {
  type LiveNetwork,
  onboard,
  silentLogger,
  startLiveNetwork,
  termsOf,
} from "../mirror/live-network.ts";

const KIND_NAMES = Object.keys(MOVEMENT_KINDS) as MovementKind[];

/** What a settler may publish instead of the truth about mill, and which question of the verifier refutes it. */
const FORGERIES: readonly {
  readonly forgery: string;
  readonly forge: (honest: StatementTree) => StatementTree;
  readonly refutation: "refutesSum" | "refutesNet";
}[] = [
  {
    forgery: "leaves an order out and closes the gap",
    forge: ({ leaves }) => rebuilt(leaves.toSpliced(aloneIn(leaves), 1)),
    refutation: "refutesNet",
  },
  {
    forgery: "leaves an order out and lets the totals stand",
    forge: ({ leaves, total }) => commitLeaves(leaves.toSpliced(aloneIn(leaves), 1), total),
    refutation: "refutesSum",
  },
  {
    forgery: "lowers a capture alone",
    forge: ({ leaves, total }) => commitLeaves(lowered(leaves), total),
    refutation: "refutesSum",
  },
  {
    forgery: "lowers a capture and every total after it",
    forge: ({ leaves }) => rebuilt(lowered(leaves)),
    refutation: "refutesNet",
  },
  {
    forgery: "lists an order twice",
    forge: ({ leaves }) => rebuilt([...leaves, leaves[0] as StatementLeaf]),
    refutation: "refutesNet",
  },
];

forEachEngine("forged statements", (open) => {
  let network: LiveNetwork;
  let store: Store;
  let mirror: Mirror;
  let ask: AskVerifier;
  let book: BookCycle;
  let honest: StatementTree;
  let others: StatementTree;
  let chainState: unknown;

  before(async () => {
    network = await startLiveNetwork();
    store = await open();
    mirror = await follow(network, store);
    const { chainId, operator, contracts } = network.deployment;
    ask = await deployStatementVerifier(network.rpc, chainId);
    book = { chainId, ledger: contracts.settlementLedger.address, operator, token: network.token, cycle: 1 };
    await settle(network);
    await mirror.catchUp();
    honest = await treeOf("mill");
    others = await treeOf("forge");
  });
  after(() => network?.stop());

  beforeEach(async () => {
    chainState = await network.rpc.request("evm_snapshot");
  });
  afterEach(async () => {
    await network.rpc.request("evm_revert", [chainState]);
    await mirror.catchUp();
  });

  it("are not what an honest settler publishes", async () => {
    await publish(cycleOver(honest).root);

    expect(await kindsOf()).to.deep.equal([]);
    for (let position = 0; position < honest.count; position += 1) {
      expect(await refutesSum(honest, position), `${position}`).to.equal(false);
    }
  });

  for (const { forgery, forge, refutation } of FORGERIES) {
    it(`are found by an audit and refuted on chain: one that ${forgery}`, async () => {
      const forged = forge(honest);
      const cycle = cycleOver(forged);
      await publish(cycle.root);

      expect(await kindsOf()).to.deep.equal(["event.root"]);
      if (refutation === "refutesNet") {
        const proof = proveEntry(cycle, positionOf(cycle.entries, "mill"));
        expect(await ask("verifyStatement", [...head(cycle), proof.entry, proof.siblings])).to.equal(true);
        expect(await ask("refutesNet", [...head(cycle), proof, headOf(forged)])).to.equal(true);
      } else {
        const places = forged.leaves.map((_, position) => refutesSum(forged, position));
        expect((await Promise.all(places)).includes(true)).to.equal(true);
      }
    });
  }

  it("are found and refuted: one that lists a movement of another merchant", async () => {
    const stolen = { ...(others.leaves[0] as StatementLeaf), index: honest.count };
    const forged = commitLeaves(
      [...honest.leaves, { ...stolen, runningBefore: honest.total }],
      honest.total + stolen.net,
    );
    const cycle = cycleOver(forged);
    await publish(cycle.root);
    const entry = proveEntry(cycle, positionOf(cycle.entries, "mill"));
    const leaf = proveLeaf(forged, forged.count - 1);

    expect(await kindsOf()).to.deep.equal(["event.root"]);
    expect(await ask("refutesOwner", [...head(cycle), entry, forged.count, forged.total, leaf])).to.equal(
      true,
    );
  });

  it("prove themselves that they left an order out", async () => {
    const place = aloneIn(honest.leaves);
    const forged = rebuilt(honest.leaves.toSpliced(place, 1));
    const { orderId } = honest.leaves[place] as StatementLeaf;
    const proofs = proveAbsence(forged, { orderId });

    expect(await ask("verifyAbsence", [...head(forged), orderId, proofs])).to.equal(true);
    expect(proveAbsence(honest, { orderId })).to.equal(undefined);
  });

  async function treeOf(merchant: string): Promise<StatementTree> {
    const key = { ...book, merchant: network.addressOf("merchant", merchant) };
    const lines = await readStatementLines(store.db, mirror.instanceId, [key]);
    return buildStatement(key, lines.map(movementOf));
  }

  /** The cycle whose entries state the nets of the ledger, whatever is under the roots. */
  function cycleOver(mill: StatementTree) {
    const nets = [
      { merchant: network.addressOf("merchant", "mill"), statementRoot: mill.root, net: honest.total },
      { merchant: network.addressOf("merchant", "forge"), statementRoot: others.root, net: others.total },
    ];
    const { leaves, total } = listStatements(book, nets);
    return commitEntries(leaves, total);
  }

  function positionOf(entries: readonly { readonly merchant: Hex }[], merchant: string): number {
    return entries.findIndex((entry) => entry.merchant === network.addressOf("merchant", merchant));
  }

  async function publish(root: Hex): Promise<void> {
    const args = [book.operator, book.token, book.cycle, root];
    await network.send(network.signers.settler, "settlementLedger", "publishStatements", args);
    await mirror.catchUp();
  }

  async function kindsOf(): Promise<string[]> {
    const snapshot = await store.transaction((trx) => readSnapshot(trx, mirror.instanceId), {
      snapshot: true,
    });
    if (snapshot === undefined) throw new Error("Nothing was mirrored.");
    const { rpc, deployment } = network;
    const report = await audit({ rpc, deployment, snapshot, logger: silentLogger });
    return report.breaks.map(({ kind }) => kind);
  }

  function refutesSum(tree: StatementTree, position: number): Promise<boolean> {
    const places = [position, position + 1].filter((place) => place < tree.count);
    return ask("refutesSum", [...head(tree), position, places.map((place) => proveLeaf(tree, place))]);
  }
});

/** Four orders of mill, one of them refunded in part, and one of forge, settled in cycle 1. */
async function settle(network: LiveNetwork): Promise<void> {
  await onboard(network, { merchants: ["mill", "forge"], payers: ["ada"], funds: 1_000_000n });
  const { send, signers, deployment, token, addressOf, sign } = network;
  for (const [nonce, merchant] of ["mill", "mill", "mill", "mill", "forge"].entries()) {
    const terms = await termsOf(network, { merchant, payer: "ada", amount: 10_000n + BigInt(nonce), nonce });
    const { signature } = sign.signOrder({ payer: "ada", terms });
    await send(signers.operator, "settlementLedger", "charge", [terms, signature]);
    if (nonce === 2) await send(signers.operator, "settlementLedger", "refund", [terms, 4_000n]);
  }
  const merchants = ["mill", "forge"].map((name) => addressOf("merchant", name));
  const args = [deployment.operator, token, 1, merchants];
  await send(signers.settler, "settlementLedger", "closeCycle", args);
}

/** The place of an order with one movement alone. */
function aloneIn(leaves: readonly StatementLeaf[]): number {
  return leaves.findIndex(({ orderId }) => leaves.filter((other) => other.orderId === orderId).length === 1);
}

/** A capture of 100 less. */
function lowered(leaves: readonly StatementLeaf[]): readonly StatementLeaf[] {
  const place = aloneIn(leaves);
  const leaf = leaves[place] as StatementLeaf;
  return leaves.with(place, { ...leaf, gross: leaf.gross - 100n, net: leaf.net - 100n });
}

/** The same movements with totals that follow from them. */
function rebuilt(leaves: readonly StatementLeaf[]): StatementTree {
  const [owner] = leaves;
  if (owner === undefined) throw new RangeError("No leaves.");
  const movements = leaves.map(
    ({ orderId, kind, gross, fee }): Movement => ({
      ...{ orderId, gross, fee },
      kind: KIND_NAMES.find((name) => MOVEMENT_KINDS[name] === kind) ?? "carry",
    }),
  );
  return buildStatement(owner, movements);
}

function head({ root, count, total }: { root: Hex; count: number; total: bigint }): unknown[] {
  return [root, count, total];
}

function headOf({ count, total, treeRoot }: StatementTree) {
  return { count, total, treeRoot };
}
