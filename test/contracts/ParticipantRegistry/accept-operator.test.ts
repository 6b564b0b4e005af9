import { expect } from "chai";
import type { Signer } from "ethers";
import { ContractWallet__factory } from "../../../types/ethers-contracts/factories/mocks/ContractWallet__factory.ts";
import { readAccountWord } from "../../support/builders/order.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../../support/deploy-contracts.ts";
import { KIND, merchantWord, STATUS } from "../../support/words.ts";

const { load, time } = await openTestChain();

type Acceptance = {
  readonly merchant: string;
  readonly operator: string;
  readonly scopes: bigint;
  readonly issuedAt: bigint;
};

describe("ParticipantRegistry.acceptOperator", () => {
  it("records what the merchant lets the operator do, in the ledger too", async () => {
    const network = await load();
    const { registry, actors } = network;

    const accepted = await registry.connect(actors.merchant).acceptOperator(actors.operator, 5n);

    await expect(accepted)
      .to.emit(registry, "OperatorAccepted")
      .withArgs(actors.merchant.address, actors.operator.address, 5n, await time.latest());
    expect(await registry.scopesOf(actors.merchant, actors.operator)).to.equal(5n);
    expect(await readAccountWord(network, actors.merchant)).to.equal(merchantWord({ scopes: 5n }));
  });

  it("withdraws everything with 0", async () => {
    const { registry, actors } = await load();

    await registry.connect(actors.merchant).acceptOperator(actors.operator, 0n);

    expect(await registry.scopesOf(actors.merchant, actors.operator)).to.equal(0n);
    expect((await registry.standingOf(actors.merchant, actors.operator)).flags).to.equal(10n);
  });

  for (const kind of ["courier", "institution"] as const) {
    it(`lets a ${kind} accept, whose flags say so without the merchant's`, async () => {
      const { registry, actors } = await load();
      const { outsider, operator, otherOperator } = actors;
      await registry.connect(actors.registrar).register(registrationOf(outsider.address, KIND[kind]));

      await registry.connect(outsider).acceptOperator(operator, 3n);

      expect((await registry.standingOf(outsider, operator)).flags).to.equal(STATUS.active | (3n << 4n));
      expect((await registry.standingOf(outsider, otherOperator)).flags).to.equal(STATUS.active);
    });
  }

  it("reverts with ParticipantInvalid when the caller is no payee", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.payer).acceptOperator(actors.operator, 1n))
      .to.be.revertedWithCustomError(registry, "ParticipantInvalid")
      .withArgs(actors.payer.address, KIND.payer);
    await expect(registry.connect(actors.outsider).acceptOperator(actors.operator, 1n))
      .to.be.revertedWithCustomError(registry, "ParticipantInvalid")
      .withArgs(actors.outsider.address, KIND.none);
  });

  it("reverts with ParticipantInvalid when a scope does not exist", async () => {
    const { registry, actors } = await load();

    await expect(registry.connect(actors.merchant).acceptOperator(actors.operator, 8n))
      .to.be.revertedWithCustomError(registry, "ParticipantInvalid")
      .withArgs(actors.merchant.address, KIND.merchant);
  });
});

