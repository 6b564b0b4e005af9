import type { ContractTransactionResponse } from "ethers";
import { evidenceAfter, NO_EVIDENCE } from "../services/chain/dispute-signing.ts";
import { type GasNetwork, type GasOrder, openGasNetwork } from "./gas-network.ts";
import { formatGasReport } from "./gas-report.ts";

/** Orders in a measured batch. */
const BATCH = 100;

/** Merchants that a payout, or a batch among many parties, is measured with. */
const FEW_MERCHANTS = 20;

/** What was measured, in gas of whole transactions; of batches, per item and rounded up. */
export type GasFigures = {
  readonly authorize: number;
  readonly capture: number;
  readonly refund: number;
  readonly void: number;
  readonly charge: number;
  /** An order whose money the payer's own ERC-3009 transfer brings into the vault. */
  readonly authorizeErc3009: number;
  readonly batchAuthorize: number;
  readonly batchCharge: number;
  readonly batchCapture: number;
  /** Per merchant credited when a cycle is closed for 20 of them. */
  readonly payout: number;
  /** What one more arbiter's vote adds to a ruling. */
  readonly vote: number;
  /** Without a bond. */
  readonly openDispute: number;
};

/** Measured as well and shown in the report, but no figure of the design's table. */
export type GasDetails = {
  readonly captureWithoutFee: number;
  /** The batches again, each order of another payer and the merchants twenty. */
  readonly amongMany: {
    readonly batchAuthorize: number;
    readonly batchCharge: number;
    readonly batchCapture: number;
  };
  readonly payoutOf100: number;
  readonly pushOf20: number;
  readonly pushOf100: number;
  readonly ruleByThree: number;
  readonly finalize: number;
};

/**
 * Measures every operation on an in-process Hardhat node.
 *
 * Accounts are warm: every balance touched is non-zero before and after, and the merchant has captured before. Orders
 * carry a fee of 5 per cent for a third party. The orders of a batch are between one payer and one merchant, as in the
 * design's floors.
 */
export async function run(): Promise<{ report: string; figures: GasFigures }> {
  const network = await openGasNetwork();
  await warmUp(network);

  const single = await measureSingles(network);
  const batch = await measureBatches(network, { payers: 1, merchants: 1 });
  const amongMany = await measureBatches(network, { payers: BATCH, merchants: FEW_MERCHANTS });
  const settled = await measureSettlement(network);
  const disputed = await measureDisputes(network);
  const figures = { ...single.figures, ...batch, ...settled.figures, ...disputed.figures };
  const details = { ...single.details, amongMany, ...settled.details, ...disputed.details };
  return { report: formatGasReport(figures, details), figures };
}

/** One captured order per merchant, so that nobody's pending balance is zero. */
async function warmUp(network: GasNetwork): Promise<void> {
  await chargeAll(network, ordersOf(network, everybody(network)));
}

async function measureSingles(network: GasNetwork) {
  const { ledger } = network;
  const first = network.order(1, 1);
  const second = network.order(2, 2);
  const third = network.order(3, 3);
  const free = network.order(4, 4, { feeBps: 0 });
  const authorize = await gasOf(ledger.authorize(first.terms, first.signature));
  const capture = await gasOf(ledger.capture(first.terms, first.terms.amount));
  const refund = await gasOf(ledger.refund(first.terms, first.terms.amount));
  await ledger.authorize(second.terms, second.signature);
  const voided = await gasOf(ledger.void(second.terms, second.terms.amount));
  const charge = await gasOf(ledger.charge(third.terms, third.signature));
  await ledger.authorize(free.terms, free.signature);
  const captureWithoutFee = await gasOf(ledger.capture(free.terms, free.terms.amount));
  const brought = await network.transferOrder(0, 0);
  const authorizeErc3009 = await gasOf(ledger.authorizeByTransfer(brought.terms, brought.signature));

  return {
    figures: { authorize, capture, refund, void: voided, charge, authorizeErc3009 },
    details: { captureWithoutFee },
  };
}

