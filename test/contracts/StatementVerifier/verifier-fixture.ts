import type { BytesLike, Signer } from "ethers";
import { network } from "hardhat";
import * as cycles from "../../../services/chain/cycle-tree.ts";
import { MalformedProofError } from "../../../services/chain/positional-tree.ts";
import * as statements from "../../../services/chain/statement-tree.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { StatementVerifier__factory } from "../../../types/ethers-contracts/factories/statement/StatementVerifier__factory.ts";

/** A verdict, or the error of malformed input with its operands. */
export type Outcome = boolean | string;

type Root = statements.CommittedRoot;
type Sought = { readonly orderId: Hex; readonly kind?: number };

export type Verifiers = Awaited<ReturnType<typeof openVerifiers>>;

/** Every question asked of the contract and of the services at once; throws if their answers differ. */
export async function openVerifiers() {
  const { ethers } = await network.create();
  const contract = await new StatementVerifier__factory((await ethers.getSigners())[0] as Signer).deploy();

  async function ask(functionName: string, args: readonly unknown[], local: () => boolean): Promise<Outcome> {
    const onChain = await outcomeOnChain(functionName, args);
    const offChain = outcomeOf(local);
    if (onChain === offChain) return onChain;
    throw new Error(`${functionName}: ${onChain} on chain, ${offChain} off chain.`);
  }

  async function outcomeOnChain(functionName: string, args: readonly unknown[]): Promise<Outcome> {
    try {
      return await contract.getFunction(functionName).staticCall(...args);
    } catch (error) {
      const parsed = contract.interface.parseError(revertData(error));
      if (parsed === null) throw error;
      return `${parsed.name}(${parsed.args.join(", ")})`;
    }
  }

  return {
    contract,
    inclusion: (root: Root, proof: statements.LeafProof) =>
      ask("verifyInclusion", [...head(root), proof.leaf, proof.siblings], () =>
        statements.verifyInclusion(root, proof),
      ),
    absence: (root: Root, sought: Sought, proofs: readonly statements.LeafProof[]) =>
      sought.kind === undefined
        ? ask("verifyAbsence", [...head(root), sought.orderId, proofs], () =>
            statements.verifyAbsence(root, sought, proofs),
          )
        : ask("verifyKindAbsence", [...head(root), sought.orderId, sought.kind, proofs], () =>
            statements.verifyAbsence(root, sought, proofs),
          ),
    refutation: (root: Root, position: number, proofs: readonly statements.LeafProof[]) =>
      ask("refutesSum", [...head(root), position, proofs], () =>
        statements.refutesSum(root, position, proofs),
      ),
    emptyRefutation: (root: Hex, total: bigint, treeRoot: Hex) =>
      ask("refutesEmptyStatement", [root, total, treeRoot], () =>
        statements.refutesEmptyStatement(root, total, treeRoot),
      ),
    statement: (root: Root, proof: cycles.EntryProof) =>
      ask("verifyStatement", [...head(root), proof.entry, proof.siblings], () =>
        cycles.verifyStatement(root, proof),
      ),
    noStatement: (root: Root, merchant: Hex, proofs: readonly cycles.EntryProof[]) =>
      ask("verifyNoStatement", [...head(root), merchant, proofs], () =>
        cycles.verifyNoStatement(root, merchant, proofs),
      ),
    cycleRefutation: (root: Root, position: number, proofs: readonly cycles.EntryProof[]) =>
      ask("refutesCycle", [...head(root), position, proofs], () =>
        cycles.refutesCycle(root, position, proofs),
      ),
    emptyCycleRefutation: (root: Hex, total: bigint, treeRoot: Hex) =>
      ask("refutesEmptyCycle", [root, total, treeRoot], () =>
        cycles.refutesEmptyCycle(root, total, treeRoot),
      ),
    netRefutation: (root: Root, proof: cycles.EntryProof, statement: statements.TreeHead) =>
      ask("refutesNet", [...head(root), proof, statement], () => cycles.refutesNet(root, proof, statement)),
    ownerRefutation: (root: Root, proof: cycles.EntryProof, statement: Root, leaf: statements.LeafProof) =>
      ask("refutesOwner", [...head(root), proof, statement.count, statement.total, leaf], () =>
        cycles.refutesOwner(root, proof, statement, leaf),
      ),
  };
}

function head({ root, count, total }: Root): unknown[] {
  return [root, count, total];
}

function outcomeOf(local: () => boolean): Outcome {
  try {
    return local();
  } catch (error) {
    if (error instanceof MalformedProofError) return error.message;
    throw error;
  }
}

/** Layers of the client wrap the node's error differently; the innermost data is the contract's. */
function revertData(error: unknown): BytesLike {
  for (let cause = error as { data?: unknown; cause?: unknown } | undefined; cause !== undefined; ) {
    if (typeof cause.data === "string") return cause.data;
    cause = cause.cause as typeof cause;
  }
  throw error;
}
