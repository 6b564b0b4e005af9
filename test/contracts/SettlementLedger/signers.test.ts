import { expect } from "chai";
import { type Signer, Wallet } from "ethers";
import { registerMerchant } from "../../support/builders/acceptance.ts";
import {
  signCancel,
  signDelivery,
  signExtension,
  signRefundConsent,
} from "../../support/builders/consents.ts";
import { authorizedOrder, capturedOrder, signedOrder } from "../../support/builders/order.ts";
import { registerPayer, SIGNING_ACCOUNTS, type SigningAccount } from "../../support/builders/signers.ts";
import { signReceive } from "../../support/builders/token-signatures.ts";
import { expectConservation } from "../../support/conservation.ts";
import { openTestChain, type TestNetwork } from "../../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

const FUNDS = 50_000n;
const PLACE = ethers.id("a salted place");

/**
 * For each type that somebody signs for the ledger: a call that submits a signature made by `by` for `account`, all
 * else being right.
 */
type Submission = (
  network: TestNetwork,
  account: SigningAccount,
  by: Signer,
) => Promise<() => Promise<unknown>>;

const SUBMISSIONS: Readonly<Record<string, Submission>> = {
  Order: async (network, { address }, by) => {
    await registerPayer(network, address, FUNDS);
    const { terms, signature } = await signedOrder(network, { payer: address }, by);
    return () => network.ledger.connect(network.actors.operator).authorize(terms, signature);
  },
  "Extension, as the payer": async (network, { address, signer }, by) => {
    const { ledger, actors } = network;
    await registerPayer(network, address, FUNDS);
    const { id, terms, signature } = await signedOrder(network, { payer: address }, signer);
    await ledger.connect(actors.operator).authorize(terms, signature);
    const captureBy = terms.captureBy + 1;
    const byPayer = await signExtension(network, id, captureBy, by);
    const byMerchant = await signExtension(network, id, captureBy, actors.merchant);
    return () => ledger.extend(terms, captureBy, byPayer, byMerchant);
  },
  "Extension, as the merchant": async (network, { address, signer }, by) => {
    const { ledger, actors } = network;
    await registerMerchant(network, address, signer);
    const { id, terms } = await authorizedOrder(network, { merchant: address });
    const captureBy = terms.captureBy + 1;
    const byPayer = await signExtension(network, id, captureBy, actors.payer);
    const byMerchant = await signExtension(network, id, captureBy, by);
    return () => ledger.extend(terms, captureBy, byPayer, byMerchant);
  },
  Cancel: async (network, { address }, by) => {
    const { id, terms } = await signedOrder(network, { payer: address });
    const signature = await signCancel(network, id, by);
    return () => network.ledger.cancel(terms, signature);
  },
  RefundConsent: async (network, { address, signer }, by) => {
    await registerMerchant(network, address, signer);
    const { id, terms } = await capturedOrder(network, { merchant: address });
    const amounts = { amount: 1n, capturable: 0n, refundable: 10_000n };
    const consent = { orderId: id, ...amounts, deadline: terms.refundBy };
    const signature = await signRefundConsent(network, consent, by);
    return () => network.ledger.refundWithConsent(terms, [], 1n, terms.refundBy, signature);
  },
  Delivery: async (network, { address }, by) => {
    const { id, terms } = await authorizedOrder(network, { deliveryKey: address });
    const delivery = { orderId: id, deliveredAt: network.startedAt, location: PLACE };
    const signature = await signDelivery(network, delivery, by);
    return () => network.ledger.captureDelivered(terms, [], network.startedAt, PLACE, signature);
  },
};

describe("SettlementLedger: signers", () => {
  for (const [type, submission] of Object.entries(SUBMISSIONS)) {
    for (const [kind, open] of Object.entries(SIGNING_ACCOUNTS)) {
      it(`takes ${type} from ${kind}`, async () => {
        const network = await load();
        const account = await open(network, type);

        const submit = await submission(network, account, account.signer);

        await submit();
        await expectConservation(network);
      });

      it(`refuses ${type} for ${kind} when a stranger signed`, async () => {
        const network = await load();
        const account = await open(network, type);
        const stranger = new Wallet(ethers.id("key of a stranger"));
        const error = type === "Order" ? "OrderSignatureInvalid" : "ConsentSignatureInvalid";

        const submit = await submission(network, account, stranger);

        await expect(submit()).to.be.revertedWithCustomError(network.ledger, error);
      });
    }
  }

  for (const [kind, open] of Object.entries(SIGNING_ACCOUNTS)) {
    const hasOwnKey = !kind.includes("contract wallet") && !kind.includes("by that one");
    it(`${hasOwnKey ? "takes" : "refuses"} a transfer that is the order from ${kind}`, async () => {
      const network = await load();
      const { ledger, token, registry, vault, actors } = network;
      const { address, signer } = await open(network, "transfer");
      await registerPayer(network, address, 1n);
      await token.connect(actors.issuer).transfer(address, 10_000n);
      expect(await registry.canSend(address)).to.equal(true);
      const { id, terms } = await signedOrder(network, { payer: address });
      const authorization = {
        from: address,
        to: await vault.getAddress(),
        value: 10_000n,
        validAfter: 0n,
        validBefore: BigInt(terms.authorizeBy) + 1n,
        nonce: id,
      };

      const submitted = ledger.authorizeByTransfer(terms, await signReceive(network, authorization, signer));

      // ERC-3009 of the token knows keys only: v, r and s are part of its interface.
      if (hasOwnKey) await submitted;
      else await expect(submitted).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      await expectConservation(network);
    });
  }
});
