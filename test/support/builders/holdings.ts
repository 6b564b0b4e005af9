import type { TestNetwork } from "../deploy-contracts.ts";
import { balancesOf, debtOf, reserveOf } from "../words.ts";
import { readAccountWord } from "./order.ts";

/** What an account has and owes in the network's book; `unpaid` is the sum of its waiting awards. */
export type Holdings = {
  readonly available: bigint;
  readonly pending: bigint;
  readonly fees: bigint;
  readonly reserve: bigint;
  readonly debt: bigint;
  readonly unpaid: bigint;
};

/** Holdings of which only what is given is not 0. */
export function holding(given: Partial<Holdings>): Holdings {
  return { available: 0n, pending: 0n, fees: 0n, reserve: 0n, debt: 0n, unpaid: 0n, ...given };
}

/** What `account` has and owes. */
export async function holdingsOf(
  network: TestNetwork,
  account: { readonly address: string },
): Promise<Holdings> {
  const { ledger, token, actors } = network;
  const cold = await ledger.coldWord(actors.operator, token, account.address);
  const { total } = await ledger.unpaidAwardsOf(actors.operator, token, account.address);
  return {
    ...balancesOf(await readAccountWord(network, account)),
    reserve: reserveOf(cold),
    debt: debtOf(cold),
    unpaid: total,
  };
}
