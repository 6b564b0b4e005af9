import { expect } from "chai";
import { holding, holdingsOf } from "../../support/builders/holdings.ts";
import { nameCourt, unpaidAward } from "../../support/builders/locks.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, PAYER_FUNDS, type TestNetwork } from "../../support/deploy-contracts.ts";
import { DAY, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const REFERENCE = ethers.id("case 4711");

describe("SettlementLedger.executeSeizure, of an account that is closed", () => {
  it("moves what a closed account was paid afterwards, which nobody else could", async () => {
    const network = await nameCourt(await load());
    const { ledger, registry, token, actors } = network;
    const { operator, payer, merchant, seizer, issuer } = actors;
    await unpaidAward(network, { amount: 5_000n });
    await ledger.connect(payer).withdraw(operator, token, PAYER_FUNDS - 5_000n);
    await registry.connect(payer).startClosing();
    await time.increase(181n * DAY);
    await registry.close(payer);
    await ledger.connect(issuer).deposit(operator, token, merchant, 5_000n);
    await ledger.meetObligations(operator, token, merchant);
    expect(await holdingsOf(network, payer)).to.deep.equal(holding({ available: 5_000n }));
    await registry.setStatutoryAccount(issuer);

    await ledger.connect(seizer).executeSeizure(await dueSeizure(network, 5_000n));

    expect(await holdingsOf(network, payer)).to.deep.equal(holding({}));
    expect((await holdingsOf(network, issuer)).available).to.equal(5_000n);
    await expectConservation(network);
  });

  it("reverts with SeizureForbidden for a recovered account, whose money is its successor's", async () => {
    const network = await load();
    const { ledger, registry, actors } = network;
    const { payer, seizer, issuer, outsider } = actors;
    await registry.setStatutoryAccount(issuer);
    await registry.recover(payer, outsider, REFERENCE);
    const id = await dueSeizure(network, 1n);

    await expect(ledger.connect(seizer).executeSeizure(id))
      .to.be.revertedWithCustomError(ledger, "SeizureForbidden")
      .withArgs(payer.address, STATUS.closed, issuer.address);
  });
});

/** Proposes to seize the payer's money and lets the three days pass. */
async function dueSeizure({ ledger, token, actors }: TestNetwork, amount: bigint): Promise<string> {
  const { operator, payer, compliance } = actors;
  const proposed = await ledger.connect(compliance).proposeSeizure(operator, token, payer, amount, REFERENCE);
  const [log] = await ledger.queryFilter(ledger.filters.SeizureProposed, proposed.blockNumber ?? undefined);
  await time.increase(3n * DAY);
  return log?.args.seizureId ?? "";
}
