import { expect } from "chai";
import type { Signer } from "ethers";
import { ContractWallet__factory } from "../../../types/ethers-contracts/factories/mocks/ContractWallet__factory.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../../support/deploy-contracts.ts";
import { participantIn } from "../../support/standing.ts";
import { KIND, STATUS } from "../../support/words.ts";

const { load, time, ethers } = await openTestChain();

const DELAY = 3n * 86_400n;
const THERE = "0x000000000000000000000000000000000000dEaD";
const ELSEWHERE = "0x000000000000000000000000000000000000bEEF";

describe("ParticipantRegistry.requestPayoutAddress", () => {
  it("records where the caller wants to be paid, and changes nothing yet", async () => {
    const { registry, actors } = await load();
    const { merchant } = actors;

    const requested = await registry.connect(merchant).requestPayoutAddress(THERE);

    const effectiveFrom = BigInt(await time.latest()) + DELAY;
    await expect(requested)
      .to.emit(registry, "PayoutAddressRequested")
      .withArgs(merchant.address, ethers.ZeroAddress, THERE, effectiveFrom);
    expect([...(await registry.pendingPayoutAddressOf(merchant))]).to.deep.equal([THERE, effectiveFrom]);
    expect(await registry.payoutAddressOf(merchant)).to.equal(merchant.address);
    expect(await registry.PAYOUT_ADDRESS_DELAY()).to.equal(DELAY);
  });

  it("replaces an earlier request and starts the delay anew", async () => {
    const { registry, actors } = await load();
    const { merchant } = actors;
    await registry.connect(merchant).requestPayoutAddress(THERE);
    await time.increase(DELAY - 10n);

    await registry.connect(merchant).requestPayoutAddress(ELSEWHERE);

    const effectiveFrom = BigInt(await time.latest()) + DELAY;
    await time.setNextBlockTimestamp(effectiveFrom - 1n);
    await expect(registry.confirmPayoutAddress(merchant))
      .to.be.revertedWithCustomError(registry, "PayoutAddressTooEarly")
      .withArgs(merchant.address, effectiveFrom - 1n, effectiveFrom);
    await time.setNextBlockTimestamp(effectiveFrom);
    await registry.confirmPayoutAddress(merchant);
    expect(await registry.payoutAddressOf(merchant)).to.equal(ELSEWHERE);
  });

  for (const status of ["pending", "restricted", "closing"] as const) {
    it(`takes the request of a ${status} participant`, async () => {
      const network = await load();
      const account = await participantIn(network, status);

      await network.registry.connect(account).requestPayoutAddress(THERE);

      expect((await network.registry.pendingPayoutAddressOf(account)).requested).to.equal(THERE);
    });
  }

  for (const status of ["frozen", "closed"] as const) {
    it(`reverts with PayoutAddressForbidden given a ${status} participant`, async () => {
      const network = await load();
      const account = await participantIn(network, status);

      await expect(network.registry.connect(account).requestPayoutAddress(THERE))
        .to.be.revertedWithCustomError(network.registry, "PayoutAddressForbidden")
        .withArgs(account.address, STATUS[status]);
    });
  }

  it("reverts with ParticipantUnknown when the caller is registered nowhere", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.outsider).requestPayoutAddress(THERE))
      .to.be.revertedWithCustomError(registry, "ParticipantUnknown")
      .withArgs(actors.outsider.address);
  });
});

