import { DomainError } from "../domain/errors.ts";
import { readOlistTable } from "./olist-table.ts";

/** What a conversion wrote. `orders` are rows of the orders file, `skipped` those without items. */
export type OlistConversion = {
  readonly orders: number;
  readonly skipped: number;
  readonly escrowOrders: number;
  readonly merchants: number;
  readonly payers: number;
  readonly lines: number;
};

type OlistOrder = {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: string;
  readonly purchasedAt: string;
  readonly deliveredAt: string;
  readonly estimatedAt: string;
};

type Writer = (line: Readonly<Record<string, string | number>>) => Promise<void>;

const TIMESTAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const MONEY = /^(\d{1,20})(?:\.(\d{1,2})0*)?$/;

const STEPS_OF_STATUS: Readonly<Record<string, readonly ("authorize" | "capture" | "void")[]>> = {
  delivered: ["authorize", "capture"],
  shipped: ["authorize"],
  invoiced: ["authorize"],
  processing: ["authorize"],
  approved: ["authorize"],
  created: ["authorize"],
  canceled: ["authorize", "void"],
  unavailable: ["authorize", "void"],
};

/**
 * Converts a folder of Olist files (.csv or .csv.gz) to an order journal, one order per order and seller.
 *
 * `write` gets one journal line at a time, without a line feed. Throws `malformed` with `file` and `column` or `row`
 * where a file is missing or says something else than the data set's columns do.
 */
export async function convertOlist(options: {
  readonly directory: string;
  readonly write: (line: string) => void | Promise<void>;
}): Promise<OlistConversion> {
  const { directory } = options;
  const orders = await readOrders(directory);
  const payers = await readPayers(directory);
  const amounts = await readAmounts(directory);
  const scores = await readScores(directory);

  let lines = 0;
  const write: Writer = async (line) => {
    lines += 1;
    await options.write(JSON.stringify(line));
  };

  const merchants = new Set<string>();
  const payersSeen = new Set<string>();
  let skipped = 0;
  let escrowOrders = 0;
  let last: OlistOrder | undefined;
  for (const order of orders) {
    const sellers = amounts.get(order.orderId);
    if (sellers === undefined) {
      skipped += 1;
      continue;
    }
    if (last !== undefined && monthOf(last) !== monthOf(order)) await write(closing("close-cycle", last));
    last = order;

    const payer = payers.get(order.customerId);
    if (payer === undefined) throw unknownCustomer(order);
    payersSeen.add(payer);
    for (const [merchant, amount] of [...sellers].sort(([a], [b]) => (a < b ? -1 : 1))) {
      merchants.add(merchant);
      escrowOrders += 1;
      const reference = sellers.size === 1 ? order.orderId : `${order.orderId}:${merchant.slice(0, 8)}`;
      const names = { order: reference, merchant };
      await writeOrder(write, { order, names, payer, amount, score: scores.get(order.orderId) });
    }
  }
  if (last !== undefined) {
    await write(closing("close-cycle", last));
    await write(closing("payout", last));
  }
  return {
    orders: orders.length,
    skipped,
    escrowOrders,
    merchants: merchants.size,
    payers: payersSeen.size,
    lines,
  };
}

async function writeOrder(
  write: Writer,
  escrow: {
    readonly order: OlistOrder;
    readonly names: { readonly order: string; readonly merchant: string };
    readonly payer: string;
    readonly amount: bigint;
    readonly score: number | undefined;
  },
): Promise<void> {
  const { order, names, payer, score } = escrow;
  const at = timeOf(order);
  const amount = escrow.amount.toString();
  for (const op of stepsOf(order)) {
    if (op === "authorize") await write({ op, ...names, payer, currency: "BRL", amount, at });
    else await write({ op, ...names, at });
  }

  const outcome = order.status === "delivered" ? disputeOf(order, score) : undefined;
  if (outcome === undefined) return;
  await write({ op: "dispute", ...names, amount, reason: outcome.reason, at });
  await write({ op: "rule", ...names, payerBps: outcome.payerBps, at });
}

/** Unhappy buyers dispute; what the panel rules depends on whether the order came late. */
function disputeOf(order: OlistOrder, score: number | undefined) {
  const isLate = order.deliveredAt !== "" && order.deliveredAt > order.estimatedAt;
  if (score === 1) {
    return isLate
      ? { reason: "not_received", payerBps: 10_000 }
      : { reason: "not_as_described", payerBps: 0 };
  }
  return score === 2 && isLate ? { reason: "not_received", payerBps: 5_000 } : undefined;
}

