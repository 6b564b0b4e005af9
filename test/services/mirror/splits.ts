import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../../../services/domain/order-terms.ts";

/** A payee's share of what an order earns after fees, in basis points. */
export type Split = { readonly payee: Hex; readonly bps: number };

/** What a payer signs as `splitsHash`: zeros for no splits. */
export function hashSplits(splits: readonly Split[]): Hex {
  if (splits.length === 0) return `0x${"0".repeat(64)}`;
  const values = splits.map(({ payee, bps }) => [payee, bps]);
  return keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(address,uint16)[]"], [values])) as Hex;
}
