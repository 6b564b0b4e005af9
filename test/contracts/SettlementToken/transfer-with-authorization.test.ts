import { expect } from "chai";
import type { Signer } from "ethers";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, time, ethers } = await openTestChain();

const NONCE = ethers.id("order 1");
const BLOCK_FLAG = 1n << 47n;

type Authorization = {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: string;
};

describe("SettlementToken.transferWithAuthorization", () => {
  it("moves tokens on the owner's signature, submitted by anyone, once", async () => {
    const network = await load();
    const { token, actors } = network;
    const call = await signed(network, "TransferWithAuthorization", {});

    await token.connect(actors.outsider).transferWithAuthorization(...call);

    expect(await token.balanceOf(actors.merchant)).to.equal(5n);
    expect(await token.authorizationState(actors.issuer, NONCE)).to.equal(true);
    await expect(token.transferWithAuthorization(...call))
      .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
      .withArgs(actors.issuer.address, NONCE);
  });

  it("reverts with ERC3009InvalidSignature on another's signature", async () => {
    const network = await load();
    const call = await signed(network, "TransferWithAuthorization", {}, network.actors.outsider);

    await expect(network.token.transferWithAuthorization(...call)).to.be.revertedWithCustomError(
      network.token,
      "ERC3009InvalidSignature",
    );
  });

  it("reverts with ERC3009InvalidAuthorizationTime at its first and its last second", async () => {
    const network = await load();
    const { token } = network;
    const validAfter = BigInt(network.startedAt + 1_000);
    const validBefore = validAfter + 1_000n;
    const call = await signed(network, "TransferWithAuthorization", { validAfter, validBefore });

    for (const moment of [validAfter, validBefore]) {
      await time.setNextBlockTimestamp(moment);
      await expect(token.transferWithAuthorization(...call))
        .to.be.revertedWithCustomError(token, "ERC3009InvalidAuthorizationTime")
        .withArgs(validAfter, validBefore);
    }
  });

  it("reverts with ERC7943CannotSend given a frozen owner", async () => {
    const network = await load();
    const { token, registry, actors } = network;
    const call = await signed(network, "TransferWithAuthorization", {});
    await registry.connect(actors.compliance).freeze([actors.issuer]);

    await expect(token.transferWithAuthorization(...call))
      .to.be.revertedWithCustomError(token, "ERC7943CannotSend")
      .withArgs(actors.issuer.address);
  });

  // Trap 41: with bit 47 in both bounds OpenZeppelin counts blocks; in one only, the bound is out of reach.
  it("counts blocks when both bounds carry bit 47, and never starts when the first alone does", async () => {
    const network = await load();
    const { token, actors } = network;
    const block = BigInt(await time.latestBlock());
    const unreachable = await signed(network, "TransferWithAuthorization", { validAfter: BLOCK_FLAG });
    const byBlock = await signed(network, "TransferWithAuthorization", {
      validAfter: BLOCK_FLAG | block,
      validBefore: BLOCK_FLAG | (block + 10n),
    });

    await expect(token.transferWithAuthorization(...unreachable)).to.be.revertedWithCustomError(
      token,
      "ERC3009InvalidAuthorizationTime",
    );
    await token.transferWithAuthorization(...byBlock);

    expect(await token.balanceOf(actors.merchant)).to.equal(5n);
  });
});

describe("SettlementToken.receiveWithAuthorization", () => {
  it("moves tokens on the receiver's own call only", async () => {
    const network = await load();
    const { token, actors } = network;
    const call = await signed(network, "ReceiveWithAuthorization", {});

    await expect(token.connect(actors.outsider).receiveWithAuthorization(...call))
      .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
      .withArgs(actors.merchant.address);
    await token.connect(actors.merchant).receiveWithAuthorization(...call);

    expect(await token.balanceOf(actors.merchant)).to.equal(5n);
  });
});

describe("SettlementToken.cancelAuthorization", () => {
  it("makes an authorization worthless", async () => {
    const network = await load();
    const { token, actors } = network;
    const call = await signed(network, "TransferWithAuthorization", {});
    const { v, r, s } = ethers.Signature.from(
      await actors.issuer.signTypedData(
        domainOf(network),
        {
          CancelAuthorization: [
            { name: "authorizer", type: "address" },
            { name: "nonce", type: "bytes32" },
          ],
        },
        { authorizer: actors.issuer.address, nonce: NONCE },
      ),
    );

    await token.cancelAuthorization(actors.issuer, NONCE, v, r, s);

    await expect(token.transferWithAuthorization(...call))
      .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
      .withArgs(actors.issuer.address, NONCE);
  });
});

function domainOf(network: TestNetwork) {
  return { name: "Real", version: "1", chainId: network.chainId, verifyingContract: network.tokenAddress };
}

async function signed(
  network: TestNetwork,
  primaryType: "TransferWithAuthorization" | "ReceiveWithAuthorization",
  given: Partial<Authorization>,
  signer: Signer = network.actors.issuer,
) {
  const { issuer, merchant } = network.actors;
  const bounds = { validAfter: 0n, validBefore: BigInt(network.startedAt + 10_000) };
  const message = {
    from: issuer.address,
    to: merchant.address,
    value: 5n,
    ...bounds,
    nonce: NONCE,
    ...given,
  };
  const types = {
    [primaryType]: [
      { name: "from", type: "address" },
      { name: "to", type: "address" },
      { name: "value", type: "uint256" },
      { name: "validAfter", type: "uint256" },
      { name: "validBefore", type: "uint256" },
      { name: "nonce", type: "bytes32" },
    ],
  };
  const { v, r, s } = ethers.Signature.from(await signer.signTypedData(domainOf(network), types, message));
  const { from, to, value, validAfter, validBefore, nonce } = message;
  return [from, to, value, validAfter, validBefore, nonce, v, r, s] as const;
}
