import { type FundsChange, type Hazards, hazardsOf } from "../chain/operation-hazards.ts";
import type { QueuedEntry } from "../store/attempt-store.ts";

/**
 * Arranges entries into layers: those of one layer commute, and everything an entry depends on is in an earlier one.
 *
 * Money needs no such order where there is enough of it: an entry that takes money waits only for as many of the
 * earlier additions as cover it and every earlier taker. Where the additions do not cover it, it waits for all of them,
 * as the rest must have been there before. So no taker ever finds less than in the order of the ids.
 */
export function planLayers(entries: readonly QueuedEntry[]): QueuedEntry[][] {
  const subjects = new Map<string, SubjectUse>();
  const purses = new Map<string, Purse>();
  const layers: QueuedEntry[][] = [];
  for (const entry of entries) {
    const hazards = hazardsOf(entry);
    const layer = Math.max(subjectLayer(subjects, hazards), fundsLayer(purses, hazards.takes));
    useSubjects(subjects, hazards, layer);
    useFunds(purses, hazards, layer);

    const members = layers[layer] ?? [];
    members.push(entry);
    layers[layer] = members;
  }
  return layers;
}

/** The last layers that read and wrote a subject; -1 is none. */
type SubjectUse = { read: number; written: number };

/** What is added to an account by layer, in total over all layers, and taken by entries already placed. */
type Purse = { readonly added: bigint[]; taken: bigint; isPredictable: boolean };

function subjectLayer(subjects: ReadonlyMap<string, SubjectUse>, { reads, writes }: Hazards): number {
  let layer = 0;
  for (const subject of reads) layer = Math.max(layer, (subjects.get(subject)?.written ?? -1) + 1);
  for (const subject of writes) {
    const use = subjects.get(subject);
    if (use !== undefined) layer = Math.max(layer, use.written + 1, use.read + 1);
  }
  return layer;
}

function useSubjects(subjects: Map<string, SubjectUse>, { reads, writes }: Hazards, layer: number): void {
  for (const subject of reads) {
    const use = subjects.get(subject) ?? { read: -1, written: -1 };
    subjects.set(subject, { ...use, read: Math.max(use.read, layer) });
  }
  for (const subject of writes) {
    const use = subjects.get(subject) ?? { read: -1, written: -1 };
    subjects.set(subject, { ...use, written: Math.max(use.written, layer) });
  }
}

function fundsLayer(purses: ReadonlyMap<string, Purse>, takes: readonly FundsChange[]): number {
  return Math.max(0, ...takes.map(({ key, amount }) => layerWithFunds(purses.get(key), amount)));
}

function layerWithFunds(purse: Purse | undefined, amount: bigint | undefined): number {
  if (purse === undefined) return 0;

  if (amount !== undefined && purse.isPredictable) {
    let spare = -purse.taken;
    for (const [layer, added] of purse.added.entries()) {
      spare += added ?? 0n;
      if (spare >= amount) return layer + 1;
    }
  }
  return purse.added.length;
}

function useFunds(purses: Map<string, Purse>, { takes, adds }: Hazards, layer: number): void {
  for (const { key, amount } of takes) {
    const purse = purseOf(purses, key);
    purse.taken += amount ?? 0n;
    purse.isPredictable &&= amount !== undefined;
  }
  for (const { key, amount } of adds) {
    const purse = purseOf(purses, key);
    purse.added[layer] = (purse.added[layer] ?? 0n) + (amount ?? 0n);
  }
}

function purseOf(purses: Map<string, Purse>, key: string): Purse {
  const purse = purses.get(key) ?? { added: [], taken: 0n, isPredictable: true };
  purses.set(key, purse);
  return purse;
}
