import type { ParsedLog } from "../chain/log-parser.ts";
import { copyExposure, expectAccountWord, type ReplayStep } from "./replay-accounts.ts";
import { known } from "./replay-known.ts";
import { carry, nameHelp } from "./replay-lines.ts";
import { expectOrderWord, orderOf, payBack, stateAfterReturn } from "./replay-orders.ts";
import {
  accountOf,
  announcedFor,
  bookOf,
  expectEqual,
  type Replay,
  type ReplayedDispute,
} from "./replay-state.ts";
import { feeOn, ORDER, refundableOf, smaller } from "./replay-words.ts";

/** Dispute states as numbered in `IDisputeCourt.State`. */
const DISPUTE = { open: 1n, contested: 2n, ruled: 3n, appealed: 4n, final: 5n } as const;

/** Steps of disputes; `timestampOf` knows the time of a log's block in Unix seconds. */
export function createDisputeSteps(
  timestampOf: (event: ParsedLog) => bigint,
): Readonly<Record<string, ReplayStep>> {
  return {
    DisputeLocked(replay, event) {
      const disputeId = event.hex("disputeId");
      const order = orderOf(replay, event);
      const merchant = accountOf(replay, order, order.merchant);
      const captured = event.integer("captured");
      const net =
        captured - (feeOn(order, refundableOf(order)) - feeOn(order, refundableOf(order) - captured));
      const isSettled = order.cycle < merchant.openCycle;
      const first = smaller(net, isSettled ? merchant.available : merchant.pending);
      const second = smaller(net - first, isSettled ? merchant.pending : merchant.available);
      const lockedAvailable = isSettled ? first : second;
      const lockedPending = isSettled ? second : first;
      merchant.available -= lockedAvailable;
      merchant.pending -= lockedPending;
      const announced = announcedFor(replay, merchant);
      const lockedReserve = announced.reserve;
      announced.reserve = 0n;
      const needed = smaller(net - first - second, merchant.reserve + lockedReserve);
      expectEqual(replay, "event.reserve_drawn", disputeId, needed, lockedReserve);
      nameHelp(replay, merchant, order.orderId);
      carry(replay, merchant, order.orderId, -lockedPending - lockedReserve);
      order.isDisputed = true;
      order.disputeCount += 1n;

      replay.disputes.set(disputeId, {
        disputeId,
        orderId: order.orderId,
        captured,
        held: event.integer("held"),
        lockedPending,
        lockedAvailable,
        lockedReserve,
        bond: 0n,
        lockedCycle: bookOf(replay, order).openCycle,
        lockedAt: timestampOf(event),
        state: DISPUTE.open,
        award: null,
        awarded: 0n,
        voided: 0n,
      });
      expectEqual(replay, "event.locked_pending", disputeId, lockedPending, event.integer("lockedPending"));
      expectEqual(
        replay,
        "event.locked_cycle",
        disputeId,
        bookOf(replay, order).openCycle,
        event.integer("lockedCycle"),
      );
      expectEqual(
        replay,
        "event.locked_available",
        disputeId,
        lockedAvailable,
        event.integer("lockedAvailable"),
      );
      expectEqual(replay, "event.locked_reserve", disputeId, lockedReserve, event.integer("lockedReserve"));
      expectOrderWord(replay, order, event);
      copyExposure(merchant, event.integer("merchantWord"));
      expectAccountWord(replay, merchant, event.integer("merchantWord"));
    },

    BondTaken: (replay, event) => moveBond(replay, event, event.integer("amount")),
    BondPaid: (replay, event) => moveBond(replay, event, -event.integer("amount")),

    DisputeOpened(replay, event) {
      const dispute = disputeOf(replay, event);
      expectEqual(
        replay,
        "event.disputed_amount",
        dispute.disputeId,
        dispute.captured + dispute.held,
        event.integer("amount"),
      );
    },

    DisputeContested(replay, event) {
      disputeOf(replay, event).state = DISPUTE.contested;
    },

    DisputeRuled(replay, event) {
      const dispute = disputeOf(replay, event);
      dispute.state = DISPUTE.ruled;
      dispute.award = event.integer("award");
    },

    DisputeEscalated(replay, event) {
      disputeOf(replay, event).state = DISPUTE.contested;
    },

    DisputeAppealed(replay, event) {
      disputeOf(replay, event).state = DISPUTE.appealed;
    },

    DisputeFinalized(replay, event) {
      const dispute = disputeOf(replay, event);
      expectEqual(replay, "event.award", dispute.disputeId, dispute.award ?? -1n, event.integer("award"));
      dispute.state = DISPUTE.final;
    },

    DisputePaid(replay, event) {
      const dispute = disputeOf(replay, event);
      const order = orderOf(replay, event);
      const total = dispute.award ?? 0n;
      dispute.awarded = smaller(total, dispute.captured);
      dispute.voided = total - dispute.awarded;
      const feeReturned =
        feeOn(order, refundableOf(order)) - feeOn(order, refundableOf(order) - dispute.awarded);
      expectEqual(replay, "event.awarded", dispute.disputeId, dispute.awarded, event.integer("awarded"));
      expectEqual(replay, "event.voided", dispute.disputeId, dispute.voided, event.integer("voided"));
      expectEqual(replay, "event.fee", order.orderId, feeReturned, event.integer("feeReturned"));

      const released = release(replay, dispute);
      order.awarded += dispute.awarded;
      order.voided += dispute.voided;
      order.fees -= feeReturned;
      order.state = stateAfterReturn(order, ORDER.voided);
      order.isDisputed = false;
      if (order.capturedAt !== 0n) order.capturedAt += timestampOf(event) - dispute.lockedAt;
      order.isShifted = true;
      expectOrderWord(replay, order, event);
      const { awarded, voided: held } = dispute;
      const deferred = payBack(replay, order, event, {
        kind: "award",
        held,
        captured: awarded,
        feeReturned,
        released,
      });
      expectEqual(replay, "event.deferred", dispute.disputeId, deferred, event.integer("deferred"));
    },
  };
}

/** Puts the locked money back; what was pending is available by now if its cycle has closed meanwhile. */
function release(replay: Replay, dispute: ReplayedDispute): bigint {
  const order = known(replay.orders, "order", dispute.orderId);
  const merchant = accountOf(replay, order, order.merchant);
  merchant.available += dispute.lockedAvailable;
  const isSettled = dispute.lockedCycle < bookOf(replay, order).openCycle;
  merchant[isSettled ? "available" : "pending"] += dispute.lockedPending;
  merchant.pending += dispute.lockedReserve;
  const released = dispute.lockedAvailable + dispute.lockedPending + dispute.lockedReserve;
  carry(replay, merchant, order.orderId, dispute.lockedReserve + (isSettled ? 0n : dispute.lockedPending));
  dispute.lockedReserve = 0n;
  dispute.lockedAvailable = 0n;
  dispute.lockedPending = 0n;
  return released;
}

function moveBond(replay: Replay, event: ParsedLog, amount: bigint): void {
  const dispute = disputeOf(replay, event);
  const order = known(replay.orders, "order", dispute.orderId);
  const account = accountOf(replay, order, event.hex("account"));
  account.available -= amount;
  dispute.bond += amount;
  expectEqual(replay, "event.bond", dispute.disputeId, dispute.bond, event.integer("bond"));
  expectAccountWord(replay, account, event.integer("accountWord"));
}

function disputeOf(replay: Replay, event: ParsedLog): ReplayedDispute {
  return known(replay.disputes, "dispute", event.hex("disputeId"));
}
