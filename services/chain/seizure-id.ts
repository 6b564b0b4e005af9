import type { OperationPayloads } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";

/** The id of a seizure that was proposed in this block; see `LedgerAdministration.proposeSeizure`. */
export function seizureIdOf(proposal: OperationPayloads["propose-seizure"], blockNumber: number): Hex {
  const { operator, token, account, amount, courtReference } = proposal;
  return hashWords(
    addressWord(operator) +
      addressWord(token) +
      addressWord(account) +
      uintWord(BigInt(amount), 80) +
      bytes32Word(courtReference) +
      uintWord(blockNumber, 256),
  );
}
