import { expect } from "chai";
import type { BaseContract } from "ethers";
import { NOT_RECEIVED } from "../support/builders/dispute.ts";
import { signedOrder, type TestOrder } from "../support/builders/order.ts";
import { openTestChain, registrationOf, type TestNetwork } from "../support/deploy-contracts.ts";
import { KIND } from "../support/words.ts";

const { load, ethers } = await openTestChain();

/** How a stranger's call is answered: the error, or why anyone may call. */
type Guard = { readonly error: string; readonly args: readonly unknown[] } | { readonly open: string };

type ContractName = "ledger" | "registry" | "court" | "token";

/** Who inherits what from OpenZeppelin is tested there. */
const INHERITED = ["setAuthority", "approve", "transfer", "transferFrom", "permit"];

/** Every function that changes anything, with arguments that would be fine if the right one called. */
function guardsOf(network: TestNetwork, order: TestOrder): Record<ContractName, Record<string, Guard>> {
  const { actors, tokenAddress: token } = network;
  const { terms, signature } = order;
  const operator = actors.operator.address;
  const stranger = actors.outsider.address;
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
      lockDispute: forbidden(terms, 1n),
      // Nothing of this order is locked; of one that is, only the court that locked it is paid (lock-dispute tests).
      payDispute: { args: [terms, 1n], error: "DisputeNotOpen" },
      closeCycle: forbidden(operator, token, 1n, []),
      payout: forbidden(operator, token, []),
    },
    registry: {
      setLedger: unmanaged(stranger),
      register: unmanaged(registrationOf(stranger, KIND.merchant)),
      registerBatch: unmanaged([registrationOf(stranger, KIND.merchant)]),
      setStatus: unmanaged([actors.payer.address], 4n),
      acceptOperator: guarded("ParticipantInvalid", operator, 1n),
      acceptOperatorBatch: open("needs the merchants' signatures"),
    },
    court: {
      setPolicy: unmanaged({ respondWindow: 1n, ruleWindow: 1n }),
      defineArbiterSet: unmanaged(1n, [stranger], 1n),
      open: guarded("CourtForbidden", terms, 1n, NOT_RECEIVED, hash),
      contest: guarded("CourtForbidden", disputeId, hash),
      accept: guarded("CourtForbidden", disputeId),
      withdraw: guarded("CourtForbidden", disputeId),
      rule: open("needs the panel's signatures"),
      finalize: open("pays what was decided"),
    },
    token: {
      mint: unmanaged(stranger, 1n, hash),
      mintBatch: unmanaged(stranger, [1n], [hash]),
      burn: unmanaged(1n, hash),
      transferWithAuthorization: open("needs the owner's signature"),
      receiveWithAuthorization: open("needs the owner's signature"),
      cancelAuthorization: open("needs the owner's signature"),
    },
  };
}

/** Stands for the id of the dispute that the test opens. */
const disputeId = Symbol("dispute");

describe("traps: who may call", () => {
  it("38: must not have a function whose caller nobody thought about", async () => {
    const network = await load();
    const order = await signedOrder(network);

    for (const [name, guards] of Object.entries(guardsOf(network, order))) {
      const contract: BaseContract = network[name as ContractName];
      const changing: string[] = [];
      contract.interface.forEachFunction((fragment) => {
        if (!fragment.constant && !INHERITED.includes(fragment.name)) changing.push(fragment.name);
      });
      expect(changing.sort(), name).to.deep.equal(Object.keys(guards).sort());
    }
  });

  it("38: must not let a stranger change anything that is not open to all", async () => {
    const network = await load();
    const { ledger, court, actors } = network;
    const held = await signedOrder(network);
    await ledger.connect(actors.operator).authorize(held.terms, held.signature);
    const disputed = await signedOrder(network, { nonce: 1n });
    await ledger.connect(actors.operator).authorize(disputed.terms, disputed.signature);
    const opening = [disputed.terms, 1n, NOT_RECEIVED, ethers.ZeroHash] as const;
    const dispute = await court.connect(actors.payer).open.staticCall(...opening);
    await court.connect(actors.payer).open(...opening);

    for (const [name, guards] of Object.entries(guardsOf(network, held))) {
      const contract: BaseContract = network[name as ContractName];
      for (const [functionName, guard] of Object.entries(guards)) {
        if ("open" in guard) continue;
        const args = guard.args.map((arg) => (arg === disputeId ? dispute : arg));
        const call = contract.connect(actors.outsider).getFunction(functionName)(...args);
        await expect(call, `${name}.${functionName}`).to.be.revertedWithCustomError(contract, guard.error);
      }
    }
  });

  it("38: must not let a key of one operator touch another operator's orders", async () => {
    const network = await load();
    const { ledger, actors } = network;
    const order = await signedOrder(network);
    await ledger.connect(actors.operator).authorize(order.terms, order.signature);
    const stranger = ledger.connect(actors.otherOperator);

    for (const call of [
      () => stranger.capture(order.terms, 1n),
      () => stranger.void(order.terms, 1n),
      () => stranger.refund(order.terms, 1n),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(ledger, "LedgerForbidden")
        .withArgs(actors.otherOperator.address);
    }
  });
});
