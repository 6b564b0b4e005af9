import type { ParticipantStatus } from "../../domain/operation.ts";
import type { OrderPosition } from "../../domain/order-position.ts";
import type { Hex, OrderTerms } from "../../domain/order-terms.ts";
import type { Participant } from "../../domain/participant.ts";
import type { OutboxState } from "../../store/command-schema.ts";
import type { OrderRequest } from "../../store/order-request-store.ts";
import type { NewEntry, SeizureProposal } from "../../store/outbox-store.ts";
import type { Refusal } from "../../store/refusal-store.ts";
import type { Network } from "../api-chain.ts";
import type { UndoLog } from "./undo-log.ts";

/** An entry of the outbox, or one that this request is going to queue. */
export type EntryRef = { readonly id: number } | { readonly opKey: string };

/** Something that an entry stands for, and whether that entry has failed since. */
export type Backed<T> = T & { readonly entry: EntryRef; readonly hasFailed: boolean };

export type KnownKey = Backed<{ readonly bodyHash: string; readonly retries: number }>;
export type KnownParticipant = Backed<Participant>;
export type KnownOrder = Backed<Omit<OrderRequest, "entryId">>;

/** All that the operations of one request are decided on; decisions change it, so that the next one sees them. */
export type DecisionContext = {
  readonly network: Network;
  /** The chain's time in Unix seconds. */
  readonly now: number;
  readonly changes: UndoLog;
  readonly keys: Map<string, KnownKey>;
  /** Operations on orders that were refused before, by key. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** Those that this request is going to add; a refused group does not take them back. */
  readonly refused: Refusal[];
  readonly participantsByName: Map<string, KnownParticipant>;
  readonly participantsByAddress: Map<Hex, KnownParticipant>;
  /** Mirrored statuses; an address that is missing is not on the chain yet. */
  readonly statuses: ReadonlyMap<Hex, ParticipantStatus>;
  readonly ordersByReference: Map<string, KnownOrder>;
  readonly ordersById: Map<Hex, KnownOrder>;
  readonly positions: Map<Hex, OrderPosition>;
  /** Operations that have proposed a seizure, by the id of their entry. */
  readonly proposals: ReadonlyMap<number, SeizureProposal>;
  readonly accepted: {
    readonly entries: NewEntry[];
    readonly participants: KnownParticipant[];
    readonly orders: KnownOrder[];
  };
};

/** A key for maps made of two names; U+0000 is in neither. */
export function pairKey(left: string, right: string): string {
  return `${left}\u0000${right}`;
}

/** Whether an entry in this state did not happen and may be asked for again. */
export function hasFailed(state: OutboxState | undefined): boolean {
  return state === "failed";
}

/** The terms of every order whose position may be needed, by order id. */
export function termsById(orders: Iterable<{ orderId: Hex; terms: OrderTerms }>): Map<Hex, OrderTerms> {
  return new Map([...orders].map(({ orderId, terms }) => [orderId, terms]));
}