describe("ParticipantRegistry.requestPayoutAddressFor", () => {
  it("takes the account's signature from anyone, once", async () => {
    const network = await load();
    const { registry, actors } = network;
    const { merchant, outsider } = actors;
    const { call, deadline } = await signedRequest(network, merchant);

    const requested = await registry.connect(outsider).requestPayoutAddressFor(...call);

    await expect(requested)
      .to.emit(registry, "PayoutAddressRequested")
      .withArgs(merchant.address, ethers.ZeroAddress, THERE, BigInt(await time.latest()) + DELAY);
    expect(await registry.payoutAddressNonce(merchant)).to.equal(1n);
    expect(deadline > (await time.latest())).to.equal(true);
    await expect(registry.requestPayoutAddressFor(...call))
      .to.be.revertedWithCustomError(registry, "PayoutAddressSignatureInvalid")
      .withArgs(merchant.address, 1n);
  });

  it("takes an ERC-1271 signature of a participant that is a contract", async () => {
    const network = await load();
    const { registry, actors } = network;
    const wallet = await new ContractWallet__factory(actors.admin).deploy(actors.outsider);
    const account = await wallet.getAddress();
    await registry.connect(actors.registrar).register(registrationOf(account, KIND.merchant));
    const { call } = await signedRequest(network, actors.outsider, { account });

    await registry.requestPayoutAddressFor(...call);

    expect((await registry.pendingPayoutAddressOf(account)).requested).to.equal(THERE);
  });

  it("reverts with PayoutAddressSignatureInvalid on another's signature, and for another address", async () => {
    const network = await load();
    const { registry, actors } = network;
    const { merchant } = actors;
    const forged = await signedRequest(network, actors.outsider, { account: merchant.address });
    const { call } = await signedRequest(network, merchant);
    const [account, , deadline, signature] = call;

    for (const args of [forged.call, [account, ELSEWHERE, deadline, signature] as const]) {
      await expect(registry.requestPayoutAddressFor(...args))
        .to.be.revertedWithCustomError(registry, "PayoutAddressSignatureInvalid")
        .withArgs(merchant.address, 0n);
    }
  });

  it("reverts with PayoutAddressSignatureInvalid when a request or a cancellation came in between", async () => {
    const network = await load();
    const { registry, actors } = network;
    const { merchant } = actors;
    const first = await signedRequest(network, merchant);
    await registry.connect(merchant).requestPayoutAddress(ELSEWHERE);
    const second = await signedRequest(network, merchant, { nonce: 1n });
    await registry.connect(merchant).cancelPayoutAddress();

    for (const { call } of [first, second]) {
      await expect(registry.requestPayoutAddressFor(...call))
        .to.be.revertedWithCustomError(registry, "PayoutAddressSignatureInvalid")
        .withArgs(merchant.address, 2n);
    }
  });

  it("takes a signature in its last second, and reverts with PayoutAddressTooLate in the next", async () => {
    const network = await load();
    const { registry, actors } = network;
    const { merchant, otherMerchant } = actors;
    const { call, deadline } = await signedRequest(network, merchant);
    const other = await signedRequest(network, otherMerchant);

    await time.setNextBlockTimestamp(deadline);
    await registry.requestPayoutAddressFor(...call);
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(registry.requestPayoutAddressFor(...other.call))
      .to.be.revertedWithCustomError(registry, "PayoutAddressTooLate")
      .withArgs(otherMerchant.address, deadline + 1n, deadline);
  });

  it("reverts with PayoutAddressForbidden given a frozen participant", async () => {
    const network = await load();
    const account = await participantIn(network, "frozen");
    const { call } = await signedRequest(network, account);

    await expect(network.registry.requestPayoutAddressFor(...call))
      .to.be.revertedWithCustomError(network.registry, "PayoutAddressForbidden")
      .withArgs(account.address, STATUS.frozen);
  });
});

async function signedRequest(
  network: TestNetwork,
  signer: Signer,
  given: { readonly account?: string; readonly nonce?: bigint } = {},
) {
  const deadline = BigInt(network.startedAt + 10_000);
  const domain = {
    name: "RialtoParticipants",
    version: "1",
    chainId: network.chainId,
    verifyingContract: await network.registry.getAddress(),
  };
  const types = {
    PayoutAddressChange: [
      { name: "account", type: "address" },
      { name: "payoutAddress", type: "address" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint40" },
    ],
  };
  const account = given.account ?? (await signer.getAddress());
  const message = { account, payoutAddress: THERE, nonce: given.nonce ?? 0n, deadline };
  const signature = await signer.signTypedData(domain, types, message);
  return { call: [account, THERE, deadline, signature] as const, deadline };
}
