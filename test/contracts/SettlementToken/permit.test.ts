import { expect } from "chai";
import type { Signer } from "ethers";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

describe("SettlementToken.permit", () => {
  it("lets the ledger take tokens on the owner's signature, submitted by anyone", async () => {
    const network = await load();
    const { token, ledger, ledgerAddress, actors } = network;
    await token.connect(actors.issuer).transfer(actors.payer, 50n);
    const { v, r, s, deadline } = await permitOf(network, actors.payer, 50n);

    await token.connect(actors.outsider).permit(actors.payer, ledgerAddress, 50n, deadline, v, r, s);
    await ledger.connect(actors.payer).deposit(actors.operator, token, actors.payer, 50n);

    expect(await token.nonces(actors.payer)).to.equal(1n);
    expect(await token.balanceOf(actors.payer)).to.equal(0n);
  });

  it("reverts with ERC2612InvalidSigner given a signature used before, and with another value", async () => {
    const network = await load();
    const { token, ledgerAddress, actors } = network;
    const { v, r, s, deadline } = await permitOf(network, actors.payer, 50n);

    await expect(
      token.permit(actors.payer, ledgerAddress, 51n, deadline, v, r, s),
    ).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    await token.permit(actors.payer, ledgerAddress, 50n, deadline, v, r, s);
    await expect(
      token.permit(actors.payer, ledgerAddress, 50n, deadline, v, r, s),
    ).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
  });

  it("reverts with ERC2612ExpiredSignature one second after its deadline", async () => {
    const network = await load();
    const { token, ledgerAddress, actors } = network;
    const { v, r, s, deadline } = await permitOf(network, actors.payer, 50n);

    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(token.permit(actors.payer, ledgerAddress, 50n, deadline, v, r, s))
      .to.be.revertedWithCustomError(token, "ERC2612ExpiredSignature")
      .withArgs(deadline);
  });
});

async function permitOf(network: TestNetwork, owner: Signer, value: bigint) {
  const deadline = BigInt(network.startedAt + 10_000);
  const domain = {
    name: "Real",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.tokenAddress,
  };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const address = await owner.getAddress();
  const message = { owner: address, spender: network.ledgerAddress, value, nonce: 0n, deadline };
  const { v, r, s } = ethers.Signature.from(await owner.signTypedData(domain, types, message));
  return { v, r, s, deadline };
}
