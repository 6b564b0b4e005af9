import {
  ORDER_STATES,
  type OrderState,
  PARTICIPANT_STATUSES,
  type ParticipantStatus,
} from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";

/** Seconds. */
const DAY = 86_400;

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

/** An account's hot word as packed in contracts/types/AccountWord.sol. Times in Unix seconds, at the start of a day. */
export type AccountWord = {
  readonly available: bigint;
  readonly pending: bigint;
  /** What the operator earned on this merchant's captures since its last settlement. */
  readonly fees: bigint;
  readonly status: ParticipantStatus;
  readonly isMerchant: boolean;
  readonly scopes: number;
  /** Whether the cold word matters when the account is settled. */
  readonly isCold: boolean;
  readonly kycUntil: number;
  readonly exposedUntil: number;
  readonly openCycle: number;
};

/** An account's cold word as packed in contracts/types/AccountWord.sol. */
export type ColdWord = {
  readonly debt: bigint;
  readonly reserve: bigint;
  /** A bit for each holdback class with money in reserve. */
  readonly classes: number;
  readonly hasUnpaidAwards: boolean;
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
  const flags = smallField(word, 248n, 8);
  return {
    available: BigInt.asUintN(80, word),
    pending: BigInt.asUintN(80, word >> 80n),
    fees: BigInt.asUintN(32, word >> 160n),
    openCycle: smallField(word, 192n, 24),
    kycUntil: smallField(word, 216n, 16) * DAY,
    exposedUntil: smallField(word, 232n, 16) * DAY,
    status: nameAt(PARTICIPANT_STATUSES, flags & 7),
    isMerchant: (flags & 8) !== 0,
    scopes: (flags >> 4) & 7,
    isCold: (flags & 128) !== 0,
  };
}

/** Takes a cold word apart. */
export function decodeColdWord(word: bigint): ColdWord {
  return {
    debt: BigInt.asUintN(80, word),
    reserve: BigInt.asUintN(80, word >> 80n),
    classes: smallField(word, 160n, 8),
    hasUnpaidAwards: word >> 168n !== 0n,
  };
}

/** The cold word of an account with so much in waiting awards: it has a bit for whether there are any. */
export function withUnpaid(coldWord: bigint, unpaid: bigint): bigint {
  const rest = BigInt.asUintN(168, coldWord);
  return unpaid === 0n ? rest : rest | (1n << 168n);
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
