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

  it("keeps a key with its operator until that operator's role is gone, though it has another's", async () => {
    const { ledger, access, actors } = await load();
    const { operator, otherOperator, outsider } = actors;
    await access.grantRole(await access.operatorRole(operator), outsider, 0);
    await access.grantRole(await access.operatorRole(otherOperator), outsider, 0);
    await ledger.syncAuthority(outsider, operator);

    await ledger.syncAuthority(outsider, otherOperator);
    expect((await ledger.authorityOf(outsider)).operator).to.equal(operator.address);

    await access.revokeRole(await access.operatorRole(operator), outsider);
    await ledger.syncAuthority(outsider, otherOperator);
    expect((await ledger.authorityOf(outsider)).operator).to.equal(otherOperator.address);
  });

  it("notices a revocation whatever operator is named", async () => {
    const { ledger, access, actors, ethers } = await load();
    await access.revokeRole(await access.operatorRole(actors.operator), actors.operator);

    await ledger.connect(actors.outsider).syncAuthority(actors.operator, actors.otherOperator);

    expect((await ledger.authorityOf(actors.operator)).operator).to.equal(ethers.ZeroAddress);
  });

  it("gives nothing to a key that has to schedule its calls at the access manager", async () => {
    const { ledger, access, actors, ethers } = await load();
    await access.grantRole(await access.operatorRole(actors.operator), actors.outsider, 3_600);
    await access.grantRole(await access.settlerRole(), actors.outsider, 3_600);

    await ledger.syncAuthority(actors.outsider, actors.operator);

    expect([...(await ledger.authorityOf(actors.outsider))]).to.deep.equal([ethers.ZeroAddress, false]);
  });

  it("lists 256 keys, and another one for each that was revoked: a stop reaches all of them", async () => {
    const { ledger, access, actors, ethers } = await load();
    const { operator, guardian } = actors;
    const role = await access.operatorRole(operator);
    const keyAt = (index: number) =>
      ethers.getAddress(`0x${(0x10_000 + index).toString(16).padStart(40, "0")}`);
    // Three keys are there from the start.
    for (let index = 0; index < 254; ++index) await access.grantRole(role, keyAt(index), 0);
    for (let index = 0; index < 253; ++index) await ledger.syncAuthority(keyAt(index), operator);
    await expect(ledger.syncAuthority(keyAt(253), operator))
      .to.be.revertedWithCustomError(ledger, "LedgerTooMany")
      .withArgs(256n, 256n);

    await access.revokeRole(role, keyAt(7));
    await ledger.syncAuthority(keyAt(7), operator);
    await ledger.syncAuthority(keyAt(253), operator);

    await ledger.connect(guardian).pause(1);
    expect((await ledger.authorityOf(keyAt(7))).operator).to.equal(ethers.ZeroAddress);
    expect((await ledger.authorityOf(keyAt(252))).operator).to.equal(operator.address);
    expect((await ledger.authorityOf(keyAt(253))).operator).to.equal(operator.address);
    await expect(ledger.syncAuthority(keyAt(7), operator)).not.to.revert(ethers);
  }).timeout(120_000);

  it("stops a key that took the place of a revoked one in the list", async () => {
    const network = await load();
    const { ledger, access, actors } = network;
    const { operator, otherOperator, outsider, guardian } = actors;
    const { terms, signature } = await signedOrder(network);
    await access.grantRole(await access.operatorRole(operator), outsider, 0);
    await ledger.syncAuthority(outsider, operator);
    // The first in the list goes, the last one takes its place.
    await access.revokeRole(await access.operatorRole(operator), operator);
    await ledger.syncAuthority(operator, operator);
    await access.revokeRole(await access.operatorRole(otherOperator), otherOperator);
    await ledger.syncAuthority(otherOperator, otherOperator);
    await ledger.connect(guardian).pause(1);

    await expect(ledger.connect(outsider).authorize(terms, signature))
      .to.be.revertedWithCustomError(ledger, "LedgerPaused")
      .withArgs(1n, 1n);
    await access.grantRole(await access.operatorRole(operator), operator, 0);
    await ledger.syncAuthority(operator, operator);
    await expect(ledger.connect(operator).authorize(terms, signature)).to.be.revertedWithCustomError(
      ledger,
      "LedgerPaused",
    );
  });

  it("gives every operator a role of its own that meets no numbered one", async () => {
    const { access, actors } = await load();

    const first = await access.operatorRole(actors.operator);
    const second = await access.operatorRole(actors.otherOperator);

    expect(first).not.to.equal(second);
    expect(first > 2n ** 32n - 1n && first < 2n ** 63n).to.equal(true);
  });
});
