import type { ParsedLog } from "../chain/log-parser.ts";
import { accountIn, expectAccountWord, expectColdWord, type ReplayStep } from "./replay-accounts.ts";
import { known } from "./replay-known.ts";
import { addHelp, addLine } from "./replay-lines.ts";
import {
  drawOldest,
  emptyRing,
  type HoldbackClass,
  heldIn,
  periodAt,
  releaseMatured,
  withhold,
} from "./replay-reserve.ts";
import {
  accountName,
  announcedFor,
  expectEqual,
  type Replay,
  type ReplayedAccount,
  sharesOf,
} from "./replay-state.ts";

/** What captures withhold, and how it leaves; `timestampOf` knows the time of a log's block in Unix seconds. */
export function createHoldbackSteps(
  timestampOf: (event: ParsedLog) => bigint,
): Readonly<Record<string, ReplayStep>> {
  function periodOf(replay: Replay, event: ParsedLog): bigint {
    return periodAt(timestampOf(event), classOf(replay, event).delay);
  }

  return {
    HoldbackClassSet(replay, event) {
      const rule = { bps: event.integer("bps"), delay: event.integer("delay") };
      replay.holdbackClasses.set(event.integer("holdbackClass"), rule);
    },

    ReserveWithheld(replay, event) {
      const account = accountIn(replay, event);
      const period = periodOf(replay, event);
      const amount = event.integer("amount");
      withhold(ringOf(account, event), period, amount);
      account.reserve += amount;
      account.classes |= 1n << event.integer("holdbackClass");
      const announced = sharesOf(replay, event.hex("orderId"));
      announced.withheld += amount;
      announced.withheldBps = classOf(replay, event).bps;
      addLine(replay, account, "holdback", event.hex("orderId"), { gross: -amount });
      expectColdWord(replay, account, event.integer("coldWord"));
    },

    ReserveReleased(replay, event) {
      const account = accountIn(replay, event);
      const ring = ringOf(account, event);
      const released = releaseMatured(ring, periodOf(replay, event));
      account.reserve -= released;
      account.pending += released;
      if (heldIn(ring) === 0n) account.classes &= ~(1n << event.integer("holdbackClass"));
      addLine(replay, account, "release", null, { gross: released });
      expectEqual(replay, "event.reserve_released", nameOf(account), released, event.integer("amount"));
      expectColdWord(replay, account, event.integer("coldWord"));
      expectAccountWord(replay, account, event.integer("accountWord"));
    },

    ReserveDrawn(replay, event) {
      const account = accountIn(replay, event);
      const drawn = drawReserve(account, event.integer("amount"));
      announcedFor(replay, account).reserve += drawn;
      addHelp(replay, account, "release", drawn);
      expectEqual(replay, "event.reserve_drawn", nameOf(account), drawn, event.integer("amount"));
      expectColdWord(replay, account, event.integer("coldWord"));
    },
  };
}

/** Takes up to `amount` out of the reserve, class by class. */
function drawReserve(account: ReplayedAccount, amount: bigint): bigint {
  let drawn = 0n;
  for (const [, ring] of [...account.rings].sort(([left], [right]) => (left < right ? -1 : 1))) {
    drawn += drawOldest(ring, amount - drawn);
  }
  account.reserve -= drawn;
  if (account.reserve === 0n) account.classes = 0n;
  return drawn;
}

function ringOf(account: ReplayedAccount, event: ParsedLog) {
  const holdbackClass = event.integer("holdbackClass");
  const ring = account.rings.get(holdbackClass) ?? emptyRing();
  account.rings.set(holdbackClass, ring);
  return ring;
}

function classOf(replay: Replay, event: ParsedLog): HoldbackClass {
  return known(replay.holdbackClasses, "holdback_class", event.integer("holdbackClass"));
}

function nameOf(account: ReplayedAccount): string {
  return accountName(account, account.address);
}
