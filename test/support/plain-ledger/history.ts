import { AbiCoder, type ContractTransactionResponse, keccak256 } from "ethers";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { signedOrder, type TestOrder } from "../builders/order.ts";
import type { TestNetwork } from "../deploy-contracts.ts";
import { createRandom } from "../random-journal.ts";
import {
  closeCycle,
  deposit,
  fundGuarantee,
  meetFromAvailable,
  type PlainBook,
  payOut,
  refuseUnless,
  release,
  withdraw,
} from "./book.ts";
import { lock, type PlainLock, pay } from "./disputes.ts";
import {
  authorize,
  cancel,
  capture,
  type PlainOrder,
  type PlainOrders,
  type PlainTerms,
  reclaim,
  refund,
  voidOrder,
} from "./orders.ts";

const DAY = 86_400;
const NO_HASH: Hex = `0x${"00".repeat(32)}`;

/** One random call: what is sent, and what the plain ledger makes of it. Either may refuse. */
export type Step = {
  readonly name: string;
  readonly send: () => Promise<ContractTransactionResponse>;
  readonly apply: (plain: Plain) => void;
};

export type Plain = { book: PlainBook; orders: PlainOrders; locks: Map<string, PlainLock> };

const VERBS = ["capture", "capture", "void", "refund", "reclaim", "lock", "lock", "pay", "pay"] as const;

type Verb = (typeof VERBS)[number];

type Signed = TestOrder & {
  readonly splits: { payee: string; bps: number }[];
  readonly plain: PlainTerms;
};

