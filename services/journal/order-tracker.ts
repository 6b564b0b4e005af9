import type { Hex } from "../domain/order-terms.ts";
import type { KnownOrder } from "./journal-api.ts";

/** An order that this import opened: what is needed to sign what comes later, and to vote on its disputes. */
export type TrackedOrder = KnownOrder & { readonly payer: Hex };

/** What a line does to an order once it is accepted. */
export type OrderEffect = { readonly orderKey: string } & (
  | { readonly kind: "opens"; readonly order: TrackedOrder }
  | { readonly kind: "disputes"; readonly evidenceHash: Hex }
  | { readonly kind: "rules" }
  | { readonly kind: "cancels" }
);

/** The dispute that a ruling is about; no evidence hash where none is open. */
export type TrackedDispute = TrackedOrder & {
  readonly ordinal: number;
  readonly evidenceHash: Hex | undefined;
};

type OrderState = TrackedOrder & { disputes: number; evidenceHash: Hex | undefined };

/** `uncertain` until lines that were not sent yet have their results, `foreign` if the network must be asked. */
export type DisputeLookup = TrackedDispute | "uncertain" | "foreign";
export type OrderLookup = KnownOrder | "uncertain" | "foreign";

/**
 * Follows the orders that an import opens, so that rulings can be signed without asking the network.
 *
 * A line is staged when it is planned and confirmed by its result, in the same order.
 */
export interface OrderTracker {
  stage(effect: OrderEffect): void;
  confirm(effect: OrderEffect, outcome: "executed" | "replayed" | "failed"): void;
  orderOf(orderKey: string): OrderLookup;
  disputeOf(orderKey: string): DisputeLookup;
}

/**
 * `isNewNetwork`: no operation was ever asked of the network, so no line can be a replay and a single staged
 * authorization or dispute may be taken as accepted: if it is not, neither is the ruling that builds on it.
 */
export function createOrderTracker(options: { readonly isNewNetwork: boolean }): OrderTracker {
  const orders = new Map<string, OrderState>();
  const staged = new Map<string, OrderEffect[]>();

  return {
    stage(effect) {
      const effects = staged.get(effect.orderKey);
      if (effects === undefined) staged.set(effect.orderKey, [effect]);
      else effects.push(effect);
    },

    confirm(effect, outcome) {
      unstage(staged, effect);
      // A dispute or ruling that the network had already: its state is no longer ours to count.
      if (outcome === "replayed" && effect.kind !== "opens") orders.delete(effect.orderKey);
      if (outcome === "executed") apply(orders, effect);
    },

    orderOf(orderKey) {
      const order = orders.get(orderKey);
      if (order !== undefined) return order;
      const opening = (staged.get(orderKey) ?? []).find((effect) => effect.kind === "opens");
      if (opening === undefined) return "foreign";
      return options.isNewNetwork ? opening.order : "uncertain";
    },

    disputeOf(orderKey) {
      const order = orders.get(orderKey);
      const effects = staged.get(orderKey) ?? [];
      if (effects.length === 0) return order === undefined ? "foreign" : currentDispute(order);

      const [first, second] = effects;
      if (order !== undefined && order.evidenceHash === undefined && effects.length === 1) {
        if (first?.kind === "disputes") return nextDispute(order, first.evidenceHash);
      }
      if (order === undefined && options.isNewNetwork && effects.length === 2 && first?.kind === "opens") {
        if (second?.kind === "disputes")
          return { ...first.order, ordinal: 1, evidenceHash: second.evidenceHash };
      }
      return "uncertain";
    },
  };
}

function unstage(staged: Map<string, OrderEffect[]>, effect: OrderEffect): void {
  const left = (staged.get(effect.orderKey) ?? []).filter((other) => other !== effect);
  if (left.length === 0) staged.delete(effect.orderKey);
  else staged.set(effect.orderKey, left);
}

function apply(orders: Map<string, OrderState>, effect: OrderEffect): void {
  if (effect.kind === "opens") {
    orders.set(effect.orderKey, { ...effect.order, disputes: 0, evidenceHash: undefined });
    return;
  }
  const order = orders.get(effect.orderKey);
  if (order === undefined) return;

  if (effect.kind === "disputes") {
    order.disputes += 1;
    order.evidenceHash = effect.evidenceHash;
  } else if (effect.kind === "rules") {
    order.evidenceHash = undefined;
  }
}

function currentDispute(order: OrderState): TrackedDispute {
  const { disputes, ...tracked } = order;
  // A ruling where no dispute was opened is refused by the network; it only needs some well-formed dispute id.
  return { ...tracked, ordinal: Math.max(disputes, 1) };
}

function nextDispute(order: OrderState, evidenceHash: Hex): TrackedDispute {
  const { disputes, ...tracked } = order;
  return { ...tracked, evidenceHash, ordinal: disputes + 1 };
}
