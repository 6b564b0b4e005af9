import { keccak256 } from "ethers";
import type { Hex } from "../domain/order-terms.ts";

/*
 * The static half of the ABI, as text: a word is 64 hex digits without 0x, words are put together by `+`.
 * Values that do not fit their type throw a RangeError, as a truncated amount would be signed as another one.
 */

const WORD_DIGITS = 64;
const ADDRESS_PADDING = "0".repeat(24);

/** An unsigned integer of at most `bits` bits. */
export function uintWord(value: bigint | number, bits: number): string {
  const integer = BigInt(value);
  if (integer < 0n || integer >> BigInt(bits) !== 0n) throw new RangeError(`${value} is no uint${bits}.`);
  return integer.toString(16).padStart(WORD_DIGITS, "0");
}

/** An address. */
export function addressWord(address: Hex): string {
  if (address.length !== 42) throw new RangeError(`${address} is no address.`);
  return ADDRESS_PADDING + address.slice(2);
}

/** 32 bytes. */
export function bytes32Word(bytes: Hex): string {
  if (bytes.length !== 2 + WORD_DIGITS) throw new RangeError(`${bytes} is no bytes32.`);
  return bytes.slice(2);
}

/** The offset or length of a dynamic value. */
export function sizeWord(size: number): string {
  return uintWord(size, 32);
}

/** The words of a dynamic `bytes`: its length, then its bytes filled up to whole words. */
export function bytesWords(bytes: Hex): string {
  const digits = bytes.slice(2);
  const padded = Math.ceil(digits.length / WORD_DIGITS) * WORD_DIGITS;
  return sizeWord(digits.length / 2) + digits.padEnd(padded, "0");
}

/** The hash of words, that is of `abi.encode` of static values. */
export function hashWords(words: string): Hex {
  const bytes = Buffer.from(words, "hex");
  // Reading stops at the first character that is no hex digit.
  if (bytes.length * 2 !== words.length) throw new RangeError("Not all of the words are hex.");
  return keccak256(bytes) as Hex;
}
