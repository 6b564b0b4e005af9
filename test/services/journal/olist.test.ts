import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { DomainError } from "../../../services/domain/errors.ts";
import { convertOlist } from "../../../services/journal/olist.ts";
import { journalBalances } from "../../support/journal-arithmetic.ts";

const SAMPLE_FOLDER = new URL("../../../../shared/data/olist", import.meta.url).pathname;

const ORDERS = [
  "order_status,order_id,customer_id,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
  "delivered,o2,c2,2017-03-01 10:00:00,,,2017-03-09 00:00:01,2017-03-09 00:00:00",
  "canceled,o1,c1,2017-02-28 23:59:59,,,,2017-03-09 00:00:00",
  "delivered,o4,c1,2017-03-02 10:00:00,,,,2017-03-09 00:00:00",
  "delivered,o3,c1,2017-03-02 10:00:00,,,2017-03-09 00:00:01,2017-03-09 00:00:00",
  "shipped,o6,c1,2017-05-02 10:00:00,,,,2017-03-09 00:00:00",
  "created,o5,c1,2017-05-01 10:00:00,,,,2017-03-09 00:00:00",
];
const ITEMS = [
  "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
  "o1,1,p,seller-b,,10.0,0.1",
  "o2,1,p,seller-beta,,99.9,27.65",
  "o2,2,p,seller-alpha,,1,0.07",
  "o2,3,p,seller-beta,,0.45,2.00",
  "o3,1,p,seller-b,,5.00,0.000",
  "o4,1,p,seller-b,,5.00,0.00",
  "o6,1,p,seller-b,,8,0",
];
const REVIEWS = [
  "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp",
  'r1,o2,5,,"two\nlines, ""quoted""",,',
  "r2,o2,1,,,,",
  "r3,o3,2,,,,",
  "r4,o4,1,,,,",
  "r5,o1,1,,,,",
];
const CUSTOMERS = ["customer_id,customer_unique_id", "c1,u1", "c2,u2"];

describe("convertOlist", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "rialto-olist-"));
    write("orders", ORDERS);
    write("order_items", ITEMS);
    write("order_reviews", REVIEWS);
    write("customers", CUSTOMERS);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("writes what became of each order and seller, month by month", async () => {
    const { lines, ...counts } = await convert();

    expect(lines.map(shorten)).to.deep.equal([
      "authorize o1 seller-b u1 BRL 1010",
      "void o1 seller-b",
      "close-cycle",
      "authorize o2:seller-a seller-alpha u2 BRL 107",
      "capture o2:seller-a seller-alpha",
      "dispute o2:seller-a seller-alpha 107 not_received",
      "rule o2:seller-a seller-alpha 10000",
      "authorize o2:seller-b seller-beta u2 BRL 13000",
      "capture o2:seller-b seller-beta",
      "dispute o2:seller-b seller-beta 13000 not_received",
      "rule o2:seller-b seller-beta 10000",
      "authorize o3 seller-b u1 BRL 500",
      "capture o3 seller-b",
      "dispute o3 seller-b 500 not_received",
      "rule o3 seller-b 5000",
      "authorize o4 seller-b u1 BRL 500",
      "capture o4 seller-b",
      "dispute o4 seller-b 500 not_as_described",
      "rule o4 seller-b 0",
      "close-cycle",
      "authorize o6 seller-b u1 BRL 800",
      "close-cycle",
      "payout",
    ]);
    expect(counts).to.deep.equal({
      result: { orders: 6, skipped: 1, escrowOrders: 6, merchants: 3, payers: 2, lines: 23 },
    });
    expect(JSON.parse(lines[0] ?? "").at).to.equal("2017-02-28T23:59:59Z");
    expect(journalBalances(lines, 500).failed).to.deep.equal([]);
  });

  it("reads compressed files the same", async () => {
    const plain = await convert();
    rmSync(join(directory, "olist_orders_dataset.csv"));
    writeFileSync(join(directory, "olist_orders_dataset.csv.gz"), gzipSync(`\uFEFF${ORDERS.join("\r\n")}`));

    expect(await convert()).to.deep.equal(plain);
  });

  it("names the file that is missing", async () => {
    rmSync(join(directory, "olist_customers_dataset.csv"));

    expect(await refusal()).to.deep.equal({ file: "olist_customers_dataset" });
  });

  it("names the column that is missing", async () => {
    write(
      "order_items",
      ITEMS.map((line) => line.replace("freight_value", "freight")),
    );

    expect(await refusal()).to.deep.equal({ file: "olist_order_items_dataset", column: "freight_value" });
  });

  for (const [what, name, lines, context] of [
    [
      "a price",
      "order_items",
      ["order_id,seller_id,price,freight_value", "o1,s,9.999,0"],
      { column: "price", value: "9.999" },
    ],
    ["a score", "order_reviews", ["order_id,review_score", "o1,6"], { column: "review_score", value: "6" }],
    [
      "a status",
      "orders",
      [ORDERS[0] ?? "", "lost,o1,c1,2017-02-28 23:59:59,,,,"],
      { column: "order_status", value: "lost" },
    ],
    [
      "a time",
      "orders",
      [ORDERS[0] ?? "", "created,o1,c1,28/02/2017,,,,"],
      { column: "order_purchase_timestamp" },
    ],
    [
      "a customer",
      "customers",
      ["customer_id,customer_unique_id", "c2,u2"],
      { column: "customer_id", value: "c1" },
    ],
  ] as const) {
    it(`names ${what} that cannot be`, async () => {
      write(name, lines);

      expect(await refusal()).to.include({ file: `olist_${name}_dataset`, row: "o1", ...context });
    });
  }

  it("refuses what is no CSV", async () => {
    write("customers", ["customer_id,customer_unique_id", '"c1,u1']);
    expect(await refusal()).to.deep.equal({ file: "olist_customers_dataset" });

    rmSync(join(directory, "olist_customers_dataset.csv"));
    writeFileSync(join(directory, "olist_customers_dataset.csv.gz"), "not compressed");
    expect(await refusal()).to.deep.equal({ file: "olist_customers_dataset" });
  });

  const present = existsSync(SAMPLE_FOLDER) ? it : it.skip; // The data's licence keeps it out of the repository.
  present("converts a real folder of 5,018 orders", async () => {
    const lines: string[] = [];
    const result = await convertOlist({ directory: SAMPLE_FOLDER, write: (line) => void lines.push(line) });

    expect(result).to.include({ orders: 5_018, skipped: 497, escrowOrders: 4_564, merchants: 1_289 });
    const { balances, failed } = journalBalances(lines, 500);
    expect(failed).to.deep.equal([]);
    expect(balances.size).to.equal(1_289);
    for (const { captured, refunded, awarded, fees, net } of balances.values()) {
      expect(net).to.equal(captured - refunded - awarded - fees);
    }
  });

  function write(name: string, lines: readonly string[]): void {
    writeFileSync(join(directory, `olist_${name}_dataset.csv`), `${lines.join("\n")}\n`);
  }

  async function convert() {
    const lines: string[] = [];
    const result = await convertOlist({ directory, write: (line) => void lines.push(line) });
    return { lines, result };
  }

  async function refusal() {
    const error = await convert().catch((thrown: unknown) => thrown);
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).to.equal("malformed");
    return error.context;
  }
});

function shorten(line: string): string {
  const { at, ...fields } = JSON.parse(line);
  return Object.values(fields).join(" ");
}