async function measureBatches(network: GasNetwork, parties: Parties) {
  const { ledger } = network;
  const orders = ordersOf(network, parties);
  const terms = orders.map((order) => order.terms);
  const authorized = await gasOf(ledger.authorizeBatch(terms, signaturesOf(orders), true));
  const captured = await gasOf(
    ledger.captureBatch(
      terms,
      terms.map(({ amount }) => amount),
      true,
    ),
  );
  const charged = await gasOf(chargeAll(network, ordersOf(network, parties)));

  return {
    batchAuthorize: perItem(authorized, BATCH),
    batchCharge: perItem(charged, BATCH),
    batchCapture: perItem(captured, BATCH),
  };
}

async function measureSettlement(network: GasNetwork) {
  const few = network.merchants.slice(0, FEW_MERCHANTS);
  const creditFew = await gasOf(close(network, 1n, few));
  const pushFew = await gasOf(network.settling.payout(network.operator, network.token, few));
  await chargeAll(network, ordersOf(network, everybody(network)));
  const creditAll = await gasOf(close(network, 2n, network.merchants));
  const pushAll = await gasOf(network.settling.payout(network.operator, network.token, network.merchants));

  return {
    figures: { payout: perItem(creditFew, few.length) },
    details: {
      payoutOf100: perItem(creditAll, network.merchants.length),
      pushOf20: perItem(pushFew, few.length),
      pushOf100: perItem(pushAll, network.merchants.length),
    },
  };
}

async function measureDisputes(network: GasNetwork) {
  await warmUp(network);
  const { small, large } = network.panel;
  const byFew = await measureDispute(network, network.order(5, 5), small.threshold);
  const byMany = await measureDispute(
    network,
    network.order(6, 6, { arbiterSetId: large.setId }),
    large.threshold,
  );

  return {
    figures: {
      vote: perItem(byMany.rule - byFew.rule, large.threshold - small.threshold),
      openDispute: byFew.open,
    },
    details: { ruleByThree: byFew.rule, finalize: byFew.finalize },
  };
}

async function measureDispute(network: GasNetwork, order: GasOrder, votes: number) {
  const { court } = network;
  await chargeAll(network, [order]);
  const opening = [order.terms, order.terms.amount, 1, order.id] as const;
  const disputeId = (await court.open.staticCall(...opening)) as `0x${string}`;
  const open = await gasOf(court.open(...opening));
  await court.contest(order.terms, order.id);
  const opened = evidenceAfter(NO_EVIDENCE, order.terms.payer, order.id);
  const evidence = evidenceAfter(opened, order.terms.merchant, order.id);
  const { round } = await court.disputeOf(disputeId);
  const vote = { disputeId, round, payerBps: 5_000, evidence };
  const rule = await gasOf(court.rule(order.terms, 5_000, evidence, network.votes(vote, votes)));
  const finalize = await gasOf(court.finalize(order.terms, []));
  return { open, rule, finalize };
}

type Parties = { readonly payers: number; readonly merchants: number };

function everybody(network: GasNetwork): Parties {
  return { payers: BATCH, merchants: network.merchants.length };
}

function ordersOf(network: GasNetwork, { payers, merchants }: Parties): GasOrder[] {
  return Array.from({ length: BATCH }, (_, index) => network.order(index % payers, index % merchants));
}

function chargeAll(network: GasNetwork, orders: readonly GasOrder[]) {
  return network.ledger.chargeBatch(
    orders.map((order) => order.terms),
    signaturesOf(orders),
    true,
  );
}

function close(network: GasNetwork, cycle: bigint, merchants: readonly string[]) {
  return network.settling.closeCycle(network.operator, network.token, cycle, [...merchants]);
}

function signaturesOf(orders: readonly GasOrder[]): string[] {
  return orders.map((order) => order.signature);
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new RangeError("The transaction has no receipt.");
  return Number.parseInt(receipt.gasUsed.toString(), 10);
}

function perItem(gas: number, items: number): number {
  return Math.ceil(gas / items);
}
