import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";
import { cycleRoot, hashEntry } from "../../../services/chain/cycle-tree.ts";
import {
  buildStatement,
  hashLeaf,
  intWord,
  proveLeaf,
  refutesSum,
  statementRoot,
  verifyAbsence,
  verifyInclusion,
} from "../../../services/chain/statement-tree.ts";
import type { CycleEntry, StatementLeaf } from "../../../services/domain/statement.ts";
import {
  anyAmount,
  anyHash,
  anyMovements,
  capturesOf,
  OWNER,
  orderIdOf,
} from "../../support/builders/statement.ts";

const coder = AbiCoder.defaultAbiCoder();
const ADDRESS = "address";
const LEAF_TYPES = [
  ...["uint256", ADDRESS, ADDRESS, ADDRESS, "uint256", ADDRESS, "uint256"],
  ...["bytes32", "uint8", "int256", "int256", "int256", "int256"],
];
const ENTRY_TYPES = [
  ...["uint256", ADDRESS, ADDRESS, ADDRESS, "uint256", "uint256"],
  ...[ADDRESS, "bytes32", "int256", "int256"],
];

describe("statement trees", () => {
  it("hash leaves, entries and roots as the ABI encodes them", () => {
    fc.assert(
      fc.property(anyMovements, anyHash, anyAmount, (movements, statementHash, net) => {
        const statement = buildStatement(OWNER, movements);
        const leaf = statement.leaves[0] as StatementLeaf;
        expect(hashLeaf(leaf)).to.equal(oracleHash(LEAF_TYPES, leafValues(leaf)));

        const entry: CycleEntry = {
          ...OWNER,
          index: 3,
          statementRoot: statementHash,
          net,
          runningBefore: -net,
        };
        expect(hashEntry(entry)).to.equal(oracleHash(ENTRY_TYPES, entryValues(entry)));

        const head = [statement.count, statement.total, statement.treeRoot];
        expect(statementRoot(statement)).to.equal(oracleRoot(["rialto.statement", ...head]));
        expect(cycleRoot(statement)).to.equal(oracleRoot(["rialto.cycle", ...head]));
      }),
    );
  });

  it("prove an order, an absence and a wrong sum", () => {
    const statement = buildStatement(OWNER, capturesOf(3));
    const [first, second] = [proveLeaf(statement, 0), proveLeaf(statement, 1)];
    expect(verifyInclusion(statement, first)).to.equal(true);
    expect(verifyAbsence(statement, { orderId: orderIdOf(15) }, [first, second])).to.equal(true);
    expect(verifyAbsence(statement, { orderId: orderIdOf(10) }, [first, second])).to.equal(false);
    expect(refutesSum(statement, 0, [first, second])).to.equal(false);
  });

  it("refuse amounts beyond an int256", () => {
    for (const value of [2n ** 255n, -(2n ** 255n) - 1n]) expect(() => intWord(value)).to.throw(RangeError);
    expect(intWord(-1n)).to.equal("f".repeat(64));
  });
});

function leafValues(leaf: StatementLeaf): unknown[] {
  const { chainId, ledger, operator, token, cycle, merchant, index, orderId, kind } = leaf;
  const { gross, fee, net, runningBefore } = leaf;
  return [
    ...[chainId, ledger, operator, token, cycle, merchant, index],
    ...[orderId, kind, gross, fee, net, runningBefore],
  ];
}

function entryValues(entry: CycleEntry): unknown[] {
  const { chainId, ledger, operator, token, cycle, index, merchant, statementRoot: root } = entry;
  return [chainId, ledger, operator, token, cycle, index, merchant, root, entry.net, entry.runningBefore];
}

function oracleHash(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(keccak256(coder.encode(types, values)));
}

function oracleRoot(values: readonly unknown[]): string {
  return keccak256(coder.encode(["string", "uint256", "int256", "bytes32"], values));
}
