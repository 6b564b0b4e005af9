import {
  ORDER_STATES,
  type OrderState,
  PARTICIPANT_STATUSES,
  type ParticipantStatus,
} from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";

/** An order's state as packed in contracts/types/OrderWord.sol. `capturedAt` in Unix seconds, 0 before a capture. */
export type OrderWord = {
  readonly capturable: bigint;
  readonly refundable: bigint;
  readonly capturedAt: number;
  readonly cycle: number;
  readonly state: OrderState;
  readonly isDisputed: boolean;
  readonly isShifted: boolean;
  readonly disputeCount: number;
};

/** An account's hot word as packed in contracts/types/AccountWord.sol. `kycUntil` in Unix seconds. */
export type AccountWord = {
  readonly available: bigint;
  readonly pending: bigint;
  readonly status: ParticipantStatus;
  readonly isMerchant: boolean;
  readonly scopes: number;
  readonly kycUntil: number;
  readonly openCycle: number;
};

/** An account's cold word as packed in contracts/types/AccountWord.sol. `lastExposure` in Unix seconds. */
export type ColdWord = {
  readonly debt: bigint;
  readonly reserve: bigint;
  readonly lastExposure: number;
  readonly holdbackBps: number;
  readonly delay: number;
};

/** Takes an order word apart; throws a RangeError on a state that this version does not know. */
export function decodeOrderWord(word: bigint): OrderWord {
  const flags = smallField(word, 240n, 16);
  return {
    capturable: BigInt.asUintN(80, word),
    refundable: BigInt.asUintN(80, word >> 80n),
    capturedAt: smallField(word, 160n, 40),
    cycle: smallField(word, 200n, 32),
    state: nameAt(ORDER_STATES, smallField(word, 232n, 8)),
    isDisputed: (flags & 1) !== 0,
    isShifted: (flags & 2) !== 0,
    disputeCount: flags >> 8,
  };
}

/** Takes a hot word apart; throws a RangeError on a status that this version does not know. */
export function decodeAccountWord(word: bigint): AccountWord {
  const flags = smallField(word, 176n, 16);
  return {
    available: BigInt.asUintN(88, word),
    pending: BigInt.asUintN(88, word >> 88n),
    status: nameAt(PARTICIPANT_STATUSES, flags & 7),
    isMerchant: (flags & 8) !== 0,
    scopes: (flags >> 4) & 7,
    kycUntil: smallField(word, 192n, 40),
    openCycle: smallField(word, 232n, 24),
  };
}

/** Takes a cold word apart. */
export function decodeColdWord(word: bigint): ColdWord {
  return {
    debt: BigInt.asUintN(80, word),
    reserve: BigInt.asUintN(88, word >> 80n),
    lastExposure: smallField(word, 168n, 40),
    holdbackBps: smallField(word, 208n, 16),
    delay: smallField(word, 224n, 16),
  };
}

/** A word as 32 bytes of lower-case hex, the way it is stored and compared off chain. */
export function wordToHex(word: bigint): Hex {
  return `0x${word.toString(16).padStart(64, "0")}`;
}

/** The name at `position` of a list that follows a Solidity enum; throws a RangeError past its end. */
export function nameAt<Name extends string>(names: readonly Name[], position: number): Name {
  const name = names[position];
  if (name === undefined) throw new RangeError(`No name for value ${position} among ${names.join(", ")}.`);
  return name;
}

/** Fields of at most 40 bits are exact as a JavaScript number. */
function smallField(word: bigint, shift: bigint, bits: number): number {
  return Number.parseInt(BigInt.asUintN(bits, word >> shift).toString(), 10);
}
