/** Draws numbers that depend on a seed alone. */
export type Draw = {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  oneOf<Value>(values: readonly Value[]): Value;
};

/** Mulberry32: small, fast and the same everywhere; of no use where randomness must not be guessed. */
export function createDraw(seed: number): Draw {
  let state = seed | 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    oneOf<Value>(values: readonly Value[]): Value {
      const value = values[between(0, values.length - 1)];
      if (value === undefined) throw new RangeError("Nothing to choose from.");
      return value;
    },
  };
}
