/** What RLP knows: bytes, and lists of what it knows. */
export type RlpItem = Uint8Array | readonly RlpItem[];

const SHORT_LIMIT = 55;
const BYTES_OFFSET = 0x80;
const LIST_OFFSET = 0xc0;

/** The RLP encoding of an item, see the Ethereum Yellow Paper, appendix B. */
export function encodeRlp(item: RlpItem): Buffer {
  if (item instanceof Uint8Array) {
    const [first] = item;
    const isItself = item.length === 1 && first !== undefined && first < BYTES_OFFSET;
    return isItself ? Buffer.from(item) : Buffer.concat([prefix(item.length, BYTES_OFFSET), item]);
  }

  const parts = item.map(encodeRlp);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([prefix(length, LIST_OFFSET), ...parts]);
}

/** A number as RLP wants it: big-endian without leading zeros, 0 as no bytes. */
export function rlpInteger(value: bigint | number): Uint8Array {
  if (BigInt(value) === 0n) return Buffer.alloc(0);
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
}

function prefix(length: number, offset: number): Uint8Array {
  if (length <= SHORT_LIMIT) return Buffer.from([offset + length]);
  const size = rlpInteger(length);
  return Buffer.concat([Buffer.from([offset + SHORT_LIMIT + size.length]), size]);
}
