/** Changes to maps and lists that can be taken back together, so that a group of operations holds or falls as one. */
export type UndoLog = {
  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void;
  push<Value>(list: Value[], value: Value): void;
  /** Keeps what was changed so far. */
  keep(): void;
  /** Takes back what was changed since the last `keep`. */
  undo(): void;
};

export function createUndoLog(): UndoLog {
  const steps: (() => void)[] = [];
  return {
    set(map, key, value) {
      const before = map.get(key);
      const existed = map.has(key);
      steps.push(() => {
        if (existed) map.set(key, before as typeof value);
        else map.delete(key);
      });
      map.set(key, value);
    },
    push(list, value) {
      steps.push(() => void list.pop());
      list.push(value);
    },
    keep() {
      steps.length = 0;
    },
    undo() {
      for (const step of steps.splice(0).reverse()) step();
    },
  };
}
