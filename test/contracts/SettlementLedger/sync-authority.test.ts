import { expect } from "chai";
import { authorizedOrder, signedOrder } from "../../support/builders/order.ts";
import { openTestChain } from "../../support/deploy-contracts.ts";

const { load } = await openTestChain();

describe("SettlementLedger.syncAuthority", () => {
  it("lets a key act once the access manager lets it, whoever calls", async () => {
    const network = await load();
    const { ledger, access, actors } = network;
    await access.grantRole(await access.operatorRole(actors.operator), actors.outsider, 0);
    const { terms, signature } = await signedOrder(network);

    const synced = await ledger.connect(actors.otherPayer).syncAuthority(actors.outsider, actors.operator);

    await expect(synced)
      .to.emit(ledger, "AuthoritySynced")
      .withArgs(actors.outsider.address, actors.operator.address, false);
    await ledger.connect(actors.outsider).authorize(terms, signature);
  });

  it("takes it away again, and leaves the operator's other keys alone", async () => {
    const network = await load();
    const { ledger, access, actors, ethers } = network;
    const { terms } = await authorizedOrder(network);
    const role = await access.operatorRole(actors.operator);
    await access.grantRole(role, actors.outsider, 0);
    await ledger.syncAuthority(actors.outsider, actors.operator);
    await access.revokeRole(role, actors.outsider);

    await ledger.syncAuthority(actors.outsider, actors.operator);

    expect([...(await ledger.authorityOf(actors.outsider))]).to.deep.equal([ethers.ZeroAddress, false]);
    await expect(ledger.connect(actors.outsider).capture(terms, 1n))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(actors.outsider.address);
    await ledger.connect(actors.operator).capture(terms, 1n);
  });

  it("gives nothing to a key without a role", async () => {
    const { ledger, actors, ethers } = await load();

    await ledger.connect(actors.outsider).syncAuthority(actors.outsider, actors.operator);

    expect([...(await ledger.authorityOf(actors.outsider))]).to.deep.equal([ethers.ZeroAddress, false]);
  });

  it("does not let a stranger take a key from its operator by naming another", async () => {
    const { ledger, actors } = await load();

    await ledger.connect(actors.outsider).syncAuthority(actors.operator, actors.otherOperator);
    await ledger.connect(actors.outsider).syncAuthority(actors.settler, actors.operator);

    expect((await ledger.authorityOf(actors.operator)).operator).to.equal(actors.operator.address);
    expect((await ledger.authorityOf(actors.settler)).isSettler).to.equal(true);
  });

  it("takes settling away", async () => {
    const { ledger, access, token, actors } = await load();
    await access.revokeRole(await access.settlerRole(), actors.settler);

    await ledger.syncAuthority(actors.settler, actors.operator);

    await expect(ledger.connect(actors.settler).closeCycle(actors.operator, token, 1n, []))
      .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
      .withArgs(actors.settler.address);
  });

  it("gives every operator a role of its own that meets no numbered one", async () => {
    const { access, actors } = await load();

    const first = await access.operatorRole(actors.operator);
    const second = await access.operatorRole(actors.otherOperator);

    expect(first).not.to.equal(second);
    expect(first > 2n ** 32n - 1n && first < 2n ** 63n).to.equal(true);
  });
});
