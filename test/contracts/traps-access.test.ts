import { expect } from "chai";
import type { BaseContract } from "ethers";
import { NOT_RECEIVED, SIDE } from "../support/builders/dispute.ts";
import { signedOrder, type TestOrder } from "../support/builders/order.ts";
import { openTestChain, POLICY, registrationOf, type TestNetwork } from "../support/deploy-contracts.ts";
import { KIND } from "../support/words.ts";

const { load, ethers } = await openTestChain();

/** How a stranger's call is answered: the error, or why anyone may call. */
type Guard = { readonly error: string; readonly args: readonly unknown[] } | { readonly open: string };

type ContractName = "ledger" | "registry" | "court" | "token" | "tokens" | "vault" | "collector";

/** Who inherits what from OpenZeppelin is tested there. */
const INHERITED = ["setAuthority", "approve", "transfer", "transferFrom", "permit"];

/** Every function that changes anything, with arguments that would be fine if the right one called. */
async function guardsOf(
  network: TestNetwork,
  order: TestOrder,
): Promise<Record<ContractName, Record<string, Guard>>> {
  const { actors, tokenAddress: token } = network;
  const { terms, signature } = order;
  const operator = actors.operator.address;
  const stranger = actors.outsider.address;
  const collector = await network.collector.getAddress();
  const hash = ethers.id("anything");
  const unmanaged = (...args: unknown[]): Guard => ({ error: "AccessManagedUnauthorized", args });
  const forbidden = (...args: unknown[]): Guard => ({ error: "LedgerForbidden", args });
  const guarded = (error: string, ...args: unknown[]): Guard => ({ error, args });
  const open = (reason: string): Guard => ({ open: reason });

  return {
    ledger: {
      openBook: unmanaged(stranger, token),
      setCourt: unmanaged(stranger),
      syncAuthority: open("copies what the access manager says"),
      syncAccounts: open("copies what the registry says"),
      refresh: open("copies what the registry says"),
      deposit: open("spends the caller's tokens"),
      depositBatch: open("spends the caller's tokens"),
      withdraw: guarded("AccountsNotActive", operator, token, 1n),
      fundGuarantee: open("spends the caller's tokens"),
      authorize: forbidden(terms, signature),
      authorizeBatch: forbidden([terms], [signature], true),
      charge: forbidden(terms, signature),
      chargeBatch: forbidden([terms], [signature], true),
      capture: forbidden(terms, 1n),
      captureBatch: forbidden([terms], [1n], true),
      void: forbidden(terms, 1n),
      reclaim: open("gives the payer's own money back"),
      refund: forbidden(terms, 1n),
      lockDispute: forbidden(terms, 1n, 0n),
      // Nothing of this order is locked; of one that is, only the court that locked it is paid (lock-dispute tests).
      addBond: guarded("DisputeNotOpen", terms, stranger, 1n),
      payBond: guarded("DisputeNotOpen", terms, [stranger], [1n]),
      payDispute: guarded("DisputeNotOpen", terms, [], 1n),
      closeCycle: forbidden(operator, token, 1n, []),
      publishStatements: forbidden(operator, token, 1n, hash),
      payout: forbidden(operator, token, []),
      authorizeByTransfer: open("needs the payer's signature of the transfer"),
      authorizeThrough: forbidden(terms, signature, collector, "0x"),
      authorizeWithSplits: forbidden(terms, [], signature),
      captureWithSplits: forbidden(terms, [], 1n),
      captureDelivered: open("needs the delivery key's signature"),
      refundWithSplits: forbidden(terms, [], 1n),
      refundWithConsent: open("needs the merchant's signature"),
      extend: open("needs both parties' signatures"),
      cancel: open("needs the payer's call or signature"),
      releaseReserve: open("does what time has done"),
      meetObligations: open("pays what the account owes"),
      rebind: open("does what the registry says"),
      setAdvanceLimit: unmanaged(operator, token, 1n),
      setHoldbackClass: unmanaged(1n, 1n, 86_400n),
      setCollector: unmanaged(stranger, true),
      pause: unmanaged(7n),
      unpause: unmanaged(7n),
      proposeSeizure: unmanaged(operator, token, actors.payer.address, 1n, hash),
      cancelSeizure: unmanaged(hash),
      executeSeizure: unmanaged(hash),
    },
    tokens: {
      admit: unmanaged(stranger, 80n, 1n),
      remove: unmanaged(token),
    },
    vault: {
      pay: guarded("VaultForbidden", token, stranger, 1n),
      receiveWithAuthorization: guarded("VaultForbidden", token, stranger, 1n, 1n, hash, signature),
    },
    collector: {
      collect: guarded("CollectorNotLedger", hash, token, actors.payer.address, stranger, 1n, "0x"),
    },
    registry: {
      setLedger: unmanaged(stranger),
      register: unmanaged(registrationOf(stranger, KIND.merchant)),
      registerBatch: unmanaged([registrationOf(stranger, KIND.merchant)]),
      setKyc: unmanaged(actors.payer.address, 9n, 1n),
      restrict: unmanaged([actors.payer.address]),
      freeze: unmanaged([actors.payer.address]),
      reactivate: unmanaged([actors.payer.address]),
      startClosing: guarded("ParticipantUnknown"),
      startClosingFor: unmanaged([actors.payer.address]),
      close: open("asks the ledger"),
      recover: unmanaged(actors.payer.address, stranger, hash),
      setStatutoryAccount: unmanaged(actors.issuer.address),
      addToken: unmanaged(token),
      requestPayoutAddress: guarded("ParticipantUnknown", stranger),
      requestPayoutAddressFor: open("needs the participant's signature"),
      confirmPayoutAddress: open("does what the participant asked for"),
      cancelPayoutAddress: guarded("PayoutAddressNotRequested"),
      cancelPayoutAddressFor: unmanaged(actors.payer.address),
      acceptOperator: guarded("ParticipantInvalid", operator, 1n),
      acceptOperatorBatch: open("needs the merchants' signatures"),
    },
    court: {
      setPolicy: unmanaged(POLICY),
      defineArbiterSet: unmanaged(1n, [stranger], 1n, 0n, 0n),
      open: guarded("CourtForbidden", terms, 1n, NOT_RECEIVED, hash),
      contest: guarded("CourtForbidden", disputed, hash),
      accept: guarded("CourtForbidden", disputed),
      withdraw: guarded("CourtForbidden", disputed),
      submitEvidence: guarded("CourtForbidden", disputed, SIDE.payer, hash),
      offer: guarded("CourtForbidden", disputed, 1n, 2n ** 40n - 1n),
      withdrawOffer: guarded("CourtForbidden", disputed),
      acceptOffer: guarded("CourtForbidden", disputed, 1n),
      agree: open("needs both sides' signatures"),
      rule: open("needs the panel's signatures"),
      escalate: open("calls the backup of a silent panel"),
      // Nothing is ruled here; of what is, only the sides may appeal (appeal tests).
      appeal: guarded("CourtStateWrong", disputed, SIDE.payer),
      finalize: open("pays what was decided"),
    },
    token: {
      mint: unmanaged(stranger, 1n, hash),
      mintBatch: unmanaged(stranger, [1n], [hash]),
      burn: unmanaged(1n, hash),
      refresh: open("copies what the registry says"),
      setFrozenTokens: unmanaged(actors.payer.address, 1n),
      forcedTransfer: unmanaged(actors.payer.address, stranger, 1n),
      transferWithAuthorization: open("needs the owner's signature"),
      receiveWithAuthorization: open("needs the owner's signature"),
      cancelAuthorization: open("needs the owner's signature"),
    },
  };
}

