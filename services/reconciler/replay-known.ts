/** The value under a key that an earlier event must have introduced. */
export function known<Key, Value>(map: ReadonlyMap<Key, Value>, kind: string, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new UnknownToReplayError(kind, String(key));
  return value;
}

/** The log names something that it never introduced. */
export class UnknownToReplayError extends Error {
  readonly kind: string;
  readonly subject: string;

  constructor(kind: string, subject: string) {
    super(`The log never introduced ${kind} ${subject}.`);
    this.name = "UnknownToReplayError";
    this.kind = kind;
    this.subject = subject;
  }
}
