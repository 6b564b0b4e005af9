import { expect } from "chai";
import { ContractWallet__factory } from "../../../types/ethers-contracts/factories/mocks/ContractWallet__factory.ts";
import {
  BASIS,
  DISPUTE_STATE,
  disputeWord,
  openedDispute,
  ruledDispute,
  signOffer,
} from "../../support/builders/dispute.ts";
import { capturedOrder } from "../../support/builders/order.ts";
import { BACKED_SET, definePanels } from "../../support/builders/panels.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, registrationOf } from "../../support/deploy-contracts.ts";
import { ALL_SCOPES, KIND } from "../../support/words.ts";

const { load, time } = await openTestChain();

const FAR = 2n ** 40n - 1n;

describe("DisputeCourt.agree", () => {
  for (const amount of [0n, 4_321n, 10_000n]) {
    it(`awards ${amount} that both sides signed, for good, whoever submits it`, async () => {
      const { network, id, terms } = await opened();
      const { court, actors } = network;
      const offer = { disputeId: id, amount, deadline: FAR };
      const payer = await signOffer(network, offer, actors.payer);
      const merchant = await signOffer(network, offer, actors.merchant);

      const agreed = await court.connect(actors.outsider).agree(terms, amount, FAR, payer, merchant);

      const word = disputeWord({ amount: 10_000n, award: amount, state: DISPUTE_STATE.ruled, round: 2n });
      await expect(agreed).to.emit(court, "DisputeRuled").withArgs(id, amount, BASIS.agreed, 0n, word);
      await court.finalize(terms, []);
      await expectConservation(network);
    });
  }

  it("has the digest that a wallet signs", async () => {
    const { network, id } = await opened();
    const { court, ethers, actors } = network;
    const signature = await signOffer(network, { disputeId: id, amount: 7n, deadline: FAR }, actors.payer);

    const digest = await court.offerDigest(id, 7n, FAR, 1n);

    expect(ethers.recoverAddress(digest, signature)).to.equal(actors.payer.address);
  });

  it("ends a ruling that could still be appealed", async () => {
    const network = await load();
    const { court, actors } = network;
    await definePanels(network);
    const order = await capturedOrder(network, { arbiterSetId: BACKED_SET });
    const { id } = await ruledDispute(network, order, 0n);
    const offer = { disputeId: id, amount: 1n, deadline: FAR, round: 2n };

    await court.agree(
      order.terms,
      1n,
      FAR,
      await signOffer(network, offer, actors.payer),
      await signOffer(network, offer, actors.merchant),
    );

    await court.finalize(order.terms, []);
    await expectConservation(network);
  });

  it("takes a contract wallet's signature", async () => {
    const network = await load();
    const { court, ledger, registry, token, actors } = network;
    const wallet = await new ContractWallet__factory(actors.otherMerchant).deploy(
      actors.otherMerchant.address,
    );
    const merchant = (await wallet.getAddress()) as `0x${string}`;
    await registry.connect(actors.registrar).register(registrationOf(merchant, KIND.merchant));
    await wallet
      .connect(actors.otherMerchant)
      .execute(
        registry,
        registry.interface.encodeFunctionData("acceptOperator", [actors.operator.address, ALL_SCOPES]),
      );
    await ledger.syncAccounts(actors.operator, token, [merchant]);
    const { id, order } = await openedDispute(network, await capturedOrder(network, { merchant }));
    const offer = { disputeId: id, amount: 1n, deadline: FAR };

    await court.agree(
      order.terms,
      1n,
      FAR,
      await signOffer(network, offer, actors.payer),
      await signOffer(network, offer, actors.otherMerchant),
    );

    expect((await court.disputeOf(id)).award).to.equal(1n);
  });

  it("reverts with CourtSignatureInvalid when a side signed something else, or somebody else signed", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    const offer = { disputeId: id, amount: 5n, deadline: FAR };
    const payer = await signOffer(network, offer, actors.payer);
    const merchant = await signOffer(network, offer, actors.merchant);
    const other = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));

    for (const wrong of [
      { ...offer, amount: 4n },
      { ...offer, deadline: FAR - 1n },
      { ...offer, round: 2n },
      { ...offer, disputeId: other.id },
    ]) {
      await expect(court.agree(terms, 5n, FAR, await signOffer(network, wrong, actors.payer), merchant))
        .to.be.revertedWithCustomError(court, "CourtSignatureInvalid")
        .withArgs(id, actors.payer.address);
      await expect(court.agree(terms, 5n, FAR, payer, await signOffer(network, wrong, actors.merchant)))
        .to.be.revertedWithCustomError(court, "CourtSignatureInvalid")
        .withArgs(id, actors.merchant.address);
    }
    await expect(court.agree(terms, 5n, FAR, payer, await signOffer(network, offer, actors.operator)))
      .to.be.revertedWithCustomError(court, "CourtSignatureInvalid")
      .withArgs(id, actors.merchant.address);
  });

  it("reverts with CourtOfferTooHigh above the disputed amount", async () => {
    const { network, id, terms } = await opened();

    await expect(network.court.agree(terms, 10_001n, FAR, "0x", "0x"))
      .to.be.revertedWithCustomError(network.court, "CourtOfferTooHigh")
      .withArgs(id, 10_001n, 10_000n);
  });

  it("agrees in the last second, and reverts with CourtTooLate one second later", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    const other = await openedDispute(network, await capturedOrder(network, { nonce: 1n }));
    const deadline = BigInt(await time.latest()) + 100n;
    const offer = { disputeId: other.id, amount: 1n, deadline };
    const payer = await signOffer(network, offer, actors.payer);
    const merchant = await signOffer(network, offer, actors.merchant);

    await time.setNextBlockTimestamp(deadline);
    await court.agree(other.order.terms, 1n, deadline, payer, merchant);
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(court.agree(terms, 1n, deadline, payer, merchant))
      .to.be.revertedWithCustomError(court, "CourtTooLate")
      .withArgs(id, deadline, deadline + 1n);
  });

  it("reverts with CourtStateWrong given a dispute that is over, and does not record an agreement twice", async () => {
    const { network, id, terms } = await opened();
    const { court, actors } = network;
    const offer = { disputeId: id, amount: 1n, deadline: FAR };
    const payer = await signOffer(network, offer, actors.payer);
    const merchant = await signOffer(network, offer, actors.merchant);
    await court.agree(terms, 1n, FAR, payer, merchant);

    await expect(court.agree(terms, 1n, FAR, payer, merchant)).to.be.revertedWithCustomError(
      court,
      "CourtSignatureInvalid",
    );
    await court.finalize(terms, []);
    await expect(court.agree(terms, 1n, FAR, payer, merchant))
      .to.be.revertedWithCustomError(court, "CourtStateWrong")
      .withArgs(id, DISPUTE_STATE.final, DISPUTE_STATE.open);
  });
});

async function opened() {
  const network = await load();
  const { id, order } = await openedDispute(network, await capturedOrder(network));
  return { network, id, terms: order.terms };
}
