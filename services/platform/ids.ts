/** What an id outside of the database starts with: orders, disputes, outbox entries. */
export type IdPrefix = "ord" | "dsp" | "out";

const HASH_DIGITS = /^[0-9a-f]{64}$/;
const SERIAL_DIGITS = /^[1-9][0-9]{0,14}$/;

/** An id that stands for a 32-byte hash: `ord_` or `dsp_` and 64 hexadecimal digits. */
export function formatHashId(prefix: "ord" | "dsp", hash: `0x${string}`): string {
  return `${prefix}_${hash.slice(2)}`;
}

/** The hash in an id; undefined if it is not such an id. */
export function parseHashId(prefix: "ord" | "dsp", id: string): `0x${string}` | undefined {
  const digits = withoutPrefix(prefix, id);
  return digits !== undefined && HASH_DIGITS.test(digits) ? `0x${digits}` : undefined;
}

/** An id that stands for a row's number: `out_` and the number. */
export function formatSerialId(prefix: "out", serial: number): string {
  return `${prefix}_${serial}`;
}

/** The number in an id; undefined if it is not such an id. */
export function parseSerialId(prefix: "out", id: string): number | undefined {
  const digits = withoutPrefix(prefix, id);
  return digits !== undefined && SERIAL_DIGITS.test(digits) ? Number.parseInt(digits, 10) : undefined;
}

function withoutPrefix(prefix: IdPrefix, id: string): string | undefined {
  return id.startsWith(`${prefix}_`) ? id.slice(prefix.length + 1) : undefined;
}
