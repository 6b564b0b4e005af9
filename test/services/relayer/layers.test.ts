import { expect } from "chai";
import fc from "fast-check";
import type { Operation } from "../../../services/domain/operation.ts";
import { type Hex, orderTermsToJson } from "../../../services/domain/order-terms.ts";
import { planLayers } from "../../../services/relayer/layers.ts";
import type { QueuedEntry } from "../../../services/store/attempt-store.ts";
import { PLAIN_TERMS } from "../chain/order-builder.ts";

const TOKEN = PLAIN_TERMS.token;
const OPERATOR = PLAIN_TERMS.operator;
const ISSUER: Hex = `0x${"55".repeat(20)}`;

const address = (digit: number): Hex => `0x${`${digit}0`.repeat(20)}`;
const PAYERS = [1, 2].map(address);
const MERCHANTS = [3, 4].map(address);

type Step = { readonly operation: Operation; readonly order?: number };

/** Layer numbers of operations, in their order. */
function layersOf(steps: readonly Step[]): number[] {
  const entries = steps.map(toEntry);
  const layers = planLayers(entries);
  return entries.map((entry) => layers.findIndex((layer) => layer?.includes(entry)));
}

function toEntry({ operation, order }: Step, index: number): QueuedEntry {
  const orderId: Hex | null = order === undefined ? null : `0x${order}`;
  return { id: index + 1, operation, orderId, disputeId: null };
}

const terms = (payer: number, merchant: number, amount: bigint) =>
  orderTermsToJson({
    ...PLAIN_TERMS,
    payer: PAYERS[payer] ?? ISSUER,
    merchant: MERCHANTS[merchant] ?? ISSUER,
    amount,
  });

const deposit = (payer: number, amount: bigint): Step => ({
  operation: {
    kind: "deposit",
    payload: { operator: OPERATOR, token: TOKEN, account: PAYERS[payer] ?? ISSUER, amount: `${amount}` },
  },
});
const authorize = (order: number, payer: number, amount: bigint): Step => ({
  operation: { kind: "authorize", payload: { terms: terms(payer, 0, amount), signature: "0x" } },
  order,
});
const capture = (order: number, payer: number, amount: bigint): Step => ({
  operation: { kind: "capture", payload: { terms: terms(payer, 0, amount), amount: `${amount}` } },
  order,
});
const refund = (order: number, payer: number, amount: bigint): Step => ({
  operation: { kind: "refund", payload: { terms: terms(payer, 0, amount), amount: `${amount}` } },
  order,
});

describe("layers", () => {
  it("keep the operations of one order apart and in their order", () => {
    const steps = [authorize(1, 0, 5n), capture(1, 0, 5n), refund(1, 0, 2n), refund(1, 0, 2n)];
    expect(layersOf(steps)).to.deep.equal([0, 1, 2, 3]);
  });

  it("put operations of different orders side by side", () => {
    const steps = [authorize(1, 0, 5n), authorize(2, 1, 5n), capture(1, 0, 5n), capture(2, 1, 5n)];
    expect(layersOf(steps)).to.deep.equal([0, 0, 1, 1]);
  });

  it("put a payer's money before what takes it, and no more of it than is needed", () => {
    const steps = [
      deposit(0, 10n),
      authorize(1, 0, 10n),
      refund(9, 0, 10n),
      authorize(2, 0, 10n),
      authorize(3, 0, 1n),
    ];
    // The second order needs the refund; the third is not covered by what is known, so it waits for everything.
    expect(layersOf(steps)).to.deep.equal([0, 1, 0, 1, 1]);
    expect(
      layersOf([deposit(0, 9n), capture(9, 0, 9n), refund(9, 0, 9n), authorize(1, 0, 9n)]),
    ).to.deep.equal([0, 0, 1, 1]);
    expect(
      layersOf([deposit(0, 9n), capture(9, 0, 9n), refund(9, 0, 9n), authorize(1, 0, 10n)]),
    ).to.deep.equal([0, 0, 1, 2]);
  });

  it("put standing before what needs it", () => {
    const payer = PAYERS[0] ?? ISSUER;
    const steps: Step[] = [
      {
        operation: {
          kind: "register",
          payload: {
            address: payer,
            participantKind: "payer",
            kycLevel: 1,
            kycUntil: 1,
            payoutAddress: ISSUER,
          },
        },
      },
      { operation: { kind: "open-account", payload: { operator: OPERATOR, token: TOKEN, account: payer } } },
      {
        operation: {
          kind: "mint",
          payload: { token: TOKEN, to: ISSUER, amount: "5", bankReference: `0x${"01".repeat(32)}` },
        },
      },
      deposit(0, 5n),
      authorize(1, 0, 5n),
    ];
    expect(layersOf(steps)).to.deep.equal([0, 1, 0, 2, 3]);
  });

  it("never leave a taker with less than it had in the order of the ids", () => {
    const payer = fc.nat(1);
    const amount = fc.bigInt({ min: 1n, max: 20n });
    const step = fc.oneof(
      fc.tuple(payer, amount).map(([who, sum]) => deposit(who, sum)),
      fc.tuple(fc.nat(5), payer, amount).map(([order, who, sum]) => authorize(order, who, sum)),
      fc.tuple(fc.nat(5), payer, amount).map(([order, who, sum]) => refund(order, who, sum)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.bigInt({ min: 0n, max: 60n }), (drafts, initial) => {
        const steps = affordable(drafts, initial);
        const entries = steps.map(toEntry);
        const layers = planLayers(entries);
        expect(layers.flat()).to.have.members(entries);
        // In a layer everything that takes comes first: the worst of its orders.
        const balances = new Map(PAYERS.map((account) => [account as string, initial]));
        for (const layer of layers) {
          const changes = layer
            .map(({ operation }) => changeOf(operation))
            .sort((a, b) => Number(a.by - b.by));
          for (const { account, by } of changes) {
            const balance = (balances.get(account) ?? 0n) + by;
            expect(balance >= 0n).to.equal(true);
            balances.set(account, balance);
          }
        }
      }),
      { numRuns: 300, verbose: true },
    );
  });
});

/** Leaves out what could not be paid in the order of the ids. */
function affordable(steps: readonly Step[], initial: bigint): Step[] {
  const balances = new Map(PAYERS.map((account) => [account as string, initial]));
  return steps.filter(({ operation }) => {
    const { account, by } = changeOf(operation);
    const balance = (balances.get(account) ?? 0n) + by;
    if (balance < 0n) return false;
    balances.set(account, balance);
    return true;
  });
}

function changeOf(operation: Operation): { account: string; by: bigint } {
  if (operation.kind === "deposit") {
    return { account: operation.payload.account, by: BigInt(operation.payload.amount) };
  }
  if (operation.kind === "refund") {
    return { account: operation.payload.terms.payer, by: BigInt(operation.payload.amount) };
  }
  if (operation.kind === "authorize") {
    return { account: operation.payload.terms.payer, by: -BigInt(operation.payload.terms.amount) };
  }
  throw new RangeError(operation.kind);
}