function stepsOf(order: OlistOrder) {
  const steps = Object.hasOwn(STEPS_OF_STATUS, order.status) ? STEPS_OF_STATUS[order.status] : undefined;
  if (steps !== undefined) return steps;
  throw new DomainError("malformed", "An order has a status that the data set does not know.", {
    file: "olist_orders_dataset",
    column: "order_status",
    row: order.orderId,
    value: order.status,
  });
}

function closing(op: "close-cycle" | "payout", last: OlistOrder) {
  return { op, at: timeOf(last) };
}

function monthOf(order: OlistOrder): string {
  return order.purchasedAt.slice(0, 7);
}

function timeOf(order: OlistOrder): string {
  return `${order.purchasedAt.replace(" ", "T")}Z`;
}

async function readOrders(directory: string): Promise<OlistOrder[]> {
  const table = { directory, name: "olist_orders_dataset" };
  const orders: OlistOrder[] = [];
  for await (const row of readOlistTable({
    ...table,
    columns: [
      "order_id",
      "customer_id",
      "order_status",
      "order_purchase_timestamp",
      "order_delivered_customer_date",
      "order_estimated_delivery_date",
    ] as const,
  })) {
    orders.push({
      orderId: row.order_id,
      customerId: row.customer_id,
      status: row.order_status,
      purchasedAt: timestamp(row.order_purchase_timestamp, "order_purchase_timestamp", row.order_id),
      deliveredAt: optionalTimestamp(
        row.order_delivered_customer_date,
        "order_delivered_customer_date",
        row.order_id,
      ),
      estimatedAt: optionalTimestamp(
        row.order_estimated_delivery_date,
        "order_estimated_delivery_date",
        row.order_id,
      ),
    });
  }
  return orders.sort((a, b) => compare(a.purchasedAt, b.purchasedAt) || compare(a.orderId, b.orderId));
}

async function readPayers(directory: string): Promise<Map<string, string>> {
  const columns = ["customer_id", "customer_unique_id"] as const;
  const payers = new Map<string, string>();
  for await (const row of readOlistTable({ directory, name: "olist_customers_dataset", columns })) {
    payers.set(row.customer_id, row.customer_unique_id);
  }
  return payers;
}

/** What each order's items of each seller cost together with their freight, in centavos. */
async function readAmounts(directory: string): Promise<Map<string, Map<string, bigint>>> {
  const columns = ["order_id", "seller_id", "price", "freight_value"] as const;
  const amounts = new Map<string, Map<string, bigint>>();
  for await (const row of readOlistTable({ directory, name: "olist_order_items_dataset", columns })) {
    const sellers = amounts.get(row.order_id) ?? new Map<string, bigint>();
    const cost =
      centavos(row.price, "price", row.order_id) + centavos(row.freight_value, "freight_value", row.order_id);
    sellers.set(row.seller_id, (sellers.get(row.seller_id) ?? 0n) + cost);
    amounts.set(row.order_id, sellers);
  }
  return amounts;
}

/** Each order's lowest score. */
async function readScores(directory: string): Promise<Map<string, number>> {
  const columns = ["order_id", "review_score"] as const;
  const scores = new Map<string, number>();
  for await (const row of readOlistTable({ directory, name: "olist_order_reviews_dataset", columns })) {
    if (!/^[1-5]$/.test(row.review_score)) {
      throw cellError("olist_order_reviews_dataset", "review_score", row.order_id, row.review_score);
    }
    const score = Number.parseInt(row.review_score, 10);
    scores.set(row.order_id, Math.min(score, scores.get(row.order_id) ?? score));
  }
  return scores;
}

function centavos(text: string, column: string, row: string): bigint {
  const match = MONEY.exec(text);
  if (match === null) throw cellError("olist_order_items_dataset", column, row, text);
  return BigInt(`${match[1]}${(match[2] ?? "").padEnd(2, "0")}`);
}

function timestamp(text: string, column: string, row: string): string {
  if (!TIMESTAMP.test(text)) throw cellError("olist_orders_dataset", column, row, text);
  return text;
}

function optionalTimestamp(text: string, column: string, row: string): string {
  return text === "" ? "" : timestamp(text, column, row);
}

function cellError(file: string, column: string, row: string, value: string): DomainError {
  return new DomainError("malformed", `A value of ${file}, column ${column}, cannot be read.`, {
    file,
    column,
    row,
    value: value.slice(0, 80),
  });
}

function unknownCustomer(order: OlistOrder): DomainError {
  return new DomainError("malformed", "An order's customer is not among the customers.", {
    file: "olist_customers_dataset",
    column: "customer_id",
    row: order.orderId,
    value: order.customerId,
  });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
