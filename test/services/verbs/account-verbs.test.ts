import { expect } from "chai";
import { addressOfKey, typeHash } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { forEachEngine } from "../../support/database.ts";
import { DAY, DOCUMENT, startVerbDesk, type VerbDesk } from "./verb-desk.ts";

const HEIR = typeHash("the key of an heir");

forEachEngine("accounts and what is held against them, through the API to the chain", (openStore) => {
  let desk: VerbDesk;
  let ann: Hex;
  let shop: Hex;

  before(async () => {
    desk = await startVerbDesk(await openStore());
    ann = desk.addressOf("payer", "ann");
    shop = desk.addressOf("merchant", "shop");
  });
  after(() => desk?.network.stop());
  afterEach(() => desk.expectSound());

  function accountOf(address: Hex) {
    return desk.store.db
      .selectFrom("account")
      .select(["pending", "available", "reserve", "debt"])
      .where("address", "=", address)
      .executeTakeFirstOrThrow();
  }

  it("releases reserve once its delay is over", async () => {
    await desk.send(desk.admin, "settlementLedger", "setHoldbackClass", [1, 2_000, 10 * DAY]);
    const order = await desk.order(10_000n, { holdbackClass: 1 });
    const release = { kind: "release-reserve" as const, account: shop, currency: "BRL" };

    expect(await desk.ask(order.authorize, order.on("capture"), release)).to.deep.equal([
      "included",
      "included",
      "included",
    ]);
    expect(await accountOf(shop)).to.include({ pending: "7600", reserve: "1900" });
    await desk.pass(30 * DAY);
    expect(await desk.ask(release)).to.deep.equal(["included"]);
    expect(await accountOf(shop)).to.include({ pending: "9500", reserve: "0" });
    expect(await desk.ask({ ...release, currency: "XYZ" })).to.deep.equal(["currency_unknown"]);
  });

  it("meets a debt out of what is available", async () => {
    const order = await desk.order(10_000n);
    await desk.ask({ ...order.authorize, kind: "charge" }, { kind: "close-cycle" }, { kind: "payout" });
    await desk.ask(order.on("refund", { amount: "8000" }));
    expect(await accountOf(shop)).to.include({ available: "0", debt: "7600" });

    const bankReference = typeHash("the shop pays in");
    const outcomes = await desk.ask(
      { kind: "mint", currency: "BRL", amount: "10000", bankReference },
      { kind: "deposit", account: shop, currency: "BRL", amount: "10000" },
      { kind: "meet-obligations", account: shop, currency: "BRL" },
    );
    expect(outcomes).to.deep.equal(["included", "included", "included"]);
    expect(await accountOf(shop)).to.include({ available: "2400", debt: "0" });
  });

  it("recovers a lost key and hands over what it held, to a successor with a name of its own", async () => {
    const successor = addressOfKey(HEIR);
    const order = await desk.order(5_000n);
    await desk.ask({ ...order.authorize, kind: "charge" });
    const recovery = { kind: "recover" as const, account: shop, successor, caseReference: DOCUMENT };
    const rebind = { kind: "rebind" as const, account: shop, currency: "BRL" };

    expect(await desk.ask(rebind, { ...recovery, name: "maker" })).to.deep.equal([
      "participant_unknown",
      "participant_exists",
    ]);
    expect(await desk.ask({ ...recovery, name: "shop of the heir" }, rebind)).to.deep.equal([
      "included",
      "included",
    ]);
    const { status, kind } = await desk.store.db
      .selectFrom("chain_participant")
      .select(["status", "kind"])
      .where("address", "=", successor)
      .executeTakeFirstOrThrow();
    expect({ status, kind }).to.deep.equal({ status: "active", kind: "merchant" });
    expect(await accountOf(successor)).to.include({ pending: "4750", available: "2400" });
    const later = await desk.order(100n);
    expect(await desk.ask(later.authorize)).to.deep.equal(["participant_not_active"]);
    expect(await desk.ask(order.on("refund", { amount: "5000" }))).to.deep.equal(["included"]);
  });

  it("seizes money of who is frozen: proposed, given up, and executed by another person after the delay", async () => {
    const propose = {
      ...{ kind: "propose-seizure" as const, account: ann, currency: "BRL" },
      ...{ amount: "700", courtReference: DOCUMENT },
    };
    expect(await desk.ask({ kind: "freeze", account: ann }, propose)).to.deep.equal(["included", "included"]);
    const first = await lastProposal();
    expect(await desk.ask({ kind: "execute-seizure", seizure: first })).to.deep.equal(["seizure_not_due"]);
    expect(await desk.ask({ kind: "cancel-seizure", seizure: first })).to.deep.equal(["included"]);

    expect(await desk.ask(propose, { kind: "cancel-seizure", seizure: "out_1" })).to.deep.equal([
      "included",
      "seizure_unknown",
    ]);
    const execute = { kind: "execute-seizure" as const, seizure: await lastProposal() };
    expect(await desk.ask(execute, { ...execute, seizure: first })).to.deep.equal([
      "seizure_not_due",
      "seizure_unknown",
    ]);
    await desk.pass(30 * DAY);
    expect(await desk.ask(execute)).to.deep.equal(["included"]);
    expect(await accountOf(desk.network.signers.issuer.address)).to.include({ available: "700" });
    expect(await desk.ask(execute, { kind: "reactivate", account: ann })).to.deep.equal([
      "seizure_unknown",
      "included",
    ]);
  });

  async function lastProposal(): Promise<string> {
    const { id } = await desk.store.db
      .selectFrom("outbox_entry")
      .select("id")
      .where("kind", "=", "propose-seizure")
      .orderBy("id", "desc")
      .executeTakeFirstOrThrow();
    return `out_${id}`;
  }
});
