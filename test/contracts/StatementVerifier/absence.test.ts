import { expect } from "chai";
import fc from "fast-check";
import {
  buildStatement,
  type LeafProof,
  proveAbsence,
  proveLeaf,
} from "../../../services/chain/statement-tree.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { MOVEMENT_KINDS } from "../../../services/domain/statement.ts";
import {
  anyHash,
  anyMovements,
  anyPlace,
  capturesOf,
  movement,
  OWNER,
  orderIdOf,
} from "../../support/builders/statement.ts";
import { openVerifiers } from "./verifier-fixture.ts";

const verifiers = await openVerifiers();
const SIZES = [1, 2, 3, 4, 5, 8, 9, 255, 256, 257];

describe("StatementVerifier.verifyAbsence", () => {
  for (const size of SIZES) {
    it(`proves orders before, between and after ${size} to be absent`, async () => {
      const statement = buildStatement(OWNER, capturesOf(size));
      for (const number of [5, 15, size * 10 - 5, size * 10 + 5]) {
        const sought = { orderId: orderIdOf(number) };
        const proofs = proveAbsence(statement, sought) as LeafProof[];
        expect(await verifiers.absence(statement, sought, proofs)).to.equal(true);
      }
      expect(proveAbsence(statement, { orderId: orderIdOf(10) })).to.equal(undefined);
    });
  }

  it("proves every order absent from the empty statement", async () => {
    const empty = buildStatement(OWNER, []);
    for (const orderId of [orderIdOf(0), orderIdOf(1)]) {
      expect(await verifiers.absence(empty, { orderId }, [])).to.equal(true);
      expect(await verifiers.absence(empty, { orderId, kind: 1 }, [])).to.equal(true);
    }
  });

  it("needs one end of the statement only, where both are given too", async () => {
    const statement = buildStatement(OWNER, capturesOf(3));
    const last = proveLeaf(statement, 2);
    expect(await verifiers.absence(statement, { orderId: orderIdOf(31) }, [last])).to.equal(true);
    const first = proveLeaf(statement, 0);
    expect(await verifiers.absence(statement, { orderId: orderIdOf(9) }, [first])).to.equal(true);
  });

  it("finds for every order and kind what the list itself says", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyMovements,
        fc.oneof(fc.integer({ min: 0, max: 13 }).map(orderIdOf), anyHash),
        fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
        async (movements, orderId, kind) => {
          const statement = buildStatement(OWNER, movements);
          const sought = kind === undefined ? { orderId } : { orderId, kind };
          const isThere = movements.some(
            (each) =>
              each.orderId === orderId && (kind ?? MOVEMENT_KINDS[each.kind]) === MOVEMENT_KINDS[each.kind],
          );

          const proofs = proveAbsence(statement, sought);
          expect(proofs === undefined).to.equal(isThere);
          if (proofs !== undefined) {
            expect(await verifiers.absence(statement, sought, proofs)).to.equal(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("never proves a movement absent that is there, by whichever leaves", async () => {
    await fc.assert(
      fc.asyncProperty(anyMovements, anyPlace, anyPlace, anyPlace, fc.boolean(), async (...drawn) => {
        const [movements, place, first, second, isByKind] = drawn;
        const statement = buildStatement(OWNER, movements);
        const { orderId, kind } = proveLeaf(statement, place % statement.count).leaf;
        const sought = isByKind ? { orderId, kind } : { orderId };
        const left = proveLeaf(statement, first % statement.count);
        const right = proveLeaf(statement, second % statement.count);
        for (const proofs of [[], [left], [right], [left, right]]) {
          expect(await verifiers.absence(statement, sought, proofs)).to.equal(false);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("StatementVerifier.verifyKindAbsence", () => {
  const statement = buildStatement(OWNER, [
    movement({ orderId: orderIdOf(1), kind: "capture" }),
    movement({ orderId: orderIdOf(1), kind: "award" }),
    movement({ orderId: orderIdOf(2), kind: "refund" }),
  ]);

  for (const [name, orderId, kind] of [
    ["between two kinds of the order", orderIdOf(1), MOVEMENT_KINDS.refund],
    ["after all kinds of the order", orderIdOf(1), MOVEMENT_KINDS.carry],
    ["before all kinds of the order", orderIdOf(2), MOVEMENT_KINDS.capture],
    ["after everything", orderIdOf(2), 255],
    ["before everything", orderIdOf(1), 0],
  ] as [string, Hex, number][]) {
    it(`proves a kind absent ${name}`, async () => {
      const proofs = proveAbsence(statement, { orderId, kind }) as LeafProof[];
      expect(await verifiers.absence(statement, { orderId, kind }, proofs)).to.equal(true);
      // The order itself is there, so the same leaves do not prove that it is not.
      expect(await verifiers.absence(statement, { orderId }, proofs)).to.equal(false);
    });
  }
});

describe("StatementVerifier.verifyAbsence, malformed and hostile", () => {
  const statement = buildStatement(OWNER, capturesOf(5));
  const proofs = [0, 1, 2, 3, 4].map((index) => proveLeaf(statement, index));
  const between = (...places: number[]) => places.map((place) => proofs[place] as LeafProof);

  for (const [name, number, leaves] of [
    ["for leaves with another one between them", 15, between(0, 2)],
    ["for neighbours that do not enclose the order", 15, between(1, 2)],
    ["for neighbours in the wrong order", 15, between(1, 0)],
    ["for one leaf given twice", 15, between(0, 0)],
    ["for a leaf from the middle alone", 25, between(1)],
    ["for the first leaf, of an order after it", 15, between(0)],
    ["for the last leaf, of an order before it", 45, between(4)],
    ["for no leaves of a statement that has some", 15, []],
    ["for both ends of the statement", 15, between(0, 4)],
  ] as [string, number, LeafProof[]][]) {
    it(`proves nothing ${name}`, async () => {
      expect(await verifiers.absence(statement, { orderId: orderIdOf(number) }, leaves)).to.equal(false);
    });
  }

  it("proves nothing by a leaf that is not in the statement", async () => {
    const [first, second] = between(0, 1) as [LeafProof, LeafProof];
    const sought = { orderId: orderIdOf(20) };
    const forged = { ...second, leaf: { ...second.leaf, orderId: orderIdOf(25) } };

    expect(await verifiers.absence(statement, sought, [first, forged])).to.equal(false);
    expect(await verifiers.absence(statement, { orderId: orderIdOf(15) }, [first, second])).to.equal(true);
  });

  it("proves nothing if a statement is passed off as empty or as shorter than it is", async () => {
    const sought = { orderId: orderIdOf(55) };
    expect(await verifiers.absence({ ...statement, count: 0 }, sought, [])).to.equal(false);
    const fourth = between(3);
    const shortened = await verifiers.absence({ ...statement, count: 4 }, { orderId: orderIdOf(50) }, fourth);
    expect(shortened).to.equal("StatementProofLengthWrong(3, 2)");
  });

  it("reverts with StatementTooManyLeaves for three", async () => {
    const outcome = await verifiers.absence(statement, { orderId: orderIdOf(15) }, between(0, 1, 2));
    expect(outcome).to.equal("StatementTooManyLeaves(3, 2)");
  });

  it("reverts with StatementIndexOutOfRange for a leaf beyond the statement", async () => {
    const [last] = between(4);
    const beyond = { leaf: { ...(last as LeafProof).leaf, index: 5 }, siblings: [] };
    const outcome = await verifiers.absence(statement, { orderId: orderIdOf(55) }, [beyond]);
    expect(outcome).to.equal("StatementIndexOutOfRange(5, 5)");
  });
});
