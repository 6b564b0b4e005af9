import { AbiCoder, id, keccak256, Wallet } from "ethers";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import type { TestNetwork } from "../deploy-contracts.ts";
import { registerMerchant } from "./acceptance.ts";
import { signedOrder, type TestOrder } from "./order.ts";

export type Split = { readonly payee: Hex; readonly bps: number };

export type SplitOrder = TestOrder & { readonly splits: Split[] };

/** What the payer signs for `splits`: written out once more, on purpose. */
export function splitsHashOf(splits: readonly Split[]): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(address,uint16)[]"], [rowsOf(splits)])) as Hex;
}

function rowsOf(splits: readonly Split[]): [string, number][] {
  return splits.map(({ payee, bps }) => [payee, bps]);
}

/** The keys of payees that accepted the operator, ascending by address as splits want them. */
export async function registerPayees(network: TestNetwork, count: number): Promise<Wallet[]> {
  const wallets = Array.from(
    { length: count },
    (_, index) => new Wallet(id(`payee ${index}`), network.ethers.provider),
  );
  for (const wallet of wallets) await registerMerchant(network, wallet.address, wallet);
  return wallets.sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
}

/** Splits of these shares to as many payees that accepted the operator. */
export async function registeredSplits(network: TestNetwork, shares: readonly number[]): Promise<Split[]> {
  const payees = await registerPayees(network, shares.length);
  return payees.map(({ address }, index) => ({ payee: address as Hex, bps: shares[index] ?? 0 }));
}

/** An order with splits that its payer signed and the ledger has not seen. */
export async function signedSplitOrder(
  network: TestNetwork,
  splits: Split[],
  given: Partial<OrderTerms> = {},
): Promise<SplitOrder> {
  const order = await signedOrder(network, { splitsHash: splitsHashOf(splits), ...given });
  return { ...order, splits };
}

/** An order with splits whose money is held. */
export async function authorizedSplitOrder(
  network: TestNetwork,
  splits: Split[],
  given: Partial<OrderTerms> = {},
): Promise<SplitOrder> {
  const order = await signedSplitOrder(network, splits, given);
  await network.ledger
    .connect(network.actors.operator)
    .authorizeWithSplits(order.terms, splits, order.signature);
  return order;
}

/** An order with splits captured whole in the open cycle. */
export async function capturedSplitOrder(
  network: TestNetwork,
  splits: Split[],
  given: Partial<OrderTerms> = {},
): Promise<SplitOrder> {
  const order = await authorizedSplitOrder(network, splits, given);
  await network.ledger
    .connect(network.actors.operator)
    .captureWithSplits(order.terms, splits, order.terms.amount);
  return order;
}

/** What a payee of `bps` has of `captured` net money, its order's fee taken off first; all rounded down. */
export function shareOf(terms: OrderTerms, captured: bigint, bps: number): bigint {
  const full = terms.fixedFee + (captured * BigInt(terms.feeBps)) / 10_000n;
  const fee = full < captured ? full : captured;
  return ((captured - fee) * BigInt(bps)) / 10_000n;
}
