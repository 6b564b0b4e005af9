import { readFileSync } from "node:fs";
import { expect } from "chai";
import { layoutNamed, readLayouts, slotNamed } from "../../scripts/storage/layouts.ts";
import { fieldOf, readPackedWords } from "../../scripts/storage/packed-words.ts";
import { bookIdOf, formatStoragePage, slotOf } from "../../scripts/storage/page.ts";
import { authorizedOrder, readAccountWord } from "../support/builders/order.ts";
import { openTestChain, PAYER_FUNDS } from "../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

describe("docs/storage-layout.md", () => {
  const layouts = readLayouts();
  const words = readPackedWords();
  const ledger = layoutNamed(layouts, "SettlementLedger");

  it("is what the compiler says", () => {
    const page = readFileSync("docs/storage-layout.md", "utf8");

    expect(page, "To update it: npm run storage-layout").to.equal(formatStoragePage(layouts, words));
  });

  it("gives the ledger and all its parts one layout", () => {
    expect(ledger.names).to.have.members([
      "SettlementLedger",
      "LedgerSettlement",
      "OrderConsents",
      "LedgerAdministration",
    ]);
  });

  it("finds an order's word and its fields where it tells", async () => {
    const network = await load();
    const { id, terms } = await authorizedOrder(network);

    const word = await stored(network.ledgerAddress, slotOf(slotNamed(ledger, "_orders"), [["bytes32", id]]));

    expect(word).to.equal(await network.ledger.orderWord(id));
    expect(fieldsOf("OrderWord", word)).to.deep.equal({
      capturable: terms.amount,
      refundable: 0n,
      capturedAt: 0n,
      cycle: 0n,
      state: 1n,
      flags: 0n,
    });
  });

  it("finds an account's word and its fields where it tells", async () => {
    const network = await load();
    const { operator, payer } = network.actors;
    const bookId = bookIdOf(operator.address, network.tokenAddress);

    const slot = slotOf(slotNamed(ledger, "_accounts"), [
      ["bytes32", bookId],
      ["address", payer.address],
    ]);
    const word = await stored(network.ledgerAddress, slot);

    expect(word).to.equal(await readAccountWord(network, payer));
    expect(fieldsOf("AccountWord", word)).to.include({ available: PAYER_FUNDS, pending: 0n, openCycle: 1n });
  });

  it("finds what a key may do where it tells", async () => {
    const network = await load();
    const { operator } = network.actors;

    const slot = slotOf(slotNamed(ledger, "_authorities"), [["address", operator.address]]);
    const fields = fieldsOf("Values of _authorities", await stored(network.ledgerAddress, slot));

    expect(fields).to.include({ operator: BigInt(operator.address), settler: 0n, paused: 0n });
    expect(fields.place).to.not.equal(0n);
  });

  it("counts 256 bits in no packed word more", () => {
    const tooWide = words.filter(({ fields }) => fields.reduce((sum, { bits }) => sum + bits, 0) > 256);

    expect(tooWide).to.deep.equal([]);
  });

  async function stored(contract: string, slot: bigint): Promise<bigint> {
    return BigInt(await ethers.provider.getStorage(contract, slot));
  }

  function fieldsOf(name: string, word: bigint): Record<string, bigint> {
    const found = words.find((packed) => packed.name === name);
    return Object.fromEntries(found?.fields.map((field) => [field.name, fieldOf(word, field)]) ?? []);
  }
});