describe("ParticipantRegistry.acceptOperatorBatch", () => {
  it("records acceptances that merchants signed, whoever submits", async () => {
    const network = await load();
    const { registry, actors } = network;
    const first = await acceptanceBy(network, actors.merchant.address, { scopes: 1n });
    const second = await acceptanceBy(network, actors.otherMerchant.address, { scopes: 2n });
    const signatures = [
      await signAcceptance(network, first, actors.merchant),
      await signAcceptance(network, second, actors.otherMerchant),
    ];

    const accepted = await registry.connect(actors.outsider).acceptOperatorBatch([first, second], signatures);

    await expect(accepted)
      .to.emit(registry, "OperatorAccepted")
      .withArgs(first.merchant, first.operator, 1n, first.issuedAt);
    expect(await registry.scopesOf(actors.otherMerchant, actors.operator)).to.equal(2n);
    expect(await readAccountWord(network, actors.merchant)).to.equal(merchantWord({ scopes: 1n }));
  });

  it("takes an ERC-1271 signature of a merchant that is a contract", async () => {
    const network = await load();
    const { registry, actors } = network;
    const wallet = await new ContractWallet__factory(actors.admin).deploy(actors.outsider);
    const merchant = await wallet.getAddress();
    await registry.connect(actors.registrar).register(registrationOf(merchant, KIND.merchant));
    const acceptance = await acceptanceBy(network, merchant, { scopes: 3n });

    await registry.acceptOperatorBatch(
      [acceptance],
      [await signAcceptance(network, acceptance, actors.outsider)],
    );

    expect(await registry.scopesOf(merchant, actors.operator)).to.equal(3n);
  });

  it("reverts with AcceptanceSignatureInvalid on another's signature", async () => {
    const network = await load();
    const { registry, actors } = network;
    const acceptance = await acceptanceBy(network, actors.merchant.address, {});
    const signature = await signAcceptance(network, acceptance, actors.operator);

    await expect(registry.acceptOperatorBatch([acceptance], [signature]))
      .to.be.revertedWithCustomError(registry, "AcceptanceSignatureInvalid")
      .withArgs(actors.merchant.address, actors.operator.address);
  });

  it("reverts with AcceptanceSignatureInvalid when the scopes were raised after signing", async () => {
    const network = await load();
    const { registry, actors } = network;
    const acceptance = await acceptanceBy(network, actors.merchant.address, { scopes: 1n });
    const signature = await signAcceptance(network, acceptance, actors.merchant);

    await expect(registry.acceptOperatorBatch([{ ...acceptance, scopes: 7n }], [signature]))
      .to.be.revertedWithCustomError(registry, "AcceptanceSignatureInvalid")
      .withArgs(actors.merchant.address, actors.operator.address);
  });

  it("passes over one that is on record already, so that nobody can stop the others by submitting it first", async () => {
    const network = await load();
    const { registry, actors } = network;
    const first = await acceptanceBy(network, actors.merchant.address, { scopes: 1n });
    const second = await acceptanceBy(network, actors.otherMerchant.address, { scopes: 2n });
    const signatures = [
      await signAcceptance(network, first, actors.merchant),
      await signAcceptance(network, second, actors.otherMerchant),
    ];
    await registry.connect(actors.outsider).acceptOperatorBatch([first], signatures.slice(0, 1));

    const accepted = await registry.acceptOperatorBatch([first, second], signatures);

    await expect(accepted)
      .to.emit(registry, "OperatorAccepted")
      .withArgs(second.merchant, second.operator, 2n, second.issuedAt);
    expect(await registry.scopesOf(actors.merchant, actors.operator)).to.equal(1n);
  });

  it("reverts with AcceptanceStale given a later one on record", async () => {
    const network = await load();
    const { registry, actors } = network;
    const older = await acceptanceBy(network, actors.merchant.address, { scopes: 7n });
    const newer = { ...older, scopes: 0n, issuedAt: older.issuedAt + 1n };
    const signOlder = await signAcceptance(network, older, actors.merchant);
    await time.increase(100);
    await registry.acceptOperatorBatch([newer], [await signAcceptance(network, newer, actors.merchant)]);

    await expect(registry.acceptOperatorBatch([older], [signOlder]))
      .to.be.revertedWithCustomError(registry, "AcceptanceStale")
      .withArgs(actors.merchant.address, actors.operator.address, older.issuedAt, newer.issuedAt);
    expect(await registry.scopesOf(actors.merchant, actors.operator)).to.equal(0n);
  });

  it("reverts with AcceptanceStale on other scopes that were issued in the same second", async () => {
    const network = await load();
    const { registry, actors } = network;
    const first = await acceptanceBy(network, actors.merchant.address, { scopes: 7n });
    const second = { ...first, scopes: 1n };
    await registry.acceptOperatorBatch([first], [await signAcceptance(network, first, actors.merchant)]);

    const signature = await signAcceptance(network, second, actors.merchant);

    await expect(registry.acceptOperatorBatch([second], [signature]))
      .to.be.revertedWithCustomError(registry, "AcceptanceStale")
      .withArgs(actors.merchant.address, actors.operator.address, first.issuedAt, first.issuedAt);
  });

  it("does not take an acceptance of no time and no scope for one on record", async () => {
    const network = await load();
    const { registry, actors } = network;
    const empty = {
      merchant: actors.merchant.address,
      operator: actors.outsider.address,
      scopes: 0n,
      issuedAt: 0n,
    };

    const signature = await signAcceptance(network, empty, actors.merchant);

    await expect(registry.acceptOperatorBatch([empty], ["0x"]))
      .to.be.revertedWithCustomError(registry, "AcceptanceSignatureInvalid")
      .withArgs(actors.merchant.address, actors.outsider.address);
    await expect(registry.acceptOperatorBatch([empty], [signature]))
      .to.be.revertedWithCustomError(registry, "AcceptanceStale")
      .withArgs(actors.merchant.address, actors.outsider.address, 0n, 0n);
  });

  it("reverts with AcceptanceStale when it was issued in the future", async () => {
    const network = await load();
    const { registry, actors } = network;
    const issuedAt = BigInt(await time.latest()) + 1_000n;
    const acceptance = await acceptanceBy(network, actors.merchant.address, { issuedAt });
    const signature = await signAcceptance(network, acceptance, actors.merchant);

    await time.setNextBlockTimestamp(issuedAt - 1n);
    await expect(registry.acceptOperatorBatch([acceptance], [signature])).to.be.revertedWithCustomError(
      registry,
      "AcceptanceStale",
    );
    await time.setNextBlockTimestamp(issuedAt);
    await registry.acceptOperatorBatch([acceptance], [signature]);
  });

  it("reverts with RegistryLengthMismatch when a signature is missing", async () => {
    const network = await load();
    const acceptance = await acceptanceBy(network, network.actors.merchant.address, {});

    await expect(network.registry.acceptOperatorBatch([acceptance], []))
      .to.be.revertedWithCustomError(network.registry, "RegistryLengthMismatch")
      .withArgs(1n, 0n);
  });
});

async function acceptanceBy(
  { actors }: TestNetwork,
  merchant: string,
  given: Partial<Acceptance>,
): Promise<Acceptance> {
  const issuedAt = BigInt(await time.latest());
  return { merchant, operator: actors.operator.address, scopes: 7n, issuedAt, ...given };
}

async function signAcceptance(network: TestNetwork, acceptance: Acceptance, signer: Signer): Promise<string> {
  const domain = {
    name: "RialtoParticipants",
    version: "1",
    chainId: network.chainId,
    verifyingContract: await network.registry.getAddress(),
  };
  const types = {
    Acceptance: [
      { name: "merchant", type: "address" },
      { name: "operator", type: "address" },
      { name: "scopes", type: "uint8" },
      { name: "issuedAt", type: "uint40" },
    ],
  };
  return signer.signTypedData(domain, types, acceptance);
}
