import type { CycleTree, EntryProof } from "../../chain/cycle-tree.ts";
import type { CommittedRoot, LeafProof } from "../../chain/statement-tree.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { CycleEntry, StatementLeaf } from "../../domain/statement.ts";
import { formatHashId } from "../../platform/ids.ts";
import type { CycleRow } from "../../store/settlement-read-model.ts";
import type { StatementHead } from "../../store/statement-read-model.ts";
import { currencyOf } from "../api-chain.ts";
import type { OrderProof } from "../statement-proofs.ts";
import { type Finality, finalityOf } from "./finality-response.ts";
import { formatCycleId, type View } from "./settlement-response.ts";

/** Amounts as decimal strings. */
type InJson<Value> = { readonly [Key in keyof Value]: Value[Key] extends bigint ? string : Value[Key] };

/** What a root commits to: all that a verifier needs to know of a tree. */
export type CommittedRootResponse = InJson<CommittedRoot>;

/** A leaf with its siblings, as contracts/interfaces/IStatementVerifier.sol takes it. */
export type LeafProofResponse = { readonly leaf: InJson<StatementLeaf>; readonly siblings: readonly Hex[] };

/** A statement among all of its cycle, as contracts/interfaces/IStatementVerifier.sol takes it. */
export type EntryProofResponse = { readonly entry: InJson<CycleEntry>; readonly siblings: readonly Hex[] };

export type CycleStatementResponse = {
  readonly object: "cycle_statement";
  /** The merchant's address. */
  readonly id: Hex;
  readonly index: number;
  readonly merchant: Hex;
  readonly root: Hex;
  readonly net: string;
  readonly runningBefore: string;
};

export type StatementHeadResponse = {
  readonly object: "statement_head";
  readonly id: string;
  readonly operator: Hex;
  readonly merchant: Hex;
  readonly currency: string;
  readonly cycle: number;
  readonly debtRepaid: string;
  /** The root over its lines, how many there are and what they add up to: the net. */
  readonly statement: CommittedRootResponse;
  readonly proof: EntryProofResponse;
  readonly cycleStatements: CommittedRootResponse;
  /** The root that the settler published for the cycle; null until it has. */
  readonly publishedRoot: Hex | null;
  readonly finality: Finality;
};

export type OrderProofResponse = {
  readonly object: "statement_proof";
  readonly order: string;
  readonly isIncluded: boolean;
  /** Every movement of the order; if there is none, the neighbours that `verifyAbsence` asks for. */
  readonly leaves: readonly LeafProofResponse[];
  readonly statement: CommittedRootResponse;
};

export function cycleStatementResponse(entry: CycleEntry): CycleStatementResponse {
  const { merchant, index, statementRoot, net, runningBefore } = entry;
  return {
    object: "cycle_statement",
    id: merchant,
    index,
    merchant,
    root: statementRoot,
    net: net.toString(),
    runningBefore: runningBefore.toString(),
  };
}

export function statementHeadResponse(
  head: StatementHead,
  among: { readonly cycle: CycleRow; readonly tree: CycleTree; readonly proof: EntryProof },
  { network, cursor }: View,
): StatementHeadResponse {
  return {
    object: "statement_head",
    id: formatCycleId({ ...head, number: head.cycle }),
    operator: head.operator,
    merchant: head.merchant,
    currency: currencyOf(network, head.token),
    cycle: head.cycle,
    debtRepaid: head.debt_repaid,
    statement: { root: head.root, count: head.lines, total: head.net },
    proof: { entry: inJson(among.proof.entry), siblings: among.proof.siblings },
    cycleStatements: committedRoot(among.tree),
    publishedRoot: among.cycle.root,
    finality: finalityOf(head, cursor),
  };
}

export function orderProofResponse(orderId: Hex, proof: OrderProof): OrderProofResponse {
  return {
    object: "statement_proof",
    order: formatHashId("ord", orderId),
    isIncluded: proof.isIncluded,
    leaves: proof.leaves.map(leafProof),
    statement: committedRoot(proof.statement),
  };
}

function leafProof({ leaf, siblings }: LeafProof): LeafProofResponse {
  return { leaf: inJson(leaf), siblings };
}

function committedRoot({ root, count, total }: CommittedRoot): CommittedRootResponse {
  return { root, count, total: total.toString() };
}

function inJson<Value extends object>(value: Value): InJson<Value> {
  const members = Object.entries(value).map(([name, member]) => [
    name,
    typeof member === "bigint" ? member.toString() : member,
  ]);
  // Safe: the same members, each of the type that the result has for it.
  return Object.fromEntries(members) as InJson<Value>;
}
