import type { Signer } from "ethers";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import type { TestNetwork } from "../deploy-contracts.ts";
import { buildOrderTerms, signOrderTerms } from "./order-terms.ts";

export type TestOrder = { readonly id: string; readonly terms: OrderTerms; readonly signature: string };

/** An order that its payer signed and the ledger has not seen. */
export async function signedOrder(
  network: TestNetwork,
  given: Partial<OrderTerms> = {},
  payer?: Signer,
): Promise<TestOrder> {
  const terms = buildOrderTerms(network, given);
  const { actors } = network;
  const known = [actors.payer, actors.otherPayer].find((actor) => actor.address === terms.payer);
  return {
    id: await network.ledger.orderIdOf(terms),
    terms,
    signature: await signOrderTerms(network, terms, payer ?? known ?? actors.payer),
  };
}

/** An order whose money is held. */
export async function authorizedOrder(
  network: TestNetwork,
  given: Partial<OrderTerms> = {},
): Promise<TestOrder> {
  const order = await signedOrder(network, given);
  await network.ledger.connect(network.actors.operator).authorize(order.terms, order.signature);
  return order;
}

/** An order captured whole in the open cycle. */
export async function capturedOrder(
  network: TestNetwork,
  given: Partial<OrderTerms> = {},
): Promise<TestOrder> {
  const order = await authorizedOrder(network, given);
  await network.ledger.connect(network.actors.operator).capture(order.terms, order.terms.amount);
  return order;
}

/** An order captured whole in a cycle that has been closed. */
export async function settledOrder(
  network: TestNetwork,
  given: Partial<OrderTerms> = {},
): Promise<TestOrder> {
  const order = await capturedOrder(network, given);
  await closeOpenCycle(network, [order.terms.merchant, order.terms.feeReceiver]);
  return order;
}

/** An order captured whole, settled and paid out. */
export async function paidOutOrder(
  network: TestNetwork,
  given: Partial<OrderTerms> = {},
): Promise<TestOrder> {
  const order = await settledOrder(network, given);
  await payOut(network, [order.terms.merchant, order.terms.feeReceiver]);
  return order;
}

/** Closes the open cycle for `merchants`. */
export async function closeOpenCycle(network: TestNetwork, merchants: readonly string[]) {
  const { operator, settler } = network.actors;
  const { openCycle } = await network.ledger.bookOf(operator, network.token);
  return network.ledger.connect(settler).closeCycle(operator, network.token, openCycle, [...merchants]);
}

/** Pays `merchants` what they have available. */
export function payOut(network: TestNetwork, merchants: readonly string[]) {
  const { operator, settler } = network.actors;
  return network.ledger.connect(settler).payout(operator, network.token, [...merchants]);
}

/** Puts `amount` of the issuer's tokens behind merchants' debts. */
export function fundGuarantee(network: TestNetwork, amount: bigint) {
  const { operator, issuer } = network.actors;
  return network.ledger.connect(issuer).fundGuarantee(operator, network.token, amount);
}

/** The hot word of `account` in the network's book. */
export function readAccountWord(network: TestNetwork, account: { readonly address: string } | string) {
  const address = typeof account === "string" ? account : account.address;
  return network.ledger.accountWord(network.actors.operator, network.token, address);
}
