import { expect } from "chai";
import { openTestChain } from "../../support/deploy-contracts.ts";
import { participantIn, RIGHTS, type StatusName } from "../../support/standing.ts";

const { load, ethers } = await openTestChain();

/** As the final ERC-7943 has it. */
const FUNGIBLE_ID = "0x3edbb4c4";

describe("SettlementToken.canTransfer", () => {
  for (const status of Object.keys(RIGHTS) as StatusName[]) {
    const { canSend, canReceive } = RIGHTS[status];
    it(`says of a participant in status ${status} that it sends: ${canSend}, receives: ${canReceive}`, async () => {
      const network = await load();
      const { token, actors } = network;
      const account = await participantIn(network, status);

      expect(await token.canSend(account)).to.equal(canSend);
      expect(await token.canReceive(account)).to.equal(canReceive);
      expect(await token.canTransfer(account, actors.merchant, 0n)).to.equal(canSend);
      expect(await token.canTransfer(actors.issuer, account, 1n)).to.equal(canReceive);
    });
  }

  it("is true up to what is unfrozen", async () => {
    const { token, actors } = await load();
    const { issuer, payer, merchant, compliance } = actors;
    await token.connect(issuer).transfer(payer, 100n);
    expect(await token.canTransfer(payer, merchant, 100n)).to.equal(true);
    expect(await token.canTransfer(payer, merchant, 101n)).to.equal(false);

    await token.connect(compliance).setFrozenTokens(payer, 70n);

    expect(await token.canTransfer(payer, merchant, 30n)).to.equal(true);
    expect(await token.canTransfer(payer, merchant, 31n)).to.equal(false);
  });

  it("never reverts", async () => {
    const { token, actors } = await load();
    const { payer, compliance } = actors;
    await token.connect(compliance).setFrozenTokens(payer, 2n ** 120n - 1n);

    expect(await token.canTransfer(ethers.ZeroAddress, ethers.ZeroAddress, 2n ** 256n - 1n)).to.equal(false);
    expect(await token.canTransfer(payer, payer, 2n ** 256n - 1n)).to.equal(false);
  });
});

describe("SettlementToken.supportsInterface", () => {
  it("knows ERC-7943 for fungible tokens, ERC-20 and ERC-165, and nothing else", async () => {
    const { token } = await load();

    for (const id of [FUNGIBLE_ID, "0x36372b07", "0x01ffc9a7"]) {
      expect(await token.supportsInterface(id), id).to.equal(true);
    }
    for (const id of ["0xffffffff", "0xbf1ef5fe", "0x41c4fbad"]) {
      expect(await token.supportsInterface(id), id).to.equal(false);
    }
  });
});
