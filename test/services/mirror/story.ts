import { disputeIdOf, evidenceAfter, NO_EVIDENCE } from "../../../services/chain/dispute-signing.ts";
import { moveChainClock } from "../../../services/chain/engine.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { type LiveNetwork, onboard, termsOf } from "./live-network.ts";
import type { Split } from "./splits.ts";

const DOCUMENT: Hex = `0x${"d0c".padEnd(64, "0")}`;

/** Everything that can happen to money, once: every kind of event, debt, and a payout that is held. */
export async function tellStory(network: LiveNetwork): Promise<void> {
  await onboard(network, { merchants: ["mill", "forge"], payers: ["ada", "bob", "cyd"], funds: 1_000_000n });
  const { send, signers, deployment, token, addressOf, participantSigner } = network;
  const { operator } = signers;
  const ledger = (name: string, args: readonly unknown[]) => send(operator, "settlementLedger", name, args);
  const mill = addressOf("merchant", "mill");
  const forge = addressOf("merchant", "forge");

  const orders = await Promise.all(
    [
      { merchant: "mill", payer: "ada", amount: 14_190n },
      { merchant: "mill", payer: "bob", amount: 99_999n },
      { merchant: "forge", payer: "cyd", amount: 7n },
      { merchant: "forge", payer: "ada", amount: 50_000n },
      { merchant: "mill", payer: "cyd", amount: 30_001n },
    ].map((order, nonce) => termsOf(network, { ...order, nonce })),
  );
  const [first, second, third, fourth, fifth] = orders as [
    OrderTerms,
    OrderTerms,
    OrderTerms,
    OrderTerms,
    OrderTerms,
  ];
  const signed = (terms: OrderTerms, payer: string) => network.sign.signOrder({ payer, terms }).signature;

  await ledger("authorizeBatch", [
    [first, second, third],
    [signed(first, "ada"), signed(second, "bob"), signed(third, "cyd")],
    false,
  ]);
  await ledger("authorizeBatch", [[first], [signed(first, "ada")], false]);
  await ledger("captureBatch", [[first, second, third], [10_000n, 99_999n, 7n], false]);
  await ledger("void", [first, 4_190n]);
  await ledger("charge", [fourth, signed(fourth, "ada")]);
  await ledger("refund", [second, 9_999n]);

  await send(signers.settler, "settlementLedger", "closeCycle", [deployment.operator, token, 1, [mill]]);
  await send(signers.settler, "settlementLedger", "closeCycle", [
    deployment.operator,
    token,
    1,
    [forge, deployment.feeReceiver],
  ]);
  await send(signers.settler, "settlementLedger", "payout", [deployment.operator, token, [mill]]);

  // After the payout the merchant has nothing: the guarantee fund pays, the merchant owes.
  await ledger("refund", [second, 50_000n]);
  await ledger("authorize", [fifth, signed(fifth, "cyd")]);
  await ledger("capture", [fifth, 20_000n]);
  await dispute(network, { terms: fifth, amount: 25_000n, payerBps: 5_000, ordinal: 1, payer: "cyd" });
  await dispute(network, { terms: fourth, amount: 50_000n, payerBps: 0, ordinal: 1, payer: "ada" });
  await send(signers.registrar, "participantRegistry", "freeze", [[forge]]);
  await send(signers.settler, "settlementLedger", "closeCycle", [
    deployment.operator,
    token,
    2,
    [mill, forge, deployment.feeReceiver],
  ]);
  await send(signers.settler, "settlementLedger", "payout", [
    deployment.operator,
    token,
    [mill, forge, deployment.feeReceiver],
  ]);
  await send(signers.registrar, "participantRegistry", "reactivate", [[forge]]);
  await send(participantSigner("payer", "bob"), "settlementLedger", "withdraw", [
    deployment.operator,
    token,
    1_000n,
  ]);

  // One dispute stays open, its merchant silent, the next is lost by silence.
  await openDispute(network, fourth, 20_000n);
  await openDispute(network, third, 7n);
  await moveChainClock(network.rpc, 4_000);
  await send(operator, "disputeCourt", "finalize", [third, []]);
}

async function openDispute(network: LiveNetwork, terms: OrderTerms, amount: bigint): Promise<void> {
  await network.send(network.signers.operator, "disputeCourt", "open", [terms, amount, 1, DOCUMENT]);
}

export async function dispute(
  network: LiveNetwork,
  request: {
    readonly terms: OrderTerms;
    readonly amount: bigint;
    readonly payerBps: number;
    readonly ordinal: number;
    readonly payer: string;
    readonly splits?: readonly Split[];
  },
): Promise<void> {
  const { terms, amount, payerBps, ordinal, payer, splits = [] } = request;
  const { send, sign } = network;
  const { operator } = network.signers;
  const disputeId = disputeIdOf(sign.signOrder({ payer, terms }).orderId, ordinal);
  await openDispute(network, terms, amount);
  await send(operator, "disputeCourt", "contest", [terms, DOCUMENT]);
  const evidence = evidenceAfter(evidenceAfter(NO_EVIDENCE, terms.payer, DOCUMENT), terms.merchant, DOCUMENT);
  const signatures = sign.signVotes({ disputeId, payerBps, evidence });
  await send(operator, "disputeCourt", "rule", [terms, payerBps, evidence, signatures]);
  // The gas of `finalize` depends on whether time has passed: it must have when the gas is estimated.
  await moveChainClock(network.rpc, 60);
  await send(operator, "disputeCourt", "finalize", [terms, splits]);
}