/** Stands for the terms of the order that the test disputes. */
const disputed = Symbol("disputed");

describe("traps: who may call", () => {
  it("(38) must not have a function whose caller nobody thought about", async () => {
    const network = await load();
    const order = await signedOrder(network);

    for (const [name, guards] of Object.entries(await guardsOf(network, order))) {
      const contract: BaseContract = network[name as ContractName];
      const changing: string[] = [];
      contract.interface.forEachFunction((fragment) => {
        if (!fragment.constant && !INHERITED.includes(fragment.name)) changing.push(fragment.name);
      });
      expect(changing.sort(), name).to.deep.equal(Object.keys(guards).sort());
    }
  });

  it("(38) must not let a stranger change anything that is not open to all", async () => {
    const network = await load();
    const { ledger, court, actors } = network;
    const held = await signedOrder(network);
    await ledger.connect(actors.operator).authorize(held.terms, held.signature);
    const other = await signedOrder(network, { nonce: 1n });
    await ledger.connect(actors.operator).authorize(other.terms, other.signature);
    await court.connect(actors.payer).open(other.terms, 1n, NOT_RECEIVED, ethers.ZeroHash);

    for (const [name, guards] of Object.entries(await guardsOf(network, held))) {
      const contract: BaseContract = network[name as ContractName];
      for (const [functionName, guard] of Object.entries(guards)) {
        if ("open" in guard) continue;
        const args = guard.args.map((arg) => (arg === disputed ? other.terms : arg));
        const call = contract.connect(actors.outsider).getFunction(functionName)(...args);
        const known = contract.interface.getError(guard.error) === null ? network.ledgerCode : contract;
        await expect(call, `${name}.${functionName}`).to.be.revertedWithCustomError(known, guard.error);
      }
    }
  });

  it("(38) must not let a key of one operator touch another operator's orders", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await signedOrder(network);
    await ledger.connect(actors.operator).authorize(order.terms, order.signature);
    const stranger = ledger.connect(actors.otherOperator);

    for (const call of [
      () => stranger.capture(order.terms, 1n),
      () => stranger.void(order.terms, 1n),
      () => stranger.refund(order.terms, 1n),
      () => stranger.captureWithSplits(order.terms, [], 1n),
      () => stranger.refundWithSplits(order.terms, [], 1n),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(actors.otherOperator.address);
    }
  });
});
