import { Interface } from "ethers";
import { ISettlementLedger__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { ISettlementToken__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlementToken__factory.ts";
import { IVault__factory } from "../../types/ethers-contracts/factories/interfaces/IVault__factory.ts";
import type { Hex } from "../domain/order-terms.ts";

/** What can stop a payout: the ledger's own checks, the vault, the token, and what ERC-20 tokens commonly throw. */
const CAUSES = [
  new Interface(ISettlementLedger__factory.abi),
  new Interface(IVault__factory.abi),
  new Interface(ISettlementToken__factory.abi),
  new Interface([
    "error Error(string reason)",
    "error Panic(uint256 code)",
    "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
    "error ERC20InvalidReceiver(address receiver)",
    "error SafeERC20FailedOperation(address token)",
  ]),
];

/** The error in a held payout's `reason` as `Name(values)`, or the bytes as they are if they were cut or are unknown. */
export function describeHoldReason(reason: Hex): string {
  for (const cause of CAUSES) {
    try {
      const error = cause.parseError(reason);
      if (error) return `${error.name}(${error.args.map(String).join(", ")})`;
    } catch {
      // The selector is known but its arguments were cut off: the bytes say as much as there is.
    }
  }
  return reason;
}
