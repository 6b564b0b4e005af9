import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import type { TestNetwork } from "../deploy-contracts.ts";
import { capturedOrder, type TestOrder } from "./order.ts";

/** A delay of forty days is four periods of ten. */
export const DELAY = 40 * 86_400;
export const PERIOD = DELAY / 4;

/** Sets a class that withholds `bps` of each capture. */
export function setClass({ ledger, actors }: TestNetwork, holdbackClass = 1, bps = 1_000, delay = DELAY) {
  return ledger.connect(actors.risk).setHoldbackClass(holdbackClass, bps, delay);
}

/** A captured order without a fee, of a class, from whatever time it is now. */
export async function withheldOrder(
  network: TestNetwork,
  now: number,
  given: Partial<OrderTerms> = {},
): Promise<TestOrder> {
  const day = 86_400;
  return capturedOrder(network, {
    feeBps: 0,
    holdbackClass: 1,
    authorizeBy: now + day,
    captureBy: now + 8 * day,
    reclaimFrom: now + 10 * day,
    refundBy: now + 60 * day,
    ...given,
  });
}

/** The first second of the period that `second` is in. */
export function periodStart(second: number): number {
  return Math.floor(second / PERIOD) * PERIOD;
}
