import type { Operation } from "../../domain/operation.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { EntryRef } from "./decision-context.ts";

/** What becomes of an operation that is not refused: queued, or found done already. */
export type Decision =
  | {
      readonly isNew: true;
      readonly operation: Operation;
      readonly orderId?: Hex;
      readonly disputeId?: Hex;
      /** Queued right behind it. */
      readonly followedBy?: Operation;
      /** Records what the new entry stands for. */
      readonly record?: (entry: EntryRef) => void;
    }
  | { readonly isNew: false; readonly entry: EntryRef };

/** Queues an operation. */
export function queue(
  operation: Operation,
  about: {
    readonly orderId?: Hex;
    readonly disputeId?: Hex;
    readonly followedBy?: Operation;
    readonly record?: (entry: EntryRef) => void;
  } = {},
): Decision {
  return { isNew: true, operation, ...about };
}

/** Answers with an entry that does the same. */
export function replay(entry: EntryRef): Decision {
  return { isNew: false, entry };
}
