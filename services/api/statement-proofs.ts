import type { Kysely } from "kysely";
import { buildCycle, type CycleTree, type EntryProof, proveEntry } from "../chain/cycle-tree.ts";
import {
  buildStatement,
  type LeafProof,
  proveAbsence,
  proveLeaf,
  type StatementTree,
} from "../chain/statement-tree.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { Database } from "../store/schema.ts";
import { movementOf, readStatementLines, type StatementKey } from "../store/statement-lines.ts";
import type { StatementHead } from "../store/statement-read-model.ts";
import { readCycleStatements } from "../store/statement-work-read-model.ts";
import type { Network } from "./api-chain.ts";

/** What is proven of an order: every line of it, or the neighbours between which it would stand. */
export type OrderProof = {
  readonly statement: StatementTree;
  readonly isIncluded: boolean;
  readonly leaves: readonly LeafProof[];
};

/** The tree over a cycle's statements. */
export async function readCycleTree(
  db: Kysely<Database>,
  instanceId: number,
  network: Network,
  cycle: Omit<StatementKey, "merchant">,
): Promise<CycleTree> {
  const statements = await readCycleStatements(db, instanceId, cycle);
  return buildCycle({ ...identityOf(network), ...bookCycleOf(cycle) }, statements);
}

/** Proves that the cycle holds the statement. */
export function proveStatement(cycle: CycleTree, merchant: Hex): EntryProof {
  return proveEntry(
    cycle,
    cycle.entries.findIndex((entry) => entry.merchant === merchant),
  );
}

/** Proves what the statement says of an order, or of one kind of its movements. */
export async function proveOrder(
  db: Kysely<Database>,
  instanceId: number,
  network: Network,
  head: StatementHead,
  sought: { readonly orderId: Hex; readonly kind?: number },
): Promise<OrderProof> {
  const lines = await readStatementLines(db, instanceId, [head]);
  const owner = { ...identityOf(network), ...bookCycleOf(head), merchant: head.merchant };
  const statement = buildStatement(owner, lines.map(movementOf));
  // Whoever checked the proofs would find out; better nobody gets them.
  if (statement.root !== head.root) throw new Error("The lines of a statement are not those under its root.");

  const absence = proveAbsence(statement, sought);
  if (absence !== undefined) return { statement, isIncluded: false, leaves: absence };
  const leaves = statement.leaves
    .filter(({ orderId, kind }) => orderId === sought.orderId && (sought.kind ?? kind) === kind)
    .map(({ index }) => proveLeaf(statement, index));
  return { statement, isIncluded: true, leaves };
}

function identityOf({ chainId, ledger }: Network) {
  return { chainId, ledger };
}

function bookCycleOf({ operator, token, cycle }: Omit<StatementKey, "merchant">) {
  return { operator, token, cycle };
}
