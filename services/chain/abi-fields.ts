import type { Hex } from "../domain/order-terms.ts";

/**
 * Reads the field whose head is the word at `position` of `hex` (0x and whole words); undefined if the bytes do not
 * fit the type.
 */
export type FieldReader = (hex: string, position: number) => FieldValue | undefined;

export type FieldValue = Hex | bigint | number | boolean | readonly Hex[];

const WORD_DIGITS = 64;
const ADDRESS_DIGITS = 40;

/** Largest width whose every value is an exact JavaScript number. */
const NUMBER_BITS = 48;

/** The reader for an ABI type; throws at start-up on a type that our events do not use. */
export function readerFor(type: string): FieldReader {
  if (type === "address") return readAddress;
  if (type === "bytes32") return readBytes32;
  if (type === "bool") return readBool;
  if (type === "bytes") return readBytes;
  if (type === "address[]") return readAddresses;

  const bits = Number.parseInt(/^uint(\d+)$/.exec(type)?.[1] ?? "", 10);
  if (Number.isNaN(bits)) throw new TypeError(`Events with a field of type ${type} are not decoded.`);
  return bits <= NUMBER_BITS ? numberReader(bits) : bigintReader(bits);
}

function digitsAt(hex: string, position: number): string | undefined {
  const start = 2 + position * WORD_DIGITS;
  return hex.length >= start + WORD_DIGITS ? hex.slice(start, start + WORD_DIGITS) : undefined;
}

function readAddress(hex: string, position: number): Hex | undefined {
  const digits = digitsAt(hex, position);
  if (digits === undefined) return undefined;

  const padding = WORD_DIGITS - ADDRESS_DIGITS;
  return isZero(digits, padding) ? `0x${digits.slice(padding)}` : undefined;
}

function readBytes32(hex: string, position: number): Hex | undefined {
  const digits = digitsAt(hex, position);
  return digits === undefined ? undefined : `0x${digits}`;
}

function readBool(hex: string, position: number): boolean | undefined {
  const value = readSmall(hex, position, 1);
  return value === undefined ? undefined : value === 1;
}

function numberReader(bits: number): FieldReader {
  return (hex, position) => readSmall(hex, position, bits);
}

function bigintReader(bits: number): FieldReader {
  return (hex, position) => {
    const digits = digitsAt(hex, position);
    if (digits === undefined || !isZero(digits, WORD_DIGITS - bits / 4)) return undefined;

    return BigInt(`0x${digits}`);
  };
}

function readSmall(hex: string, position: number, bits: number): number | undefined {
  const digits = digitsAt(hex, position);
  if (digits === undefined) return undefined;

  const padding = WORD_DIGITS - Math.ceil(bits / 4);
  if (!isZero(digits, padding)) return undefined;

  const value = Number.parseInt(digits.slice(padding), 16);
  return value < 2 ** bits ? value : undefined;
}

function readBytes(hex: string, position: number): Hex | undefined {
  const tail = readTail(hex, position);
  if (tail === undefined) return undefined;

  const end = tail.start + tail.length * 2;
  return hex.length >= end ? `0x${hex.slice(tail.start, end)}` : undefined;
}

function readAddresses(hex: string, position: number): readonly Hex[] | undefined {
  const tail = readTail(hex, position);
  if (tail === undefined || hex.length < tail.start + tail.length * WORD_DIGITS) return undefined;

  const first = (tail.start - 2) / WORD_DIGITS;
  const addresses: Hex[] = [];
  for (let index = 0; index < tail.length; index++) {
    const address = readAddress(hex, first + index);
    if (address === undefined) return undefined;
    addresses.push(address);
  }
  return addresses;
}

/** Where a dynamic value begins, as a position in `hex`, and the length it states. */
function readTail(hex: string, position: number): { start: number; length: number } | undefined {
  const offset = readSmall(hex, position, NUMBER_BITS);
  if (offset === undefined || offset % 32 !== 0) return undefined;

  const length = readSmall(hex, offset / 32, NUMBER_BITS);
  return length === undefined ? undefined : { start: 2 + offset * 2 + WORD_DIGITS, length };
}

function isZero(digits: string, count: number): boolean {
  for (let index = 0; index < count; index++) {
    if (digits.charCodeAt(index) !== 48) return false;
  }
  return true;
}
