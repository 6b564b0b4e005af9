import { id as hashOf, type Signer, Wallet } from "ethers";
import { POLICY, type TestNetwork } from "../deploy-contracts.ts";

/** Three arbiters, two of whom rule; behind them a backup set and an appeal set. */
export const BACKED_SET = 11;
/** Three arbiters, two of whom rule, when the first panel is silent. */
export const BACKUP_SET = 12;
/** Five arbiters, three of whom rule, on appeals from either. */
export const APPEAL_SET = 13;

export type Panels = {
  readonly first: readonly Signer[];
  readonly backup: readonly Wallet[];
  readonly appeal: readonly Wallet[];
};

/** Defines a set with a backup and an appeal set; the members' keys are ascending by address. */
export async function definePanels({ court, actors }: TestNetwork): Promise<Panels> {
  const backup = walletsOf("backup", 3);
  const appeal = walletsOf("appeal", 5);
  const first = actors.arbiters.map((arbiter) => arbiter.address);
  await court.defineArbiterSet(APPEAL_SET, addressesOf(appeal), 3n, 0, 0);
  await court.defineArbiterSet(BACKUP_SET, addressesOf(backup), 2n, 0, APPEAL_SET);
  await court.defineArbiterSet(BACKED_SET, first, 2n, BACKUP_SET, APPEAL_SET);
  return { first: actors.arbiters, backup, appeal };
}

/** Asks bonds of the parties to disputes opened from now on. */
export function setBonds({ court }: TestNetwork, openBondBps: bigint, appealBondBps: bigint) {
  return court.setPolicy({ ...POLICY, openBondBps, appealBondBps });
}

/** Keys that only sign, ascending by address. */
export function walletsOf(name: string, count: number): Wallet[] {
  return Array.from({ length: count }, (_, index) => new Wallet(hashOf(`${name} ${index}`))).sort((a, b) =>
    a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
  );
}

function addressesOf(wallets: readonly Wallet[]): string[] {
  return wallets.map((wallet) => wallet.address);
}
