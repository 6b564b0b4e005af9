import { expect } from "chai";
import type { Operation } from "../../../services/domain/operation.ts";
import { forEachEngine } from "../../support/database.ts";
import { type LocalNetwork, startLocalNetwork } from "../../support/local-network.ts";
import { createDesk } from "./desk.ts";

forEachEngine("lanes without a key", (openStore) => {
  let network: LocalNetwork;

  before(async () => {
    network = await startLocalNetwork();
  });
  after(() => network?.stop());

  it("refuse what belongs to them, and leave the rest to be carried out", async () => {
    const { guardian: _, admin: __, ...signers } = network.signers;
    const desk = await createDesk({ network: { ...network, signers }, store: await openStore() });
    const stop: Operation = { kind: "pause", payload: { regions: ["payout"] } };
    const start: Operation = { kind: "unpause", payload: { regions: ["payout"] } };
    await desk.queue([
      stop,
      ...(await desk.onboarding({ merchants: [], payers: ["ann"], funds: 1n })),
      start,
    ]);
    const relayer = desk.relayer();
    while ((await relayer.tick()) > 0);

    const entries = await desk.entries();
    const failed = entries.filter(({ state }) => state === "failed");
    expect(failed.map(({ kind, error_code }) => [kind, error_code])).to.deep.equal([
      ["pause", "forbidden"],
      ["unpause", "forbidden"],
    ]);
    expect(entries.filter(({ state }) => state === "included")).to.have.length(entries.length - 2);
  });
});