/** Draws random calls on a network whose court is its admin; the same seed draws the same calls. */
export function createHistory(network: TestNetwork, seed: number) {
  const { ledger, token, actors } = network;
  const random = createRandom(seed);
  const operator = actors.operator.address;
  const payers = [actors.payer, actors.otherPayer];
  const merchants = [actors.merchant, actors.otherMerchant];
  const earners = [...merchants, actors.feeReceiver, actors.operator].map(({ address }) => address);
  const signed: Signed[] = [];
  let nonce = 0n;

  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  /** Now and then too much, or nothing. */
  const amountUpTo = (limit: bigint): bigint =>
    random(12) === 0 ? pick([0n, limit + 1n]) : 1n + (limit * BigInt(random(1_000))) / 1_000n;

  return { next };

  async function next(plain: Plain, now: number): Promise<Step> {
    if (signed.length < 4 || random(5) === 0) return start(plain, now);
    return pick([onOrder, onOrder, onOrder, onOrder, onBook])(plain);
  }

  async function start(plain: Plain, now: number): Promise<Step> {
    const payer = pick(payers);
    const isSplit = random(3) === 0;
    const splits = isSplit ? [{ payee: actors.otherMerchant.address, bps: 1 + random(9_999) }] : [];
    const given: Partial<OrderTerms> = {
      payer: payer.address,
      merchant: isSplit ? actors.merchant.address : pick(merchants).address,
      amount: amountUpTo(plain.book.accounts.get(payer.address)?.available ?? 1_000n),
      feeBps: pick([0, 250, 500, 10_000]),
      fixedFee: BigInt(pick([0, 0, 30])),
      feeReceiver: pick([operator as Hex, actors.feeReceiver.address]),
      splitsHash: isSplit ? hashSplits(splits) : NO_HASH,
      authorizeBy: now + DAY,
      captureBy: now + 8 * DAY,
      reclaimFrom: now + 9 * DAY,
      refundBy: now + 40 * DAY,
      disputeWindow: 20 * DAY,
      holdbackClass: pick([0, 0, 1, 2]),
      nonce: nonce++,
    };
    const order = { ...(await signedOrder(network, given)), splits };
    const terms = plainTerms(order);
    if (random(10) === 0) {
      return {
        name: "cancel",
        send: () => ledger.connect(payer).cancel(order.terms, "0x"),
        apply: ({ orders }) => cancel(orders, terms),
      };
    }
    signed.push({ ...order, plain: terms });
    const key = ledger.connect(actors.operator);
    const isCharge = !isSplit && random(3) === 0;
    return {
      name: isCharge ? "charge" : "authorize",
      send: () => {
        if (isCharge) return key.charge(order.terms, order.signature);
        if (isSplit) return key.authorizeWithSplits(order.terms, splits, order.signature);
        return key.authorize(order.terms, order.signature);
      },
      apply: ({ book, orders }) => {
        const opened = authorize(book, orders, terms);
        if (isCharge) capture(book, opened, terms.amount);
      },
    };
  }

  async function onOrder(plain: Plain): Promise<Step> {
    const order = pick(signed);
    const known = plain.orders.get(order.id);
    const verb = pick(VERBS);
    return onKnown(order, known, verb);
  }

  /** An order that the ledger never took is asked for as well: both must refuse. */
  function onKnown(order: Signed, known: PlainOrder | undefined, verb: Verb): Step {
    const { terms, splits } = order;
    const held = known?.capturable ?? 0n;
    const captured = known?.refundable ?? 0n;
    const key = ledger.connect(actors.operator);
    const of = ({ orders }: Plain): PlainOrder => {
      const found = orders.get(order.id);
      refuseUnless(found !== undefined, "the order exists");
      return found as PlainOrder;
    };
    const isSplit = splits.length > 0;
    if (verb === "capture") {
      const amount = amountUpTo(held);
      return {
        name: verb,
        send: () => (isSplit ? key.captureWithSplits(terms, splits, amount) : key.capture(terms, amount)),
        apply: (plain) => capture(plain.book, of(plain), amount),
      };
    }
    if (verb === "refund") {
      const amount = amountUpTo(captured);
      return {
        name: verb,
        send: () => (isSplit ? key.refundWithSplits(terms, splits, amount) : key.refund(terms, amount)),
        apply: (plain) => refund(plain.book, of(plain), amount, plain.locks.get(order.id)?.captured ?? 0n),
      };
    }
    if (verb === "void") {
      const amount = amountUpTo(held);
      return {
        name: verb,
        send: () => key.void(terms, amount),
        apply: (plain) => voidOrder(plain.book, of(plain), amount),
      };
    }
    if (verb === "reclaim") {
      return {
        name: verb,
        send: () => ledger.reclaim(terms),
        apply: (plain) => reclaim(plain.book, of(plain)),
      };
    }
    return verb === "lock" ? disputed(order, held + captured, of) : decided(order, of);
  }

  function disputed(order: Signed, limit: bigint, of: (plain: Plain) => PlainOrder): Step {
    const amount = amountUpTo(limit);
    const bond = BigInt(pick([0, 0, 70]));
    return {
      name: "lockDispute",
      send: () => ledger.connect(actors.admin).lockDispute(order.terms, amount, bond),
      apply: (plain) => {
        plain.locks.set(order.id, lock(plain.book, of(plain), amount, bond));
      },
    };
  }

  function decided(order: Signed, of: (plain: Plain) => PlainOrder): Step {
    const share = BigInt(pick([0, 3_333, 10_000, 10_000]));
    let award = 0n;
    return {
      name: "payDispute",
      send: () => ledger.connect(actors.admin).payDispute(order.terms, order.splits, award),
      apply: (plain) => {
        const held = plain.locks.get(order.id);
        refuseUnless(held !== undefined, "a dispute is open");
        if (held === undefined) return;
        award = ((held.captured + held.held) * share) / 10_000n;
        pay(plain.book, of(plain), held, award);
        plain.locks.delete(order.id);
      },
    };
  }

  async function onBook(plain: Plain): Promise<Step> {
    return pick([bringIn, takeOut, guarantee, close, close, push, meet, free])(plain);
  }

  function bringIn(): Step {
    const { address } = pick(payers);
    const amount = BigInt(random(50_000));
    return {
      name: "deposit",
      send: () => ledger.connect(actors.issuer).deposit(operator, token, address, amount),
      apply: ({ book }) => deposit(book, address, amount),
    };
  }

  function takeOut(plain: Plain): Step {
    const account = pick([...payers, ...merchants]);
    const amount = amountUpTo(plain.book.accounts.get(account.address)?.available ?? 0n);
    return {
      name: "withdraw",
      send: () => ledger.connect(account).withdraw(operator, token, amount),
      apply: ({ book }) => withdraw(book, account.address, amount),
    };
  }

  function guarantee(): Step {
    const amount = BigInt(random(3_000));
    return {
      name: "fundGuarantee",
      send: () => ledger.connect(actors.issuer).fundGuarantee(operator, token, amount),
      apply: ({ book }) => fundGuarantee(book, amount),
    };
  }

  function close(plain: Plain): Step {
    const cycle = plain.book.openCycle - BigInt(random(3) === 0 ? 1 : 0) + BigInt(random(20) === 0 ? 1 : 0);
    const names = earners.filter(() => random(3) > 0);
    return {
      name: "closeCycle",
      send: () => ledger.connect(actors.settler).closeCycle(operator, token, cycle, names),
      apply: ({ book }) => closeCycle(book, cycle, names),
    };
  }

  function push(): Step {
    const names = earners.filter(() => random(3) > 0);
    return {
      name: "payout",
      send: () => ledger.connect(actors.settler).payout(operator, token, names),
      apply: ({ book }) => {
        for (const name of names) payOut(book, name);
      },
    };
  }

  function meet(): Step {
    const name = pick(earners);
    return {
      name: "meetObligations",
      send: () => ledger.meetObligations(operator, token, name),
      apply: ({ book }) => meetFromAvailable(book, name),
    };
  }

  function free(): Step {
    const name = pick(merchants).address;
    return {
      name: "releaseReserve",
      send: () => ledger.releaseReserve(operator, token, name),
      apply: ({ book }) => release(book, name),
    };
  }
}

/** What a payer signs for a list of payees: the hash of its ABI encoding. */
function hashSplits(splits: readonly { payee: string; bps: number }[]): Hex {
  const rows = splits.map(({ payee, bps }) => [payee, bps]);
  return keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(address,uint16)[]"], [rows])) as Hex;
}

function plainTerms(order: TestOrder & Pick<Signed, "splits">): PlainTerms {
  const { terms } = order;
  return {
    id: order.id,
    payer: terms.payer,
    merchant: terms.merchant,
    amount: terms.amount,
    feeBps: BigInt(terms.feeBps),
    fixedFee: terms.fixedFee,
    feeReceiver: terms.feeReceiver,
    captureBy: BigInt(terms.captureBy),
    reclaimFrom: BigInt(terms.reclaimFrom),
    refundBy: BigInt(terms.refundBy),
    disputeWindow: BigInt(terms.disputeWindow),
    holdbackClass: terms.holdbackClass,
    splits: order.splits.map(({ payee, bps }) => ({ payee, bps: BigInt(bps) })),
  };
}
