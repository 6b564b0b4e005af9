import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import type { TestNetwork } from "../deploy-contracts.ts";
import { signedOrder, type TestOrder } from "./order.ts";
import { type Authorization, signReceive } from "./token-signatures.ts";

export type TransferOrder = TestOrder & { readonly authorization: Authorization };

/** An order whose payer has the money in its wallet, with the payer's signature of the transfer that is the order. */
export async function transferOrder(
  network: TestNetwork,
  given: Partial<OrderTerms> = {},
): Promise<TransferOrder> {
  const { token, vault, actors } = network;
  const { id, terms } = await signedOrder(network, given);
  await token.connect(actors.issuer).transfer(actors.payer, terms.amount);
  const authorization = {
    from: terms.payer,
    to: await vault.getAddress(),
    value: terms.amount,
    validAfter: 0n,
    validBefore: BigInt(terms.authorizeBy) + 1n,
    nonce: id,
  };
  return { id, terms, authorization, signature: await signReceive(network, authorization, actors.payer) };
}
