import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import type { TestNetwork } from "../deploy-contracts.ts";
import { disputeIdOf } from "./dispute.ts";
import { paidOutOrder, type TestOrder } from "./order.ts";

/** Makes the admin the court, so that a test can lock and pay at will: a real caller of the real ledger. */
export async function nameCourt(network: TestNetwork): Promise<TestNetwork> {
  await network.ledger.setCourt(network.actors.admin);
  return network;
}

/** Locks `amount` of an order without a bond, the order's first dispute. */
export async function lockOrder(
  network: TestNetwork,
  order: TestOrder,
  amount: bigint = order.terms.amount,
): Promise<string> {
  await network.ledger.lockDispute(order.terms, amount, 0n);
  return disputeIdOf(network, order.id, 1n);
}

/** A dispute over `amount` of an order that was locked and ended with `award` for the payer. */
export async function awardOrder(
  network: TestNetwork,
  order: TestOrder,
  award: bigint = order.terms.amount,
  amount: bigint = order.terms.amount,
): Promise<TestOrder> {
  await lockOrder(network, order, amount);
  await network.ledger.payDispute(order.terms, [], award);
  return order;
}

/** An order without a fee that was paid out and then awarded to its payer: the merchant owes all of it. */
export async function unpaidAward(network: TestNetwork, given: Partial<OrderTerms> = {}): Promise<TestOrder> {
  return awardOrder(network, await paidOutOrder(network, { feeBps: 0, ...given }));
}
